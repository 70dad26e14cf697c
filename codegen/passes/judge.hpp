#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/passes/pass.hpp"

namespace emlc::passes {

/// What answers are compared with: labels where there are some, or what the model itself answers.
enum class Reference { labels, model };

/// Says how good answers to the sample inputs are: by the labels of --data, or without labels by what the model itself
/// answered before anything changed. The loss of a row is the number of targets that are decided otherwise, of a model
/// that decides nothing the sum of the squared differences.
class Judge {
 public:
  /// Throws Error, `option` as its field, when there are no sample inputs.
  Judge(const model::Model& model, const PassConfig& config, std::string_view option,
        Reference reference = Reference::labels);

  [[nodiscard]] std::size_t n_rows() const { return inputs_->size(); }
  /// The sample inputs, as the caller of the model gives them. They belong to the model or the options.
  [[nodiscard]] const std::vector<std::vector<double>>& inputs() const { return *inputs_; }
  [[nodiscard]] bool decides() const { return output_.rule != model::DecisionRule::none; }

  /// Of `outputs`, [n_outputs] after the post-transform, for a row.
  [[nodiscard]] double loss(std::size_t row, std::span<const double> outputs) const;
  /// The sum of the squared differences from what is expected: of a label 1 for its class and 0 for the others.
  [[nodiscard]] double squared(std::size_t row, std::span<const double> outputs) const;
  /// What the outputs are expected to be, [n_outputs].
  [[nodiscard]] std::span<const double> expected(std::size_t row) const { return expected_[row]; }
  /// The loss that is this share of all: of all decisions, or of the variance of what is expected, so that R2 loses as
  /// much.
  [[nodiscard]] double allowance(double share) const { return share * whole_; }

  /// The loss of a model over all rows.
  [[nodiscard]] double loss(const model::Model& model) const;
  /// `right on 167 of 171 before, on 166 after`, or of a model without decisions R2.
  [[nodiscard]] std::string change(double before, double after) const;

 private:
  const std::vector<std::vector<double>>* inputs_;
  model::Output output_;
  bool has_labels_;
  std::vector<std::vector<std::int32_t>> classes_{};  ///< [n_rows][n_targets], of a model that decides
  std::vector<std::vector<double>> expected_{};       ///< [n_rows][n_outputs]
  double whole_ = 0.0;                                ///< the loss of knowing nothing
};

}  // namespace emlc::passes
