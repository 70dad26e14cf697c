#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/report/axes.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::report {
namespace {

using Points = std::vector<std::pair<double, double>>;

YAxis decibels(const Curve& curve) {
  constexpr double step = 10.0;
  double lowest = 0.0, highest = 0.0;
  for (const Points& points : {curve.points, curve.before}) {
    for (const auto& [x, y] : points) {
      lowest = std::min(lowest, y);
      highest = std::max(highest, y);
    }
  }
  return {std::min(std::floor(lowest / step) * step, -step), std::ceil(highest / step) * step};
}

/// The frequencies of a curve, on a logarithmic axis.
struct XAxis {
  double first, last;  ///< logarithms

  [[nodiscard]] double place(double x) const { return left + (std::log10(x) - first) / (last - first) * plot_width; }
};

/// The grid, and the numbers below it.
std::string frequencies(const XAxis& axis) {
  std::string lines;
  std::vector<Mark> marks;
  for (int decade = static_cast<int>(std::floor(axis.first)); decade <= static_cast<int>(axis.last); ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double x = digit * std::pow(10.0, decade);
      if (std::log10(x) < axis.first || std::log10(x) > axis.last) continue;
      lines += x_line(axis.place(x));
      marks.push_back({axis.place(x), x, digit == 1.0 ? 0 : 1});
    }
  }
  return lines + x_axis(marks);
}

std::string line(const Points& points, const XAxis& x_axis, const YAxis& y_axis, std::size_t index) {
  std::string path;
  for (const auto& [x, y] : points) {
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_axis.place(x), y_place(y, y_axis));
  }
  return fmt::format("<g class=\"series{}\"><path d=\"{}\"/></g>\n", index, path);
}

double largest_radius(const std::vector<std::complex<double>>& roots) {
  double largest = 0.0;
  for (const std::complex<double>& each : roots) largest = std::max(largest, std::abs(each));
  return largest;
}

}  // namespace

std::string svg(const Curve& curve) {
  const YAxis decibel = decibels(curve);
  const XAxis frequency{std::log10(curve.points.front().first), std::log10(curve.points.back().first)};
  std::string content = y_axis(decibel, curve.x, curve.y) + frequencies(frequency);
  content += line(curve.points, frequency, decibel, 0);
  if (!curve.before.empty()) {
    content += line(curve.before, frequency, decibel, 1) + legend({"on the device", "as designed"}, Sample::line);
  }
  const auto peak = std::max_element(curve.points.begin(), curve.points.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return frame(height, curve.y + " over " + curve.x,
               fmt::format("highest at {}: {}", number(peak->first), number(peak->second)), content);
}

std::string svg(const Roots& roots) {
  constexpr double picture = 340.0, radius = 130.0, middle_x = width / 2.0, middle_y = top + (picture - top) / 2.0;
  // Roots that are farther away than the picture reaches stay out of it; a table has them all.
  constexpr double reach = 1.15;
  std::string content = fmt::format(
      "<line class=\"grid\" x1=\"{:g}\" y1=\"{:g}\" x2=\"{:g}\" y2=\"{:g}\"/>\n"
      "<line class=\"grid\" x1=\"{:g}\" y1=\"{:g}\" x2=\"{:g}\" y2=\"{:g}\"/>\n"
      "<circle class=\"outline\" cx=\"{:g}\" cy=\"{:g}\" r=\"{:g}\"/>\n",
      middle_x - reach * radius, middle_y, middle_x + reach * radius, middle_y, middle_x, middle_y - reach * radius,
      middle_x, middle_y + reach * radius, middle_x, middle_y, radius);
  const std::array kinds = {&roots.poles, &roots.zeros};
  for (std::size_t index = 0; index < kinds.size(); ++index) {
    std::string drawn;
    for (const std::complex<double>& each : *kinds[index]) {
      if (std::abs(each) > reach) continue;
      drawn += root(middle_x + radius * each.real(), middle_y - radius * each.imag(), index);
    }
    content += fmt::format("<g class=\"series{}\">{}</g>\n", index, drawn);
  }
  content += text(2.0, 16.0, "start", "z plane, unit circle") + legend({"poles", "zeros"}, Sample::pole_or_zero);
  return frame(picture, "poles and zeros in the z plane",
               fmt::format("{} poles, the outermost at a radius of {}; {} zeros", roots.poles.size(),
                           number(largest_radius(roots.poles)), roots.zeros.size()),
               content);
}

}  // namespace emlc::cli::report
