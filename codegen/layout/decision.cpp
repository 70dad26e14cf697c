#include "codegen/layout/decision.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

#include "codegen/layout/pieces.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::layout {
namespace {

using model::Activation;
using model::DecisionRule;
using model::PostTransform;
using model::PostTransformKind;

/// Float32 numbers in their order as integers: key(x) < key(y) when x < y.
constexpr std::int64_t key_of(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value);
  return bits >= 0 ? bits : std::int64_t{std::numeric_limits<std::int32_t>::min()} - bits;
}

float value_of(std::int64_t key) {
  if (key >= 0) return std::bit_cast<float>(static_cast<std::int32_t>(key));
  return std::bit_cast<float>(static_cast<std::int32_t>(std::numeric_limits<std::int32_t>::min() - key));
}

constexpr std::int64_t lowest_key = key_of(std::numeric_limits<float>::lowest());
constexpr std::int64_t highest_key = key_of(std::numeric_limits<float>::max());

bool looks_at_other_columns(PostTransformKind kind) {
  return kind == PostTransformKind::softmax || kind == PostTransformKind::log_softmax || divides_by_sum(kind);
}

/// The sums of leaf values are never negative, and so is what normalize divides by.
bool has_proportions(const model::TreeEnsemble& trees) {
  const auto is_negative = [](double value) { return value < 0.0; };
  return std::none_of(trees.leaf_values.begin(), trees.leaf_values.end(), is_negative) &&
         std::none_of(trees.base_score.begin(), trees.base_score.end(), is_negative) && trees.divisor > 0.0 &&
         trees.scale > 0.0;
}

/// A mean over the trees of numbers from 0 to 1; quantised leaves may exceed 1 by rounding.
bool is_mean_of_proportions(const model::TreeEnsemble& trees) {
  if (!has_proportions(trees) || trees.leaf_values.empty()) return false;
  const double base = *std::max_element(trees.base_score.begin(), trees.base_score.end());
  const double largest = *std::max_element(trees.leaf_values.begin(), trees.leaf_values.end());
  return base == 0.0 && largest * trees.scale * static_cast<double>(trees.trees.size()) <= trees.divisor * (1.0 + 1e-6);
}

bool ends_in_probabilities(const model::DenseNetwork& network) {
  const Activation last = network.layers.back().activation;
  return last == Activation::softmax || last == Activation::logistic;
}

/// What is known of the output columns before the post-transform.
struct RawColumns {
  bool are_proportions = false;  ///< what normalize makes probabilities of
  bool are_probabilities = false;
};

/// Every value of the member is from 0 to 1.
bool gives_shares(const model::Member& member) {
  if (member.calibration.empty()) return are_probabilities(member.model);
  return std::all_of(member.calibration.begin(), member.calibration.end(), [](const model::Calibration& calibration) {
    const auto is_share = [](double y) { return y >= 0.0 && y <= 1.0; };
    return std::all_of(calibration.y.begin(), calibration.y.end(), is_share);
  });
}

RawColumns combined_columns(const model::Combination& combination);

RawColumns raw_columns(const model::Model& model) {
  return std::visit(
      model::Overloaded{[](std::monostate) { return RawColumns{}; },
                        [](const model::TreeEnsemble& trees) {
                          return RawColumns{has_proportions(trees), is_mean_of_proportions(trees)};
                        },
                        [](const model::DenseNetwork& network) {
                          return RawColumns{.are_probabilities = ends_in_probabilities(network)};
                        },
                        [](const model::SosCascade&) { return RawColumns{}; },
                        [](const model::Combination& combination) { return combined_columns(combination); }},
      model.predictor);
}

/// Shares of the classes stay what they are in a mean: the divisor is the sum of the weights. What a rule takes apart
/// or puts together need not add up to 1, but calibrated values are from 0 to 1, so that sums of them are none below 0.
RawColumns combined_columns(const model::Combination& combination) {
  if (!combination.last.empty()) return {.are_probabilities = are_probabilities(combination.last.front())};
  if (combination.rule == model::CombineRule::votes) return {.are_proportions = true, .are_probabilities = true};
  if (combination.rule == model::CombineRule::one_vs_one) return {};
  const auto all = [&](auto holds) {
    return std::all_of(combination.members.begin(), combination.members.end(), holds);
  };
  const bool are_shares = all([](const model::Member& member) {
    return member.result == model::MemberResult::outputs && gives_shares(member);
  });
  const bool is_whole = all([](const model::Member& member) {
    return member.calibration.empty() && std::cmp_equal(member.columns.size(), member.model.output.n_outputs);
  });
  return {.are_proportions = are_shares,
          .are_probabilities = are_shares && is_whole && combination.rule == model::CombineRule::mean};
}

}  // namespace

const PostTransform& post_transform_of(const model::Model& model) {
  using Result = const PostTransform&;
  static const PostTransform identity;
  return std::visit(
      model::Overloaded{[](std::monostate) -> Result { return identity; },
                        [](const model::TreeEnsemble& trees) -> Result { return trees.post_transform; },
                        [](const model::DenseNetwork& network) -> Result { return network.post_transform; },
                        [](const model::SosCascade&) -> Result { return identity; },
                        [](const model::Combination& combination) -> Result {
                          return combination.last.empty() ? combination.post_transform : identity;
                        }},
      model.predictor);
}

bool argmax_is_on_raw(const model::Model& model) {
  const PostTransform& transform = post_transform_of(model);
  if (transform.scale <= 0.0) return false;
  switch (transform.kind) {
    case PostTransformKind::identity:
    case PostTransformKind::sigmoid:
    case PostTransformKind::softmax:
    case PostTransformKind::exp:
    case PostTransformKind::signed_square:
    case PostTransformKind::log1p_exp:
    case PostTransformKind::log_softmax:
      return true;
    case PostTransformKind::hinge:
      return false;
    case PostTransformKind::isolation:
      return transform.denominator > 0.0;
    case PostTransformKind::normalize:
    case PostTransformKind::normalize_or_uniform:
      break;
  }
  return raw_columns(model).are_proportions;
}

std::optional<RawComparison> raw_comparison(const model::Output& output, const PostTransform& transform) {
  if (looks_at_other_columns(transform.kind)) return std::nullopt;
  const auto holds = [&](std::int64_t key) {
    auto value = static_cast<double>(value_of(key));
    model::apply_post_transform(transform, std::span(&value, 1));
    return output.rule == DecisionRule::greater ? value > output.threshold : value >= output.threshold;
  };
  const Pieces pieces = find_pieces(lowest_key, highest_key, [&](std::int64_t key) { return holds(key) ? 1 : 0; });
  if (pieces.low == pieces.high) {
    return RawComparison{pieces.low == 1 ? RawComparison::Kind::always : RawComparison::Kind::never, 0.0F};
  }
  if (pieces.low == 1) return RawComparison{RawComparison::Kind::at_most, value_of(pieces.last)};
  return RawComparison{RawComparison::Kind::at_least, value_of(pieces.first)};
}

std::optional<RawVotes> raw_votes(const PostTransform& transform, const std::function<std::int32_t(double)>& vote) {
  if (looks_at_other_columns(transform.kind)) return std::nullopt;
  const Pieces pieces = find_pieces(lowest_key, highest_key, [&](std::int64_t key) {
    auto value = static_cast<double>(value_of(key));
    model::apply_post_transform(transform, std::span(&value, 1));
    return vote(value);
  });
  return RawVotes{pieces.low, pieces.high, value_of(pieces.last), value_of(pieces.first)};
}

bool are_probabilities(const model::Model& model) {
  const PostTransform& transform = post_transform_of(model);
  if (transform.kind == PostTransformKind::sigmoid || transform.kind == PostTransformKind::softmax) return true;
  if (divides_by_sum(transform.kind)) return raw_columns(model).are_proportions;
  return transform.kind == PostTransformKind::identity && transform.scale == 1.0 &&
         raw_columns(model).are_probabilities;
}

}  // namespace emlc::layout
