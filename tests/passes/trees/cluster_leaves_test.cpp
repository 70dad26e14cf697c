#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

/// x < 1, 2, 3, ... chooses the leaf.
model::Tree tree_of_leaves(const std::vector<model::RowId>& rows) {
  model::Tree tree;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const auto id = static_cast<model::NodeId>(tree.nodes.size());
    tree.nodes.push_back(split(0, static_cast<double>(i + 1), id + 1, id + 2));
    tree.nodes.push_back(leaf(rows[i]));
  }
  tree.nodes.push_back(leaf(rows.back()));
  return tree;
}

}  // namespace

TEST_CASE("cluster-leaves: scalar leaves become the means of their clusters, weighted by use") {
  // Row 0 is used three times, so the low cluster lies at (3 * 1 + 2) / 4; row 4 is not used and does not count.
  model::Model model =
      regression(1, NumberType::float32, {tree_of_leaves({0, 1, 0, 2, 3, 0})}, {1.0, 2.0, 10.0, 12.0, 100.0});
  CHECK(run_twice(passes::cluster_leaves, model, {.leaf_clusters = 2}).changes == 2);
  CHECK(trees_of(model).leaf_values == std::vector{1.25, 11.0});
  CHECK(model::predict(model, std::vector{1.0})[0] == 1.25);
  CHECK(model::predict(model, std::vector{3.0})[0] == 11.0);
}

TEST_CASE("cluster-leaves: rows become the means of their clusters") {
  model::Model model = forest(1, 2, {tree_of_leaves({0, 1, 2, 3})}, {1.0, 0.0, 0.8, 0.2, 0.0, 1.0, 0.25, 0.75});
  CHECK(run_twice(passes::cluster_leaves, model, {.leaf_clusters = 2}).changes == 2);
  CHECK(trees_of(model).n_rows() == 2);
  CHECK(model::predict(model, std::vector{0.0})[0] == doctest::Approx(0.9));
  CHECK(model::predict(model, std::vector{1.0})[0] == doctest::Approx(0.9));
  CHECK(model::predict(model, std::vector{2.0})[0] == doctest::Approx(0.125));
}

TEST_CASE("cluster-leaves: what the data visits weighs more, test vectors stand in for it") {
  model::Model model = regression(1, NumberType::float32, {tree_of_leaves({0, 1})}, {1.0, 2.0});
  model::Model tested = model;
  passes::cluster_leaves(model, {.leaf_clusters = 1, .data = {{0.0}, {0.5}}});
  CHECK(trees_of(model).leaf_values == std::vector{1.25});
  tested.test_vectors.inputs = {{9.0}};
  passes::cluster_leaves(tested, {.leaf_clusters = 1});
  CHECK(trees_of(tested).leaf_values[0] == doctest::Approx(5.0 / 3.0));
}

TEST_CASE("cluster-leaves: the data goes through the steps in front of the trees") {
  // x0 + x1 behind the linear step; both columns behind it would go left.
  model::Model model = regression(2, NumberType::float32, {tree_of_leaves({0, 1})}, {1.0, 2.0});
  model.steps = {{.kind = model::Linear{.n_in = 2, .weights = {1.0, 1.0}, .bias = {0.0}}}};
  passes::cluster_leaves(model, {.leaf_clusters = 1, .data = {{0.75, 0.5}, {0.75, 0.75}}});
  CHECK(trees_of(model).leaf_values == std::vector{1.75});
}

TEST_CASE("cluster-leaves: as many clusters as distinct rows change nothing") {
  model::Model model = forest(1, 2, {tree_of_leaves({0, 1, 2})}, {0.5, 0.5, 0.5, 0.5, 1.0, 0.0});
  const model::Model before = model;
  CHECK(passes::cluster_leaves(model, {.leaf_clusters = 2}).changes == 0);
  CHECK(trees_of(model).leaf_values == std::get<model::TreeEnsemble>(before.predictor).leaf_values);
  CHECK(passes::cluster_leaves(model, {.leaf_clusters = 1}).changes == 1);
}
