#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

/// Appends a copy of `part`, moved behind the nodes that are there. Returns its root.
model::NodeId append(model::Tree& tree, const model::Tree& part) {
  const auto offset = static_cast<model::NodeId>(tree.nodes.size());
  for (model::TreeNode node : part.nodes) {
    if (auto* moved = std::get_if<model::Split>(&node)) {
      for (model::NodeId* child : {&moved->left, &moved->right, &moved->default_child}) *child += offset;
    }
    tree.nodes.push_back(node);
  }
  return offset;
}

/// A split on feature 0 over two copies of `part`.
model::Tree twice(const model::Tree& part) {
  model::Tree tree = {.nodes = {split(0, 0.5, 0, 0)}};
  const model::NodeId left = append(tree, part), right = append(tree, part);
  tree.nodes[0] = split(0, 0.5, left, right);
  return tree;
}

}  // namespace

TEST_CASE("share-subtrees: equal subtrees become one, at every size from three splits on") {
  std::mt19937 generator(11);
  const auto threshold = [](auto& g) { return static_cast<double>(g() % 256); };
  for (const std::size_t n_splits : {1U, 2U, 3U, 4U, 50U, 1000U}) {
    CAPTURE(n_splits);
    const model::Tree part = random_tree(generator, 3, n_splits, 0, threshold);
    const model::Model before = regression(3, NumberType::float32, {twice(part)}, counting(n_splits + 1));
    model::Model after = before;
    const std::size_t shared = n_splits >= 3 ? part.nodes.size() : 0;
    CHECK(run_twice(passes::share_subtrees, after).changes == shared);
    std::vector<std::vector<double>> inputs;
    for (int i = 0; i < 300; ++i) {
      inputs.emplace_back();
      for (int f = 0; f < 3; ++f) inputs.back().push_back(generator() % 9 == 0 ? nan_value : threshold(generator));
    }
    CHECK(!first_difference(before, after, inputs));
  }
}

TEST_CASE("share-subtrees: what differs in a threshold, a feature, a leaf or a default side stays apart") {
  const auto part = [](std::int32_t feature, double threshold, model::RowId row, MissingGoes missing) {
    return model::Tree{.nodes = {split(0, 9.0, 1, 2), split(1, 8.0, 3, 4), split(feature, threshold, 5, 6, missing),
                                 leaf(0), leaf(1), leaf(2), leaf(row)}};
  };
  const model::Tree first = part(1, 7.0, 3, MissingGoes::right);
  for (const model::Tree& second : {part(0, 7.0, 3, MissingGoes::right), part(1, 6.0, 3, MissingGoes::right),
                                    part(1, 7.0, 0, MissingGoes::right), part(1, 7.0, 3, MissingGoes::left)}) {
    model::Tree tree = {.nodes = {split(0, 0.5, 0, 0)}};
    const model::NodeId left = append(tree, first), right = append(tree, second);
    tree.nodes[0] = split(0, 0.5, left, right);
    model::Model model = regression(2, NumberType::float32, {tree}, counting(4));
    CHECK(passes::share_subtrees(model, {}).changes == 0);
  }
}

TEST_CASE("share-subtrees: sharing that doubles at each of 60 levels") {
  // The tree that this stands for has more than 2^60 splits.
  model::Tree tree;
  for (model::NodeId level = 0; level < 60; ++level) tree.nodes.push_back(split(0, level, level + 1, level + 1));
  tree.nodes.push_back(leaf(0));
  model::Model model = regression(1, NumberType::float32, {tree}, {1.0});
  CHECK(passes::share_subtrees(model, {}).changes == 0);
}

TEST_CASE("share-subtrees: a chain 100 000 deep, twice") {
  model::Tree part;
  for (model::NodeId level = 0; level < 100'000; ++level) {
    part.nodes.push_back(split(0, static_cast<double>(level), 2 * level + 1, 2 * level + 2));
    part.nodes.push_back(leaf(level % 2));
  }
  part.nodes.push_back(leaf(0));
  model::Model model = regression(1, NumberType::float32, {twice(part)}, {3.0, 4.0});
  CHECK(passes::share_subtrees(model, {}).changes == part.nodes.size());
}
