#include "codegen/layout/trees/sum_rules.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "codegen/layout/decision.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::layout {
namespace {

bool all_equal(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

}  // namespace

bool has_integer_sums(const LeafTable& leaves) { return leaves.kind != LeafKind::float_rows; }

std::size_t most_trees(const model::TreeEnsemble& ensemble) {
  if (ensemble.leaf_width > 1) return ensemble.trees.size();
  std::vector<std::size_t> counts(static_cast<std::size_t>(ensemble.n_outputs), 0);
  for (const model::Tree& tree : ensemble.trees) ++counts[static_cast<std::size_t>(tree.first_output)];
  return *std::max_element(counts.begin(), counts.end());
}

std::pair<std::int64_t, std::int64_t> range_of_sum(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const auto n_trees = static_cast<std::int64_t>(most_trees(ensemble));
  if (leaves.kind == LeafKind::votes) return {0, n_trees};
  const auto [low, high] = std::minmax_element(leaves.integers.begin(), leaves.integers.end());
  return {leaves.start + *low * n_trees, leaves.start + *high * n_trees};
}

bool has_comparison(const model::Output& output) {
  return output.rule == model::DecisionRule::greater || output.rule == model::DecisionRule::greater_equal;
}

std::vector<double> added_scores(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  std::vector<double> base = ensemble.base_score;
  const bool was_divided = has_integer_sums(leaves) && ensemble.base_score_at == model::BaseScoreAt::start;
  for (double& score : base) score = was_divided ? score / ensemble.divisor * ensemble.scale : score;
  return base;
}

double output_of_sum(const model::TreeEnsemble& ensemble, const LeafTable& leaves, std::int64_t sum) {
  const auto number = static_cast<double>(sum);
  if (leaves.places) return std::ldexp(number, -*leaves.places);
  return number / (leaves.unit * ensemble.divisor) * ensemble.scale + added_scores(ensemble, leaves).front();
}

bool keeps_order(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const bool starts_with_base = !has_integer_sums(leaves) && ensemble.base_score_at == model::BaseScoreAt::start;
  return argmax_is_on_raw(model) && model.output.targets.size() == 1 && ensemble.n_outputs > 1 &&
         ensemble.scale / ensemble.divisor > 0.0 && (starts_with_base || all_equal(added_scores(ensemble, leaves)));
}

bool compares_sum(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  return has_comparison(model.output) && ensemble.n_outputs == 1 && has_integer_sums(leaves) &&
         raw_comparison(model.output, ensemble.post_transform).has_value();
}

SumRule sum_rule(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const auto holds = [&](std::int64_t sum) {
    double value = output_of_sum(ensemble, leaves, sum);
    model::apply_post_transform(ensemble.post_transform, std::span(&value, 1));
    return model::decide(model.output, std::span(&value, 1)).front() == 1;
  };
  auto [low, high] = range_of_sum(ensemble, leaves);
  const SumRule rule{.holds_at_lowest = holds(low), .holds_at_highest = holds(high), .first = high};
  if (rule.holds_at_lowest == rule.holds_at_highest) return rule;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) == rule.holds_at_lowest ? low : high) = middle;
  }
  return {rule.holds_at_lowest, rule.holds_at_highest, high};
}

std::uint64_t pair_total(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  return static_cast<std::uint64_t>(leaves.unit) * ensemble.trees.size();
}

}  // namespace emlc::layout
