#include <algorithm>

#include "codegen/model/error.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

std::size_t n_nodes(model::Model& model) { return trees_of(model).trees[0].nodes.size(); }

/// All pairs of values, for models of two features.
std::vector<std::vector<double>> pairs(const std::vector<double>& values) {
  std::vector<std::vector<double>> inputs;
  for (const double a : values) {
    for (const double b : values) inputs.push_back({a, b});
  }
  return inputs;
}

/// The rows that are reached by some input.
std::size_t n_rows_reached(const model::Model& model, const std::vector<std::vector<double>>& inputs,
                           std::size_t n_rows) {
  std::vector<char> reached(n_rows, 0);
  for (const auto& x : inputs) reached[static_cast<std::size_t>(model::predict(model, x)[0])] = 1;
  return static_cast<std::size_t>(std::count(reached.begin(), reached.end(), 1));
}

std::size_t n_leaves(model::Model& model) { return (n_nodes(model) + 1) / 2; }

}  // namespace

TEST_CASE("prune-unreachable: exactly the leaves that an integer input reaches are left") {
  std::mt19937 generator(3);
  const std::vector<double> values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const auto inputs = pairs(values);
  for (int round = 0; round < 100; ++round) {
    model::Tree tree = random_tree(generator, 2, 30, 0, [](auto& g) { return static_cast<double>(g() % 16) - 1.0; });
    model::Model before = regression(2, NumberType::uint8, {tree}, counting(31));
    before.input.minimum = {0.0, 0.0};
    before.input.maximum = {12.0, 12.0};
    model::Model after = before;
    const auto result = run_twice(passes::prune_unreachable, after);
    CHECK(result.changes == 61 - n_nodes(after));
    REQUIRE(!first_difference(before, after, inputs));
    REQUIRE(n_leaves(after) == n_rows_reached(before, inputs, 31));
  }
}

TEST_CASE("prune-unreachable: floats, infinities and missing values keep their leaves, and only those are left") {
  std::mt19937 generator(4);
  const std::vector<double> thresholds = {-infinity, -1.0, -0.0, 0.0, 0x1p-149, 1.0, infinity};
  std::vector<double> values = {nan_value};
  for (const double at : thresholds) {
    values.insert(values.end(), {model::next_below(NumberType::float32, at), at, 0.5});
  }
  const auto inputs = pairs(values);
  for (int round = 0; round < 100; ++round) {
    model::Tree tree = random_tree(generator, 2, 20, 0, [&](auto& g) { return thresholds[g() % thresholds.size()]; });
    const model::Model before = regression(2, NumberType::float32, {tree}, counting(21));
    model::Model after = before;
    run_twice(passes::prune_unreachable, after);
    REQUIRE(!first_difference(before, after, inputs));
    REQUIRE(n_leaves(after) == n_rows_reached(before, inputs, 21));
  }
}

TEST_CASE("prune-unreachable: a split that only a missing value takes the other way stays") {
  const model::Tree tree = {.nodes = {split(0, 300.0, 1, 2, MissingGoes::right), leaf(0), leaf(1)}};
  model::Model model = regression(1, NumberType::float32, {tree}, {5.0, 6.0});
  model.input.minimum = {0.0};
  model.input.maximum = {255.0};
  CHECK(passes::prune_unreachable(model, {}).changes == 0);
  model.input.type = NumberType::uint8;
  CHECK(run_twice(passes::prune_unreachable, model).changes == 2);
  CHECK(model::predict(model, std::vector{7.0})[0] == 5.0);
}

TEST_CASE("prune-unreachable: thresholds at the ends of a type") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16, NumberType::int32}) {
    const double lowest = model::info(type).lowest, highest = model::info(type).highest;
    struct Case {
      double threshold;
      std::size_t n_left;
    };
    for (const Case& c : {Case{-infinity, 1}, Case{lowest, 1}, Case{lowest + 1.0, 3}, Case{highest, 3},
                          Case{highest + 1.0, 1}, Case{infinity, 1}}) {
      CAPTURE(c.threshold);
      const model::Tree tree = {.nodes = {split(0, c.threshold, 1, 2), leaf(0), leaf(1)}};
      model::Model model = regression(1, type, {tree}, {5.0, 6.0});
      trees_of(model).feature_type = type;
      run_twice(passes::prune_unreachable, model);
      CHECK(n_nodes(model) == c.n_left);
      if (c.n_left == 1) CHECK(model::predict(model, std::vector{0.0})[0] == (c.threshold <= lowest ? 6.0 : 5.0));
    }
  }
}

TEST_CASE("prune-unreachable: a range is of the input, before a scaler that is still there") {
  const model::Tree tree = {.nodes = {split(0, -0.5, 1, 2), split(0, -2.0, 3, 4), leaf(2), leaf(0), leaf(1)}};
  model::Model model = regression(1, NumberType::uint8, {tree}, {5.0, 6.0, 7.0});
  model.scalers = {{.offset = {0.0}, .scale = {-200.0}}};  // 0 to 255 becomes -1.275 to 0
  const model::Model before = model;
  CHECK(run_twice(passes::prune_unreachable, model).changes == 2);
  std::vector<std::vector<double>> inputs;
  for (const double x : all_values(NumberType::uint8)) inputs.push_back({x});
  CHECK(!first_difference(before, model, inputs));
}

TEST_CASE("prune-unreachable: a shared subtree keeps what any of its parents needs") {
  // Both sides of the root meet in node 3, each through a split of its own.
  const model::Tree tree = {.nodes = {split(0, 10.0, 1, 2), split(1, 5.0, 3, 4), split(1, 7.0, 3, 4),
                                      split(0, 10.0, 4, 5), leaf(0), leaf(1)}};
  const model::Model before = regression(2, NumberType::uint8, {tree}, {5.0, 6.0});
  model::Model after = before;
  CHECK(run_twice(passes::prune_unreachable, after).changes == 0);
  const std::vector<double> values = {0, 4, 5, 6, 7, 9, 10, 11, 255};
  CHECK(!first_difference(before, after, pairs(values)));
}

TEST_CASE("prune-unreachable: trees of shared subtrees keep every prediction") {
  std::mt19937 generator(10);
  constexpr model::NodeId n_splits = 24, n_leaves = 8;
  std::vector<double> values;
  for (int x = 0; x <= 12; ++x) values.push_back(x);
  const auto inputs = pairs(values);
  std::size_t n_changed = 0;
  for (int round = 0; round < 200; ++round) {
    model::Tree tree;
    for (model::NodeId id = 0; id < n_splits; ++id) {
      // The last splits make sure that every leaf is reached.
      const model::NodeId n_below = n_splits + n_leaves - id - 1;
      const model::NodeId right =
          id >= n_splits - n_leaves ? id + n_leaves
                                    : id + 1 + static_cast<model::NodeId>(generator() % static_cast<unsigned>(n_below));
      const auto feature = static_cast<std::int32_t>(generator() % 2);
      tree.nodes.push_back(split(feature, static_cast<double>(generator() % 14), id + 1, right));
    }
    for (model::RowId row = 0; row < n_leaves; ++row) tree.nodes.push_back(leaf(row));
    model::Model before = regression(2, NumberType::uint8, {tree}, counting(n_leaves));
    before.input.minimum = {0.0, 0.0};
    before.input.maximum = {12.0, 12.0};
    model::Model after = before;
    n_changed += run_twice(passes::prune_unreachable, after).changes;
    REQUIRE(!first_difference(before, after, inputs));
  }
  CHECK(n_changed > 1000);
}

TEST_CASE("prune-unreachable: a tree 200 000 deep is walked without recursion") {
  constexpr model::NodeId depth = 200'000;
  model::Tree tree;
  for (model::NodeId level = 0; level < depth; ++level) {
    tree.nodes.push_back(split(0, static_cast<double>(level), 2 * level + 1, 2 * level + 2));
    tree.nodes.push_back(leaf(level % 2));
  }
  tree.nodes.push_back(leaf(2));
  model::Model model = regression(1, NumberType::int32, {tree}, {0.0, 1.0, 2.0});
  model.input.minimum = {1000.0};
  model.input.maximum = {2e9};
  CHECK(passes::prune_unreachable(model, {}).changes == 2 * 1001);
  CHECK(model::predict(model, std::vector{1000.0})[0] == 1.0);
  CHECK(model::predict(model, std::vector{2e6})[0] == 2.0);
}

TEST_CASE("prune-unreachable: other models stay as they are") {
  model::Model network;
  network.predictor = model::DenseNetwork{};
  CHECK(passes::prune_unreachable(network, {}).changes == 0);
}

TEST_CASE("prune-unreachable: a declared range without a value is refused") {
  const model::Tree tree = {.nodes = {split(0, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = regression(1, NumberType::uint8, {tree}, {5.0, 6.0});
  model.input.minimum = {0.25};
  model.input.maximum = {0.75};
  CHECK_THROWS_WITH_AS(passes::prune_unreachable(model, {}), "input.feature_min[0]: no uint8 lies from 0.25 to 0.75",
                       Error);
}
