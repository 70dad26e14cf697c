#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/passes/judge.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/reduce/reached.hpp"

// note [ordering]
// The trees of a forest are put in an order: next is always the tree with which the mean of those before it and itself
// decides best about the sample inputs, by the labels or else by what all trees decide. Of trees that decide alike the
// one is next that brings the outputs nearest to what is expected, then the first. The first n of that order are the
// forest of n trees, so that more trees keep what fewer had.

namespace emlc::passes {
namespace {

using model::RowId;
using model::TreeEnsemble;

/// Smaller is better: the loss, then the squared difference from what is expected.
using Rank = std::pair<double, double>;

/// Forward selection, see note [ordering].
class Selection {
 public:
  Selection(const model::Model& model, const TreeEnsemble& ensemble, const Judge& judge)
      : ensemble_(ensemble),
        judge_(judge),
        reached_(reached_rows(model, ensemble, judge.inputs())),
        sums_(judge.n_rows() * static_cast<std::size_t>(ensemble.n_outputs), 0.0),
        outputs_(static_cast<std::size_t>(ensemble.n_outputs)) {}

  /// The places of the first n trees of the order, ascending.
  std::vector<std::size_t> first(std::size_t n, const std::function<void(double)>& watch) {
    std::vector<std::size_t> left(ensemble_.trees.size()), chosen;
    std::iota(left.begin(), left.end(), std::size_t{0});
    while (chosen.size() < n) {
      if (watch) watch(static_cast<double>(chosen.size()) / static_cast<double>(n));
      std::vector<Rank> ranks;
      for (const std::size_t tree : left) ranks.push_back(rank_with(tree, chosen.size() + 1));
      const auto best = std::min_element(ranks.begin(), ranks.end()) - ranks.begin();
      chosen.push_back(left[static_cast<std::size_t>(best)]);
      left.erase(left.begin() + best);
      add(chosen.back());
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

 private:
  /// Of the trees that were added so far and this one, n in all.
  Rank rank_with(std::size_t tree, std::size_t n) {
    const double share = static_cast<double>(ensemble_.trees.size()) / static_cast<double>(n);
    Rank rank{0.0, 0.0};
    for (std::size_t row = 0; row < judge_.n_rows(); ++row) {
      const double* values = leaf(row, tree);
      for (std::size_t i = 0; i < outputs_.size(); ++i) {
        const double base = ensemble_.base_score[i];
        const bool is_at_start = ensemble_.base_score_at == model::BaseScoreAt::start;
        const double sum = (sums_[row * outputs_.size() + i] + values[i]) * share + (is_at_start ? base : 0.0);
        outputs_[i] = sum / ensemble_.divisor * ensemble_.scale + (is_at_start ? 0.0 : base);
      }
      model::apply_post_transform(ensemble_.post_transform, outputs_);
      rank.first += judge_.loss(row, outputs_);
      rank.second += judge_.squared(row, outputs_);
    }
    return rank;
  }

  void add(std::size_t tree) {
    for (std::size_t row = 0; row < judge_.n_rows(); ++row) {
      const double* values = leaf(row, tree);
      for (std::size_t i = 0; i < outputs_.size(); ++i) sums_[row * outputs_.size() + i] += values[i];
    }
  }

  [[nodiscard]] const double* leaf(std::size_t row, std::size_t tree) const {
    return &ensemble_.leaf_values[static_cast<std::size_t>(reached_[row][tree]) * outputs_.size()];
  }

  const TreeEnsemble& ensemble_;
  const Judge& judge_;
  Reached reached_;
  std::vector<double> sums_;     ///< [n_rows][n_outputs] of the trees that were added
  std::vector<double> outputs_;  ///< of one row
};

/// The places of the first n trees of each output, ascending.
std::vector<std::size_t> first_of_each_output(const TreeEnsemble& ensemble, std::size_t n) {
  std::vector<std::size_t> seen(static_cast<std::size_t>(ensemble.n_outputs), 0), kept;
  for (std::size_t tree = 0; tree < ensemble.trees.size(); ++tree) {
    if (seen[static_cast<std::size_t>(ensemble.trees[tree].first_output)]++ < n) kept.push_back(tree);
  }
  return kept;
}

/// A mean is one of the trees that are left.
void keep(TreeEnsemble& ensemble, const std::vector<std::size_t>& kept) {
  const auto n_before = static_cast<double>(ensemble.trees.size());
  std::vector<model::Tree> trees;
  for (const std::size_t tree : kept) trees.push_back(std::move(ensemble.trees[tree]));
  ensemble.trees = std::move(trees);
  if (ensemble.divisor != 1.0) ensemble.divisor = ensemble.divisor / n_before * static_cast<double>(kept.size());
}

}  // namespace

PassResult drop_trees(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<TreeEnsemble>(model.predictor);
  const std::size_t n = config.keep_trees.value(), n_trees = ensemble.trees.size();
  if (is_forest(ensemble) && n >= n_trees) return {};
  std::optional<Judge> judge;  // an order that is there already needs no data
  if (is_forest(ensemble) || !sample_inputs(model, config).empty()) judge.emplace(model, config, "--keep-trees");
  const double before = judge ? judge->loss(model) : 0.0;
  const std::vector<std::size_t> kept = is_forest(ensemble) ? Selection(model, ensemble, *judge).first(n, config.watch)
                                                            : first_of_each_output(ensemble, n);
  if (kept.size() == n_trees) return {};
  keep(ensemble, kept);
  const std::string change = judge ? "; " + judge->change(before, judge->loss(model)) : "";
  return {.changes = n_trees - kept.size(),
          .warnings = {},
          .notes = {fmt::format("drop-trees: {} of {} trees are left{}", kept.size(), n_trees, change)}};
}

}  // namespace emlc::passes
