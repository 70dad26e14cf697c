#include "codegen/layout/trees/linked/decision.hpp"

#include <emlc/linked_trees_body.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>

#include "codegen/layout/trees/sum_rules.hpp"
#include "codegen/model/number_type.hpp"

namespace emlc::layout {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t none = std::numeric_limits<std::int32_t>::max();

/// What a tree adds to all sums together, at most, where it takes nothing off any.
std::optional<std::int64_t> most_of_a_tree(const LeafTable& leaves) {
  if (leaves.kind == LeafKind::votes) return 1;
  std::int64_t most = 0;
  for (std::size_t at = 0; at < leaves.integers.size(); at += leaves.width) {
    std::int64_t sum = 0;
    for (const std::int64_t value : std::span(leaves.integers).subspan(at, leaves.width)) {
      if (value < 0) return std::nullopt;
      sum += value;
    }
    most = std::max(most, sum);
  }
  return most;
}

/// More than half of what all trees can give.
std::int64_t majority_of(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const std::optional<std::int64_t> most = most_of_a_tree(leaves);
  if (!most || leaves.start != 0 || *most > none) return none;
  return std::min(none, *most * static_cast<std::int64_t>(ensemble.trees.size()) / 2 + 1);
}

/// Of a single sum; where all trees together stay an int32.
std::int64_t most_of_comparison(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const std::int64_t most = most_of_a_tree(leaves).value_or(0);
  const auto n_trees = static_cast<std::int64_t>(ensemble.trees.size());
  return most > none / n_trees - std::abs(leaves.start) ? 0 : most;
}

/// With the base scores that the layer has, which are float32: two that differ by less are one there.
model::TreeEnsemble as_stored(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  model::TreeEnsemble stored = ensemble;
  stored.base_score = added_scores(ensemble, leaves);
  for (double& score : stored.base_score) score = model::round_to(model::NumberType::float32, score);
  stored.base_score_at = model::BaseScoreAt::end;
  return stored;
}

/// A sum is never below `lowest`, and never `none`.
LinkedDecision decision_of(const SumRule& rule) {
  if (rule.holds_at_lowest == rule.holds_at_highest) {
    return {.kind = rule.holds_at_lowest ? EMLC_LINKED_AT_LEAST : EMLC_LINKED_BELOW, .bound = lowest};
  }
  return {.kind = rule.holds_at_highest ? EMLC_LINKED_AT_LEAST : EMLC_LINKED_BELOW,
          .bound = std::clamp(rule.first, lowest, none)};
}

}  // namespace

LinkedDecision linked_decision(const model::Model& model, const model::TreeEnsemble& ensemble,
                               const LeafTable& leaves) {
  if (model.output.rule == model::DecisionRule::argmax) {
    if (!keeps_order(model, as_stored(ensemble, leaves), leaves)) return {};
    if (!leaves.is_pair) return {.kind = EMLC_LINKED_LARGEST, .bound = majority_of(ensemble, leaves)};
    return {.kind = EMLC_LINKED_AT_LEAST,
            .bound = static_cast<std::int64_t>(pair_total(ensemble, leaves) / 2) + 1,
            .most = most_of_comparison(ensemble, leaves)};
  }
  if (leaves.kind == LeafKind::votes || !compares_sum(model, ensemble, leaves)) return {};
  LinkedDecision decision = decision_of(sum_rule(model, ensemble, leaves));
  decision.most = most_of_comparison(ensemble, leaves);
  return decision;
}

}  // namespace emlc::layout
