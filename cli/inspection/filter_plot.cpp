#include "cli/inspection/filter_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "cli/console/escape.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"

namespace emlc::cli {
namespace {

using model::SosCascade;

constexpr std::string_view before_colour = "#1f5fbf", after_colour = "#d9660d", grid_colour = "#dddddd";
constexpr double decades = 4.0;  ///< of frequency below half the sample rate
constexpr int n_points = 800;

/// A rectangle of the picture, and what its edges mean.
struct Panel {
  double left, top, width, height;
  double x_low, x_high, y_low, y_high;

  [[nodiscard]] double x(double value) const { return left + width * (value - x_low) / (x_high - x_low); }
  [[nodiscard]] double y(double value) const { return top + height * (y_high - value) / (y_high - y_low); }
};

std::string line(double x1, double y1, double x2, double y2, std::string_view colour) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1, x2, y2,
                     colour);
}

std::string label(double x, double y, std::string_view anchor, const std::string& text,
                  std::string_view colour = "#333333") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n", x, y, anchor, colour,
                     xml_escaped(text));
}

/// 1, 2 or 5 times a power of ten, for about five lines.
double grid_step(double range) {
  const double rough = range / 5.0, decade = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= rough) return factor * decade;
  }
  return 10.0 * decade;
}

std::string frequency_text(double frequency) {
  if (frequency >= 1000.0) return fmt::format("{:g}k", frequency / 1000.0);
  return fmt::format("{:g}", frequency);
}

std::string grid(const Panel& panel, const std::string& unit) {
  std::string text;
  for (int decade = static_cast<int>(std::floor(panel.x_low)); decade <= panel.x_high; ++decade) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = decade + std::log10(factor);
      if (value < panel.x_low || value > panel.x_high) continue;
      text += line(panel.x(value), panel.top, panel.x(value), panel.top + panel.height, grid_colour);
      if (factor != 1.0) continue;
      text += label(panel.x(value), panel.top + panel.height + 15.0, "middle", frequency_text(std::pow(10.0, decade)));
    }
  }
  const double step = grid_step(panel.y_high - panel.y_low);
  const auto last = static_cast<std::int64_t>(std::floor(panel.y_high / step));
  for (auto i = static_cast<std::int64_t>(std::ceil(panel.y_low / step)); i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    text += line(panel.left, panel.y(value), panel.left + panel.width, panel.y(value), grid_colour);
    text += label(panel.left - 6.0, panel.y(value) + 4.0, "end", fmt::format("{:.3g}", value));
  }
  text += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" stroke=\"#333333\"/>\n",
      panel.left, panel.top, panel.width, panel.height);
  return text + label(panel.left, panel.top - 6.0, "start", unit);
}

/// The curve y(x), up to the edge where it leaves the panel; nothing where it is no number.
std::string curve(const Panel& panel, const std::function<double(double)>& y, std::string_view style) {
  const auto x_of = [&](int i) { return panel.x_low + (panel.x_high - panel.x_low) * i / n_points; };
  const auto is_inside = [&](double value) { return value >= panel.y_low && value <= panel.y_high; };
  std::string path;
  const auto add = [&](char command, int i, double value) {
    path += fmt::format(" {}{:.1f} {:.1f}", command, panel.x(x_of(i)),
                        panel.y(std::clamp(value, panel.y_low, panel.y_high)));
  };
  double last = NAN;
  for (int i = 0; i <= n_points; ++i) {
    const double value = y(x_of(i));
    const bool is_new = !is_inside(last);
    if (is_inside(value)) {
      if (is_new && !std::isnan(last)) add('M', i - 1, last);
      add(is_new && std::isnan(last) ? 'M' : 'L', i, value);
    } else if (!is_new && !std::isnan(value)) {
      add('L', i, value);
    }
    last = value;
  }
  return fmt::format("<path d=\"{}\" fill=\"none\" {}/>\n", path, style);
}

/// In dB at 10^x Hz.
std::function<double(double)> gain_curve(const SosCascade& cascade, double sample_rate) {
  return [&cascade, sample_rate](double x) {
    return 20.0 * std::log10(model::gain(cascade, std::pow(10.0, x) / sample_rate));
  };
}

std::string style(std::string_view colour, std::string_view more = "") {
  return fmt::format(R"(stroke="{}" stroke-width="1.6" {})", colour, more);
}

/// Gains from 5 dB above the peak down to 100 dB below it.
Panel gain_panel(const SosCascade& cascade, double sample_rate, double height) {
  const double high = std::log10(sample_rate / 2.0), low = high - decades;
  double peak = -300.0;
  const auto gain = gain_curve(cascade, sample_rate);
  for (int i = 0; i <= n_points; ++i) peak = std::max(peak, gain(low + (high - low) * i / n_points));
  const double top = std::ceil((peak + 5.0) / 10.0) * 10.0;
  return {70.0, 60.0, 560.0, height, low, high, top - 100.0, top};
}

std::string deviation_text(const Panel& above, const SosCascade& cascade, const SosCascade& rounded,
                           double sample_rate) {
  const auto before = gain_curve(cascade, sample_rate), after = gain_curve(rounded, sample_rate);
  const auto deviation = [&](double x) {
    const double expected = before(x);
    return expected < above.y_low ? NAN : after(x) - expected;
  };
  double largest = 1e-6;
  for (int i = 0; i <= n_points; ++i) {
    const double found = std::abs(deviation(above.x_low + (above.x_high - above.x_low) * i / n_points));
    if (std::isfinite(found)) largest = std::max(largest, found);
  }
  const double limit = 1.1 * std::min(largest, 10.0);
  const Panel panel{above.left, above.top + above.height + 50.0, above.width, 100.0, above.x_low, above.x_high, -limit,
                    limit};
  return grid(panel, "deviation, dB") + curve(panel, deviation, style(after_colour));
}

/// Poles are crosses, zeros are circles.
std::string roots(const Panel& panel, const SosCascade& cascade, std::string_view colour, double size) {
  std::string text;
  const std::string pen = fmt::format(R"(stroke="{}" stroke-width="1.6" fill="none")", colour);
  for (const model::SosSection& section : cascade.sections) {
    for (const std::complex<double>& pole : model::poles(section)) {
      const double x = panel.x(pole.real()), y = panel.y(pole.imag());
      text += fmt::format("<path d=\"M{:.1f} {:.1f} l{:.1f} {:.1f} m{:.1f} 0 l{:.1f} {:.1f}\" {}/>\n", x - size,
                          y - size, 2 * size, 2 * size, -2 * size, 2 * size, -2 * size, pen);
    }
    for (const std::complex<double>& zero : model::zeros(section)) {
      text += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" {}/>\n", panel.x(zero.real()),
                          panel.y(zero.imag()), size, pen);
    }
  }
  return text;
}

/// Beside roots that are one on the other how many there are, at the vertical distance `below` from them.
std::string multiplicities(const Panel& panel, std::vector<std::complex<double>> roots, double below) {
  constexpr double same = 0.005;
  std::string text;
  while (!roots.empty()) {
    const std::complex<double> root = roots.back();
    const auto n = std::erase_if(roots, [&](const auto& other) { return std::abs(other - root) < same; });
    if (n < 2) continue;
    text += label(panel.x(root.real()) + 5.0, panel.y(root.imag()) + below, "start", fmt::to_string(n));
  }
  return text;
}

std::string z_plane(const SosCascade& cascade, const std::optional<SosCascade>& rounded) {
  constexpr double extent = 1.25;
  const Panel panel{690.0, 60.0, 280.0, 280.0, -extent, extent, -extent, extent};
  std::string text = line(panel.left, panel.y(0.0), panel.left + panel.width, panel.y(0.0), grid_colour) +
                     line(panel.x(0.0), panel.top, panel.x(0.0), panel.top + panel.height, grid_colour);
  text += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"none\" stroke=\"#888888\"/>\n",
                      panel.x(0.0), panel.y(0.0), panel.width / (2.0 * extent));
  text += label(panel.left, panel.top - 6.0, "start", "z plane: poles x, zeros o");
  text += roots(panel, cascade, before_colour, 5.0);
  if (rounded) text += roots(panel, *rounded, after_colour, 3.5);
  std::vector<std::complex<double>> poles, zeros;
  for (const model::SosSection& section : cascade.sections) {
    for (const auto& pole : model::poles(section)) poles.push_back(pole);
    for (const auto& zero : model::zeros(section)) zeros.push_back(zero);
  }
  text += multiplicities(panel, poles, 16.0) + multiplicities(panel, zeros, -8.0);
  return fmt::format(
      "<clipPath id=\"z\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/></clipPath>\n"
      "<g clip-path=\"url(#z)\">\n{}</g>\n",
      panel.left, panel.top - 20.0, panel.width, panel.height + 20.0, text);
}

std::string legend(const std::optional<SosCascade>& rounded) {
  if (!rounded) return "";
  const auto arithmetic = rounded->fixed ? rounded->fixed->arithmetic : model::Arithmetic::float32;
  const std::string name(info(arithmetic).name);
  return label(690.0, 380.0, "start", "as designed", before_colour) +
         label(690.0, 400.0, "start", "rounded for " + name, after_colour);
}

}  // namespace

std::string filter_plot(const std::string& title, const SosCascade& cascade, const std::optional<SosCascade>& rounded) {
  const double sample_rate = cascade.sample_rate.value_or(1.0);
  const Panel panel = gain_panel(cascade, sample_rate, rounded ? 280.0 : 400.0);
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 530\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n"
      "<rect width=\"1000\" height=\"530\" fill=\"#ffffff\"/>\n";
  text += label(20.0, 25.0, "start", title);
  const std::string unit = cascade.sample_rate ? "Hz" : "cycles per sample";
  text += grid(panel, "gain, dB, over " + unit);
  text += curve(panel, gain_curve(cascade, sample_rate), style(before_colour));
  if (rounded) {
    text += curve(panel, gain_curve(*rounded, sample_rate), style(after_colour, "stroke-dasharray=\"5 4\""));
    text += deviation_text(panel, cascade, *rounded, sample_rate);
  }
  return text + z_plane(cascade, rounded) + legend(rounded) + "</svg>\n";
}

std::string filter_plot(const std::string& title, const model::Model& designed, const model::Model& lowered) {
  const auto* cascade = std::get_if<SosCascade>(&designed.predictor);
  if (cascade == nullptr) {
    throw Error({.field = "--plot"},
                fmt::format("draws the response of a filter, the model is a {}", model::kind_name(designed)));
  }
  const auto& rounded = std::get<SosCascade>(lowered.predictor);
  return filter_plot(title, *cascade, rounded.fixed ? rounded : model::as_rounded(rounded));
}

}  // namespace emlc::cli
