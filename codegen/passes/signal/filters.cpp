#include "codegen/passes/signal/filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/model/sos/sos_response.hpp"
#include "codegen/passes/sos/candidate.hpp"

namespace emlc::passes {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view problem) {
  throw Error({.file = {}, .line = 0, .field = path}, problem);
}

void check_filter(const signal::Signal& filter) {
  for (std::size_t index = 0; index < filter.filter.sections.size(); ++index) {
    const double radius = model::pole_radius(filter.filter.sections[index]);
    if (radius < 1.0) continue;
    fail(fmt::format("{}.sections[{}]", filter.path, index),
         fmt::format("has a pole of radius {:.6g}, expected a stable filter, with all poles inside of the unit circle",
                     radius));
  }
}

/// Of the operand, as a share of full scale.
double largest_input(const signal::Signal& filter, const signal::Signal& operand) {
  const double scale = std::ldexp(1.0, model::info(filter.arithmetic).sample_bits - 1 - filter.input_shift);
  const auto largest = static_cast<double>(signal::magnitude(operand.range));
  return std::clamp(largest / scale, 1.0 / scale, 1.0);
}

}  // namespace

void design_filters(signal::Plan& plan) {
  for (signal::Signal& filter : plan.signals) {
    if (filter.operation != signal::Operation::sos) continue;
    check_filter(filter);
    if (filter.arithmetic == model::Arithmetic::float32 || filter.filter.fixed) continue;  // a blob has its integers
    const std::string_view name = model::info(filter.arithmetic).name;
    if (!std::isfinite(model::impulse_norms(filter.filter.sections).absolute_sum)) {
      fail(filter.path, fmt::format("{} needs a filter that settles within two million samples", name));
    }
    const signal::Signal& operand = plan.signals[static_cast<std::size_t>(filter.from.front())];
    Candidate candidate = design_filter(
        filter.filter, {.arithmetic = filter.arithmetic, .largest_input = largest_input(filter, operand)});
    if (!candidate.problem.empty()) {
      fail(filter.path, fmt::format("{} is not good enough for this filter: {}", name, candidate.problem));
    }
    filter.filter = std::move(candidate.cascade);
  }
}

}  // namespace emlc::passes
