#include <algorithm>

#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

/// One tree of a leaf per value.
model::Tree tree_of_leaves(std::size_t n_leaves) {
  model::Tree tree;
  for (std::size_t i = 0; i + 1 < n_leaves; ++i) {
    const auto id = static_cast<model::NodeId>(tree.nodes.size());
    tree.nodes.push_back(split(0, static_cast<double>(i) + 0.5, id + 1, id + 2));
    tree.nodes.push_back(leaf(static_cast<model::RowId>(i)));
  }
  tree.nodes.push_back(leaf(static_cast<model::RowId>(n_leaves - 1)));
  return tree;
}

std::vector<std::vector<double>> one_input_per_leaf(std::size_t n_leaves) {
  std::vector<std::vector<double>> inputs;
  for (const double x : counting(n_leaves)) inputs.push_back({x});
  return inputs;
}

bool holds_levels(const std::vector<double>& values, int bits) {
  return std::all_of(values.begin(), values.end(), [&](double value) {
    return value >= 0.0 && value < std::ldexp(1.0, bits) && value == std::floor(value);
  });
}

}  // namespace

TEST_CASE("quantize-leaves: class proportions become the nearest level, 0 and 1 exactly") {
  model::Model model = forest(1, 2, {tree_of_leaves(4)}, {0.0, 1.0, 0.3, 0.7, 0.5, 0.5, 1.0, 0.0});
  CHECK(run_twice(passes::quantize_leaves, model, {.leaf_bits = 8}).changes == 8);
  CHECK(trees_of(model).leaf_values == std::vector<double>{0, 255, 77, 179, 128, 128, 255, 0});
  CHECK(model::predict(model, std::vector{0.0}) == std::vector{0.0, 1.0});
  CHECK(model::predict(model, std::vector{1.0})[0] == doctest::Approx(77.0 / 255.0));
}

TEST_CASE("quantize-leaves: proportions that end below 1 use all levels, and those above 0 keep 0") {
  model::Model model = forest(1, 2, {tree_of_leaves(2)}, {0.4, 0.8, 0.2, 0.6});
  passes::quantize_leaves(model, {.leaf_bits = 2});
  CHECK(trees_of(model).leaf_values == std::vector<double>{2, 3, 1, 2});
  CHECK(model::predict(model, std::vector{0.0})[1] == doctest::Approx(0.8));
  CHECK(trees_of(model).base_score == std::vector{0.0, 0.0});
}

TEST_CASE("quantize-leaves: no prediction is off by more than half a step per tree") {
  std::mt19937 generator(8);
  for (const int bits : {1, 2, 4, 8, 12, 16}) {
    for (const auto at : {model::BaseScoreAt::start, model::BaseScoreAt::end}) {
      std::vector<double> values;
      for (int i = 0; i < 600; ++i) values.push_back(150.0 + static_cast<double>(generator() % 100000) / 400.0);
      std::vector<model::Tree> trees(3, tree_of_leaves(200));
      for (model::RowId t = 0; t < 3; ++t) {
        for (model::TreeNode& node : trees[static_cast<std::size_t>(t)].nodes) {
          if (auto* end = std::get_if<model::Leaf>(&node)) end->row += 200 * t;
        }
      }
      model::Model before = regression(1, NumberType::float32, trees, values);
      trees_of(before).base_score = {-7.5};
      trees_of(before).base_score_at = at;
      trees_of(before).divisor = 3.0;
      trees_of(before).scale = 0.5;
      trees_of(before).sum_type = NumberType::float32;
      model::Model after = before;
      run_twice(passes::quantize_leaves, after, {.leaf_bits = bits});
      CHECK(holds_levels(trees_of(after).leaf_values, bits));
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      const double step = (*high - *low) / (std::ldexp(1.0, bits) - 1.0);
      const auto distance = model::measure_distance(before, after, one_input_per_leaf(200));
      CAPTURE(bits);
      CHECK(distance.largest <= 0.5 * (step / 2.0) + 1e-4);
      CHECK(distance.largest > 0.0);
    }
  }
}

TEST_CASE("quantize-leaves: every output gets the offsets of its own trees") {
  std::vector<model::Tree> trees = {{.nodes = {leaf(0)}, .first_output = 0},
                                    {.nodes = {leaf(1)}, .first_output = 1},
                                    {.nodes = {leaf(2)}, .first_output = 1}};
  model::Model model = regression(1, NumberType::float32, trees, {-1.0, 0.0, 2.0});
  model.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{.size = 2}}};
  trees_of(model).n_outputs = 2;
  trees_of(model).base_score = {10.0, 20.0};
  run_twice(passes::quantize_leaves, model, {.leaf_bits = 2});
  CHECK(trees_of(model).leaf_values == std::vector{0.0, 1.0, 3.0});
  CHECK(model::predict(model, std::vector{0.0}) == std::vector{9.0, 22.0});
}

TEST_CASE("quantize-leaves: sums of levels are exact, also beyond what float32 counts") {
  std::vector<model::Tree> trees(1000, {.nodes = {leaf(0)}});
  trees.push_back({.nodes = {leaf(1)}});
  trees.push_back({.nodes = {leaf(2)}});
  model::Model model = regression(1, NumberType::float32, trees, {65.535, 0.0, 0.001});
  trees_of(model).sum_type = NumberType::float32;
  passes::quantize_leaves(model, {.leaf_bits = 16});
  // 1000 times 65535 levels and one more: an odd number above 2^24.
  CHECK(std::round(model::predict(model, std::vector{0.0})[0] / trees_of(model).scale) == 65535001.0);
}

TEST_CASE("quantize-leaves: levels of enough bits, and votes, stay as they are") {
  model::Model votes = forest(1, 2, {tree_of_leaves(2)}, {0.0, 1.0, 1.0, 0.0});
  CHECK(passes::quantize_leaves(votes, {.leaf_bits = 1}).changes == 0);
  CHECK(model::is_one_hot(trees_of(votes)));
  model::Model counts = regression(1, NumberType::float32, {tree_of_leaves(3)}, {0.0, 7.0, 255.0});
  CHECK(passes::quantize_leaves(counts, {.leaf_bits = 8}).changes == 0);
  CHECK(passes::quantize_leaves(counts, {.leaf_bits = 7}).changes == 3);
}

TEST_CASE("quantize-leaves: a single value is kept") {
  model::Model model = regression(1, NumberType::float32, {{.nodes = {leaf(0)}}}, {-2.5});
  run_twice(passes::quantize_leaves, model, {.leaf_bits = 8});
  CHECK(model::predict(model, std::vector{0.0}) == std::vector{-2.5});
  CHECK(trees_of(model).leaf_values == std::vector{0.0});
}

TEST_CASE("quantize-leaves: values at the ends of the range do not overflow") {
  model::Model model = regression(1, NumberType::float32, {tree_of_leaves(3)}, {-1.5e308, 0.0, 1.5e308});
  run_twice(passes::quantize_leaves, model, {.leaf_bits = 8});
  CHECK(holds_levels(trees_of(model).leaf_values, 8));
}
