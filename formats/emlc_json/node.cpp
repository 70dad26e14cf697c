#include "formats/emlc_json/node.hpp"
#include "codegen/model/number_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace emlc::formats::emlc_json {
namespace {

using model::NodeId;

using model::infinity;

/// T of `x < T`, which says the same as the document's comparison with t.
double threshold_of(const TreeContext& c, std::size_t at) {
  const double t = c.tree.threshold[at];
  return c.ensemble.compare == Compare::less_equal ? std::nextafter(t, infinity) : t;
}

NodeId default_side(const TreeContext& c, std::size_t at) { return c.tree.default_left[at] != 0 ? to_left : to_right; }

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
  sides.negative = sides.missing;
  return sides;
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

void check_node(const TreeContext& c, std::int32_t node) {
  const auto at = static_cast<std::size_t>(node);
  if (c.is_leaf(node)) return;
  const std::int32_t feature = c.tree.feature[at];
  if (feature < 0 || feature >= c.n_features) {
    c.fail("feature", node, fmt::format("feature {} is out of range, the model has {}", feature, c.n_features));
  }
  if (c.tree.value[at].type != json::Type::null) c.fail("value", node, "must be null, the node has children");
}

void list_node(const TreeContext& c, std::int32_t node, ListedTree& into) {
  const auto at = static_cast<std::size_t>(node);
  ListedNode& listed = into.nodes[at];
  if (c.is_leaf(node)) return;
  listed = {.test = NodeTest::below, .feature = c.tree.feature[at], .left = c.tree.left[at], .right = c.tree.right[at]};
  if (std::optional<CategorySides> sides = category_sides(c, node)) {
    listed.test = NodeTest::category;
    listed.entry = static_cast<std::int32_t>(into.categories.size());
    into.categories.push_back(*std::move(sides));
    return;
  }
  listed.threshold = threshold_of(c, at);
  listed.missing = missing_side(c, at);
  if (c.ensemble.missing != Missing::per_node || c.tree.missing_type[at] != MissingType::zero) return;
  listed.test = NodeTest::zero_is_missing;
  listed.missing = default_side(c, at);
}

}  // namespace emlc::formats::emlc_json
