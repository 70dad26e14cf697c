#include "formats/emlc_json/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "formats/emlc_json/region_splits.hpp"

namespace emlc::formats::emlc_json {
namespace {

using model::NodeId;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// LightGBM takes |x| up to the float32 nearest to 1e-35 for zero.
constexpr double largest_zero = static_cast<double>(1e-35F);

/// T of `x < T`, which says the same as the document's comparison with t.
double threshold_of(const TreeContext& c, std::size_t at) {
  const double t = c.tree.threshold[at];
  return c.ensemble.compare == Compare::less_equal ? std::nextafter(t, infinity) : t;
}

NodeId default_side(const TreeContext& c, std::size_t at) { return c.tree.default_left[at] != 0 ? to_left : to_right; }

/// Adds splits as one block: an index into them becomes a node id.
void append_block(model::Tree& tree, const std::vector<model::Split>& splits) {
  const auto first = static_cast<NodeId>(tree.nodes.size());
  for (model::Split split : splits) {
    for (NodeId* child : {&split.left, &split.right, &split.default_child}) {
      if (*child >= 0) *child += first;
    }
    tree.nodes.emplace_back(split);
  }
}

/// Where the categories of a node go: a number counts as the category it truncates to.
struct CategorySides {
  std::vector<std::pair<std::int32_t, NodeId>> listed;  ///< in ascending order
  NodeId unlisted = to_right;
  NodeId missing = to_right;  ///< NaN and what truncates to a negative number

  [[nodiscard]] NodeId side_at(double x) const {
    const double category = std::trunc(x);
    if (category < 0.0) return missing;
    const auto found = std::lower_bound(listed.begin(), listed.end(), category,
                                        [](const auto& entry, double value) { return entry.first < value; });
    return found != listed.end() && found->first == category ? found->second : unlisted;
  }
};

const NodeCategories* find_list(const std::vector<NodeCategories>& lists, std::int32_t node) {
  const auto found = std::lower_bound(lists.begin(), lists.end(), node,
                                      [](const NodeCategories& list, std::int32_t id) { return list.node < id; });
  return found != lists.end() && found->node == node ? &*found : nullptr;
}

/// Nothing for a node that compares numbers. With one list the categories that are not in it go to the other side;
/// with two they are unknown, and count as missing.
std::optional<CategorySides> category_sides(const TreeContext& c, std::int32_t node) {
  const NodeCategories* left = find_list(c.tree.categories_left, node);
  const NodeCategories* right = find_list(c.tree.categories_right, node);
  if (left == nullptr && right == nullptr) return std::nullopt;
  CategorySides sides;
  for (const auto& [list, side] : {std::pair{left, to_left}, std::pair{right, to_right}}) {
    if (list == nullptr) continue;
    for (const std::int32_t category : list->categories) sides.listed.emplace_back(category, side);
  }
  std::sort(sides.listed.begin(), sides.listed.end());
  for (std::size_t index = 1; index < sides.listed.size(); ++index) {
    const auto& [category, side] = sides.listed[index];
    if (sides.listed[index - 1].first != category || sides.listed[index - 1].second == side) continue;
    c.fail(fmt::format("categories_right.{}", node), fmt::format("category {} goes left too", category));
  }
  sides.unlisted = right == nullptr ? to_right : to_left;
  sides.missing = left != nullptr && right != nullptr ? to_right : sides.unlisted;
  if (!c.tree.default_left.empty()) sides.missing = default_side(c, static_cast<std::size_t>(node));
  if (left != nullptr && right != nullptr) sides.unlisted = sides.missing;
  return sides;
}

void append_category_node(const TreeContext& c, std::int32_t node, const CategorySides& sides, model::Tree& tree) {
  // A listed category ends where the next one begins; above -1 starts category 0.
  std::vector<double> cuts = {std::nextafter(-1.0, infinity)};
  for (const auto& [category, side] : sides.listed) {
    if (category > 0) cuts.push_back(category);
    cuts.push_back(category + 1.0);
  }
  append_block(tree, split_regions(
                         c.tree.feature[static_cast<std::size_t>(node)], std::move(cuts),
                         [&](double x) { return sides.side_at(x); }, sides.missing));
}

/// NaN and zero go the default way, every other number is compared.
void append_zero_node(const TreeContext& c, std::size_t at, model::Tree& tree) {
  const double threshold = threshold_of(c, at);
  const NodeId missing = default_side(c, at);
  const auto side_at = [&](double x) {
    if (std::abs(x) <= largest_zero) return missing;
    return x < threshold ? to_left : to_right;
  };
  const double above_zero = std::nextafter(largest_zero, infinity);
  append_block(tree, split_regions(c.tree.feature[at], {-largest_zero, above_zero, threshold}, side_at, missing));
}

NodeId missing_side(const TreeContext& c, std::size_t at) {
  switch (c.ensemble.missing) {
    case Missing::none:
      return to_right;  // NaN <= t is false
    case Missing::nan:
      return default_side(c, at);
    case Missing::per_node:
      if (c.tree.missing_type[at] == MissingType::nan) return default_side(c, at);
      return 0.0 < threshold_of(c, at) ? to_left : to_right;  // NaN counts as 0
  }
  return to_right;
}

}  // namespace

void TreeContext::fail(std::string_view key, std::string_view problem) const {
  source.fail(key.empty() ? path : fmt::format("{}.{}", path, key), problem);
}

void TreeContext::fail(std::string_view key, std::int32_t node, std::string_view problem) const {
  source.fail(fmt::format("{}.{}[{}]", path, key, node), problem);
}

void append_node(const TreeContext& c, std::int32_t node, model::Tree& tree) {
  const auto at = static_cast<std::size_t>(node);
  const std::int32_t feature = c.tree.feature[at];
  if (feature < 0 || feature >= c.n_features) {
    c.fail("feature", node, fmt::format("feature {} is out of range, the model has {}", feature, c.n_features));
  }
  if (c.tree.value[at].type != json::Type::null) c.fail("value", node, "must be null, the node has children");
  if (const std::optional<CategorySides> sides = category_sides(c, node)) {
    return append_category_node(c, node, *sides, tree);
  }
  if (c.ensemble.missing == Missing::per_node && c.tree.missing_type[at] == MissingType::zero) {
    return append_zero_node(c, at, tree);
  }
  tree.nodes.emplace_back(model::Split{feature, threshold_of(c, at), to_left, to_right, missing_side(c, at)});
}

}  // namespace emlc::formats::emlc_json
