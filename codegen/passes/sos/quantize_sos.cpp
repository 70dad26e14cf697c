#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/candidate.hpp"
#include "codegen/passes/sos/notes.hpp"
#include "codegen/passes/sos/structures.hpp"

namespace emlc::passes {
namespace {

using model::Arithmetic;
using model::SosCascade;

/// The largest input there can be, 1 is full scale.
double largest_input(const model::Input& input) {
  if (input.minimum.empty() || input.maximum.empty()) return 1.0;
  return std::min(1.0, std::max(std::abs(input.minimum[0]), std::abs(input.maximum[0])));
}

/// Why no integers can compute the filter; empty when they may.
std::string problem_of_all(const SosCascade& cascade) {
  if (!cascade.initial_state.empty()) return "filters start from silence, the model has an initial state";
  if (std::isfinite(model::impulse_norms(cascade.sections).absolute_sum)) return {};
  return "needs a filter that settles within two million samples";
}

bool holds_in_float(const SosCascade& cascade) {
  return is_stable(cascade) && choose_structures(cascade).design.problem.empty();
}

/// The other arithmetics, as text: the first that has no problem with the filter, those with more bits first.
std::string what_would_do(const SosCascade& cascade, const FilterRequest& refused) {
  std::vector<Arithmetic> others;
  if (problem_of_all(cascade).empty()) others = {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31};
  const auto has_more = [&](Arithmetic other) { return other > refused.arithmetic; };
  std::stable_partition(others.begin(), others.end(), has_more);
  for (const Arithmetic other : others) {
    if (other == refused.arithmetic) continue;
    FilterRequest request = refused;
    request.arithmetic = other;
    if (design_filter(cascade, request).problem.empty()) return fmt::format("{} would do", info(other).name);
  }
  if (holds_in_float(cascade)) return "float would do";
  return fmt::format("no other arithmetic would do: {}", easier_filter);
}

[[noreturn]] void refuse(std::string_view problem) { throw Error({.field = "--arithmetic"}, problem); }

/// Refuses what integers cannot compute at all.
void check_filter(const SosCascade& cascade, const FilterRequest& request) {
  const std::string_view wanted = info(request.arithmetic).name;
  for (std::size_t i = 0; i < cascade.sections.size(); ++i) {
    const double radius = model::pole_radius(cascade.sections[i]);
    if (radius < 1.0) continue;
    refuse(
        fmt::format("{} needs a stable filter, sections[{}] has a pole of radius {:.6g}; float would take it as it is",
                    wanted, i, radius));
  }
  const std::string problem = problem_of_all(cascade);
  if (!problem.empty()) refuse(fmt::format("{} {}; {}", wanted, problem, what_would_do(cascade, request)));
}

/// What has integers already, as read from a blob, can be had as it is.
void check_same(const model::FixedPoint& fixed, const PassConfig& config) {
  if (fixed.arithmetic == config.arithmetic && config.headroom.value_or(fixed.headroom) == fixed.headroom) return;
  refuse(fmt::format("the model has the integers of {} with a headroom of {}; give the filter they were made of",
                     info(fixed.arithmetic).name, fixed.headroom));
}

}  // namespace

PassResult quantize_sos(model::Model& model, const PassConfig& config) {
  auto& cascade = std::get<SosCascade>(model.predictor);
  if (cascade.fixed) {
    check_same(*cascade.fixed, config);
    return {};
  }
  const FilterRequest request{.arithmetic = config.arithmetic,
                              .largest_input = largest_input(model.input),
                              .headroom = config.headroom.value_or(0)};
  check_filter(cascade, request);
  Candidate candidate = design_filter(cascade, request);
  if (!candidate.problem.empty()) {
    refuse(fmt::format("{} is not good enough for this filter: {}; {}", info(config.arithmetic).name, candidate.problem,
                       what_would_do(cascade, request)));
  }
  PassResult result{.changes = cascade.sections.size(), .notes = notes_of(cascade, candidate, request.largest_input)};
  for (std::string& note : notes_of_signals(cascade, candidate.cascade, sample_inputs(model, config))) {
    result.notes.push_back(std::move(note));
  }
  cascade = std::move(candidate.cascade);
  return result;
}

}  // namespace emlc::passes
