#include "cli/trial/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/model/kind.hpp"

namespace emlc::cli {
namespace {

constexpr double tolerance = 1e-4;
constexpr double tie = 1e-6;             ///< of the largest value
constexpr double floor_of_scale = 1e-1;  ///< of the largest value: around 0 sums of float32 have no digits of their own

double largest_value(std::span<const Answer> answers) {
  double largest = 0.0;
  for (const Answer& answer : answers) {
    for (const double value : answer.outputs) {
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
  }
  return largest;
}

bool is_close(double expected, double found, double smallest_scale) {
  if (std::isnan(expected) || std::isnan(found)) return std::isnan(expected) && std::isnan(found);
  if (std::isinf(expected) || std::isinf(found)) return expected == found;
  return std::abs(found - expected) <= tolerance * std::max(std::abs(expected), smallest_scale);
}

/// How far the expected answer is from deciding `target` as `decided`; infinity when that is no class of it.
double margin(const model::Output& output, const Answer& expected, std::size_t target, std::int32_t decided) {
  if (output.rule != model::DecisionRule::argmax) return std::abs(expected.outputs[target] - output.threshold);
  std::size_t first = 0;
  for (std::size_t before = 0; before < target; ++before)
    first += static_cast<std::size_t>(output.targets[before].size);
  if (decided < 0 || decided >= output.targets[target].size) return std::numeric_limits<double>::infinity();
  const auto output_of = [&](std::int32_t index) { return expected.outputs[first + static_cast<std::size_t>(index)]; };
  return output_of(expected.classes[target]) - output_of(decided);
}

std::string class_name(const model::Model& model, std::size_t target, std::int32_t index) {
  const std::vector<std::string> names = model::class_names(model, target);
  const bool is_known = index >= 0 && static_cast<std::size_t>(index) < names.size();
  return is_known ? names[static_cast<std::size_t>(index)] : fmt::format("class {}", index);
}

/// The first decision that differs and is no tie; empty when there is none.
std::string decision_problem(const model::Model& model, const Answer& expected, const Answer& found,
                             double tie_margin) {
  for (std::size_t target = 0; target < expected.classes.size(); ++target) {
    const std::int32_t decided = found.classes.at(target);
    if (decided == expected.classes[target]) continue;
    if (margin(model.output, expected, target, decided) <= tie_margin) continue;
    return fmt::format("decides '{}', expected '{}'", class_name(model, target, decided),
                       class_name(model, target, expected.classes[target]));
  }
  return {};
}

std::string value_problem(const Answer& expected, const Answer& found, double smallest_scale) {
  for (std::size_t column = 0; column < expected.outputs.size(); ++column) {
    if (is_close(expected.outputs[column], found.outputs.at(column), smallest_scale)) continue;
    return fmt::format("output {} is {}, expected {}", column, found.outputs[column], expected.outputs[column]);
  }
  return {};
}

double largest_difference(const Answer& expected, const Answer& found) {
  double largest = 0.0;
  for (std::size_t column = 0; column < expected.outputs.size(); ++column) {
    largest = std::max(largest, std::abs(found.outputs.at(column) - expected.outputs[column]));
  }
  return largest;
}

}  // namespace

Comparison compare(const model::Model& model, std::span<const Answer> expected, std::span<const Answer> found) {
  const double largest = largest_value(expected);
  const double smallest_scale = largest * (takes_signals(model) ? 1.0 : floor_of_scale);
  Comparison result{.n_inputs = expected.size()};
  for (std::size_t row = 0; row < expected.size(); ++row) {
    std::string problem = decision_problem(model, expected[row], found[row], tie * largest);
    if (expected[row].classes == found[row].classes) {
      ++result.n_same_decision;
    } else if (problem.empty()) {
      ++result.n_ties;
    }
    result.largest_difference = std::max(result.largest_difference, largest_difference(expected[row], found[row]));
    if (problem.empty()) problem = value_problem(expected[row], found[row], smallest_scale);
    if (result.first_problem.empty() && !problem.empty()) result.first_problem = fmt::format("row {} {}", row, problem);
  }
  return result;
}

}  // namespace emlc::cli
