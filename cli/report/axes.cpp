#include "cli/report/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "cli/console/escape.hpp"

namespace emlc::cli::report {
namespace {

constexpr int n_ticks = 7;  // of a vertical axis, about

/// Numbers by rank, and from the right, where the largest is.
std::vector<const Mark*> by_importance(const std::vector<Mark>& marks) {
  std::vector<const Mark*> order;
  for (const Mark& mark : marks) order.push_back(&mark);
  std::stable_sort(order.begin(), order.end(),
                   [](const Mark* a, const Mark* b) { return a->rank != b->rank ? a->rank < b->rank : a->x > b->x; });
  return order;
}

/// Adds to `placed` what does not touch another one when letters are that wide.
void place(const std::vector<const Mark*>& marks, double letter, std::vector<const Mark*>& placed) {
  const auto room = [letter](const Mark& mark) {
    return letter * (static_cast<double>(number(mark.value).size()) + 1.0) / 2.0;
  };
  for (const Mark* mark : marks) {
    const bool is_free = std::none_of(placed.begin(), placed.end(), [&](const Mark* other) {
      return std::abs(mark->x - other->x) < room(*mark) + room(*other);
    });
    if (is_free) placed.push_back(mark);
  }
}

/// Multiples of a step; or decades, with 2 and 5 times them where there are few.
std::vector<double> ticks_of(const YAxis& axis) {
  if (axis.scale == Scale::linear) {
    const double step = tick_step(axis.highest - axis.lowest, n_ticks);
    return ticks(axis.lowest, axis.highest, std::max(step, axis.least_step));
  }
  const auto n_decades = static_cast<int>(std::lround(std::log10(axis.highest / axis.lowest)));
  std::vector<double> values;
  for (int decade = 0; decade <= n_decades; ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double value = digit * axis.lowest * std::pow(10.0, decade);
      if (digit == 1.0 || (n_decades < 3 && decade < n_decades)) values.push_back(value);
    }
  }
  return values;
}

}  // namespace

std::string frame(double frame_height, const std::string& title, const std::string& description,
                  const std::string& content) {
  const std::string more = description.empty() ? "" : fmt::format("<desc>{}</desc>\n", xml_escaped(description));
  return fmt::format("<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\">\n<title>{}</title>\n{}{}</svg>\n", width,
                     frame_height, xml_escaped(title), more, content);
}

std::string text(double x, double y, std::string_view anchor, const std::string& content) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     xml_escaped(content));
}

double tick_step(double range, int n) {
  const double rough = range / n, power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough) return step * power;
  }
  return 10.0 * power;
}

std::vector<double> ticks(double lowest, double highest, double step) {
  std::vector<double> values;
  const auto last = static_cast<std::int64_t>(std::floor(highest / step + 1e-9));
  for (auto i = static_cast<std::int64_t>(std::ceil(lowest / step)); i <= last; ++i) {
    values.push_back(static_cast<double>(i) * step);
  }
  return values;
}

YAxis axis_up_to(double value) {
  if (!(value > 0.0)) return {0.0, 1.0};
  const double step = tick_step(value, n_ticks);
  return {0.0, std::ceil(value / step - 1e-9) * step};
}

YAxis axis_of_decades(const std::vector<double>& values) {
  constexpr double most_decades = 6.0;
  double lowest = std::numeric_limits<double>::infinity(), highest = 0.0;
  for (const double value : values) {
    if (!(value > 0.0) || !std::isfinite(value)) continue;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  if (highest == 0.0) return {0.0, 1.0};
  const double last = std::ceil(std::log10(highest));
  const double first = std::clamp(std::floor(std::log10(lowest)), last - most_decades, last - 1.0);
  return {std::pow(10.0, first), std::pow(10.0, last), Scale::logarithmic};
}

double y_place(double value, const YAxis& axis) {
  const auto share = [&axis](double v) {
    if (axis.scale == Scale::linear) return (v - axis.lowest) / (axis.highest - axis.lowest);
    return std::log10(v / axis.lowest) / std::log10(axis.highest / axis.lowest);
  };
  return base - share(value) * plot_height;
}

std::string y_axis(const YAxis& axis, const std::string& x_title, const std::string& y_title) {
  std::string lines;
  for (const double tick : ticks_of(axis)) {
    const double y = y_place(tick, axis);
    lines += fmt::format("<line class=\"grid\" x1=\"{:g}\" y1=\"{:.1f}\" x2=\"{:g}\" y2=\"{:.1f}\"/>\n", left, y,
                         width - right, y);
    lines += text(left - 6.0, y + 4.0, "end", number(tick + 0.0));
  }
  return lines + text(left + plot_width / 2.0, height - 5.0, "middle", x_title) + text(2.0, 16.0, "start", y_title);
}

std::string x_axis(const std::vector<Mark>& marks) {
  const std::vector<const Mark*> order = by_importance(marks);
  std::vector<const Mark*> placed;
  place(order, narrow_letter, placed);
  const std::size_t n_always = placed.size();
  place(order, wide_letter, placed);
  std::string content;
  for (std::size_t index = 0; index < placed.size(); ++index) {
    const std::string number_text = text(placed[index]->x, base + 20.0, "middle", number(placed[index]->value));
    content += index < n_always ? number_text : "<g class=\"minor\">" + number_text + "</g>\n";
  }
  return content;
}

std::string point(double x, double y, std::size_t index) {
  constexpr double radius = 3.5;
  if (index == 0) return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\"", x, y, radius);
  return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:g}" height="{:g}")", x - radius, y - radius, 2.0 * radius,
                     2.0 * radius);
}

std::string root(double x, double y, std::size_t index) {
  constexpr double r = 5.0;
  if (index == 1) return fmt::format("<circle class=\"root\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\"/>\n", x, y, r);
  return fmt::format("<path class=\"root\" d=\"M{0:.1f} {1:.1f}l{2:g} {2:g}m-{2:g} 0l{2:g} -{2:g}\"/>\n", x - r, y - r,
                     2.0 * r);
}

std::string legend(const std::vector<std::string>& names, Sample sample) {
  constexpr double y = 12.0, sample_width = 26.0, gap = 16.0, share_of_letter = 0.95;
  std::string content;
  double end = width - right;
  for (std::size_t index = names.size(); index-- > 0;) {
    const double letters = narrow_letter * share_of_letter * static_cast<double>(names[index].size());
    const double start = end - sample_width - letters, middle = start + (sample_width - 6.0) / 2.0;
    std::string shown;
    if (sample == Sample::pole_or_zero) {
      shown = root(middle, y, index);
    } else {
      shown = fmt::format("<path d=\"M{:.1f} {:g}h{:g}\"/>", start, y, sample_width - 6.0);
      if (sample == Sample::line_with_points) shown += point(middle, y, index) + "/>";
    }
    content += fmt::format("<g class=\"series{}\">{}</g>\n", index, shown);
    content += text(start + sample_width, y + 4.0, "start", names[index]);
    end = start - gap;
  }
  return content;
}

std::string x_line(double x) {
  return fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:g}\" x2=\"{0:.1f}\" y2=\"{2:g}\"/>\n", x, top, base);
}

}  // namespace emlc::cli::report
