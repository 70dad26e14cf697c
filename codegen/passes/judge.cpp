#include "codegen/passes/judge.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::passes {
namespace {

/// Equal infinities are no difference.
double squared_difference(double a, double b) {
  if (a == b) return 0.0;
  const double square = (a - b) * (a - b);
  return std::isnan(square) ? model::infinity : square;
}

/// 1 for the class of each target, 0 for the others; of a single column with a threshold the class.
std::vector<double> shares_of(const model::Output& output, const std::vector<std::int32_t>& classes) {
  std::vector<double> shares(static_cast<std::size_t>(output.n_outputs), 0.0);
  std::size_t first = 0;
  for (std::size_t target = 0; target < classes.size(); ++target) {
    const auto index = static_cast<std::size_t>(classes[target]);
    const bool is_column = output.rule != model::DecisionRule::argmax;
    if (is_column) shares[first] = static_cast<double>(index);
    if (!is_column) shares[first + index] = 1.0;
    first += static_cast<std::size_t>(output.targets[target].size);
  }
  return shares;
}

/// The sum of the squared differences from the mean of each column.
double spread(const std::vector<std::vector<double>>& rows) {
  double sum = 0.0;
  for (std::size_t column = 0; !rows.empty() && column < rows[0].size(); ++column) {
    double mean = 0.0;
    for (const std::vector<double>& row : rows) mean += row[column] / static_cast<double>(rows.size());
    for (const std::vector<double>& row : rows) sum += squared_difference(row[column], mean);
  }
  return sum;
}

}  // namespace

Judge::Judge(const model::Model& model, const PassConfig& config, std::string_view option, Reference reference)
    : inputs_(&sample_inputs(model, config)),
      output_(model.output),
      has_labels_(reference == Reference::labels && !config.labels.empty()) {
  if (inputs_->empty()) {
    throw Error({.field = std::string(option)},
                "looks at the answers to data: needs --data, the model has no test vectors");
  }
  for (std::size_t row = 0; row < n_rows(); ++row) {
    if (has_labels_ && !decides()) {
      expected_.push_back(config.labels.values[row]);
      continue;
    }
    expected_.push_back(has_labels_ ? shares_of(output_, config.labels.classes[row])
                                    : model::predict(model, (*inputs_)[row]));
    if (decides())
      classes_.push_back(has_labels_ ? config.labels.classes[row] : model::decide(output_, expected_[row]));
  }
  whole_ = decides() ? static_cast<double>(n_rows() * output_.targets.size()) : spread(expected_);
}

double Judge::loss(std::size_t row, std::span<const double> outputs) const {
  if (!decides()) return squared(row, outputs);
  const std::vector<std::int32_t> decided = model::decide(output_, outputs);
  double n_wrong = 0.0;
  for (std::size_t target = 0; target < decided.size(); ++target) {
    n_wrong += decided[target] != classes_[row][target] ? 1.0 : 0.0;
  }
  return n_wrong;
}

double Judge::squared(std::size_t row, std::span<const double> outputs) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += squared_difference(outputs[i], expected_[row][i]);
  return sum;
}

double Judge::loss(const model::Model& model) const {
  double sum = 0.0;
  for (std::size_t row = 0; row < n_rows(); ++row) sum += loss(row, model::predict(model, (*inputs_)[row]));
  return sum;
}

std::string Judge::change(double before, double after) const {
  const std::string_view reference = has_labels_ ? "by the labels" : "by the model before";
  if (!decides()) {
    const auto r2 = [&](double loss) { return whole_ > 0.0 ? 1.0 - loss / whole_ : 0.0; };
    return fmt::format("R2 {} {:.4f}, was {:.4f}", reference, r2(after), r2(before));
  }
  const auto right = [&](double loss) { return static_cast<std::size_t>(whole_ - loss); };
  return fmt::format("{} of {} decisions right {}, was {}", right(after), right(0.0), reference, right(before));
}

}  // namespace emlc::passes
