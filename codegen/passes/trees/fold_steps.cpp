#include "codegen/passes/trees/fold_steps.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "codegen/model/predict/step_errors.hpp"
#include "codegen/passes/chains/column_chain.hpp"
#include "codegen/passes/chains/fold_jumps.hpp"
#include "codegen/passes/steps.hpp"
#include "codegen/passes/trees/columns.hpp"

namespace emlc::passes {
namespace {

using model::NodeId;
using model::NumberType;
using model::Split;
using Block = std::vector<Split>;

/// What a split may become in the mean before steps are rather computed, and what any model may.
constexpr std::size_t most_per_split = 16, always_allowed = 4096;

/// The blocks of splits that stand for splits behind the chains.
class Folding {
 public:
  /// @param input  of the row in front of the chains
  Folding(const std::vector<ColumnChain>& chains, const model::Input& input, NumberType compared)
      : chains_(chains), input_(input), compared_(compared), pieces_(chains.size()) {}

  const Block& block_of(const Split& split) {
    const NodeId missing = split.default_child == split.left ? model::to_left : model::to_right;
    const auto [at, is_new] = blocks_.try_emplace({split.feature, split.threshold, missing});
    if (!is_new) return at->second;
    const auto feature = static_cast<std::size_t>(split.feature);
    const ColumnChain& chain = chains_[feature];
    if (pieces_[feature].empty()) {
      const double low = input_.minimum.empty() ? -model::infinity : input_.minimum[chain.column];
      const double high = input_.maximum.empty() ? model::infinity : input_.maximum[chain.column];
      pieces_[feature] = pieces_of(chain, input_.type, low, high);
    }
    const FoldedTest test = fold_test(chain, pieces_[feature], input_.type, compared_, split.threshold, missing);
    at->second = model::splits_of_regions(static_cast<std::int32_t>(chain.column), test.regions, test.missing);
    return at->second;
  }

 private:
  const std::vector<ColumnChain>& chains_;
  model::Input input_;
  NumberType compared_;
  std::vector<std::vector<Piece>> pieces_;  ///< by column; empty until it is asked for
  std::map<std::tuple<std::int32_t, double, NodeId>, Block> blocks_;
};

/// The tree with a block in the place of each split.
model::Tree with_blocks(const model::Tree& tree, Folding& folding) {
  std::vector<NodeId> first(tree.nodes.size());
  NodeId next = 0;
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    first[id] = next;
    const Split* split = model::as_split(tree.nodes[id]);
    next += split == nullptr ? 1 : static_cast<NodeId>(folding.block_of(*split).size());
  }
  model::Tree result{.nodes = {}, .first_output = tree.first_output};
  result.nodes.reserve(static_cast<std::size_t>(next));
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const Split* split = model::as_split(tree.nodes[id]);
    if (split == nullptr) {
      result.nodes.push_back(tree.nodes[id]);
      continue;
    }
    for (Split part : folding.block_of(*split)) {
      for (NodeId* child : {&part.left, &part.right, &part.default_child}) {
        if (*child >= 0) {
          *child += first[id];
        } else {
          *child = first[static_cast<std::size_t>(*child == model::to_left ? split->left : split->right)];
        }
      }
      result.nodes.emplace_back(part);
    }
  }
  return result;
}

/// All trees folded; nothing where too much would come of it.
std::optional<std::vector<model::Tree>> folded(const model::TreeEnsemble& ensemble, Folding folding) {
  std::size_t n_allowed = always_allowed + most_per_split * model::n_splits(ensemble);
  for (const model::Tree& tree : ensemble.trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const Split* split = model::as_split(node);
      if (split == nullptr) continue;
      const std::size_t size = folding.block_of(*split).size();
      if (size > n_allowed) return std::nullopt;
      n_allowed -= size;
    }
  }
  std::vector<model::Tree> trees;
  for (const model::Tree& tree : ensemble.trees) trees.push_back(with_blocks(tree, folding));
  // A split between equal children leaves nodes that nothing reaches any more.
  return trees;
}

/// Takes the results that no split looks at from the last step.
void drop_unused(model::Model& model, model::TreeEnsemble& ensemble) {
  const auto width = static_cast<std::size_t>(n_columns(model));
  const std::vector<std::int32_t> numbers = drop_results(model, used_columns(ensemble, width));
  renumber(ensemble, numbers);
  ensemble.n_features = n_columns(model);
}

}  // namespace

std::size_t fold_into_trees(model::Model& model, model::TreeEnsemble& ensemble, NumberType type) {
  std::vector<model::Step> all = std::exchange(model.steps, {});
  for (model::Scaler& scaler : std::exchange(model.scalers, {})) all.push_back({.kind = std::move(scaler)});
  const auto n_inputs = static_cast<std::size_t>(model.input.n_features);
  for (const std::size_t n_kept : {model::n_computed(all, n_inputs), all.size()}) {
    const std::span<const model::Step> kept = std::span(all).first(n_kept), rest = std::span(all).subspan(n_kept);
    const std::size_t width = model::width_behind(kept, n_inputs);
    const std::vector<ColumnChain> chains = *chains_of(rest, width);
    const NumberType given = n_kept == 0 ? type : NumberType::float32;
    model::Input input{.n_features = static_cast<std::int32_t>(width), .type = given};
    if (n_kept == 0) {
      input.minimum = model.input.minimum;
      input.maximum = model.input.maximum;
    }
    auto trees = folded(ensemble, Folding(chains, input, ensemble.feature_type));
    if (!trees) continue;
    ensemble.trees = std::move(*trees);
    ensemble.feature_type = given;
    ensemble.n_features = static_cast<std::int32_t>(width);
    model.steps.assign(kept.begin(), kept.end());
    break;
  }
  const std::size_t n_gone = all.size() - model.steps.size();
  if (!model.steps.empty()) drop_unused(model, ensemble);
  return n_gone + fold_jumps(model, type) + simplify(model.steps);
}

}  // namespace emlc::passes
