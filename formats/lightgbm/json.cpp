#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "codegen/model/number_type.hpp"
#include "formats/lightgbm/lightgbm.hpp"
#include "formats/lightgbm/parts.hpp"
#include "formats/text/json_shape.hpp"
#include "formats/text/text.hpp"
#include "formats/trees/leaf_table.hpp"
#include "formats/trees/nested_trees.hpp"

namespace emlc::formats {
namespace lightgbm {
namespace {

using json::Cursor;
using json::Value;

using model::infinity;

/// A node as the document has it. A split has a feature; everything else is a leaf.
struct Node {
  Children children = {-1, -1};
  std::int32_t feature = -1;
  double threshold = 0.0;
  std::vector<std::int32_t> categories{};
  bool is_categorical = false, default_left = false, has_value = false;
  json::Type threshold_type = json::Type::null;  ///< number or text, once it is there
  MissingType missing = MissingType::none;
  double value = 0.0;
};

/// A number, or categories: `0||3||7`.
void take_threshold(Node& node, const Value& value, const Cursor& at) {
  node.threshold_type = value.type;
  if (value.type == json::Type::number) {
    // Where the library cuts what is infinite: a split between a number and none.
    constexpr double cut = 1e300;
    const double threshold = json::number_of(value, at);
    node.threshold = std::abs(threshold) < cut ? threshold : std::copysign(infinity, threshold);
    return;
  }
  if (value.type != json::Type::text) at.refuse(value, "a number or categories");
  for (std::string_view rest = value.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find("||"), rest.size());
    node.categories.push_back(static_cast<std::int32_t>(
        parse_integer(rest.substr(0, end), 0, std::numeric_limits<std::int32_t>::max() - 1, at.where())));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
}

void refuse_linear(Node& /*node*/, const Value& /*value*/, const Cursor& at) {
  at.fail("linear trees are not supported: each leaf has a formula; train with linear_tree=false");
}

bool boolean_of(const Value& value, const Cursor& at) {
  if (value.type != json::Type::boolean) at.refuse(value, "true or false");
  return value.number != 0.0;
}

std::vector<NestedForm<Node>::Field> node_fields() {
  return {{"split_feature",
           [](Node& node, const Value& value, const Cursor& at) { node.feature = json::integer_of(value, at, 0); }},
          {"threshold", take_threshold},
          {"decision_type",
           [](Node& node, const Value& value, const Cursor& at) {
             node.is_categorical = json::choice_of(value, at, {"<=", "=="}) == 1;
           }},
          {"default_left",
           [](Node& node, const Value& value, const Cursor& at) { node.default_left = boolean_of(value, at); }},
          {"missing_type",
           [](Node& node, const Value& value, const Cursor& at) {
             node.missing = static_cast<MissingType>(json::choice_of(value, at, {"None", "Zero", "NaN"}));
           }},
          {"leaf_value",
           [](Node& node, const Value& value, const Cursor& at) {
             node.value = json::number_of(value, at);
             node.has_value = true;
           }},
          {"leaf_const", refuse_linear}};
}

struct HeaderKey {
  std::string_view key;
  void (*take)(Header& header, const Value& value, const Cursor& at);
};
constexpr std::array header_keys = {
    HeaderKey{"version",
              [](Header& header, const Value& value, const Cursor& at) { header.version = json::label_of(value, at); }},
    HeaderKey{"num_class", [](Header& header, const Value& value,
                              const Cursor& at) { header.n_classes = json::integer_of(value, at, 1, most_outputs); }},
    HeaderKey{"num_tree_per_iteration",
              [](Header& header, const Value& value, const Cursor& at) {
                header.trees_per_round = json::integer_of(value, at, 1, most_outputs);
              }},
    HeaderKey{"max_feature_idx",
              [](Header& header, const Value& value, const Cursor& at) {
                header.n_features = json::integer_of(value, at, 0, most_features - 1) + 1;
              }},
    HeaderKey{"objective", [](Header& header, const Value& value,
                              const Cursor& at) { header.objective = json::label_of(value, at); }},
    HeaderKey{"average_output",
              [](Header& header, const Value& value, const Cursor& at) { header.is_average = boolean_of(value, at); }},
    HeaderKey{"feature_names", [](Header& header, const Value& value,
                                  const Cursor& at) { header.feature_names.push_back(json::label_of(value, at)); }},
};

/// A value that is the header's own, or an element of one of its lists.
void take_header(Header& header, const Value& value, const Cursor& at) {
  const auto& steps = at.steps();
  if (steps.empty() || steps.size() > 2 || (steps.size() == 2 && !steps[1].is_list)) return;
  for (const HeaderKey& row : header_keys) {
    if (row.key == steps.front().key) return row.take(header, value, at);
  }
}

/// A document being read. Trees can come before what the header says of them, so their outputs are set at the end.
struct Draft {
  const json::Source& source;
  Header header{};
  std::vector<model::Tree> trees{};
  std::int32_t highest_feature = -1;
  std::size_t tree_of_highest = 0;
  LeafTable leaves{1};
};

ListedNode list_node(const Node& node, std::vector<CategorySides>& sides) {
  ListedNode listed;
  if (node.is_categorical) {
    listed = {.test = NodeTest::category, .feature = node.feature, .entry = static_cast<std::int32_t>(sides.size())};
    sides.push_back(category_sides(node.categories));
  } else {
    listed = numeric_split(node.feature, node.threshold, node.missing, node.default_left ? to_left : to_right);
  }
  listed.left = node.children[0];
  listed.right = node.children[1];
  return listed;
}

void add_tree(Draft& draft, const std::vector<Node>& nodes, const Cursor& at) {
  ListedTree listed{.nodes = std::vector<ListedNode>(nodes.size())};
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    const Node& node = nodes[index];
    if (node.feature < 0) {
      if (!node.has_value) at.fail("a node has neither a split_feature nor a leaf_value");
      continue;
    }
    if (node.threshold_type != (node.is_categorical ? json::Type::text : json::Type::number)) {
      at.fail(node.is_categorical ? "a split by categories has none" : "a split has no threshold");
    }
    if (node.children[0] < 0 || node.children[1] < 0) at.fail("a split has not two children");
    if (node.feature > draft.highest_feature) {
      draft.highest_feature = node.feature;
      draft.tree_of_highest = draft.trees.size();
    }
    listed.nodes[index] = list_node(node, listed.categories);
  }
  const auto row_of = [&](std::int32_t node) {
    return draft.leaves.add(std::span(&nodes[static_cast<std::size_t>(node)].value, 1));
  };
  const auto refuse_child = [&](std::int32_t, model::NodeId, std::string_view problem) { at.fail(problem); };
  draft.trees.push_back(build_tree(listed, 0, {row_of, refuse_child}).tree);
}

NestedForm<Node> form_of(Draft& draft) {
  const auto child = [](const Cursor& at) {
    const std::string& key = at.steps().back().key;
    return key == "left_child" ? 0 : (key == "right_child" ? 1 : -1);
  };
  return {.fields = node_fields(),
          .is_root =
              [](const Cursor& at) {
                return at.steps().size() == 3 && at.steps()[0].key == "tree_info" &&
                       at.steps()[2].key == "tree_structure";
              },
          .child = child,
          .take_tree = [&draft](std::vector<Node>& nodes, const Cursor& at) { add_tree(draft, nodes, at); },
          .take_other = [&draft](const Value& value, const Cursor& at) { take_header(draft.header, value, at); }};
}

Reading read(const json::Source& source) {
  Draft draft{.source = source};
  NestedTrees<Node> trees(form_of(draft));
  json::walk(source.content, source.file, trees, source.dialect);
  const RefuseKey refuse = [&](std::string_view key, std::string_view problem) {
    source.fail(std::string(key), problem);
  };
  if (draft.highest_feature >= draft.header.n_features) {
    source.fail(
        fmt::format("tree_info[{}]", draft.tree_of_highest),
        fmt::format("feature {} is out of range, the model has {}", draft.highest_feature, draft.header.n_features));
  }
  for (std::size_t index = 0; index < draft.trees.size(); ++index) {
    draft.trees[index].first_output =
        static_cast<std::int32_t>(index % static_cast<std::size_t>(draft.header.trees_per_round));
  }
  return {.model = make_model(draft.header, std::move(draft.trees), draft.leaves.take_values(), refuse)};
}

}  // namespace
}  // namespace lightgbm

bool is_lightgbm_json(std::string_view content) {
  return json::first_mark(content) == '{' && content.find("\"tree_info\"") != std::string_view::npos &&
         content.find("\"max_feature_idx\"") != std::string_view::npos;
}

Reading read_lightgbm_json(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  return lightgbm::read({content, file, {json::Syntax::lenient, deepest_nesting}});
}

}  // namespace emlc::formats
