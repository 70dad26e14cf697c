#include "cli/inspection/signal_plot.hpp"

#include <fmt/format.h>

#include <optional>

#include "cli/inspection/filter_plot.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "codegen/signal/level/weighting.hpp"

namespace emlc::cli {
namespace {

constexpr int width = 1000, height = 530;  // of a picture of filter_plot()

/// A picture inside of another one, `place` pictures from the top; what it refers to has a name of its own.
std::string nested(std::string picture, std::size_t place) {
  const auto rename = [&picture](std::string_view from, const std::string& to) {
    if (const std::size_t at = picture.find(from); at != std::string::npos) picture.replace(at, from.size(), to);
  };
  rename("<svg ", fmt::format("<svg y=\"{}\" width=\"{}\" height=\"{}\" ", place * height, width, height));
  rename("id=\"z\"", fmt::format("id=\"z{}\"", place));
  rename("url(#z)", fmt::format("url(#z{})", place));
  return picture;
}

bool has_response(const signal::Signal& signal) {
  return signal.operation == signal::Operation::sos || signal.operation == signal::Operation::weighting;
}

std::string plot_of(const signal::Plan& plan, const signal::Signal& written, const signal::Signal& designed) {
  model::SosCascade cascade = written.filter;
  cascade.sample_rate = plan.input.sample_rate / written.stride;
  model::SosCascade rounded = designed.filter;
  const bool is_weighting = designed.operation == signal::Operation::weighting;
  if (is_weighting && !is_filter(designed)) rounded = signal::cascade_of(designed.level.integers);
  rounded.sample_rate = cascade.sample_rate;
  const std::string& of = plan.signals[static_cast<std::size_t>(written.from.front())].name;
  return filter_plot(fmt::format("{}{}{}, of {}", plan.name, plan.name.empty() ? "" : ": ", written.name, of), cascade,
                     rounded.fixed ? std::optional(rounded) : model::as_rounded(rounded));
}

}  // namespace

std::string signal_plot(const signal::Plan& written, const signal::Plan& designed) {
  std::string pictures;
  std::size_t n = 0;
  for (std::size_t index = 0; index < written.signals.size(); ++index) {
    if (!has_response(written.signals[index])) continue;
    pictures += nested(plot_of(written, written.signals[index], designed.signals[index]), n++);
  }
  if (n == 0) throw Error({.field = "--plot"}, "draws the responses of filters, the signal document has none");
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\">\n{}</svg>\n", width, n * height,
                     pictures);
}

}  // namespace emlc::cli
