#include "tests/layout/trees/random_trees.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "codegen/model/predict/predict.hpp"

namespace random_trees {
namespace {

using namespace emlc::model;

/// Uniform in [0, n); std distributions differ between libraries.
std::uint32_t below(std::mt19937& random, std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); }

double random_value(std::mt19937& random, NumberType type) {
  const NumberTypeInfo& row = info(type);
  if (row.is_integer) {
    const auto range = static_cast<std::uint64_t>(std::min(row.highest - row.lowest, 4e9));
    return row.lowest + static_cast<double>(random() % (range + 1));
  }
  return round_to(type, (static_cast<double>(below(random, 2001)) - 1000.0) / 7.0);
}

double random_leaf(std::mt19937& random, Rows rows) {
  if (rows == Rows::shares) return static_cast<double>(below(random, 256)) / 255.0;
  return static_cast<double>(static_cast<float>(below(random, 100000)) / 1000.0F) - 50.0;
}

void add_rows(std::mt19937& random, const Plan& plan, TreeEnsemble& ensemble) {
  for (int row = 0; row < plan.n_rows; ++row) {
    const auto hot = static_cast<std::int32_t>(below(random, static_cast<std::uint32_t>(plan.n_outputs)));
    for (std::int32_t column = 0; column < ensemble.leaf_width; ++column) {
      ensemble.leaf_values.push_back(plan.rows == Rows::one_hot ? (column == hot ? 1.0 : 0.0)
                                                                : random_leaf(random, plan.rows));
    }
  }
}

/// Splits node `id`, a leaf, in two.
void split_leaf(std::mt19937& random, const Plan& plan, Tree& tree, NodeId id) {
  const auto leaf = [&] { return Leaf{static_cast<RowId>(below(random, static_cast<std::uint32_t>(plan.n_rows)))}; };
  Split split{.feature = static_cast<std::int32_t>(below(random, static_cast<std::uint32_t>(plan.n_features))),
              .threshold = random_value(random, plan.type)};
  split.left = static_cast<NodeId>(tree.nodes.size());
  split.right = split.left + 1;
  const bool default_left =
      plan.missing == Missing::all_left || (plan.missing == Missing::some_left && below(random, 2) == 0);
  split.default_child = default_left ? split.left : split.right;
  tree.nodes.emplace_back(leaf());
  tree.nodes.emplace_back(leaf());
  tree.nodes[static_cast<std::size_t>(id)] = split;
}

/// Splits as often as the plan says the first leaf at or after a node picked at random, or else the first of all.
void grow(std::mt19937& random, const Plan& plan, Tree& tree) {
  std::set<NodeId> leaves = {0};
  for (int split = 0; split < plan.n_splits; ++split) {
    const auto n_nodes = static_cast<NodeId>(tree.nodes.size());
    auto leaf = leaves.lower_bound(static_cast<NodeId>(below(random, static_cast<std::uint32_t>(n_nodes))));
    if (leaf == leaves.end()) leaf = leaves.begin();
    split_leaf(random, plan, tree, *leaf);
    leaves.erase(leaf);
    leaves.insert({n_nodes, n_nodes + 1});
  }
}

Model empty_model(NumberType type, std::int32_t n_features, std::int32_t n_outputs) {
  Model model;
  model.input.n_features = n_features;
  model.input.type = type;
  model.output.n_outputs = n_outputs;
  model.output.targets = {Target{.name = "", .size = n_outputs, .class_names = {}}};
  model.output.task = n_outputs > 1 ? Task::classification : Task::regression;
  model.output.rule = n_outputs > 1 ? DecisionRule::argmax : DecisionRule::none;
  return model;
}

TreeEnsemble empty_ensemble(const Model& model) {
  TreeEnsemble ensemble;
  ensemble.n_features = model.input.n_features;
  ensemble.n_outputs = model.output.n_outputs;
  ensemble.leaf_width = model.output.n_outputs;
  ensemble.feature_type = model.input.type;
  ensemble.base_score.assign(static_cast<std::size_t>(model.output.n_outputs), 0.0);
  return ensemble;
}

}  // namespace

Model make_forest(const Plan& plan) {
  std::mt19937 random(plan.seed);
  Model model = empty_model(plan.type, plan.n_features, plan.n_outputs);
  TreeEnsemble ensemble = empty_ensemble(model);
  if (plan.rows == Rows::one_column) ensemble.leaf_width = 1;
  if (plan.rows != Rows::one_hot) ensemble.divisor = plan.n_trees;
  add_rows(random, plan, ensemble);
  for (int index = 0; index < plan.n_trees; ++index) {
    Tree tree;
    if (plan.rows == Rows::one_column) tree.first_output = index % plan.n_outputs;
    tree.nodes.emplace_back(Leaf{static_cast<RowId>(below(random, static_cast<std::uint32_t>(plan.n_rows)))});
    grow(random, plan, tree);
    ensemble.trees.push_back(tree);
  }
  model.predictor = ensemble;
  return model;
}

Model make_chain(int n_splits, NumberType type) {
  Model model = empty_model(type, 2, 2);
  TreeEnsemble ensemble = empty_ensemble(model);
  ensemble.leaf_values = {0.25, 0.75, 1.0, 0.0, 0.5, 0.5};
  Tree tree;
  for (int i = 0; i < n_splits; ++i) {
    const auto next = static_cast<NodeId>(2 * i + 2);  // the leaf is next - 1
    const auto threshold = type == NumberType::float32 ? i / 4.0 : i % 200;
    Split split{.feature = i % 2, .threshold = threshold};
    split.left = i % 3 == 0 ? next : next - 1;
    split.right = i % 3 == 0 ? next - 1 : next;
    split.default_child = split.right;
    tree.nodes.emplace_back(split);
    tree.nodes.emplace_back(Leaf{i % 3});
  }
  tree.nodes.emplace_back(Leaf{1});
  ensemble.trees = {tree};
  model.predictor = ensemble;
  return model;
}

Model make_oblivious(int n_trees, int depth, NumberType type) {
  std::mt19937 random(11);
  Model model = empty_model(type, 9, 1);
  TreeEnsemble ensemble = empty_ensemble(model);
  const auto n_splits = static_cast<NodeId>((1 << depth) - 1);
  for (int index = 0; index < n_trees; ++index) {
    Tree tree;
    Split question;
    for (NodeId id = 0; id < n_splits; ++id) {
      // The first split of a level.
      if ((id & (id + 1)) == 0) {
        question = {.feature = static_cast<std::int32_t>(below(random, 9)), .threshold = random_value(random, type)};
      }
      question.left = 2 * id + 1;
      question.right = question.default_child = 2 * id + 2;
      tree.nodes.emplace_back(question);
    }
    for (int leaf = 0; leaf <= n_splits; ++leaf) {
      tree.nodes.emplace_back(Leaf{static_cast<RowId>(ensemble.leaf_values.size())});
      ensemble.leaf_values.push_back(random_leaf(random, Rows::floats));
    }
    ensemble.trees.push_back(tree);
  }
  model.predictor = ensemble;
  return model;
}

Model make_lattice(int depth) {
  Model model = empty_model(NumberType::float32, depth, 1);
  TreeEnsemble ensemble = empty_ensemble(model);
  Tree tree;
  // Level d has d + 1 nodes; node i of a level leads to i and i + 1 of the next. The last level has leaves.
  const auto first_of_level = [](int level) { return level * (level + 1) / 2; };
  for (int level = 0; level <= depth; ++level) {
    for (int i = 0; i <= level; ++i) {
      if (level == depth) {
        ensemble.leaf_values.push_back(i * 1.5);
        tree.nodes.emplace_back(Leaf{i});
        continue;
      }
      Split split{.feature = level, .threshold = i - level / 2.0};
      split.left = first_of_level(level + 1) + i;
      split.right = split.left + 1;
      split.default_child = split.right;
      tree.nodes.emplace_back(split);
    }
  }
  ensemble.trees = {tree};
  model.predictor = ensemble;
  return model;
}

Model make_shares(const Plan& plan, std::size_t largest_n) {
  Model model = make_forest(plan);
  auto& ensemble = std::get<TreeEnsemble>(model.predictor);
  const auto width = static_cast<std::size_t>(plan.n_outputs);
  for (std::size_t row = 0; row < ensemble.n_rows(); ++row) {
    const double n = 1.0 + static_cast<double>(row % largest_n);
    for (std::size_t i = 0; i < width; ++i) ensemble.leaf_values[row * width + i] = 0.0;
    ensemble.leaf_values[row * width + row % width] += (n - 1.0) / n;
    ensemble.leaf_values[row * width + (row / 3 + 1) % width] += 1.0 / n;
  }
  return model;
}

std::vector<std::vector<double>> make_inputs(const Model& model, std::size_t count, bool with_missing) {
  std::mt19937 random(42);
  std::vector<std::vector<double>> inputs = boundary_inputs(model, count / 2);
  while (inputs.size() < count) {
    std::vector<double> x;
    for (std::int32_t f = 0; f < model.input.n_features; ++f) x.push_back(random_value(random, model.input.type));
    inputs.push_back(x);
  }
  if (!with_missing) return inputs;
  for (std::vector<double>& x : inputs) {
    for (double& value : x) {
      if (below(random, 5) == 0) value = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return inputs;
}

void for_each_forest(const std::function<void(const Model&)>& check) {
  using enum NumberType;
  for (const NumberType type : {float32, float64, uint8, int8, int16, int32}) {
    for (const Rows rows : {Rows::one_hot, Rows::shares, Rows::floats, Rows::one_column}) {
      for (const int n_rows : {1, 9, 400}) {
        CAPTURE(emlc::model::info(type).name);
        CAPTURE(static_cast<int>(rows));
        CAPTURE(n_rows);
        check(make_forest({.n_rows = n_rows, .type = type, .rows = rows}));
      }
    }
  }
}

}  // namespace random_trees
