#include <doctest/doctest.h>

#include "cli/inspection/filter_plot.hpp"
#include "cli/inspection/signal_plot.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/passes.hpp"
#include "tests/model/samples.hpp"

using namespace emlc;

namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// Two sections with a zero in all, four poles, one of them real and alone with 0.
const model::SosCascade filter{.sections = {{.b0 = 0.1, .b1 = 0.1, .a1 = -1.2, .a2 = 0.5}, {.b0 = 0.3, .a1 = -0.5}},
                               .sample_rate = 8000.0};

}  // namespace

TEST_CASE("plot: a filter's gain, every pole and every zero") {
  const std::string svg = cli::filter_plot("a & b", filter, std::nullopt);
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count_of(svg, "a &amp; b") == 1);
  CHECK(count_of(svg, "fill=\"none\" stroke=\"#1f5fbf\"") == 1);  // the curve
  CHECK(count_of(svg, "<circle") ==
        1 + model::zeros(filter.sections[0]).size() + model::zeros(filter.sections[1]).size());
  CHECK(count_of(svg, " m-10.0 0 ") == 4);
  CHECK(count_of(svg, "deviation") == 0);
  CHECK(count_of(svg, "nan") + count_of(svg, "inf") == 0);
}

TEST_CASE("plot: rounded, both filters and the deviation") {
  model::Model model = model::samples::filter_of(filter);
  passes::quantize_sos(model, {.arithmetic = model::Arithmetic::q15});
  const std::string svg = cli::filter_plot("f", filter, std::get<model::SosCascade>(model.predictor));
  CHECK(count_of(svg, "deviation, dB") == 1);
  CHECK(count_of(svg, "rounded for q15") == 1);
  CHECK(count_of(svg, " m-10.0 0 ") == 4);
  CHECK(count_of(svg, " m-7.0 0 ") == 4);
}

TEST_CASE("plot: a curve goes to the edge where it leaves, and roots one on the other are counted") {
  // Three zeros at half the sample rate, where the gain is 0; three poles at 0.
  const model::SosCascade low_pass{.sections = {{.b0 = 1.0, .b1 = 2.0, .b2 = 1.0}, {.b0 = 1.0, .b1 = 1.0, .a1 = -0.5}}};
  const std::string svg = cli::filter_plot("f", low_pass, std::nullopt);
  CHECK(count_of(svg, ">3</text>") == 2);
  CHECK(count_of(svg, ">2</text>") == 0);
  CHECK(count_of(svg, " 460.0\" fill=\"none\"") == 1);
}

TEST_CASE("plot: each filter of a signal document, in the rate that it runs at") {
  signal::Plan plan;
  plan.name = "two";
  plan.input.sample_rate = 100.0;
  plan.signals = {{.name = "x"}};
  CHECK_THROWS_WITH_AS(cli::signal_plot(plan, plan),
                       "--plot: draws the responses of filters, the signal document has none", Error);
  plan.signals.push_back({.name = "low", .operation = signal::Operation::sos, .from = {0}, .filter = filter});
  plan.signals.push_back(
      {.name = "slow", .operation = signal::Operation::sos, .from = {0}, .filter = filter, .stride = 5});
  const std::string svg = cli::signal_plot(plan, plan);
  CHECK(count_of(svg, "two: low, of x") == 1);
  CHECK(count_of(svg, "two: slow, of x") == 1);
  CHECK(count_of(svg, "<svg y=\"530\"") == 1);
  CHECK(count_of(svg, "<svg ") == count_of(svg, "</svg>"));
  CHECK(count_of(svg, "id=\"z1\"") == 1);
  CHECK(count_of(svg, "url(#z1)") == 1);
  // Four decades below 50 Hz begin at 0.005 Hz, those below 10 Hz at 0.001 Hz: in the panels of gain and of phase.
  CHECK(count_of(svg, ">0.001</text>") == 2);
}
