#pragma once

#include "codegen/model/model.hpp"
#include "formats/onnx/file/graph.hpp"
#include "formats/onnx/value.hpp"

namespace emlc::formats::onnx {

/// Sets the scalers and the predictor of a model whose input and output are there. Throws Error for what the model has
/// no place for: steps behind sums of trees that are no post-transform, a column that is scaled in two ways.
/// @param scores  of the form `plain`
void put_predictor(const Graph& graph, Rows scores, model::Model& model);

/// Are the numbers the scores of an isolation forest?
bool is_isolation(const Rows& scores);
/// Are they probabilities that add up to 1?
bool ends_in_softmax(const Rows& scores);

}  // namespace emlc::formats::onnx
