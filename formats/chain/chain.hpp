#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/model.hpp"

/// From what a library does to its values, one step after the other, to scalers and dense layers of the model. Steps
/// that only scale and shift go into the layer before or behind them, in double.
namespace emlc::formats::chain {

/// y = x * scale + offset, of each value on its own.
struct Affine {
  std::vector<double> scale, offset;  ///< [width]
};

/// What has been built of a network. Begins with the number of its features.
struct Chain {
  std::int32_t width = 0;                   ///< values that leave the last step
  std::vector<model::Scaler> scalers{};     ///< what comes before the first layer
  std::vector<model::DenseLayer> layers{};  ///< chained
  /// What is still to be done to the outputs of the last layer, whose activation is in the way.
  std::optional<Affine> pending{};
  bool ends_in_log_softmax = false;  ///< after which nothing comes
  std::int64_t n_diagonal = 0;       ///< weights of layers that are there for an activation alone
};

/// A layer for an activation alone is a square of weights that no file has; of all of them no more than this.
constexpr std::int64_t most_diagonal = 1 << 20;

/// Each value by itself. Part of the scalers in front of the first layer; behind one without an activation part of its
/// weights; else part of the next one's.
void multiply_add(Chain& chain, Affine affine);
/// (x - offset) / scale of each value, scale not 0. In front of all else it stays as it is.
void subtract_divide(Chain& chain, Affine affine);
/// The same factor and addend for all.
void multiply_add(Chain& chain, double scale, double offset);

/// weights [n_out][width], bias [n_out]; n_out >= 1
void dense(Chain& chain, std::vector<double> weights, std::vector<double> bias);

/// An activation of all values, which follows a layer of its own where the last one has one already. `alpha` is that of
/// the model. Throws Error at `place` where those layers would have more than most_diagonal weights.
void activate(Chain& chain, model::Activation activation, double alpha, const Where& place);
/// The logarithms of a softmax over all values, as the last of all. Throws Error as activate does.
void end_in_log_softmax(Chain& chain, const Where& place);
/// A slope below 0 for each value, [width].
void activate_prelu(Chain& chain, std::vector<double> slopes, const Where& place);
/// Values limited to [low, high], low < high.
void clip(Chain& chain, double low, double high, const Where& place);
/// y = x above 0, else slope * x, and at most `highest`, which is above 0.
void activate_limited_relu(Chain& chain, double slope, double highest, const Where& place);

/// The predictor and the scalers; without a layer the scalers are the model. Throws Error as activate does, for what
/// scales the last outputs.
void finish(Chain chain, model::Model& into, const Where& place);

}  // namespace emlc::formats::chain
