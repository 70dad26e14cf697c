#pragma once

#include <cstdint>
#include <functional>
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

/// The votes along a raw column: `low` up to and with `last`, `high` from `first` on, none between; `low` alone where
/// both are the same.
struct RawVotes {
  std::int32_t low = 0, high = 0;
  float last = 0.0F, first = 0.0F;
};

/// The votes of the only output, which is there once, twice with none between, or not at all, by bisection as above.
/// @param vote  of an output after the transform
std::optional<RawVotes> raw_votes(const model::PostTransform& transform,
                                  const std::function<std::int32_t(double)>& vote);

/// True when every output is a probability: a sigmoid, a softmax, or a mean of class proportions.
bool are_probabilities(const model::Model& model);

}  // namespace emlc::layout
