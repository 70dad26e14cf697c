#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

#include "codegen/model/error.hpp"
#include "formats/text/json_shape.hpp"
#include "formats/trees/leaf_table.hpp"
#include "formats/trees/listed_tree.hpp"
#include "formats/trees/nested_trees.hpp"
#include "formats/xgboost/objective.hpp"
#include "formats/xgboost/xgboost.hpp"

namespace emlc::formats {
namespace xgboost {
namespace {

using json::Cursor;
using json::Value;

/// A node as the dump has it. `yes`, `no` and `missing` name the nodeid of a child.
struct DumpNode {
  Children children = {-1, -1};
  std::int32_t id = -1, yes = -1, no = -1, missing = -1;
  std::int32_t feature = -1;
  double threshold = std::numeric_limits<double>::quiet_NaN(), leaf = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::int32_t> categories{};
};

double float_of(const Value& value, const Cursor& at) {
  return model::round_to(model::NumberType::float32, json::number_of(value, at));
}

/// `f12` is column 12. A name of the user's own does not say which column it is.
void take_feature(DumpNode& node, const Value& value, const Cursor& at) {
  const std::string name = json::label_of(value, at);
  const char* const end = name.data() + name.size();
  const auto [behind, status] = name.starts_with('f')
                                    ? std::from_chars(name.data() + 1, end, node.feature)
                                    : std::from_chars_result{name.data(), std::errc::invalid_argument};
  if (status == std::errc() && behind == end && node.feature >= 0 && node.feature < most_features) return;
  at.fail(
      fmt::format("expected f0, f1, ..., found '{}': a dump does not say which column has that name, save_model does",
                  printable(name)));
}

/// A number, or an element of a list of categories.
void take_condition(DumpNode& node, const Value& value, const Cursor& at) {
  if (at.steps().back().is_list) {
    node.categories.push_back(json::integer_of(value, at, 0, 1 << 24));
  } else {
    node.threshold = float_of(value, at);
  }
}

void take_leaf(DumpNode& node, const Value& value, const Cursor& at) {
  if (at.steps().back().is_list) at.fail("leaves that are vectors are not supported in dumps, use save_model");
  node.leaf = float_of(value, at);
}

std::vector<NestedForm<DumpNode>::Field> node_fields() {
  return {
      {"nodeid",
       [](DumpNode& node, const Value& value, const Cursor& at) { node.id = json::integer_of(value, at, 0); }},
      {"split", take_feature},
      {"split_condition", take_condition},
      {"yes", [](DumpNode& node, const Value& value, const Cursor& at) { node.yes = json::integer_of(value, at, 0); }},
      {"no", [](DumpNode& node, const Value& value, const Cursor& at) { node.no = json::integer_of(value, at, 0); }},
      {"missing",
       [](DumpNode& node, const Value& value, const Cursor& at) { node.missing = json::integer_of(value, at, 0); }},
      {"leaf", take_leaf}};
}

/// A dump being read. What it says about outputs is only known when all trees are there.
struct Draft {
  std::vector<model::Tree> trees{};
  std::int32_t n_features = 0;
  LeafTable leaves{1};
};

/// The child that has the id.
std::int32_t child_called(const std::vector<DumpNode>& nodes, const DumpNode& parent, std::int32_t id,
                          const Cursor& at) {
  for (const std::int32_t child : parent.children) {
    if (child >= 0 && nodes[static_cast<std::size_t>(child)].id == id) return child;
  }
  at.fail(fmt::format("node {} has no child {}", parent.id, id));
}

ListedNode list_split(const std::vector<DumpNode>& nodes, const DumpNode& node, std::vector<CategorySides>& sides,
                      const Cursor& at) {
  if (std::isnan(node.threshold) && node.categories.empty()) {
    at.fail(fmt::format(
        "node {} has no split_condition; splits of the feature type 'i' leave it out, save_model does not", node.id));
  }
  ListedNode listed{.test = NodeTest::below, .feature = node.feature, .threshold = node.threshold};
  listed.left = child_called(nodes, node, node.yes, at);
  listed.right = child_called(nodes, node, node.no, at);
  if (listed.left == listed.right) at.fail(fmt::format("'yes' and 'no' of node {} are the same", node.id));
  const model::NodeId missing = child_called(nodes, node, node.missing, at) == listed.left ? to_left : to_right;
  listed.missing = missing;
  if (node.categories.empty()) return listed;
  // Listed categories say yes; all other numbers say no, also those that are no category.
  CategorySides categories{
      .listed = {}, .unlisted = to_right, .negative = to_right, .missing = missing, .begin_of_0 = 0.0};
  for (const std::int32_t category : node.categories) categories.listed.emplace_back(category, to_left);
  std::sort(categories.listed.begin(), categories.listed.end());
  listed.test = NodeTest::category;
  listed.entry = static_cast<std::int32_t>(sides.size());
  sides.push_back(std::move(categories));
  return listed;
}

void add_tree(Draft& draft, const std::vector<DumpNode>& nodes, const Cursor& at) {
  ListedTree listed{.nodes = std::vector<ListedNode>(nodes.size())};
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    const DumpNode& node = nodes[index];
    draft.n_features = std::max(draft.n_features, node.feature + 1);
    if (node.feature >= 0) {
      listed.nodes[index] = list_split(nodes, node, listed.categories, at);
    } else if (!std::isfinite(node.leaf)) {
      at.fail(fmt::format("node {} has neither a split nor a finite leaf", node.id));
    }
  }
  const auto row_of = [&](std::int32_t node) {
    return draft.leaves.add(std::span(&nodes[static_cast<std::size_t>(node)].leaf, 1));
  };
  const auto refuse_child = [&](std::int32_t, model::NodeId, std::string_view problem) { at.fail(problem); };
  draft.trees.push_back(build_tree(listed, 0, {row_of, refuse_child}).tree);
}

NestedForm<DumpNode> form_of(Draft& draft) {
  const auto child = [](const Cursor& at) {
    const auto& steps = at.steps();
    const bool is_child = steps.back().is_list && steps.size() > 1 && steps[steps.size() - 2].key == "children";
    if (is_child && steps.back().index > 1) at.fail("a node has more than two children");
    return is_child ? static_cast<int>(steps.back().index) : -1;
  };
  return {.fields = node_fields(),
          .is_root = [](const Cursor& at) { return at.steps().size() == 1 && at.steps().front().is_list; },
          .child = child,
          .take_tree = [&draft](std::vector<DumpNode>& nodes, const Cursor& at) { add_tree(draft, nodes, at); },
          .take_other = [](const Value& value, const Cursor& at) { at.refuse(value, "a tree"); }};
}

/// What --objective says: a name, for several classes with their number behind it, as multi:softprob:3.
struct Told {
  const Objective* objective;
  std::int32_t n_outputs;
};

Told read_objective(std::string_view text) {
  const Where where{.field = "--objective"};
  std::int32_t n_outputs = 1;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const char* const end = digits.data() + digits.size();
    const auto [behind, status] = std::from_chars(digits.data(), end, n_outputs);
    if (status == std::errc() && behind == end) {
      if (n_outputs < 1 || n_outputs > most_outputs) {
        throw Error(where, fmt::format("expected from 1 to {} outputs, found {}", most_outputs, n_outputs));
      }
      text = text.substr(0, colon);
    }
  }
  const Objective* objective = find_objective(text);
  if (objective == nullptr) throw Error(where, unknown_name("objective", text, objective_names()));
  if (objective->labels == Labels::largest && n_outputs == 1) {
    throw Error(where, fmt::format("{} needs the number of classes behind it: {}:3", text, text));
  }
  return {objective, n_outputs};
}

std::vector<double> margins_of(const Told& told, const std::vector<double>& base_score) {
  const Where where{.field = "--base-score"};
  std::vector<double> margins;
  for (const double score : base_score) {
    margins.push_back(margin_of(told.objective->link, score));
    if (std::isfinite(margins.back())) continue;
    throw Error(where, fmt::format("{} is out of range for the objective {}", score, told.objective->name));
  }
  if (margins.size() == 1) margins.resize(static_cast<std::size_t>(told.n_outputs), margins.front());
  if (std::cmp_equal(margins.size(), told.n_outputs)) return margins;
  throw Error(where, fmt::format("has {} numbers, the model has {} outputs", margins.size(), told.n_outputs));
}

void check_trees(const Draft& draft, std::int32_t n_outputs, std::string_view file) {
  const auto refuse = [&](std::string_view problem) { throw Error({.file = std::string(file)}, problem); };
  if (draft.trees.empty()) refuse("there is no tree");
  if (draft.n_features == 0) refuse("no tree has a split, so nothing says how many features there are");
  if (draft.trees.size() % static_cast<std::size_t>(n_outputs) == 0) return;
  refuse(fmt::format("has {} trees, which {} outputs do not divide", draft.trees.size(), n_outputs));
}

}  // namespace
}  // namespace xgboost

bool is_xgboost_dump(std::string_view content) {
  return json::first_mark(content) == '[' && content.find("\"nodeid\"") != std::string_view::npos;
}

Reading read_xgboost_dump(std::string_view content, std::string_view file, const Supplement& supplement) {
  using namespace xgboost;
  if (supplement.objective.empty() || supplement.base_score.empty()) {
    throw Error({.file = std::string(file), .field = supplement.objective.empty() ? "--objective" : "--base-score"},
                "is missing, a dump of XGBoost has trees alone; or save the model with save_model");
  }
  const Told told = read_objective(supplement.objective);
  std::vector<double> margins = margins_of(told, supplement.base_score);
  Draft draft;
  NestedTrees<DumpNode> trees(form_of(draft));
  json::walk(content, file, trees, {json::Syntax::lenient, deepest_nesting});
  check_trees(draft, told.n_outputs, file);
  for (std::size_t index = 0; index < draft.trees.size(); ++index) {
    draft.trees[index].first_output = static_cast<std::int32_t>(index % margins.size());
  }
  Reading reading;
  reading.model.input.n_features = draft.n_features;
  reading.model.output = output_of(*told.objective, told.n_outputs);
  reading.model.predictor = model::TreeEnsemble{.n_features = draft.n_features,
                                                .n_outputs = told.n_outputs,
                                                .leaf_width = 1,
                                                .leaf_values = draft.leaves.take_values(),
                                                .trees = std::move(draft.trees),
                                                .sum_type = model::NumberType::float32,
                                                .base_score = std::move(margins),
                                                .post_transform = transform_of(*told.objective)};
  reading.remarks.push_back(fmt::format(
      "{}: a dump does not say how many features there are, {} are taken, up to the last one that is asked for", file,
      draft.n_features));
  return reading;
}

}  // namespace emlc::formats
