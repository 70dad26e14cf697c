#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/judge.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/reduce/merge_order.hpp"
#include "codegen/passes/trees/reduce/reached.hpp"
#include "codegen/passes/trees/rewire.hpp"

// note [pruning]
// Splits become leaves one after the other, in the order of what that costs (merge_order.hpp), and the answers to the
// sample inputs are watched. What stays pruned are all merges up to the last place where they have lost no more than is
// allowed. Taking every merge that changes no decision would prune whatever the inputs do not reach, which on other
// inputs decides: one order for all, and a place in it, lets the inputs say how far pruning may go, and not where.
// --keep-splits names the place itself; with --prune too it is the one further on.

namespace emlc::passes {
namespace {

using model::NodeId;
using model::TreeEnsemble;

/// The inputs that pass each split of a tree.
using Passing = std::vector<std::vector<std::uint32_t>>;

Passing inputs_passing(const model::Tree& tree, model::NumberType type,
                       const std::vector<std::vector<double>>& columns) {
  Passing passing(tree.nodes.size());
  for (std::size_t input = 0; input < columns.size(); ++input) {
    NodeId id = 0;
    while (const model::Split* split = model::as_split(tree.nodes[static_cast<std::size_t>(id)])) {
      passing[static_cast<std::size_t>(id)].push_back(static_cast<std::uint32_t>(input));
      id = model::next_node(*split, type, columns[input]);
    }
  }
  return passing;
}

/// Answers to the sample inputs while splits become leaves.
class Watched {
 public:
  Watched(const model::Model& model, TreeEnsemble ensemble, const Judge& judge)
      : ensemble_(std::move(ensemble)), judge_(judge), reached_(reached_rows(model, ensemble_, judge.inputs())) {
    std::vector<std::vector<double>> columns;
    for (const std::vector<double>& input : judge.inputs()) columns.push_back(model::scaled(model, input));
    for (const model::Tree& tree : ensemble_.trees) {
      passing_.push_back(inputs_passing(tree, ensemble_.feature_type, columns));
    }
    for (std::size_t input = 0; input < judge.n_rows(); ++input) losses_.push_back(loss_of(input));
  }

  /// What is lost by it, negative where something comes back.
  double merge(const Merge& merge) {
    double growth = 0.0;
    for (const std::uint32_t input : passing_[merge.tree][static_cast<std::size_t>(merge.node)]) {
      reached_[input][merge.tree] = merge.row;
      const double loss = loss_of(input);
      growth += loss - losses_[input];
      losses_[input] = loss;
    }
    return growth;
  }

 private:
  [[nodiscard]] double loss_of(std::size_t input) const {
    return judge_.loss(input, outputs_of(ensemble_, reached_[input]));
  }

  TreeEnsemble ensemble_;
  const Judge& judge_;
  Reached reached_;
  std::vector<Passing> passing_{};  ///< of each tree
  std::vector<double> losses_{};    ///< of each input
};

/// How many merges stay within the loss.
std::size_t n_allowed(Watched& watched, const MergeOrder& order, double allowance,
                      const std::function<void(double)>& watch) {
  std::size_t n = 0;
  double growth = 0.0;
  for (std::size_t index = 0; index < order.merges.size(); ++index) {
    growth += watched.merge(order.merges[index]);
    if (growth <= allowance) n = index + 1;
    if (watch && index % 256 == 0) watch(static_cast<double>(index) / static_cast<double>(order.merges.size()));
  }
  return n;
}

/// How many merges leave this share of the splits.
std::size_t n_asked(const MergeOrder& order, double share) {
  const double n_splits = static_cast<double>(order.merges.size());
  return order.merges.size() - static_cast<std::size_t>(std::floor(share * n_splits + 1e-9));  // 0.29 * 100 is below 29
}

std::string_view option_of(const PassConfig& config) { return config.prune ? "--prune" : "--keep-splits"; }

/// How many merges the options ask for.
std::size_t n_merges(const model::Model& model, const TreeEnsemble& ensemble, const MergeOrder& order,
                     const Judge& judge, const PassConfig& config) {
  const std::size_t asked = config.keep_splits ? n_asked(order, *config.keep_splits) : 0;
  if (!config.prune) return asked;
  TreeEnsemble watched_ensemble = ensemble;
  watched_ensemble.leaf_values = order.leaf_values;
  Watched watched(model, std::move(watched_ensemble), judge);
  return std::max(asked, n_allowed(watched, order, judge.allowance(*config.prune), config.watch));
}

/// The splits of the first merges become leaves.
void apply(TreeEnsemble& ensemble, const MergeOrder& order, std::size_t n_merges) {
  ensemble.leaf_values = order.leaf_values;
  for (std::size_t index = 0; index < n_merges; ++index) {
    const Merge& merge = order.merges[index];
    ensemble.trees[merge.tree].nodes[static_cast<std::size_t>(merge.node)] = model::Leaf{merge.row};
  }
  for (model::Tree& tree : ensemble.trees) rewire(tree, own_targets(tree));
}

}  // namespace

PassResult prune_subtrees(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<TreeEnsemble>(model.predictor);
  const Judge judge(model, config, option_of(config), Reference::model);
  const MergeOrder order = merge_order(model, ensemble, judge.inputs());
  const std::size_t n = n_merges(model, ensemble, order, judge, config);
  if (n == 0) return {};
  apply(ensemble, order, n);
  return {.changes = n,
          .warnings = {},
          .notes = {fmt::format("prune-subtrees: {} of {} splits are left; {}", order.merges.size() - n,
                                order.merges.size(), judge.change(0.0, judge.loss(model)))}};
}

}  // namespace emlc::passes
