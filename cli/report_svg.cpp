#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "cli/escape.hpp"
#include "cli/report.hpp"

namespace emlc::cli::report {
namespace {

constexpr int n_ticks = 7;  // of a vertical axis, about

constexpr double width = 720.0, left = 64.0, right = 16.0, top = 12.0, plot_height = 168.0, bottom = 44.0;
constexpr double plot_width = width - left - right, base = top + plot_height, height = base + bottom;

std::string frame(double frame_height, const std::string& label, const std::string& content) {
  return fmt::format("<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">\n{}</svg>\n", width, frame_height,
                     xml_escaped(label), content);
}

std::string text(double x, double y, std::string_view anchor, const std::string& content) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     xml_escaped(content));
}

/// 1, 2 or 5 times a power of ten, so that about `n` of them cover the range.
double tick_step(double range, int n) {
  const double rough = range / n, power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough) return step * power;
  }
  return 10.0 * power;
}

/// The multiples of `step` from lowest to highest.
std::vector<double> ticks(double lowest, double highest, double step) {
  std::vector<double> values;
  const auto last = static_cast<std::int64_t>(std::floor(highest / step + 1e-9));
  for (auto i = static_cast<std::int64_t>(std::ceil(lowest / step)); i <= last; ++i) {
    values.push_back(static_cast<double>(i) * step);
  }
  return values;
}

/// Horizontal lines with their values, and the titles of both axes.
std::string y_axis(double lowest, double highest, const std::string& x_title, const std::string& y_title) {
  const double step = tick_step(highest - lowest, n_ticks);
  std::string lines;
  for (const double tick : ticks(lowest, highest, step)) {
    const double y = base - (tick - lowest) / (highest - lowest) * plot_height;
    lines += fmt::format("<line class=\"grid\" x1=\"{:g}\" y1=\"{:.1f}\" x2=\"{:g}\" y2=\"{:.1f}\"/>\n", left, y,
                         width - right, y);
    lines += text(left - 6.0, y + 4.0, "end", number(tick + 0.0));
  }
  return lines + text(left + plot_width / 2.0, height - 4.0, "middle", x_title) +
         fmt::format("<text transform=\"translate(13,{:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                     top + plot_height / 2.0, xml_escaped(y_title));
}

std::string x_tick(double x, double value) { return text(x, base + 18.0, "middle", number(value)); }

}  // namespace

std::string svg(const Bars& bars) {
  constexpr double row = 24.0, bar = 14.0, label_width = 168.0, value_width = 128.0;
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
  return frame(y, bars.unit + " of each part", content);
}

std::string svg(const Histogram& chart) {
  double highest = 1.0;
  for (const double value : chart.heights) highest = std::max(highest, value);
  const double y_step = std::max(tick_step(highest, n_ticks), 1.0);
  highest = std::ceil(highest / y_step) * y_step;
  std::string content = y_axis(0.0, highest, chart.x, chart.y);
  const double slot = plot_width / static_cast<double>(chart.heights.size());
  const double gap = std::min(slot * 0.15, 3.0);
  for (std::size_t bin = 0; bin < chart.heights.size(); ++bin) {
    const double length = chart.heights[bin] / highest * plot_height;
    if (length == 0.0) continue;
    content += fmt::format(
        "<rect class=\"mark\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
        left + static_cast<double>(bin) * slot + gap / 2.0, base - length, slot - gap, length,
        number(chart.heights[bin]));
  }
  const bool is_counted = chart.last - chart.first == static_cast<double>(chart.heights.size());
  const double step = std::max(tick_step(chart.last - chart.first, 8), is_counted ? 1.0 : 0.0);
  for (const double tick : ticks(chart.first, chart.last, step)) {
    content += x_tick(left + (tick - chart.first) / (chart.last - chart.first) * plot_width, tick + 0.0);
  }
  return frame(height, chart.y + " over " + chart.x, content);
}

std::string svg(const Curve& curve) {
  double lowest = 0.0, highest = 0.0;
  for (const auto& [x, y] : curve.points) {
    lowest = std::min(lowest, y);
    highest = std::max(highest, y);
  }
  constexpr double step = 10.0;
  lowest = std::min(std::floor(lowest / step) * step, -step);
  highest = std::ceil(highest / step) * step;
  const double first = std::log10(curve.points.front().first), last = std::log10(curve.points.back().first);
  const auto place = [&](double x) { return left + (std::log10(x) - first) / (last - first) * plot_width; };
  std::string content = y_axis(lowest, highest, curve.x, curve.y), path;
  for (int decade = static_cast<int>(std::floor(first)); decade <= static_cast<int>(last); ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double x = digit * std::pow(10.0, decade);
      if (std::log10(x) < first || std::log10(x) > last) continue;
      content += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:g}\" x2=\"{0:.1f}\" y2=\"{2:g}\"/>\n",
                             place(x), top, base);
      content += x_tick(place(x), x);
    }
  }
  for (const auto& [x, y] : curve.points) {
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", place(x),
                        base - (y - lowest) / (highest - lowest) * plot_height);
  }
  return frame(height, curve.y + " over " + curve.x, content + fmt::format("<path class=\"curve\" d=\"{}\"/>\n", path));
}

}  // namespace emlc::cli::report
