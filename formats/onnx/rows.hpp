#pragma once

#include <functional>
#include <vector>

#include "formats/onnx/call.hpp"
#include "formats/onnx/value.hpp"

/// What is done to the numbers of each row.
namespace emlc::formats::onnx {

/// The type that numbers of a tensor are rounded to: float32 unless it is of doubles or of integers.
model::NumberType number_type(ElementType type);

/// A constant for each column: [width], or a single number for all.
std::vector<double> by_column(const Call& call, const Tensor& tensor, std::int32_t width);

/// Columns of the input by their numbers.
Rows columns_of(const Call& call, const Rows& features, const Tensor& numbers);

/// The input in another type, rounded to float32 where that has fewer digits.
Rows cast_features(Rows features, ElementType type);

/// The input, scaled once more in the arithmetic of its type.
Rows scaled(Rows features, model::Scaler scaler);

/// The input behind one more step, which is not a scaler, in the arithmetic of its type.
Rows behind_step(const Call& call, Rows features, model::StepKind kind);

/// Features, or a product of them with a matrix, as features behind a step.
Rows as_features(const Call& call, std::size_t index);

/// The value of one tree, with another value in each leaf.
Rows with_leaves(const Call& call, const Rows& tree, const std::function<double(double)>& value);

/// values * by + add, column by column; each of the two [width]. Of features, of a layer, or of what comes next.
Rows adjusted(const Call& call, Rows rows, const std::vector<double>& by, const std::vector<double>& add);

/// A dense layer of what was there, without an activation yet.
/// @param weights  [n_out][width]
/// @param bias     [n_out]
Rows through_layer(const Call& call, Rows rows, std::vector<double> weights, std::vector<double> bias);

/// The activation of the layer that waits for it, or of one that passes everything on.
Rows activated(const Call& call, Rows rows, model::Activation activation, double alpha);

/// The activation that multiplies numbers below 0 by a slope of each column.
/// @param slopes  [width]
Rows sloped(const Call& call, Rows rows, std::vector<double> slopes);

/// The numbers as the codes of a quantiser stand for them: behind the last activation, or behind a layer that passes
/// everything on.
Rows rounded(const Call& call, Rows rows, const model::CodeGrid& codes);

/// All layers, the last one finished.
std::vector<model::DenseLayer> finished_layers(const Rows& rows);

/// A step behind sums of trees or a finished network.
Rows stepped(const Call& call, Rows rows, Step step);

}  // namespace emlc::formats::onnx
