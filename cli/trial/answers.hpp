#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::cli {

/// One per example: the features of a model, or for a filter a whole signal. NaN is a missing value.
using Inputs = std::vector<std::vector<double>>;

/// What a model says to one input.
struct Answer {
  std::vector<double> outputs;        ///< [n_outputs]; for a filter as long as the signal
  std::vector<std::int32_t> classes;  ///< one per target; empty when the model makes no decision
  std::vector<double> errors{};       ///< [n_outputs] what float32 may be off by for this input; empty: not known
};

/// Reads a CSV or NPY file: a row is an input, but for a filter a column is a signal.
/// Throws Error for a row that does not fit the model or a value that its feature type cannot hold.
Inputs read_inputs(const std::string& path, const model::Model& model);

/// True when the feature type of the model has every value of x.
bool holds(const model::Model& model, const std::vector<double>& x);

/// Throws Error for an input that does not fit; `file`, and the line of each input where they come from a text, are
/// only for messages.
void check_inputs(const Inputs& inputs, const model::Model& model, const std::string& file,
                  std::span<const std::size_t> lines = {});

/// The answers of the interpreter.
std::vector<Answer> reference_answers(const model::Model& model, std::span<const std::vector<double>> inputs);
/// What they are before the post-transform, without classes.
std::vector<Answer> raw_answers(const model::Model& model, std::span<const std::vector<double>> inputs);

enum class Columns { labels, values, both, raw };
/// CSV with a header line: `label` (`label_0`, `label_1` with several targets) and `output_0`, `output_1`, ...; for a
/// filter one output column per signal, one line per sample. Throws Error for labels of a model that decides nothing.
/// @param decisions  [answers] of one target, a column `decision` behind the label: the class that was decided behind
///                   each window, below 0 an empty cell; empty: no such column
std::string answers_csv(const model::Model& model, std::span<const Answer> answers, Columns columns,
                        std::span<const std::int32_t> decisions);

}  // namespace emlc::cli
