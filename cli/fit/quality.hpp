#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cli/trial/answers.hpp"
#include "cli/trial/score.hpp"
#include "codegen/model/model.hpp"

/// How good a model is on some rows, and what a smaller one loses of that.
namespace emlc::cli::fit {

/// What the quality of a model is the mean of.
enum class Measure {
  accuracy,   ///< share of the right decisions, 0 to 1
  agreement,  ///< share of the decisions that are those of the trained model, 0 to 1
  r2,         ///< R2 of the outputs by the labels
  fidelity    ///< R2 of the outputs by those of the trained model: for a filter 1 - noise power / signal power
};
Measure measure_of(const model::Model& model, bool has_labels);
std::string_view name(Measure measure);  ///< `accuracy`
bool counts_decisions(Measure measure);  ///< accuracy and agreement

/// Inputs with what is true of them, and what the trained model is worth on them.
struct Part {
  Inputs inputs;
  Labels labels;
  /// One per input, or of a filter one per block of samples; their mean is the quality.
  std::vector<double> trained{};
  std::vector<Answer> answers{};  ///< of the trained model
};
/// Without labels the answers of the trained model are true. Throws Error where the labels of a regression are all the
/// same, since nothing can be told of it then.
Part make_part(const model::Model& trained, Inputs inputs, const std::optional<Labels>& labels);

/// The quality of answers, one per input or block.
std::vector<double> qualities(const model::Model& trained, const Labels& labels, std::span<const Answer> answers);

/// The mean difference of outputs, in their unit: the finer measure where decisions are all the same.
double mean_difference(std::span<const Answer> a, std::span<const Answer> b);

/// What a model loses against the trained one.
struct Loss {
  Measure measure = Measure::accuracy;
  std::size_t n = 0;                   ///< inputs, or blocks of a filter
  double trained = 0.0, device = 0.0;  ///< the means
  double loss = 0.0;                   ///< trained - device; below 0 it gains
  double lowest = 0.0, highest = 0.0;  ///< 95 % interval of the loss, by the differences of the rows
  double squares = 0.0;                ///< the sum of the squared differences
};
Loss loss_of(Measure measure, std::span<const double> trained, std::span<const double> device);

/// That of the rows of both, which are others.
Loss together(const Loss& a, const Loss& b);

/// How high the interval of the loss may reach: see note [doubt]. Infinite where there are no labels.
double most_doubt(const Loss& loss, double max_loss);

/// How many rows would show a loss of at most `limit`, if the rest were as these; nothing where no number
/// would, or only a hundred times as many.
std::optional<std::size_t> rows_to_tell(const Loss& loss, double limit);

}  // namespace emlc::cli::fit
