#include "cli/trial/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "codegen/model/kind.hpp"
#include "codegen/model/predict/float_errors.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {
namespace {

constexpr double own_tolerance = 1e-4;
constexpr double tie = 1e-6;             ///< of the largest value
constexpr double floor_of_scale = 1e-1;  ///< of the largest value: around 0 sums of float32 have no digits of their own
constexpr double tightest = 1e-5;        ///< that a document can ask of trees: their sums take so much in float32
constexpr double sum_rounding = 0x1p-22;  ///< of what a sum of leaves can be, whatever is left of it
constexpr double smallest_normal = std::numeric_limits<float>::min();  ///< below it float32 loses digits, or all

/// A number as far as float32 goes: what is beyond its largest one counts as that, infinities too.
double in_float32(double value) {
  const model::NumberTypeInfo& type = model::info(model::NumberType::float32);
  return std::clamp(value, type.lowest, type.highest);
}

/// What two answers may differ by.
struct Tolerance {
  std::vector<double> scales{};     ///< [n_outputs], or one for all samples of a filter: the least that 1e-4 is of
  std::vector<double> roundings{};  ///< like scales: what always may differ, absolute
  double own = own_tolerance;       ///< of scales; 0 where integers are exact
  double atol = 0.0, rtol = 0.0;    ///< of the document, where it is to be kept; both 0: there is none

  [[nodiscard]] double allowed(double expected, std::size_t column) const;
};

/// The value of a column among those of a Tolerance.
double of_column(const std::vector<double>& values, std::size_t column) {
  return values.size() == 1 ? values.front() : values[column];
}

double Tolerance::allowed(double expected, std::size_t column) const {
  const double scale = std::max(std::abs(expected), of_column(scales, column));
  const bool is_given = atol > 0.0 || rtol > 0.0;
  const double given = std::max(atol + rtol * std::abs(expected), tightest * scale);
  return std::max(is_given ? std::min(own * scale, given) : own * scale, of_column(roundings, column));
}

/// The largest magnitude of each column that float32 has, [n_outputs]; of a filter of all samples.
std::vector<double> largest_values(const model::Model& model, std::span<const Answer> answers) {
  std::vector<double> largest(takes_signals(model) ? 1 : static_cast<std::size_t>(model.output.n_outputs), 0.0);
  for (const Answer& answer : answers) {
    for (std::size_t column = 0; column < answer.outputs.size(); ++column) {
      const double value = std::abs(answer.outputs[column]);
      double& most = largest.size() == 1 ? largest.front() : largest[column];
      if (value <= model::info(model::NumberType::float32).highest) most = std::max(most, value);
    }
  }
  return largest;
}

/// What float32 sums of leaves and base scores may be off by, for each output, before a transform.
std::vector<double> sum_roundings(const model::TreeEnsemble& ensemble) {
  std::vector<double> roundings = model::largest_sums(ensemble);
  const double factor = std::abs(ensemble.scale / ensemble.divisor);
  const double of_base = ensemble.base_score_at == model::BaseScoreAt::start ? factor : 1.0;
  for (std::size_t i = 0; i < roundings.size(); ++i) {
    const double base = ensemble.base_score.empty() ? 0.0 : std::abs(ensemble.base_score[i]);
    roundings[i] = sum_rounding * (factor * roundings[i] + of_base * base);
  }
  return roundings;
}

/// The same of the outputs; a transform behind the sums has scales of its own.
std::vector<double> output_roundings(const model::TreeEnsemble& ensemble) {
  const bool is_plain = ensemble.post_transform.kind == model::PostTransformKind::identity;
  std::vector<double> roundings = sum_roundings(ensemble);
  const double factor = is_plain ? std::abs(ensemble.post_transform.scale) : 0.0;
  for (double& rounding : roundings) rounding = std::max(factor * rounding, smallest_normal);
  return roundings;
}

/// One scale for all columns: they are compared with each other, or one scaler's units are the caller's.
void share_scale(Tolerance& tolerance) {
  tolerance.scales = {*std::max_element(tolerance.scales.begin(), tolerance.scales.end())};
}

Tolerance tolerance_of(const model::Model& model, std::vector<double> largest) {
  Tolerance result{.scales = std::move(largest), .roundings = {smallest_normal}};
  for (double& scale : result.scales) scale *= takes_signals(model) ? 1.0 : floor_of_scale;
  if (model.output.rule != model::DecisionRule::none) share_scale(result);
  std::visit(model::Overloaded{[&](std::monostate) { share_scale(result); },
                               [&](const model::TreeEnsemble& trees) {
                                 result.roundings = output_roundings(trees);
                                 result.atol = model.test_vectors.atol;
                                 result.rtol = model.test_vectors.rtol;
                               },
                               [](const model::DenseNetwork&) {}, [](const model::Combination&) {},
                               [&](const model::SosCascade& cascade) {
                                 if (cascade.fixed) result = {.scales = {0.0}, .roundings = {0.0}, .own = 0.0};
                               }},
             model.predictor);
  return result;
}

/// What a steep transform of each sum, which is monotone, makes of the rounding of sums: the outputs at its ends.
std::vector<double> errors_between_ends(const model::PostTransform& transform, const std::vector<double>& sums,
                                        const std::vector<double>& roundings) {
  std::vector<double> errors(sums.size(), 0.0), middle = sums;
  model::apply_post_transform(transform, middle);
  for (const double side : {-1.0, 1.0}) {
    std::vector<double> end = sums;
    for (std::size_t i = 0; i < end.size(); ++i) end[i] += side * roundings[i];
    model::apply_post_transform(transform, end);
    for (std::size_t i = 0; i < end.size(); ++i) {
      errors[i] = std::max(errors[i], std::abs(in_float32(end[i]) - in_float32(middle[i])));
    }
  }
  return errors;
}

/// What shares of the total make of the rounding of sums: without limit where the total may be all rounding.
std::vector<double> errors_of_shares(const model::PostTransform& transform, const std::vector<double>& sums,
                                     const std::vector<double>& roundings) {
  const double scale = std::abs(transform.scale);
  const double total = scale * std::abs(std::accumulate(sums.begin(), sums.end(), 0.0));
  const double total_error = scale * std::accumulate(roundings.begin(), roundings.end(), 0.0);
  std::vector<double> errors(sums.size(), model::infinity), shares = sums;
  if (!(total > 2.0 * total_error)) return errors;
  model::apply_post_transform(transform, shares);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    errors[i] = 2.0 * (scale * roundings[i] + std::abs(shares[i]) * total_error) / total;
  }
  return errors;
}

/// What the transform makes of the rounding of sums for this input, where it may make more of it than the outputs show;
/// else nothing.
std::vector<double> transformed_roundings(const model::Model& model, const model::TreeEnsemble& trees,
                                          const std::vector<double>& x) {
  using enum model::PostTransformKind;
  switch (trees.post_transform.kind) {
    case sigmoid:
    case exp:
    case hinge:
    case signed_square:
    case log1p_exp:
    case isolation:
      return errors_between_ends(trees.post_transform, model::predict_raw(model, x), sum_roundings(trees));
    case normalize:
    case normalize_or_uniform:
      return errors_of_shares(trees.post_transform, model::predict_raw(model, x), sum_roundings(trees));
    case identity:
    case softmax:
    case log_softmax:
      return {};
  }
  return {};
}

/// Of sums, and of the columns that the device computes in front of the trees.
std::vector<double> errors_of_trees(const model::Model& model, const model::TreeEnsemble& trees,
                                    const std::vector<double>& x) {
  std::vector<double> errors = transformed_roundings(model, trees, x);
  if (model.steps.empty()) return errors;
  const std::vector<double> of_columns = model::float_errors(model, trees, x);
  errors.resize(of_columns.size(), 0.0);
  for (std::size_t i = 0; i < errors.size(); ++i) errors[i] += of_columns[i];
  return errors;
}

/// Cancelling terms of networks, and transforms of cancelling sums of leaves: what is off the same for every input is
/// in the tolerance.
std::vector<double> errors_of(const model::Model& model, const std::vector<double>& x) {
  using Errors = std::vector<double>;
  return std::visit(
      model::Overloaded{[&](std::monostate) { return model.steps.empty() ? Errors{} : model::float_errors(model, x); },
                        [&](const model::TreeEnsemble& trees) { return errors_of_trees(model, trees, x); },
                        [&](const model::DenseNetwork& network) { return model::float_errors(model, network, x); },
                        [](const model::SosCascade&) -> Errors { return {}; },
                        [&](const model::Combination&) { return model::float_answer(model, x).errors; }},
      model.predictor);
}

bool is_close(double expected, double found, double allowed) {
  if (std::isinf(allowed)) return true;
  if (std::isnan(expected) || std::isnan(found)) return std::isnan(expected) && std::isnan(found);
  return std::abs(in_float32(found) - in_float32(expected)) <= allowed;
}

double error_of(const Answer& expected, std::size_t column) {
  return expected.errors.empty() ? 0.0 : expected.errors[column];
}

/// How far the expected answer is from deciding `target` as `decided`, whatever float32 is off by; infinity when that
/// is no class of it.
double margin(const model::Output& output, const Answer& expected, std::size_t target, std::int32_t decided) {
  if (output.rule != model::DecisionRule::argmax) {
    return std::abs(in_float32(expected.outputs[target]) - output.threshold) - error_of(expected, target);
  }
  std::size_t first = 0;
  for (std::size_t before = 0; before < target; ++before)
    first += static_cast<std::size_t>(output.targets[before].size);
  if (decided < 0 || decided >= output.targets[target].size) return std::numeric_limits<double>::infinity();
  const std::size_t best = first + static_cast<std::size_t>(expected.classes[target]);
  const std::size_t other = first + static_cast<std::size_t>(decided);
  return in_float32(expected.outputs[best]) - in_float32(expected.outputs[other]) - error_of(expected, best) -
         error_of(expected, other);
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

std::string value_problem(const Answer& expected, const Answer& found, const Tolerance& tolerance) {
  for (std::size_t column = 0; column < expected.outputs.size(); ++column) {
    const double allowed =
        std::max(tolerance.allowed(in_float32(expected.outputs[column]), column), error_of(expected, column));
    if (is_close(expected.outputs[column], found.outputs.at(column), allowed)) continue;
    return fmt::format("output {} is {}, expected {}", column, found.outputs[column], expected.outputs[column]);
  }
  return {};
}

double largest_difference(const Answer& expected, const Answer& found) {
  double largest = 0.0;
  for (std::size_t column = 0; column < expected.outputs.size(); ++column) {
    const double difference = std::abs(in_float32(found.outputs.at(column)) - in_float32(expected.outputs[column]));
    largest = std::max(largest, difference);
  }
  return largest;
}

}  // namespace

std::vector<Answer> expected_answers(const model::Model& model, const Inputs& inputs) {
  std::vector<Answer> answers = reference_answers(model, inputs);
  for (std::size_t row = 0; row < inputs.size(); ++row) answers[row].errors = errors_of(model, inputs[row]);
  return answers;
}

void forbid_jumps(const model::Model& model, std::vector<Answer>& expected) {
  constexpr double most_of_rounding = 0x1p-10;
  const std::vector<double> largest = largest_values(model, expected);
  for (Answer& answer : expected) {
    for (std::size_t column = 0; column < answer.errors.size(); ++column) {
      if (!(answer.errors[column] <= most_of_rounding * largest[column])) answer.errors[column] = 0.0;
    }
  }
}

Comparison compare(const model::Model& model, std::span<const Answer> expected, std::span<const Answer> found) {
  const std::vector<double> columns = largest_values(model, expected);
  const double tie_margin = tie * *std::max_element(columns.begin(), columns.end()) + smallest_normal;
  const Tolerance tolerance = tolerance_of(model, columns);
  Comparison result{.n_inputs = expected.size()};
  for (std::size_t row = 0; row < expected.size(); ++row) {
    std::string problem = decision_problem(model, expected[row], found[row], tie_margin);
    if (expected[row].classes == found[row].classes) {
      ++result.n_same_decision;
    } else if (problem.empty()) {
      ++result.n_ties;
    }
    result.largest_difference = std::max(result.largest_difference, largest_difference(expected[row], found[row]));
    if (problem.empty()) problem = value_problem(expected[row], found[row], tolerance);
    if (result.first_problem.empty() && !problem.empty()) result.first_problem = fmt::format("row {} {}", row, problem);
  }
  return result;
}

}  // namespace emlc::cli
