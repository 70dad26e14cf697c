#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

TEST_CASE("merge-equal-leaves: equal leaves meet bottom-up, whatever their rows are called") {
  // Below node 1 everything is 5.0, in rows 0 and 1 and as -0.0 and 0.0 on the other side.
  const model::Tree tree = {.nodes = {split(0, 10.0, 1, 2), split(0, 5.0, 3, 4), split(0, 15.0, 7, 8), leaf(0),
                                      split(0, 7.0, 5, 6), leaf(1), leaf(0), leaf(2), leaf(3)}};
  const model::Model before = regression(1, NumberType::uint8, {tree}, {5.0, 5.0, 0.0, -0.0});
  model::Model after = before;
  CHECK(run_twice(passes::merge_equal_leaves, after).changes == 6);
  CHECK(trees_of(after).trees[0].nodes.size() == 3);
  std::vector<std::vector<double>> inputs;
  for (const double x : all_values(NumberType::uint8)) inputs.push_back({x});
  CHECK(!first_difference(before, after, inputs));
}

TEST_CASE("merge-equal-leaves: a tree of equal leaves becomes one leaf") {
  std::mt19937 generator(5);
  model::Tree tree = random_tree(generator, 3, 500, 0, [](auto& g) { return static_cast<double>(g() % 100); });
  model::Model model = regression(3, NumberType::uint8, {tree}, std::vector<double>(501, 0.25));
  CHECK(run_twice(passes::merge_equal_leaves, model).changes == 1000);
  CHECK(model::predict(model, std::vector{1.0, 2.0, 3.0})[0] == 0.25);
}

TEST_CASE("merge-equal-leaves: a split over one shared subtree gives way to it") {
  const model::Tree tree = {.nodes = {split(0, 10.0, 1, 1), split(0, 5.0, 2, 3), leaf(0), leaf(1)}};
  model::Model model = regression(1, NumberType::uint8, {tree}, {1.0, 2.0});
  CHECK(run_twice(passes::merge_equal_leaves, model).changes == 1);
  CHECK(model::predict(model, std::vector{4.0})[0] == 1.0);
  CHECK(model::predict(model, std::vector{5.0})[0] == 2.0);
}

TEST_CASE("merge-equal-leaves: rows that differ in any value stay apart") {
  const model::Tree tree = {.nodes = {split(0, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = forest(1, 2, {tree}, {0.5, 0.5, 0.5, std::nextafter(0.5, 1.0)});
  CHECK(passes::merge_equal_leaves(model, {}).changes == 0);
  CHECK(trees_of(model).trees[0].nodes.size() == 3);
}

TEST_CASE("merge-equal-leaves: a chain 200 000 deep falls together") {
  constexpr model::NodeId depth = 200'000;
  model::Tree tree;
  for (model::NodeId level = 0; level < depth; ++level) {
    tree.nodes.push_back(split(0, static_cast<double>(level), 2 * level + 1, 2 * level + 2));
    tree.nodes.push_back(leaf(0));
  }
  tree.nodes.push_back(leaf(0));
  model::Model model = regression(1, NumberType::int32, {tree}, {3.0});
  CHECK(passes::merge_equal_leaves(model, {}).changes == 2 * static_cast<std::size_t>(depth));
}
