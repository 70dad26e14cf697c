#include "codegen/c/common/post_transform.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "codegen/c/common/helpers.hpp"
#include "codegen/c/common/literal.hpp"

namespace emlc::c {
namespace {

using model::PostTransform;
using model::PostTransformKind;

/// `arguments` begin with a comma.
struct Call {
  Helper helper;
  std::string arguments{};
};

Call isolation(const PostTransform& transform) {
  const double rate = -std::log(2.0) / transform.denominator;
  return {Helper::isolation, fmt::format(", {}, {}", rounded_literal(rate, "post_transform.denominator"),
                                         rounded_literal(transform.offset, "post_transform.offset"))};
}

/// Of a transform that is not the identity.
Call call_of(const PostTransform& transform) {
  switch (transform.kind) {
    case PostTransformKind::identity:
      break;
    case PostTransformKind::sigmoid:
      return {Helper::sigmoid};
    case PostTransformKind::softmax:
      return {Helper::softmax};
    case PostTransformKind::exp:
      return {Helper::exp};
    case PostTransformKind::hinge:
      return {Helper::hinge};
    case PostTransformKind::signed_square:
      return {Helper::signed_square};
    case PostTransformKind::log1p_exp:
      return {Helper::softplus};
    case PostTransformKind::normalize:
      return {Helper::divide_by_sum};
    case PostTransformKind::normalize_or_uniform:
      return {Helper::share_of_sum};
    case PostTransformKind::isolation:
      return isolation(transform);
    case PostTransformKind::log_softmax:
      return {Helper::log_softmax};
  }
  throw std::logic_error("post-transform without device code");
}

}  // namespace

void print_post_transform(Printer& out, Core& core, const Names& names, const PostTransform& transform,
                          const FloatArray& values) {
  const auto print = [&](const Call& call) {
    core.helpers.insert(call.helper);
    out.line("{}({}, {}{});", helper_name(call.helper, names), values.name, values.size, call.arguments);
  };
  if (transform.scale != 1.0) {
    print({Helper::multiply, ", " + rounded_literal(transform.scale, "post_transform.scale")});
  }
  if (transform.kind != PostTransformKind::identity) print(call_of(transform));
}

std::string passes_threshold(const model::Output& output, std::string_view value) {
  // The smallest float that passes: the threshold itself need not be one.
  const double bound = output.rule == model::DecisionRule::greater_equal
                           ? output.threshold
                           : model::next_above(model::NumberType::float64, output.threshold);
  return fmt::format(
      "{} >= {}", value,
      rounded_literal(model::smallest_at_least(model::NumberType::float32, bound), "output.decision.threshold"));
}

}  // namespace emlc::c
