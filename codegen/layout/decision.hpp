#pragma once

#include <optional>

#include "codegen/model/model.hpp"

namespace emlc::layout {

/// The post-transform of a predictor; identity for scalers and filters.
const model::PostTransform& post_transform_of(const model::Model& model);

/// True when the first maximum of the raw outputs is the class that the rule argmax finds after the post-transform, so
/// that nothing but the raw outputs has to be computed. (Two outputs that differ before the transform and are rounded
/// to the same number by it count as different.)
bool argmax_is_on_raw(const model::Model& model);

/// A comparison of a raw column that is true exactly when the model's rule holds for the column after the
/// post-transform.
struct RawComparison {
  enum class Kind { at_least, at_most, always, never } kind = Kind::never;
  float bound = 0.0F;
};

/// The comparison for the rules greater and greater_equal. It is found by bisection over all float32 numbers with the
/// interpreter's own transform, so a sigmoid that rounds to 0.5 is on the right side. Nothing for a transform that
/// looks at more than its own column.
std::optional<RawComparison> raw_comparison(const model::Output& output, const model::PostTransform& transform);

/// True when every output is a probability: a sigmoid, a softmax, or a mean of class proportions.
bool are_probabilities(const model::Model& model);

}  // namespace emlc::layout
