#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/trial/answers.hpp"
#include "codegen/model/model.hpp"
#include "codegen/passes/pass.hpp"

namespace emlc::cli {

using passes::Labels;

/// Reads a CSV or NPY file with a row for each input; a class is its name, or its index where classes have none. One
/// line more is a header. Throws Error, at its line, for a label that the model does not know, and for a filter.
/// @param inputs  what the rows are for, in messages: `--data`
Labels read_labels(const std::string& path, const model::Model& model, std::size_t n_inputs, std::string_view inputs);

/// Those of some rows.
Labels labels_at(const Labels& labels, std::span<const std::size_t> rows);

/// counts[expected][decided]
struct Confusion {
  std::vector<std::string> classes;
  std::vector<std::vector<std::size_t>> counts;
};

/// Over all outputs, in their unit.
struct RegressionErrors {
  double root_mean_square = 0.0, mean_absolute = 0.0, largest = 0.0;
  std::optional<double> r2{};  ///< nothing where all labels are the same
};

/// How good answers are by the labels.
struct Score {
  std::size_t n_inputs = 0;
  std::vector<Confusion> targets{};          ///< of a model that decides
  std::optional<RegressionErrors> errors{};  ///< of one that does not
};
Score score_of(const model::Model& model, const Labels& labels, std::span<const Answer> answers);

double accuracy(const Confusion& target);            ///< share of the right decisions, 0 to 1
std::optional<double> accuracy(const Score& score);  ///< of all targets together; nothing for a regression
std::string target_name(const model::Model& model, std::size_t target);  ///< its name, else its number

/// Somebody's answers.
struct NamedScore {
  std::string name;
  const Score& score;
};
/// Accuracy or errors of each, then the confusion matrices of the last, of up to 20 classes. Whole lines.
std::string score_text(const model::Model& model, std::span<const NamedScore> scores);

}  // namespace emlc::cli
