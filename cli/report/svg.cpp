#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cli/report/axes.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {

std::string svg(const Bars& bars) {
  constexpr double row = 26.0, bar = 14.0, label_width = 176.0, value_width = 152.0;
  double largest = 0.0, sum = 0.0;
  for (const auto& [name, value] : bars.bars) {
    largest = std::max(largest, value);
    sum += value;
  }
  std::string content;
  double y = 4.0;
  for (const auto& [name, value] : bars.bars) {
    const double length = largest == 0.0 ? 0.0 : value / largest * (width - label_width - value_width);
    const std::string share = sum == 0.0 ? "" : fmt::format(" ({:.1f} %)", 100.0 * value / sum);
    content += text(label_width - 8.0, y + bar - 2.0, "end", name);
    content += fmt::format("<rect class=\"mark\" x=\"{:g}\" y=\"{:g}\" width=\"{:.1f}\" height=\"{:g}\" rx=\"2\"/>\n",
                           label_width, y, length, bar);
    content += text(label_width + length + 6.0, y + bar - 2.0, "start", number(value) + share);
    y += row;
  }
  return frame(y, bars.unit + " of each part", "", content);
}

std::string svg(const Histogram& chart) {
  double most = 0.0;
  for (const double value : chart.heights) most = std::max(most, value);
  YAxis axis = axis_up_to(std::max(most, 1.0));
  axis.highest = std::ceil(axis.highest);
  axis.least_step = 1.0;
  std::string content = y_axis(axis, chart.x, chart.y);
  const double slot = plot_width / static_cast<double>(chart.heights.size());
  const double gap = std::min(slot * 0.15, 3.0);
  for (std::size_t bin = 0; bin < chart.heights.size(); ++bin) {
    if (chart.heights[bin] == 0.0) continue;
    const double y = y_place(chart.heights[bin], axis);
    content += fmt::format(
        "<rect class=\"mark\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
        left + static_cast<double>(bin) * slot + gap / 2.0, y, slot - gap, base - y, number(chart.heights[bin]));
  }
  const bool has_whole_numbers = chart.bins == Bins::whole_numbers;
  const double step = std::max(tick_step(chart.last - chart.first, 8), has_whole_numbers ? 1.0 : 0.0);
  std::vector<Mark> marks;
  for (const double tick : ticks(chart.first, chart.last, step)) {
    marks.push_back({left + (tick - chart.first) / (chart.last - chart.first) * plot_width, tick + 0.0});
  }
  return frame(height, chart.y + " over " + chart.x,
               fmt::format("{} from {} to {}, at most {}", chart.x, number(ends_of_bin(chart, 0).first),
                           number(ends_of_bin(chart, chart.heights.size() - 1).second), number(most)),
               content + x_axis(marks));
}

}  // namespace emlc::cli::report
