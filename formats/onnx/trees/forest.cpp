#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/onnx/classes.hpp"
#include "formats/onnx/rows.hpp"
#include "formats/onnx/trees/forest_nodes.hpp"
#include "formats/reading.hpp"

// note [TreeEnsembleClassifier]
// The format leaves open what two classes mean; ONNX Runtime decides so: where all leaves give to class 0 alone, the
// sum s is that of the second class. With weights that are all 0 or more it is a probability, the class is the second
// one above 0.5, and the scores are (1 - s, s); else the class is the second one above 0, and the scores are (-s, s).
// LOGISTIC makes the sigmoid of s in both cases. From three classes on the class is the first with the largest sum,
// among those that a leaf gave to.

namespace emlc::formats::onnx {
namespace {

enum class Post : char { none, logistic, softmax };

Post post_transform(const Call& call) {
  const std::string text = call.text("post_transform", "NONE");
  if (text == "NONE") return Post::none;
  if (text == "LOGISTIC") return Post::logistic;
  if (text == "SOFTMAX") return Post::softmax;
  call.fail(fmt::format("has the post_transform '{}', expected NONE, LOGISTIC or SOFTMAX", printable(text)));
}

/// Thresholds are compared in the type of the input; inputs of other types become float first.
model::NumberType compared_type(const Rows& input) {
  return input.type == ElementType::float64 ? model::NumberType::float64 : model::NumberType::float32;
}

/// Sums of the trees of a node, and which outputs all of some tree's leaves give to.
struct Sums {
  Rows rows;
  std::vector<bool> is_always_given;
};

Sums sums_of(const Call& call, const TreeNodes& nodes, std::int32_t n_outputs) {
  const Rows input = as_features(call, 0);
  BuiltTrees built = build_members(call, nodes, n_outputs, input.width);
  const bool is_double = nodes.is_double || input.type == ElementType::float64;
  Forest forest{.members = std::move(built.members),
                .feature_type = compared_type(input),
                .sum_type = is_double ? model::NumberType::float64 : model::NumberType::float32,
                .base_score = std::vector<double>(static_cast<std::size_t>(n_outputs), 0.0)};
  Rows sums{.width = n_outputs,
            .type = is_double ? ElementType::float64 : ElementType::float32,
            .features = input.features,
            .forest = std::make_shared<const Forest>(std::move(forest))};
  sums.lineage = {call.new_tensor()};
  return {std::move(sums), std::move(built.is_always_given)};
}

/// Adds base values behind the sums. An output that a leaf may give nothing to would not get its own.
void add_base(const Call& call, Sums& sums) {
  const std::vector<double> base = call.numbers("base_values");
  if (base.empty()) return;
  Forest forest = *sums.rows.forest;
  if (base.size() != forest.base_score.size()) {
    call.fail(fmt::format("has {} base_values, expected {}", base.size(), forest.base_score.size()));
  }
  for (std::size_t output = 0; output < base.size(); ++output) {
    if (base[output] == 0.0 || sums.is_always_given[output]) continue;
    call.fail(fmt::format(
        "has a base value for output {}, which some leaves give nothing to: ONNX Runtime leaves it out there", output));
  }
  forest.base_score = base;
  sums.rows.forest = std::make_shared<const Forest>(std::move(forest));
}

std::string became_trees(const Rows& sums) {
  const std::size_t n = sums.forest->members.size();
  return fmt::format("{} {} with {} {}", n, n == 1 ? "tree" : "trees", sums.forest->base_score.size(),
                     sums.forest->base_score.size() == 1 ? "output" : "outputs");
}

void apply(const Call& call, Post post, Rows& sums) {
  if (post == Post::none) return;
  sums.steps.push_back({post == Post::logistic ? StepKind::sigmoid : StepKind::softmax});
  sums.lineage.push_back(call.new_tensor());
}

// One class id, so a single sum: note [TreeEnsembleClassifier].
Outcome two_classes(const Call& call, const TreeNodes& nodes, ClassNames names) {
  Sums made = sums_of(call, nodes, 1);
  add_base(call, made);
  Rows sums = std::move(made.rows);
  const bool is_probability =
      std::all_of(nodes.weights.begin(), nodes.weights.end(), [](double weight) { return weight >= 0.0; });
  double threshold = is_probability ? 0.5 : 0.0;
  const Post post = post_transform(call);
  std::string became = became_trees(sums);
  sums.form = is_probability ? Form::pair : Form::mirror;
  if (post == Post::logistic && !is_probability) {
    apply(call, post, sums);
    sums.form = Form::pair;
    threshold = 0.5;
  } else if (post == Post::logistic) {
    call.fail(
        "makes probabilities of LOGISTIC with leaves that are all 0 or more: ONNX Runtime then decides at a sum of "
        "0.5, and not where the probability is");
  }
  Rows scores = sums;
  scores.form = Form::plain;
  scores.width = 1;
  Choice choice = choice_of(std::move(scores), model::DecisionRule::greater, std::move(names));
  choice.threshold = threshold;
  sums.width = 2;
  return {{std::move(choice), std::move(sums)}, std::move(became)};
}

Outcome several_classes(const Call& call, const TreeNodes& nodes, ClassNames names) {
  const auto n_classes = static_cast<std::int32_t>(names.size());
  Sums made = sums_of(call, nodes, n_classes);
  add_base(call, made);
  Rows sums = std::move(made.rows);
  const std::vector<bool>& given = made.is_always_given;
  const bool is_always = std::all_of(given.begin(), given.end(), [](bool is) { return is; });
  const bool is_positive =
      std::all_of(nodes.weights.begin(), nodes.weights.end(), [](double weight) { return weight > 0.0; });
  Choice choice = choice_of(sums, model::DecisionRule::argmax, std::move(names));
  if (n_classes == 2) {
    choice.problem =
        "has leaves for both of its two classes: ONNX Runtime's label is then 1 where the second sum is above 0, "
        "whatever the classes are called; take the scores alone";
  } else if (!is_always && !is_positive) {
    choice.problem =
        "has leaves that give nothing to some class: such a class cannot be ONNX Runtime's label, even where all "
        "others are below 0";
  }
  std::string became = became_trees(sums);
  apply(call, post_transform(call), sums);
  return {{std::move(choice), std::move(sums)}, std::move(became)};
}

Outcome tree_classifier(const Call& call) {
  ClassNames names = class_names(call, "classlabels_int64s", "classlabels_strings");
  TreeNodes nodes = tree_nodes(call, LeafWords{"class_treeids", "class_nodeids", "class_ids", "class_weights"});
  const bool is_single =
      std::all_of(nodes.outputs.begin(), nodes.outputs.end(), [](std::int64_t id) { return id == 0; });
  if (names.size() == 2 && is_single) return two_classes(call, nodes, std::move(names));
  if (names.size() < 2) call.fail("has fewer than two class labels");
  return several_classes(call, nodes, std::move(names));
}

/// SUM, or the sum divided by the number of trees.
double divisor_of(const Call& call, const std::string& function, std::size_t n_trees) {
  if (function == "SUM") return 1.0;
  if (function == "AVERAGE") return static_cast<double>(n_trees);
  call.fail(fmt::format("has the aggregate_function '{}', expected SUM or AVERAGE", printable(function)));
}

Outcome regression(const Call& call, const TreeNodes& nodes, std::int64_t n_targets, const std::string& function,
                   Post post) {
  if (n_targets < 1 || n_targets > most_outputs)
    call.fail(fmt::format("has {} targets, expected 1 to {}", n_targets, most_outputs));
  Sums made = sums_of(call, nodes, static_cast<std::int32_t>(n_targets));
  add_base(call, made);
  Rows sums = std::move(made.rows);
  Forest forest = *sums.forest;
  forest.divisor = divisor_of(call, function, forest.members.size());
  sums.forest = std::make_shared<const Forest>(std::move(forest));
  std::string became = became_trees(sums);
  // ONNX Runtime leaves a single target as it is, whatever the node says.
  if (n_targets > 1) apply(call, post, sums);
  return {{std::move(sums)}, std::move(became)};
}

Outcome tree_regressor(const Call& call) {
  const TreeNodes nodes =
      tree_nodes(call, LeafWords{"target_treeids", "target_nodeids", "target_ids", "target_weights"});
  return regression(call, nodes, call.integer("n_targets", 1), call.text("aggregate_function", "SUM"),
                    post_transform(call));
}

/// By their numbers in TreeEnsemble.
constexpr std::array<std::string_view, 4> functions = {"AVERAGE", "SUM", "MIN", "MAX"};
constexpr std::array posts = {Post::none, Post::softmax, Post::logistic};

Outcome tree_ensemble(const Call& call) {
  const std::int64_t function = call.integer("aggregate_function", 1), post = call.integer("post_transform", 0);
  if (function < 0 || std::cmp_greater_equal(function, functions.size()))
    call.fail(fmt::format("has the aggregate_function {}, expected 0 or 1", function));
  if (post < 0 || std::cmp_greater_equal(post, posts.size()))
    call.fail(fmt::format("has the post_transform {}, expected 0 to 2", post));
  return regression(call, ensemble_nodes(call), call.integer("n_targets", 1),
                    std::string(functions[static_cast<std::size_t>(function)]), posts[static_cast<std::size_t>(post)]);
}

constexpr std::string_view node_attributes =
    "nodes_treeids nodes_nodeids nodes_featureids nodes_modes nodes_values nodes_values_as_tensor nodes_truenodeids "
    "nodes_falsenodeids nodes_hitrates nodes_hitrates_as_tensor nodes_missing_value_tracks_true base_values "
    "base_values_as_tensor post_transform class_treeids class_nodeids class_ids class_weights class_weights_as_tensor "
    "classlabels_int64s classlabels_strings target_treeids target_nodeids target_ids target_weights "
    "target_weights_as_tensor n_targets aggregate_function";

}  // namespace

std::span<const Operator> forest_operators() {
  static constexpr std::array rows = {
      Operator{"ai.onnx.ml", "TreeEnsembleClassifier", 1, 5, node_attributes, tree_classifier},
      Operator{"ai.onnx.ml", "TreeEnsembleRegressor", 1, 5, node_attributes, tree_regressor},
      Operator{"ai.onnx.ml", "TreeEnsemble", 5, 5,
               "nodes_featureids nodes_modes nodes_splits nodes_truenodeids nodes_trueleafs nodes_falsenodeids "
               "nodes_falseleafs nodes_missing_value_tracks_true nodes_hitrates tree_roots leaf_targetids leaf_weights "
               "membership_values n_targets aggregate_function post_transform",
               tree_ensemble},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
