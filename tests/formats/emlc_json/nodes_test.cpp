#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "codegen/model/trees/region_splits.hpp"
#include "tests/formats/emlc_json/documents.hpp"

using namespace emlc;
using namespace emlc::formats::documents;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double left_leaf = 10.0, right_leaf = 20.0;

/// A node as a document describes it.
struct Node {
  double threshold = 0.0;
  std::optional<bool> default_left{};
  std::string missing_type{};  ///< empty: the model has no missing_type
  std::optional<std::vector<int>> left{}, right{};
};

/// The rule of the format, word for word: does x go left?
bool goes_left(const Node& node, double x) {
  const bool is_category_node = node.left || node.right;
  if (!is_category_node) {
    const bool by_default = node.default_left.value_or(false);
    if (node.missing_type == "nan" || node.missing_type.empty())
      return std::isnan(x) ? by_default : x <= node.threshold;
    if (std::isnan(x)) x = 0.0;
    if (node.missing_type == "zero" && std::abs(x) <= 1.0000000180025095e-35) return by_default;
    return x <= node.threshold;
  }
  const bool has_both = node.left && node.right;
  const bool other_side_is_left = !node.left;
  const bool as_missing = node.default_left.value_or(has_both ? false : other_side_is_left);
  if (std::isnan(x) || std::trunc(x) < 0.0) return as_missing;
  const auto lists = [&](const std::optional<std::vector<int>>& list) {
    return list && std::any_of(list->begin(), list->end(), [&](int category) { return std::trunc(x) == category; });
  };
  if (lists(node.left)) return true;
  if (lists(node.right)) return false;
  return has_both ? as_missing : other_side_is_left;
}

std::string categories(std::string_view key, const std::optional<std::vector<int>>& list) {
  return list ? fmt::format(R"("{}":{{"0":[{}]}},)", key, fmt::join(*list, ",")) : "";
}

model::Model read_node(const Node& node) {
  std::string keys, of_model = R"("feature_dtype":"float64",)";
  if (node.default_left) {
    keys += fmt::format(R"("default_left":[{},false,false],)", *node.default_left);
    of_model += node.missing_type.empty() ? R"("missing":"nan",)" : R"("missing":"per_node",)";
  }
  if (!node.missing_type.empty()) keys += fmt::format(R"("missing_type":["{}","none","none"],)", node.missing_type);
  keys += categories("categories_left", node.left) + categories("categories_right", node.right);
  std::string tree = stump(keys);
  tree.replace(tree.find("2.5"), 3, fmt::format("{}", node.threshold));
  return read(regression(scalar_trees("[" + tree + "]", of_model)));
}

/// Every value where something could change, and its neighbours.
std::vector<double> interesting_values(const Node& node) {
  std::vector<double> values = {missing, -infinity, infinity, 1e300, -1e300, 3e9, -3e9, 0.5, -0.5, 2.7};
  std::vector<double> edges = {node.threshold, 1.0000000180025095e-35, -1.0000000180025095e-35, 0.0, -0.0,
                               2147483648.0};
  for (double category = -3.0; category <= 70.0; ++category) edges.push_back(category);
  for (const double edge : edges) {
    for (const double x : {edge, std::nextafter(edge, infinity), std::nextafter(edge, -infinity)}) values.push_back(x);
  }
  return values;
}

void check_node(const Node& node) {
  CAPTURE(node.threshold);
  CAPTURE(node.missing_type);
  CAPTURE(node.default_left.value_or(false));
  CAPTURE(categories("left", node.left));
  CAPTURE(categories("right", node.right));
  const model::Model model = read_node(node);
  for (const double x : interesting_values(node)) {
    CAPTURE(x);
    CHECK(predict_one(model, x) == (goes_left(node, x) ? left_leaf : right_leaf));
  }
}

const model::Tree& tree_of(const model::Model& model) {
  return std::get<model::TreeEnsemble>(model.predictor).trees.at(0);
}

/// Splits that x meets in the tree.
std::size_t n_comparisons(const model::Tree& tree, double x) {
  std::size_t count = 0;
  for (model::NodeId id = 0; const model::Split* split = model::as_split(tree.nodes[static_cast<std::size_t>(id)]);
       ++count) {
    if (std::isnan(x)) {
      id = split->default_child;
    } else {
      id = x < split->threshold ? split->left : split->right;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("emlc-json: a missing value goes the way the document says, for every kind of missing") {
  for (const double threshold :
       {-2.0, -1.0000000180025095e-35, -1e-35, -1e-40, 0.0, 1e-40, 1e-35, 1.0000000180025095e-35,
        1.0000000180025097e-35, 0.5, 1e300, 1.7976931348623157e308, -1.7976931348623157e308}) {
    check_node({.threshold = threshold});
    for (const bool default_left : {false, true}) {
      for (const char* missing_type : {"", "none", "zero", "nan"}) {
        check_node({.threshold = threshold, .default_left = default_left, .missing_type = missing_type});
      }
    }
  }
}

TEST_CASE("emlc-json: categories go the way of their list, the rest as the document says") {
  const std::vector<std::vector<int>> lists = {{},
                                               {0},
                                               {3},
                                               {0, 1, 2},
                                               {2, 1, 0, 2},
                                               {5, 7, 9},
                                               {0, 2, 4, 6, 8},
                                               {63, 64},
                                               {2147483647},
                                               {1, 2147483646, 2147483647}};
  for (const std::optional<bool>& default_left : {std::optional<bool>(), std::optional(false), std::optional(true)}) {
    for (const std::vector<int>& list : lists) {
      check_node({.default_left = default_left, .left = list});
      check_node({.default_left = default_left, .right = list});
      std::vector<int> others = {10, 12, 13};
      check_node({.default_left = default_left, .left = list, .right = others});
      check_node({.default_left = default_left, .left = others, .right = list});
    }
  }
}

TEST_CASE("emlc-json: k categories cost a logarithm of comparisons, NaN one") {
  std::vector<int> even;
  for (int category = 0; category < 512; category += 2) even.push_back(category);
  for (const bool default_left : {false, true}) {
    const model::Tree tree = tree_of(read_node({.default_left = default_left, .left = even}));
    CHECK(tree.nodes.size() <= 2 * even.size() + 3);
    CHECK(model::depth(tree) <= 11);
    CHECK(n_comparisons(tree, missing) == 1);
  }
  CHECK(n_comparisons(tree_of(read_node({.default_left = true, .missing_type = "zero"})), missing) == 1);
  // One category next to another is one region.
  CHECK(tree_of(read_node({.left = std::vector{4, 5, 6, 7}})).nodes.size() == 4);
}

TEST_CASE("emlc-json: children of a node with several splits are shared, and follow all of them") {
  // Categories 1 and 3 of feature 0 go to a split of feature 1, the others to another one.
  const model::Model model = read(
      regression(scalar_trees(R"([{"feature":[0,1,1,-1,-1,-1,-1],"threshold":[0,5,7,0,0,0,0],"left":[1,3,5,-1,-1,-1,-1],
 "right":[2,4,6,-1,-1,-1,-1],"value":[null,null,null,1,2,3,4],"categories_left":{"0":[1,3]}}])"),
                 2));
  for (double category = -2.0; category < 6.0; ++category) {
    for (const double y : {4.0, 6.0, 8.0}) {
      const bool is_listed = category == 1.0 || category == 3.0;
      const double expected = is_listed ? (y <= 5.0 ? 1.0 : 2.0) : (y <= 7.0 ? 3.0 : 4.0);
      CHECK(model::predict(model, std::vector{category, y}) == std::vector{expected});
    }
  }
  CHECK(tree_of(model).nodes.size() == 4 + 6);
}

TEST_CASE("emlc-json: categories of several nodes are told apart by their node") {
  const model::Model model = read(regression(scalar_trees(
      R"([{"feature":[0,-1,0,-1,-1],"threshold":[0,0,0,0,0],"left":[1,-1,3,-1,-1],"right":[2,-1,4,-1,-1],
 "value":[null,1,null,2,3],"categories_left":{"2":[5],"0":[4]}}])")));
  CHECK(predict_one(model, 4.0) == 1.0);
  CHECK(predict_one(model, 5.0) == 2.0);
  CHECK(predict_one(model, 6.0) == 3.0);
}

TEST_CASE("split_regions: NaN goes to its side, whatever is at the ends of the regions") {
  const auto middle = [](double x) { return std::abs(x) <= 0.5 ? model::to_left : model::to_right; };
  for (const model::NodeId side : {model::to_left, model::to_right}) {
    const std::vector<model::Split> splits = model::split_regions(0, {-0.5, 1.0}, middle, side);
    CHECK(splits.size() == (side == model::to_left ? 3 : 2));
    for (const double x : {-infinity, -1.0, -0.5, 0.0, 0.5, 0.75, 1.0, infinity, missing}) {
      CAPTURE(x);
      model::NodeId id = 0;
      while (id >= 0) {
        const model::Split& split = splits[static_cast<std::size_t>(id)];
        const bool goes_left = x < split.threshold;
        id = std::isnan(x) ? split.default_child : (goes_left ? split.left : split.right);
      }
      // A region reaches from cut to cut, so that all of [-0.5, 1) has the side of -0.5.
      CHECK(id == (std::isnan(x) ? side : (x >= -0.5 && x < 1.0 ? model::to_left : model::to_right)));
    }
  }
}
