#include "codegen/model/post_transform.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace emlc::model {
namespace {

/// log(1 + exp(x)), which is x where exp(x) has no double.
double log1p_exp(double x) {
  // From 37 on the two are the same double. Below, this is how the libraries compute it, to the last bit.
  constexpr double far_below_overflow = 700.0;
  return x > far_below_overflow ? x : std::log1p(std::exp(x));
}

/// One output on its own, with `x` already scaled.
double apply_to_one(const PostTransform& transform, double x) {
  const auto rounded = [&](double value) { return round_to(transform.type, value); };
  switch (transform.kind) {
    case PostTransformKind::identity:
      return x;
    case PostTransformKind::sigmoid:
      return rounded(1.0 / rounded(1.0 + rounded(std::exp(-x))));
    case PostTransformKind::exp:
      return rounded(std::exp(x));
    case PostTransformKind::hinge:
      return x > 0.0 ? 1.0 : 0.0;
    case PostTransformKind::signed_square:
      return rounded(std::copysign(x * x, x));
    case PostTransformKind::log1p_exp:
      return rounded(log1p_exp(x));
    case PostTransformKind::isolation:
      return rounded(rounded(-std::exp2(rounded(-x / transform.denominator))) - transform.offset);
    case PostTransformKind::softmax:
    case PostTransformKind::normalize:
    case PostTransformKind::normalize_or_uniform:
    case PostTransformKind::log_softmax:
      break;
  }
  throw std::logic_error("a post-transform over all outputs was applied to one");
}

bool is_sum_zero(std::span<const double> outputs) {
  return std::accumulate(outputs.begin(), outputs.end(), 0.0) == 0.0;
}

/// The sum is taken in double whatever the type: so does XGBoost, the one that computes in float32.
void divide_by_sum(NumberType type, std::span<double> outputs) {
  double sum = 0.0;
  for (const double value : outputs) sum += value;
  sum = round_to(type, sum);
  for (double& value : outputs) value = round_to(type, value / sum);
}

/// The maximum is taken off first, so that exp cannot overflow.
void subtract_log_of_sum(NumberType type, std::span<double> outputs) {
  const double largest = *std::max_element(outputs.begin(), outputs.end());
  double sum = 0.0;
  for (double& value : outputs) {
    value = round_to(type, value - largest);
    sum += round_to(type, std::exp(value));
  }
  const double log_of_sum = round_to(type, std::log(round_to(type, sum)));
  for (double& value : outputs) value = round_to(type, value - log_of_sum);
}

}  // namespace

bool divides_by_sum(PostTransformKind kind) {
  return kind == PostTransformKind::normalize || kind == PostTransformKind::normalize_or_uniform;
}

std::string_view name(PostTransformKind kind) {
  switch (kind) {
    case PostTransformKind::identity:
      return "identity";
    case PostTransformKind::sigmoid:
      return "sigmoid";
    case PostTransformKind::softmax:
      return "softmax";
    case PostTransformKind::exp:
      return "exp";
    case PostTransformKind::hinge:
      return "hinge";
    case PostTransformKind::signed_square:
      return "signed_square";
    case PostTransformKind::log1p_exp:
      return "log1p_exp";
    case PostTransformKind::normalize:
      return "normalize";
    case PostTransformKind::normalize_or_uniform:
      return "normalize_or_uniform";
    case PostTransformKind::isolation:
      return "isolation";
    case PostTransformKind::log_softmax:
      return "log_softmax";
  }
  throw std::logic_error("post-transform without a name");
}

void apply_post_transform(const PostTransform& transform, std::span<double> outputs) {
  for (double& value : outputs) value = round_to(transform.type, value * transform.scale);
  switch (transform.kind) {
    case PostTransformKind::softmax: {
      const double largest = *std::max_element(outputs.begin(), outputs.end());
      for (double& value : outputs)
        value = round_to(transform.type, std::exp(round_to(transform.type, value - largest)));
      return divide_by_sum(transform.type, outputs);
    }
    case PostTransformKind::normalize:
      return divide_by_sum(transform.type, outputs);
    case PostTransformKind::normalize_or_uniform:
      if (is_sum_zero(outputs)) std::fill(outputs.begin(), outputs.end(), 1.0);
      return divide_by_sum(transform.type, outputs);
    case PostTransformKind::log_softmax:
      return subtract_log_of_sum(transform.type, outputs);
    default:
      for (double& value : outputs) value = apply_to_one(transform, value);
  }
}

}  // namespace emlc::model
