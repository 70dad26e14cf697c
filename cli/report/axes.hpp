#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/report/report.hpp"

/// The frame of a chart as SVG: what all charts of a report share.
namespace emlc::cli::report {

// In units of the picture, which is as wide as the page. On a narrow page the style makes letters larger: there is room
// for that everywhere.
inline constexpr double width = 640.0, left = 80.0, right = 16.0, top = 34.0, plot_height = 168.0, bottom = 50.0;
inline constexpr double plot_width = width - left - right, base = top + plot_height, height = base + bottom;
inline constexpr double wide_letter = 7.2, narrow_letter = 11.4;  ///< about how wide one is

/// @param title        what it shows, for who cannot see it
/// @param description  what there is to see; may be empty
std::string frame(double frame_height, const std::string& title, const std::string& description,
                  const std::string& content);

/// @param anchor  start, middle or end
std::string text(double x, double y, std::string_view anchor, const std::string& content);

/// 1, 2 or 5 times a power of ten, so that about `n` of them cover the range.
double tick_step(double range, int n);
/// The multiples of `step` from lowest to highest.
std::vector<double> ticks(double lowest, double highest, double step);

/// The values along the vertical axis.
struct YAxis {
  double lowest, highest;
  Scale scale = Scale::linear;
  double least_step = 0.0;  ///< of the ticks; 1 for what is counted

  [[nodiscard]] bool holds(double value) const { return value >= lowest && value <= highest; }
};
/// From 0 to a tick that `value` fits under.
YAxis axis_up_to(double value);
/// Whole decades around the values above 0, at most six.
YAxis axis_of_decades(const std::vector<double>& values);
/// Where `value` is in the picture.
double y_place(double value, const YAxis& axis);
/// Horizontal lines with their values, and the titles of both axes.
std::string y_axis(const YAxis& axis, const std::string& x_title, const std::string& y_title);

/// A number below the horizontal axis. Those of rank 0 stay where there is no room for all.
struct Mark {
  double x, value;
  int rank = 0;
};
/// As many of the numbers as there is room for; fewer on a narrow page.
std::string x_axis(const std::vector<Mark>& marks);
/// Names of one or two things, above the plot and from the right, with the lines or points that they are drawn with.
enum class Sample { line, line_with_points, pole_or_zero };
std::string legend(const std::vector<std::string>& names, Sample sample);
/// A point of the first or the second thing; the element is left open.
std::string point(double x, double y, std::size_t index);
/// A pole (0) or a zero (1) in the z plane.
std::string root(double x, double y, std::size_t index);
/// A vertical line of the grid.
std::string x_line(double x);

}  // namespace emlc::cli::report
