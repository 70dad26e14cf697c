#pragma once

#include <string>

#include "cli/trial/answers.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// Made-up inputs, and in words where their numbers are from.
struct Drawing {
  std::string origin;
  Inputs inputs;
};

/// `n` inputs that the model has something to say about, always the same ones. Features are drawn from the declared
/// ranges, else from the range of the test vectors, for trees with their thresholds, of which every other value is a
/// neighbour; else from what the scaler of `trained` takes to -3 to 3; with none of these noise of several sizes. In
/// place of noise a type of 8 bits has all its values, as every fourth input has where scalers alone say something; of
/// wider types every fourth is between a little beyond what scalers clip, and of integers a few beyond -3 to 3.
/// `lowered` is the model after its passes, and its feature type that of the values.
Drawing draw_inputs(const model::Model& trained, const model::Model& lowered, std::size_t n);

/// `n` inputs within 1 of 0, as far as the declared ranges go there; none where no range is wide. Among the largest
/// inputs that may come what a model does to ordinary ones does not show.
Drawing draw_small_inputs(const model::Model& trained, const model::Model& lowered, std::size_t n);

/// An impulse, a step and noise, as large as declared, else as the test vectors, else 1.
Drawing draw_signals(const model::Model& model);

}  // namespace emlc::cli
