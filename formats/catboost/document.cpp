#include "formats/catboost/document.hpp"

#include "formats/reading.hpp"

namespace emlc::formats::catboost {
namespace {

using json::Cursor;
using json::Fields;
using json::Presence;
using json::Shape;
using json::Value;

constexpr std::int32_t highest_index = INT32_MAX - 1;

/// What else is there is about training, or repeats what is read.
Fields fields(std::vector<json::Field> known, std::vector<std::string_view>* found = nullptr) {
  return {.fields = std::move(known), .other_keys = json::OtherKeys::skipped, .found = found};
}

Shape flag(bool& into) {
  return {.take = [&into](const Value& value, const Cursor& at) {
    if (value.type != json::Type::boolean) at.refuse(value, "true or false");
    into = value.number != 0.0;
  }};
}

/// A number, or a list of them.
Shape numbers(std::vector<double>& into) {
  Shape shape = json::numbers(into);
  shape.take = [&into](const Value& value, const Cursor& at) { into.push_back(json::number_of(value, at)); };
  return shape;
}

Fields feature_fields(FloatFeature& into) {
  return fields({{"feature_index", Presence::required, json::integer(into.index, 0, highest_index)},
                 {"flat_feature_index", Presence::required, json::integer(into.column, 0, most_features - 1)},
                 {"feature_id", Presence::optional, json::text(into.id)},
                 {"has_nans", Presence::optional, flag(into.has_nans)},
                 {"nan_value_treatment", Presence::optional, json::text(into.missing)}});
}

/// Remembers that a list has an element.
Shape unsupported(std::vector<std::string>& into, std::string_view kind) {
  const auto element = [&into, kind] {
    into.emplace_back(kind);
    return Fields{.any_key = [](std::string_view, const Cursor&) { return json::anything(); }};
  };
  return {.take = json::refuse_scalar("a list of objects"),
          .list = [element] { return Shape{.take = json::refuse_scalar("an object"), .object = element}; }};
}

Fields features_fields(Document& into) {
  const auto other = [&into](std::string_view key, std::string_view kind) {
    return json::Field{key, Presence::optional, unsupported(into.unsupported_features, kind)};
  };
  return fields({{"float_features", Presence::optional, json::objects(into.features, feature_fields)},
                 other("categorical_features", "categorical"),
                 other("text_features", "text"),
                 other("embedding_features", "embedding"),
                 other("ctrs", "categorical")});
}

Fields split_fields(Split& into) {
  return fields({{"split_type", Presence::required, json::text(into.type)},
                 {"float_feature_index", Presence::optional, json::integer(into.feature, 0, highest_index)},
                 {"border", Presence::optional, json::number(into.border)}});
}

/// A tree of depth 0 has null in place of its splits.
Shape splits(std::vector<Split>& into) {
  Shape shape = json::objects(into, split_fields);
  shape.take = [](const Value& value, const Cursor& at) {
    if (value.type != json::Type::null) at.refuse(value, "a list of objects");
  };
  return shape;
}

Fields oblivious_fields(ObliviousTree& into) {
  return fields({{"splits", Presence::optional, splits(into.splits)},
                 {"leaf_values", Presence::required, json::numbers(into.leaf_values)}});
}

Fields node_fields(Tree& tree);

/// Adds the child when its object begins.
Shape child(Tree& tree, std::int32_t& into) {
  return {.take = json::refuse_scalar("an object"), .object = [&tree, &into] {
            into = static_cast<std::int32_t>(tree.nodes.size());
            return node_fields(tree);
          }};
}

Fields node_fields(Tree& tree) {
  Node& node = tree.nodes.emplace_back();
  return fields({{"split", Presence::optional, json::object(node.split, split_fields)},
                 {"left", Presence::optional, child(tree, node.left)},
                 {"right", Presence::optional, child(tree, node.right)},
                 {"value", Presence::optional, numbers(node.value)}},
                &node.keys);
}

Shape trees(std::deque<Tree>& into) {
  return {.take = json::refuse_scalar("a list of objects"), .list = [&into] {
            return Shape{.take = json::refuse_scalar("an object"),
                         .object = [&into] { return node_fields(into.emplace_back()); }};
          }};
}

/// [scale, [bias, ...]], in old files [scale, bias].
Shape scale_and_bias(std::vector<double>& into) {
  return {.take = json::refuse_scalar("a list of the scale and the biases"), .list = [&into] { return numbers(into); }};
}

Fields loss_fields(Document& into) { return fields({{"type", Presence::optional, json::text(into.loss)}}); }

Fields parameter_fields(Document& into) {
  return fields({{"loss_function", Presence::optional, json::object(into, loss_fields)}});
}

Fields class_fields(Document& into) {
  return fields({{"class_names", Presence::optional, json::labels(into.class_names)}});
}

/// An object, or JSON in a text: both are found in files.
Shape object_or_text(Document& into, std::string& text, Fields (*fields_of)(Document&)) {
  Shape shape = json::object(into, fields_of);
  shape.take = [&text](const Value& value, const Cursor& at) {
    if (value.type != json::Type::text) at.refuse(value, "an object");
    text = value.text;
  };
  return shape;
}

Fields info_fields(Document& into) {
  return fields({{"params", Presence::optional, object_or_text(into, into.parameters, parameter_fields)},
                 {"class_params", Presence::optional, object_or_text(into, into.class_parameters, class_fields)}});
}

Fields document_fields(Document& into) {
  return fields({{"features_info", Presence::required, json::object(into, features_fields)},
                 {"model_info", Presence::optional, json::object(into, info_fields)},
                 {"oblivious_trees", Presence::optional, json::objects(into.oblivious_trees, oblivious_fields)},
                 {"trees", Presence::optional, trees(into.trees)},
                 {"scale_and_bias", Presence::optional, scale_and_bias(into.scale_and_bias)},
                 {"ctr_data", Presence::optional, json::anything()}},
                &into.keys);
}

}  // namespace

json::Shape document_shape(Document& into) { return json::object(into, document_fields); }

void read_texts(Document& document, std::string_view file) {
  const json::Dialect dialect{.syntax = json::Syntax::lenient};
  if (!document.parameters.empty()) {
    json::read(document.parameters, file, json::object(document, parameter_fields), dialect);
  }
  if (!document.class_parameters.empty()) {
    json::read(document.class_parameters, file, json::object(document, class_fields), dialect);
  }
}

}  // namespace emlc::formats::catboost
