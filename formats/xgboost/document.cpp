#include "formats/xgboost/document.hpp"

#include <cmath>

#include "formats/reading.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats::xgboost {
namespace {

using json::Fields;
using json::Presence;
using json::Shape;

/// Newer versions add keys, so none is refused; what is needed has to be there.
Fields fields(std::vector<json::Field> known) {
  return {.fields = std::move(known), .other_keys = json::OtherKeys::skipped};
}

/// Parameters are integers that are written as texts.
Shape parameter(std::int32_t& into, std::int32_t lowest, std::int32_t highest) {
  return {.take = [&into, lowest, highest](const json::Value& value, const json::Cursor& at) {
    const std::string text = json::label_of(value, at);
    into = static_cast<std::int32_t>(parse_integer(text, lowest, highest, at.where()));
  }};
}

/// 0 and 1, or true and false.
Shape flags(std::vector<char>& into) {
  return {.take = json::refuse_scalar("a list of 0 and 1"), .list = [&into] {
            return Shape{.take = [&into](const json::Value& value, const json::Cursor& at) {
              const bool is_flag = value.type == json::Type::boolean || value.type == json::Type::number;
              if (!is_flag || (value.number != 0.0 && value.number != 1.0)) at.refuse(value, "0, 1, true or false");
              into.push_back(static_cast<char>(value.number));
            }};
          }};
}

/// As float32 has them, which is what the library computes with.
Shape floats(std::vector<double>& into) { return json::numbers(into, json::Numbers::any); }

Fields tree_fields(Tree& into) {
  return fields({{"left_children", Presence::required, json::integers(into.left, -1)},
                 {"right_children", Presence::required, json::integers(into.right, -1)},
                 {"split_indices", Presence::required, json::integers(into.feature, 0)},
                 {"split_conditions", Presence::required, floats(into.condition)},
                 {"default_left", Presence::required, flags(into.default_left)},
                 {"split_type", Presence::optional, json::integers(into.split_type, 0)},
                 {"categories", Presence::optional, json::integers(into.categories, 0)},
                 {"categories_nodes", Presence::optional, json::integers(into.categories_nodes, 0)},
                 {"categories_segments", Presence::optional, json::integers(into.categories_segments, 0)},
                 {"categories_sizes", Presence::optional, json::integers(into.categories_sizes, 0)},
                 {"base_weights", Presence::optional, floats(into.base_weights)},
                 {"leaf_weights", Presence::optional, floats(into.leaf_weights)},
                 {"tree_param", Presence::optional, json::anything()}});
}

/// The size of vector leaves is only in the parameters of the trees, in 3.x; before, also in those of all trees.
Fields tree_fields_of(Booster& into) {
  Fields tree = tree_fields(into.trees.emplace_back());
  const auto size = [&into] {
    return fields({{"size_leaf_vector", Presence::optional, parameter(into.leaf_vector, 0, most_outputs)}});
  };
  tree.fields.back().shape = {.take = json::refuse_scalar("an object"), .object = size};
  return tree;
}

Fields parameter_fields(Booster& into) {
  return fields({{"num_parallel_tree", Presence::optional, parameter(into.n_parallel_trees, 1, 1 << 20)}});
}

Fields model_fields(Booster& into) {
  const Shape trees = {.take = json::refuse_scalar("a list of objects"), .list = [&into] {
                         return Shape{.take = json::refuse_scalar("an object"),
                                      .object = [&into] { return tree_fields_of(into); }};
                       }};
  return fields({{"gbtree_model_param", Presence::optional, json::object(into, parameter_fields)},
                 {"trees", Presence::optional, trees},
                 {"tree_info", Presence::optional, json::integers(into.tree_outputs, 0)},
                 {"iteration_indptr", Presence::optional, json::integers(into.round_starts, 0)},
                 {"weights", Presence::optional, floats(into.linear_weights)}});
}

/// The trees of dart are one object further down.
Fields dart_fields(Booster& into) { return fields({{"model", Presence::required, json::object(into, model_fields)}}); }

Fields booster_fields(Booster& into) {
  return fields({{"name", Presence::required, json::text(into.name)},
                 {"model", Presence::optional, json::object(into, model_fields)},
                 {"gbtree", Presence::optional, json::object(into, dart_fields)},
                 {"weight_drop", Presence::optional, floats(into.tree_weights)}});
}

Fields learner_parameter_fields(Document& into) {
  return fields({{"base_score", Presence::required, json::label(into.base_score)},
                 {"num_class", Presence::optional, parameter(into.n_classes, 0, most_outputs)},
                 {"num_target", Presence::optional, parameter(into.n_targets, 0, most_outputs)},
                 {"num_feature", Presence::required, parameter(into.n_features, 1, most_features)}});
}

Fields objective_fields(Document& into) { return fields({{"name", Presence::required, json::text(into.objective)}}); }

Fields attribute_fields(Document& into) {
  return fields({{"best_iteration", Presence::optional, json::label(into.best_iteration)},
                 {"scikit_learn", Presence::optional, json::label(into.scikit_learn)}});
}

Fields learner_fields(Document& into) {
  return fields({{"attributes", Presence::optional, json::object(into, attribute_fields)},
                 {"feature_names", Presence::optional, json::texts(into.feature_names)},
                 {"gradient_booster", Presence::required, json::object(into.booster, booster_fields)},
                 {"learner_model_param", Presence::required, json::object(into, learner_parameter_fields)},
                 {"objective", Presence::required, json::object(into, objective_fields)}});
}

Fields document_fields(Document& into) {
  return fields({{"version", Presence::optional, json::integers(into.version, 0)},
                 {"learner", Presence::required, json::object(into, learner_fields)}});
}

}  // namespace

json::Shape document_shape(Document& into) { return json::object(into, document_fields); }

}  // namespace emlc::formats::xgboost
