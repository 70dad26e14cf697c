#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/random/document.hpp"
#include "tests/random/tree_shapes.hpp"

namespace emlc::random {
namespace {

/// How trees come about: any, with few levels, or with one question for all splits of a level.
enum class Growth { any, shallow, oblivious };

/// What a node asks.
struct Question {
  std::size_t feature = 0;
  double threshold = 0.0;
};

/// What the trees of one ensemble share.
struct Style {
  Growth growth;
  bool default_left;        ///< of trees that are not any: all splits send missing values to the same side
  std::size_t most_levels;  ///< of shallow and oblivious trees
  std::string leaf, missing;
  Texture texture;
  bool has_categories;
  std::vector<double> thresholds;
  bool has_own_leaves;  ///< each leaf has a value of its own
  Json leaves;          ///< the values that other leaves are picked from, so that some are equal
};

Json leaf_value(Random& random, const Style& style, std::size_t n_outputs) {
  if (style.leaf == "class_index") return random.index(n_outputs);
  if (style.leaf == "scalar") return number(random, style.texture, random.index(5));
  Json row = Json::array();
  for (std::size_t column = 0; column < n_outputs; ++column) row.push_back(number(random, style.texture, column));
  return row;
}

/// Rows (p, 1 - p) and rows that add up to 1 are what classifiers have.
Json proportions(Random& random, std::size_t n_outputs) {
  std::vector<std::int64_t> counts(n_outputs);
  std::int64_t total = 0;
  for (std::int64_t& samples : counts) total += samples = random.chance(0.4) ? 0 : random.between(0, 9);
  if (total == 0) total = counts[random.index(n_outputs)] = 1;
  Json row = Json::array();
  for (const std::int64_t samples : counts) row.push_back(static_cast<double>(samples) / static_cast<double>(total));
  return row;
}

std::string pick_leaf_form(Random& random, std::size_t n_outputs) {
  if (n_outputs == 1) return random.pick({"vector", "scalar", "scalar"});
  return random.pick({"vector", "vector", "scalar", "class_index"});
}

Style pick_style(Random& random, const Shape& shape) {
  const auto growth =
      random.pick({Growth::any, Growth::any, Growth::any, Growth::shallow, Growth::oblivious, Growth::oblivious});
  const bool is_any = growth == Growth::any;
  Style style{
      .growth = growth,
      .default_left = random.chance(0.5),
      .most_levels = static_cast<std::size_t>(random.pick<std::int64_t>({1, 2, 3, 3, 4, 6})),
      .leaf = pick_leaf_form(random, shape.n_outputs),
      .missing = is_any ? random.pick({"none", "none", "nan", "per_node"}) : random.pick({"none", "none", "nan"}),
      .texture = pick_texture(random),
      .has_categories = is_any && random.chance(0.12),
      .thresholds = threshold_pool(random, shape.type, random.index(12) + 1),
      .has_own_leaves = !is_any && random.chance(0.6),
      .leaves = Json::array()};
  const bool is_proportions = style.leaf == "vector" && random.chance(0.5);
  const std::int64_t n_leaves = random.pick<std::int64_t>({2, 8, shape.n_outputs > 50 ? 8 : 60});
  for (std::int64_t n = 0; n < n_leaves; ++n) {
    style.leaves.push_back(is_proportions ? proportions(random, shape.n_outputs)
                                          : leaf_value(random, style, shape.n_outputs));
  }
  return style;
}

Json categories(Random& random, const Shape& shape) {
  const std::int64_t highest = shape.type.name == "int8" ? 127 : 200;
  std::vector<std::int64_t> list;
  for (std::int64_t category = random.between(0, 3); category <= highest && list.size() < 12;
       category += random.between(1, 9)) {
    list.push_back(category);
  }
  return list;
}

/// Gives the node lists of categories in place of its threshold.
void add_categories(Random& random, const Shape& shape, Json& tree, std::size_t node) {
  const Json listed = categories(random, shape);
  const std::string key = std::to_string(node);
  if (random.chance(0.3)) {  // both lists: every second category each
    Json left = Json::array(), right = Json::array();
    for (std::size_t index = 0; index < listed.size(); ++index)
      (index % 2 == 0 ? left : right).push_back(listed[index]);
    tree["categories_left"][key] = left;
    tree["categories_right"][key] = right;
  } else {
    tree[random.pick({"categories_left", "categories_right"})][key] = listed;
  }
}

Json empty_tree(const Style& style) {
  Json tree;
  for (const char* key : {"feature", "threshold", "left", "right", "value"}) tree[key] = Json::array();
  if (style.missing != "none") tree["default_left"] = Json::array();
  if (style.missing == "per_node") tree["missing_type"] = Json::array();
  return tree;
}

Json pick_leaf(Random& random, const Shape& shape, const Style& style) {
  if (style.has_own_leaves) return leaf_value(random, style, shape.n_outputs);
  return style.leaves[random.index(style.leaves.size())];
}

Question pick_question(Random& random, const Shape& shape, const Style& style) {
  const std::size_t feature = random.index(shape.n_features);
  return {.feature = feature, .threshold = random.pick(style.thresholds)};
}

void add_node(Random& random, const Shape& shape, const Style& style, const ShapeNode& node, const Question& question,
              Json& tree) {
  const bool is_leaf = node.left < 0;
  const std::size_t id = tree["feature"].size();
  tree["feature"].push_back(is_leaf ? -1 : static_cast<std::int64_t>(question.feature));
  tree["threshold"].push_back(is_leaf ? 0.0 : question.threshold);
  tree["left"].push_back(node.left);
  tree["right"].push_back(node.right);
  tree["value"].push_back(is_leaf ? pick_leaf(random, shape, style) : Json(nullptr));
  if (style.missing != "none") {
    tree["default_left"].push_back(style.growth == Growth::any ? random.chance(0.5) : style.default_left);
  }
  if (style.missing == "per_node") tree["missing_type"].push_back(random.pick({"none", "zero", "nan"}));
  if (!is_leaf && style.has_categories && random.chance(0.4)) add_categories(random, shape, tree, id);
}

std::vector<ShapeNode> pick_nodes(Random& random, const Style& style) {
  switch (style.growth) {
    case Growth::any:
      return pick_tree_shape(random);
    case Growth::shallow:
      return pick_shallow_shape(random, style.most_levels);
    case Growth::oblivious:
      break;
  }
  return full_shape(style.most_levels - (style.most_levels > 1 && random.chance(0.1) ? 1 : 0));
}

Json tree(Random& random, const Shape& shape, const Style& style) {
  Json result = empty_tree(style);
  Question question;
  std::size_t id = 0;
  for (const ShapeNode& node : pick_nodes(random, style)) {
    const bool is_first_of_level = (id & (id + 1)) == 0;  // of a full tree
    if (style.growth != Growth::oblivious || is_first_of_level) question = pick_question(random, shape, style);
    add_node(random, shape, style, node, question, result);
    ++id;
  }
  if (style.leaf == "scalar" && shape.n_outputs > 1) result["output"] = random.index(shape.n_outputs);
  return result;
}

Json trees(Random& random, const Shape& shape, const Style& style) {
  const bool is_boosted = style.growth != Growth::any && style.most_levels <= 4 && random.chance(0.6);
  const std::int64_t n = random.chance(0.04) ? random.between(40, 120)
                         : is_boosted        ? random.between(8, 40)
                                             : random.between(1, 7);
  const bool is_weighted = random.chance(0.1);
  Json list = Json::array();
  for (std::int64_t index = 0; index < n; ++index) {
    list.push_back(tree(random, shape, style));
    if (is_weighted) list.back()["weight"] = random.pick({0.1, 0.5, 1.0, -1.0, 2.0});
  }
  return list;
}

Json post_transform(Random& random) {
  const std::string name = random.pick({"identity", "sigmoid", "softmax", "exp", "hinge", "signed_square", "log1p_exp",
                                        "normalize", "isolation", "log_softmax"});
  Json transform = {{"name", name}};
  if (random.chance(0.3)) transform["scale"] = random.pick({0.5, 2.0, -1.0, 0.1});
  if (name == "isolation") transform.update({{"denominator", random.pick({1.0, 3.5, 40.0})}, {"offset", -0.5}});
  if (random.chance(0.3)) transform["dtype"] = random.pick({"float32", "float64"});
  return transform;
}

void add_base_score(Random& random, const Shape& shape, const Style& style, Json& model) {
  Json scores = Json::array();
  for (std::size_t column = 0; column < shape.n_outputs; ++column)
    scores.push_back(number(random, style.texture, column));
  model["base_score"] = scores;
  model["base_score_at"] = random.pick({"start", "end"});
}

}  // namespace

Json tree_ensemble(Random& random, const Shape& shape) {
  const Style style = pick_style(random, shape);
  Json model = {{"kind", "tree_ensemble"},
                {"compare", random.pick({"<=", "<"})},
                {"leaf", style.leaf},
                {"aggregate", random.pick({"sum", "mean"})},
                {"missing", style.missing}};
  if (random.chance(0.5)) model["feature_dtype"] = random.pick({"float32", "float64"});
  if (random.chance(0.5)) model["accumulate_dtype"] = random.pick({"float32", "float64"});
  if (random.chance(0.25)) add_base_score(random, shape, style, model);
  if (random.chance(0.15)) model["output_scale"] = random.pick({0.1, 2.0, -1.0, 0.25});
  if (random.chance(0.4)) model["post_transform"] = post_transform(random);
  model["trees"] = trees(random, shape, style);
  return model;
}

}  // namespace emlc::random
