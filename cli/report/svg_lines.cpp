#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cli/report/axes.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

double place(const Lines& lines, double x) {
  const double first = std::log2(lines.xs.front()), last = std::log2(lines.xs.back());
  return left + 10.0 + (std::log2(x) - first) / (last - first) * (plot_width - 20.0);
}

YAxis axis_of(const Lines& lines) {
  std::vector<double> values;
  for (const Lines::Series& series : lines.series) {
    std::copy_if(series.values.begin(), series.values.end(), std::back_inserter(values),
                 [](double value) { return std::isfinite(value); });
  }
  if (lines.scale == Scale::logarithmic) return axis_of_decades(values);
  return axis_up_to(values.empty() ? 0.0 : *std::max_element(values.begin(), values.end()));
}

std::string line_of(const Lines& lines, std::size_t index, const YAxis& axis) {
  const Lines::Series& series = lines.series[index];
  std::string path, points;
  for (std::size_t i = 0; i < lines.xs.size(); ++i) {
    if (!axis.holds(series.values[i])) continue;
    const double x = place(lines, lines.xs[i]), y = y_place(series.values[i], axis);
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
    points += fmt::format("{}><title>{}: {}</title>{}\n", point(x, y, index), number(lines.xs[i]),
                          number(series.values[i]), index == 0 ? "</circle>" : "</rect>");
  }
  return fmt::format("<g class=\"series{}\"><path d=\"{}\"/>\n{}</g>\n", index, path, points);
}

/// `largest error from 0.4 at 2 to 0 at 295`, for each line.
std::string description(const Lines& lines) {
  std::string text;
  for (const Lines::Series& series : lines.series) {
    text += fmt::format("{}{} from {} at {} to {} at {}", text.empty() ? "" : "; ", series.name,
                        number(series.values.front()), number(lines.xs.front()), number(series.values.back()),
                        number(lines.xs.back()));
  }
  if (lines.chosen) text += fmt::format("; chosen: {}", number(*lines.chosen));
  return text;
}

std::string names_of(const Lines& lines) {
  std::vector<std::string> names;
  for (const Lines::Series& series : lines.series) names.push_back(series.name);
  return names.size() < 2 ? "" : legend(names, Sample::line_with_points);
}

}  // namespace

std::string svg(const Lines& lines) {
  const YAxis axis = axis_of(lines);
  std::string content = y_axis(axis, lines.x, lines.y);
  std::vector<Mark> marks;
  for (const double x : lines.xs) {
    const bool is_end = x == lines.xs.front() || x == lines.xs.back();
    content += x_line(place(lines, x));
    marks.push_back({place(lines, x), x, lines.chosen == x ? 0 : is_end ? 1 : 2});
  }
  if (lines.chosen) {
    const double x = place(lines, *lines.chosen);
    content +=
        fmt::format("<line class=\"chosen\" x1=\"{0:.1f}\" y1=\"{1:g}\" x2=\"{0:.1f}\" y2=\"{2:g}\"/>\n", x, top, base);
  }
  for (std::size_t index = 0; index < lines.series.size(); ++index) content += line_of(lines, index, axis);
  return frame(height, lines.y + " over " + lines.x, description(lines), content + names_of(lines) + x_axis(marks));
}

}  // namespace emlc::cli::report
