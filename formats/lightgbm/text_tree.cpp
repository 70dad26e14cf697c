#include "formats/lightgbm/text_tree.hpp"

#include <fmt/format.h>

#include <limits>
#include <span>
#include <utility>

#include "formats/text/text.hpp"

namespace emlc::formats::lightgbm {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(TreeKey::count)> key_names = {
    "num_leaves",  "num_cat",    "split_feature",  "threshold",     "decision_type", "left_child",
    "right_child", "leaf_value", "cat_boundaries", "cat_threshold", "is_linear"};

/// The lists of a tree, by inner node; children below 0 are leaf -child - 1.
struct Lists {
  std::vector<std::int32_t> feature, decision, left, right;
  std::vector<double> threshold, leaf_value;
  std::vector<std::int32_t> boundaries;  ///< [number of lists of categories + 1] into bits
  std::vector<std::uint32_t> bits;       ///< category c of a list is bit c % 32 of its word c / 32
};

class TreeText {
 public:
  TreeText(const TreeLines& tree, const Lines& all) : tree_(tree), all_(all) {}

  [[nodiscard]] const KeyLine& line(TreeKey key) const { return tree_.lines[static_cast<std::size_t>(key)]; }
  [[nodiscard]] Where where(TreeKey key) const {
    if (line(key).number != 0) return all_.where(line(key));
    throw Error(all_.where(tree_.head),
                fmt::format("the key '{}' is missing", key_names[static_cast<std::size_t>(key)]));
  }
  [[noreturn]] void fail(TreeKey key, std::size_t entry, std::string_view problem) const {
    Where place = where(key);
    place.field += fmt::format("[{}]", entry);
    throw Error(place, problem);
  }
  /// A line that may be missing is 0.
  [[nodiscard]] std::int32_t number(TreeKey key, std::int32_t lowest) const {
    return static_cast<std::int32_t>(
        parse_integer(line(key).value, lowest, std::numeric_limits<std::int32_t>::max() / 2, where(key)));
  }
  [[nodiscard]] bool has(TreeKey key) const { return line(key).number != 0; }
  template <class List>
  List list(TreeKey key, std::size_t size, List (*read)(std::string_view, std::size_t, const Where&)) const {
    const Where place = where(key);
    return read(line(key).value, size, place);
  }

 private:
  const TreeLines& tree_;
  const Lines& all_;
};

Lists read_lists(const TreeText& text) {
  const auto n_leaves = static_cast<std::size_t>(text.number(TreeKey::num_leaves, 1));
  Lists lists;
  lists.leaf_value = text.list(TreeKey::leaf_value, n_leaves, numbers_of);
  if (n_leaves == 1) return lists;  // what a lone leaf says of splits does not count
  const std::size_t n = n_leaves - 1;
  lists.feature = text.list(TreeKey::split_feature, n, integers_of);
  lists.threshold = text.list(TreeKey::threshold, n, thresholds_of);
  lists.decision = text.list(TreeKey::decision_type, n, integers_of);
  lists.left = text.list(TreeKey::left_child, n, integers_of);
  lists.right = text.list(TreeKey::right_child, n, integers_of);
  const std::int32_t n_lists = text.has(TreeKey::num_cat) ? text.number(TreeKey::num_cat, 0) : 0;
  if (n_lists == 0) return lists;
  lists.boundaries = text.list(TreeKey::cat_boundaries, static_cast<std::size_t>(n_lists) + 1, integers_of);
  for (std::size_t index = 0; index < lists.boundaries.size(); ++index) {
    if (lists.boundaries[index] >= (index == 0 ? 0 : lists.boundaries[index - 1])) continue;
    text.fail(TreeKey::cat_boundaries, index, fmt::format("{} is below what is before it", lists.boundaries[index]));
  }
  lists.bits = text.list(TreeKey::cat_threshold, static_cast<std::size_t>(lists.boundaries.back()), words_of);
  return lists;
}

/// The categories of a node: its threshold is the place of its list.
CategorySides sides_of(const TreeText& text, const Lists& lists, std::size_t node) {
  const double list = lists.threshold[node];
  const auto n_lists = static_cast<double>(lists.boundaries.empty() ? 0 : lists.boundaries.size() - 1);
  if (list < 0.0 || list >= n_lists || list != static_cast<double>(static_cast<std::size_t>(list))) {
    text.fail(TreeKey::threshold, node,
              fmt::format("list of categories {} is not there, the tree has {}", list, n_lists));
  }
  const auto begin = static_cast<std::size_t>(lists.boundaries[static_cast<std::size_t>(list)]);
  const auto end = static_cast<std::size_t>(lists.boundaries[static_cast<std::size_t>(list) + 1]);
  constexpr std::size_t bits_of_word = 32, most_words = (1U << 31U) / bits_of_word;
  if (end - begin > most_words) {
    text.fail(TreeKey::cat_boundaries, static_cast<std::size_t>(list), "has categories beyond 2147483647");
  }
  std::vector<std::int32_t> categories;
  for (std::size_t bit = 0; bit < (end - begin) * bits_of_word; ++bit) {
    const bool is_set = (lists.bits[begin + bit / bits_of_word] >> bit % bits_of_word & 1U) != 0;
    if (is_set) categories.push_back(static_cast<std::int32_t>(bit));
  }
  return category_sides(categories);
}

ListedNode list_node(const TreeText& text, const Lists& lists, std::size_t node, std::vector<CategorySides>& sides,
                     std::int32_t n_features) {
  constexpr std::int32_t is_categorical = 1, default_left = 2, missing_shift = 2, missing_mask = 3, highest = 11;
  const std::int32_t feature = lists.feature[node], decision = lists.decision[node];
  if (feature < 0 || feature >= n_features) {
    text.fail(TreeKey::split_feature, node,
              fmt::format("feature {} is out of range, the model has {}", feature, n_features));
  }
  if (decision < 0 || decision > highest) {
    text.fail(TreeKey::decision_type, node, fmt::format("expected an integer from 0 to 11, found {}", decision));
  }
  ListedNode listed;
  if ((decision & is_categorical) != 0) {
    listed = {.test = NodeTest::category, .feature = feature, .entry = static_cast<std::int32_t>(sides.size())};
    sides.push_back(sides_of(text, lists, node));
  } else {
    const auto missing = static_cast<MissingType>(decision >> missing_shift & missing_mask);
    listed =
        numeric_split(feature, lists.threshold[node], missing, (decision & default_left) != 0 ? to_left : to_right);
  }
  // Leaves come behind the inner nodes.
  const auto n_inner = static_cast<std::int64_t>(lists.feature.size());
  const auto place = [&](std::int32_t child) {
    return child >= 0 ? (child < n_inner ? child : -1) : static_cast<std::int32_t>(n_inner - (std::int64_t{child} + 1));
  };
  listed.left = place(lists.left[node]);
  listed.right = place(lists.right[node]);
  return listed;
}

}  // namespace

void TreeLines::take(const KeyLine& line, const Lines& all) {
  for (std::size_t key = 0; key < key_names.size(); ++key) {
    if (key_names[key] != line.key) continue;
    if (lines[key].number != 0) throw Error(all.where(line), "the key is there twice in the tree");
    lines[key] = line;
    return;
  }
}

model::Tree read_tree(const TreeLines& tree, const Lines& all, std::int32_t n_features, std::int32_t output,
                      LeafTable& leaves) {
  const TreeText text(tree, all);
  if (text.has(TreeKey::is_linear) && text.number(TreeKey::is_linear, 0) != 0) {
    throw Error(text.where(TreeKey::is_linear),
                "linear trees are not supported: each leaf has a formula; train with linear_tree=false");
  }
  const Lists lists = read_lists(text);
  const std::size_t n_inner = lists.feature.size();
  ListedTree listed{.nodes = std::vector<ListedNode>(n_inner + lists.leaf_value.size())};
  for (std::size_t node = 0; node < n_inner; ++node) {
    listed.nodes[node] = list_node(text, lists, node, listed.categories, n_features);
  }
  const auto row_of = [&](std::int32_t node) {
    return leaves.add(std::span(&lists.leaf_value[static_cast<std::size_t>(node) - n_inner], 1));
  };
  const auto refuse_child = [&](std::int32_t node, model::NodeId side, std::string_view /*problem*/) {
    const auto at = static_cast<std::size_t>(node);
    const std::int32_t child = side == to_left ? lists.left[at] : lists.right[at];
    text.fail(side == to_left ? TreeKey::left_child : TreeKey::right_child, at,
              fmt::format("child {} is out of range or has a parent already, the tree has {} splits and {} leaves",
                          child, n_inner, lists.leaf_value.size()));
  };
  BuiltTree built = build_tree(listed, output, {row_of, refuse_child});
  if (built.unreached) throw Error(all.where(tree.head), "not all nodes are reached from the root");
  return std::move(built.tree);
}

}  // namespace emlc::formats::lightgbm
