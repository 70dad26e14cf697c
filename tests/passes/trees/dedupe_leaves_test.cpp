#include <set>

#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;

TEST_CASE("dedupe-leaves: equal rows share one, in order of first use, and unused rows go") {
  const model::Tree tree = {.nodes = {split(0, 1.0, 1, 2), leaf(3), split(0, 2.0, 3, 4), leaf(0), leaf(2)}};
  const model::Model before = forest(1, 2, {tree, tree}, {0.25, 0.75, 9.0, 9.0, 0.25, 0.75, 1.0, 0.0});
  model::Model after = before;
  CHECK(run_twice(passes::dedupe_leaves, after).changes == 2);
  CHECK(trees_of(after).leaf_values == std::vector<double>{1.0, 0.0, 0.25, 0.75});
  CHECK(!first_difference(before, after, {{0.0}, {1.0}, {2.0}, {nan_value}}));
}

TEST_CASE("dedupe-leaves: -0 and 0 are one value") {
  const model::Tree tree = {.nodes = {split(0, 1.0, 1, 2), leaf(0), leaf(1)}};
  model::Model model = forest(1, 2, {tree}, {-0.0, 1.0, 0.0, 1.0});
  CHECK(run_twice(passes::dedupe_leaves, model).changes == 1);
  CHECK(!std::signbit(trees_of(model).leaf_values[0]));
}

TEST_CASE("dedupe-leaves: a table of distinct rows keeps them all") {
  const model::Tree tree = {.nodes = {split(0, 1.0, 1, 2), leaf(0), leaf(1)}};
  model::Model model = forest(1, 2, {tree}, {0.5, 0.5, 0.5, std::nextafter(0.5, 1.0)});
  CHECK(passes::dedupe_leaves(model, {}).changes == 0);
  CHECK(trees_of(model).n_rows() == 2);
}

TEST_CASE("dedupe-leaves: a large table has as many rows left as a set counts") {
  std::mt19937 generator(6);
  constexpr std::size_t n_splits = 20'000;
  model::Tree tree = random_tree(generator, 4, n_splits, 0, [](auto& g) { return static_cast<double>(g() % 1000); });
  std::vector<double> values;
  std::set<std::vector<double>> distinct;
  for (std::size_t row = 0; row <= n_splits; ++row) {
    const std::vector<double> content = {static_cast<double>(generator() % 60),
                                         static_cast<double>(generator() % 60) / 7.0};
    values.insert(values.end(), content.begin(), content.end());
    distinct.insert(content);
  }
  const model::Model before = forest(4, 2, {tree}, values);
  model::Model after = before;
  run_twice(passes::dedupe_leaves, after);
  CHECK(trees_of(after).n_rows() == distinct.size());
  for (int i = 0; i < 1000; ++i) {
    std::vector<double> x(4);
    for (double& value : x) value = static_cast<double>(generator() % 1000);
    REQUIRE(model::predict(before, x) == model::predict(after, x));
  }
}
