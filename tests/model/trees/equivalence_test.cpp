#include "codegen/model/trees/equivalence.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "codegen/model/predict/predict.hpp"

using namespace emlc::model;

namespace {

constexpr std::size_t no_limit = 1'000'000;
constexpr std::array exactly = {0.0};

TreeEnsemble one_tree(std::vector<TreeNode> nodes, std::vector<double> rows, std::int32_t n_features = 1) {
  TreeEnsemble ensemble;
  ensemble.n_features = n_features;
  ensemble.leaf_values = std::move(rows);
  ensemble.trees = {Tree{.nodes = std::move(nodes)}};
  return ensemble;
}

Split split(double threshold, NodeId left, NodeId right) {
  return {.feature = 0, .threshold = threshold, .left = left, .right = right, .default_child = right};
}

TreeEnsemble stump(double threshold) { return one_tree({split(threshold, 1, 2), Leaf{0}, Leaf{1}}, {10.0, 20.0}); }

Input features(NumberType type, std::int32_t n = 1) {
  Input input;
  input.n_features = n;
  input.type = type;
  return input;
}

Verdict verdict(const TreeEnsemble& a, const TreeEnsemble& b, const Input& input) {
  return compare_trees(a, b, input, exactly, no_limit).verdict;
}

}  // namespace

TEST_CASE("compare_trees: thresholds are equal when no value of the type lies between them") {
  CHECK(verdict(stump(3.5), stump(4.0), features(NumberType::uint8)) == Verdict::equal);
  CHECK(verdict(stump(3.5), stump(4.0), features(NumberType::float32)) == Verdict::different);
  CHECK(verdict(stump(3.5), stump(3.0), features(NumberType::uint8)) == Verdict::different);  // truncated
  CHECK(verdict(stump(-7.0), stump(0.0), features(NumberType::uint8)) == Verdict::equal);     // nobody goes left
  const double above = std::nextafter(0.1F, 1.0F);
  CHECK(verdict(stump(0.1), stump(static_cast<double>(0.1F)), features(NumberType::float32)) == Verdict::equal);
  CHECK(verdict(stump(0.1), stump(above), features(NumberType::float32)) == Verdict::different);
}

TEST_CASE("compare_trees: the shape does not matter, what an input reaches does") {
  // x < 2 ? 10 : x < 5 ? 20 : 30, asked from either end, and with a branch that nobody takes.
  const std::vector<double> rows = {10.0, 20.0, 30.0};
  const auto from_left = one_tree({split(2, 1, 2), Leaf{0}, split(5, 3, 4), Leaf{1}, Leaf{2}}, rows);
  const auto from_right = one_tree({split(5, 1, 2), split(2, 3, 4), Leaf{2}, Leaf{0}, Leaf{1}}, rows);
  const auto longer =
      one_tree({split(2, 1, 2), split(3, 3, 4), split(5, 5, 6), Leaf{0}, Leaf{2}, Leaf{1}, Leaf{2}}, rows);
  const Input input = features(NumberType::int16);
  CHECK(verdict(from_left, from_right, input) == Verdict::equal);
  CHECK(verdict(longer, from_right, input) == Verdict::equal);
  CHECK(compare_trees(from_left, from_right, input, exactly, no_limit).n_paths == 3);
  CHECK(verdict(from_left, one_tree({split(2, 1, 2), Leaf{0}, Leaf{1}}, rows), input) == Verdict::different);
}

TEST_CASE("compare_trees: a missing value counts for floats, the declared range for all") {
  TreeEnsemble to_left = stump(1.0);
  std::get<Split>(to_left.trees[0].nodes[0]).default_child = 1;
  CHECK(verdict(to_left, stump(1.0), features(NumberType::float32)) == Verdict::different);
  CHECK(verdict(to_left, stump(1.0), features(NumberType::int8)) == Verdict::equal);
  Input ranged = features(NumberType::int8);
  ranged.minimum = {5.0};
  ranged.maximum = {9.0};
  CHECK(verdict(stump(5.0), stump(-3.0), ranged) == Verdict::equal);
  CHECK(verdict(stump(10.0), stump(100.0), ranged) == Verdict::equal);
  CHECK(verdict(stump(9.0), stump(10.0), ranged) == Verdict::different);
}

TEST_CASE("compare_trees: no number is below -infinity, only a missing value goes there") {
  // Two ways to say that every number gives 10 and NaN 20.
  const double infinity = std::numeric_limits<double>::infinity();
  const auto below_all = one_tree({split(-infinity, 2, 1), Leaf{0}, Leaf{1}}, {10.0, 20.0});
  auto at_all = one_tree({split(-infinity, 1, 2), Leaf{1}, Leaf{0}}, {10.0, 20.0});
  std::get<Split>(at_all.trees[0].nodes[0]).default_child = 1;
  auto numbers_right = below_all;
  std::get<Split>(numbers_right.trees[0].nodes[0]).default_child = 2;
  CHECK(verdict(numbers_right, at_all, features(NumberType::float32)) == Verdict::equal);
  CHECK(verdict(below_all, at_all, features(NumberType::float32)) == Verdict::different);
  CHECK(verdict(numbers_right, at_all, features(NumberType::float64)) == Verdict::equal);
}

TEST_CASE("compare_trees: leaf values within the tolerance are equal, and a difference is located") {
  auto near = stump(1.0);
  near.leaf_values[1] = 20.25;
  const auto close = compare_trees(stump(1.0), near, features(NumberType::int8), std::array{0.25}, no_limit);
  CHECK(close.verdict == Verdict::equal);
  CHECK(close.largest_difference == 0.25);
  const auto far = compare_trees(stump(1.0), near, features(NumberType::int8), std::array{0.2}, no_limit);
  CHECK(far.verdict == Verdict::different);
  CHECK(far.reason == "tree 0, output 0: 20 in one, 20.25 in the other");
}

TEST_CASE("compare_trees: what it cannot decide, and why") {
  const Input input = features(NumberType::int8);
  auto two = stump(1.0);
  two.trees.push_back(two.trees[0]);
  CHECK(compare_trees(stump(1.0), two, input, exactly, no_limit).reason == "1 trees and 2 trees");
  CHECK(compare_trees(two, two, input, exactly, 20).reason == "tree 1 has too many paths");
}

TEST_CASE("compare_trees: an input that one ensemble rounds to float32 and the other does not") {
  // 2^24 + 1 is rounded to 2^24; of the doubles below 2^24 + 1 those from 2^24 on.
  const auto of_type = [](double threshold, NumberType type) {
    TreeEnsemble ensemble = stump(threshold);
    ensemble.feature_type = type;
    return ensemble;
  };
  const TreeEnsemble rounded = of_type(16777218.0, NumberType::float32);
  for (const NumberType type : {NumberType::int32, NumberType::float64}) {
    CHECK(verdict(rounded, rounded, features(type)) == Verdict::equal);
    CHECK(verdict(rounded, of_type(16777217.0, type), features(type)) == Verdict::different);
    CHECK(verdict(of_type(16777218.0, type), rounded, features(type)) ==
          (type == NumberType::int32 ? Verdict::equal : Verdict::different));
  }
  CHECK(verdict(rounded, of_type(std::nextafter(16777217.0, 2e9), NumberType::float64),
                features(NumberType::float64)) == Verdict::equal);
}

TEST_CASE("compare_trees: agrees with trying every input") {
  std::mt19937 random(7);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const auto draw_tree = [&] {
    // Three splits in a row on two features, thresholds from -2.5 to 2.5 so that some branches are dead.
    std::vector<TreeNode> nodes;
    for (NodeId id = 0; id < 6; id += 2) {
      nodes.push_back(Split{.feature = draw(0, 1),
                            .threshold = draw(-5, 5) / 2.0,
                            .left = id + 1,
                            .right = id + 2,
                            .default_child = id + 2});
      nodes.push_back(Leaf{draw(0, 1)});
    }
    nodes.push_back(Leaf{draw(0, 1)});
    return one_tree(nodes, {10.0, 20.0}, 2);
  };
  Input input = features(NumberType::int8, 2);
  input.minimum = {-4.0, -4.0};
  input.maximum = {4.0, 4.0};
  int n_equal = 0;
  for (int round = 0; round < 500; ++round) {
    const TreeEnsemble a = draw_tree(), b = draw_tree();
    bool is_equal = true;
    for (double x = -4.0; x <= 4.0; ++x) {
      for (double y = -4.0; y <= 4.0; ++y) {
        const std::vector<double> at = {x, y};
        const auto value = [&](const TreeEnsemble& e) {
          const auto id = static_cast<std::size_t>(find_leaf(e.trees[0], NumberType::int8, at));
          return e.leaf_values[static_cast<std::size_t>(std::get<Leaf>(e.trees[0].nodes[id]).row)];
        };
        is_equal = is_equal && value(a) == value(b);
      }
    }
    CHECK((verdict(a, b, input) == Verdict::equal) == is_equal);
    n_equal += is_equal ? 1 : 0;
  }
  CHECK(n_equal > 10);
  CHECK(n_equal < 490);
}
