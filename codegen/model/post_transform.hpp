#pragma once

#include <span>
#include <string_view>

#include "codegen/model/number_type.hpp"

namespace emlc::model {

/// Up to log_softmax in the order of the runtime's codes: blobs hold the number.
enum class PostTransformKind {
  identity,
  sigmoid,  ///< 1 / (1 + exp(-x))
  softmax,  ///< over all outputs, maximum subtracted first
  exp,
  hinge,          ///< 1 if x > 0, else 0
  signed_square,  ///< sign(x) * x * x
  log1p_exp,      ///< log(1 + exp(x))
  normalize,      ///< each output divided by the sum of all
  isolation,      ///< -2^(-x / denominator) - offset
  log_softmax,    ///< the logarithm of softmax: x - log(sum of exp(x)) over all outputs
  /// Each output divided by the sum of all; where that is 0 all the same, 1 / n: of several calibrated classes.
  normalize_or_uniform,
};

/// What turns raw outputs into the answer: x is `scale * raw`. Each step is rounded to `type`, as a library computes
/// that works in it.
struct PostTransform {
  PostTransformKind kind = PostTransformKind::identity;
  double scale = 1.0;
  double denominator = 1.0;  ///< isolation: n_trees * c(max_samples)
  double offset = 0.0;       ///< isolation: subtracted from the score
  NumberType type = NumberType::float64;
};

std::string_view name(PostTransformKind kind);
/// True where each output is divided by the sum of all, so that a common factor of them does not matter.
bool divides_by_sum(PostTransformKind kind);

/// Applies the transform in place to the outputs of one input.
void apply_post_transform(const PostTransform& transform, std::span<double> outputs);

}  // namespace emlc::model
