#include "formats/keras/config.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace emlc::formats::keras {
namespace {

using json::Cursor;
using json::Fields;
using json::Presence;
using json::Shape;
using json::Type;
using json::Value;

constexpr std::array<std::string_view, 25> known_settings = {
    "activation",  "alpha",          "axis",         "batch_input_shape",
    "batch_shape", "center",         "data_format",  "dtype",
    "epsilon",     "invert",         "input_shape",  "max_value",
    "mean",        "negative_slope", "offset",       "scale",
    "units",       "shared_axes",    "target_shape", "theta",
    "threshold",   "use_bias",       "variance",     "sparse",
    "ragged"};

/// Every version adds keys, and most are about training.
Fields fields(std::vector<json::Field> known) {
  return {.fields = std::move(known), .other_keys = json::OtherKeys::skipped};
}

double number_or_nan(const Value& value, const Cursor& at) {
  return value.type == Type::null ? std::numeric_limits<double>::quiet_NaN() : json::number_of(value, at);
}

/// Numbers in lists of any depth; texts in them have no meaning here.
Shape flat_numbers(std::vector<double>& into) {
  return {.take =
              [&into](const Value& value, const Cursor& at) {
                if (value.type != Type::text) into.push_back(number_or_nan(value, at));
              },
          .list = [&into] { return flat_numbers(into); },
          .object = json::anything().object};
}

Fields object_config_fields(Setting& into) {
  return fields(
      {{"name", Presence::optional, json::text(into.name)}, {"value", Presence::optional, flat_numbers(into.numbers)}});
}

/// A policy {config: {name}}, a function {config: "relu"}, an array {config: {value: [...]}}.
Fields object_fields(Setting& into) {
  Shape config = json::object(into, object_config_fields);
  config.take = [&into](const Value& value, const Cursor&) {
    if (value.type == Type::text) into.text = value.text;
  };
  return fields(
      {{"class_name", Presence::optional, json::text(into.class_name)}, {"config", Presence::optional, config}});
}

Shape setting(Setting& into) {
  return {.take =
              [&into](const Value& value, const Cursor&) {
                into.type = value.type;
                into.number = value.number;
                into.text = value.text;
              },
          .list =
              [&into] {
                into.type = Type::list;
                return flat_numbers(into.numbers);
              },
          .object =
              [&into] {
                into.type = Type::object;
                return object_fields(into);
              }};
}

/// The settings that are known; each once.
Fields settings_fields(Layer& into) {
  return {.any_key = [&into](std::string_view key, const Cursor& at) {
    if (key == "name") return json::text(into.name);
    if (std::find(known_settings.begin(), known_settings.end(), key) == known_settings.end()) return json::anything();
    const auto [place, is_new] = into.settings.try_emplace(std::string(key));
    if (!is_new) at.fail("the key is there twice");
    return setting(place->second);
  }};
}

/// Names of layers in lists of any depth: ["dense", 0, 0], [["dense", 0, 0]].
Shape names(std::vector<std::string>& into) {
  return {.take =
              [&into](const Value& value, const Cursor&) {
                if (value.type == Type::text) into.emplace_back(value.text);
              },
          .list = [&into] { return names(into); },
          .object = json::anything().object};
}

Fields history_fields(Node& into) { return fields({{"keras_history", Presence::optional, names(into.producers)}}); }

Fields tensor_fields(Node& into) {
  return fields({{"config", Presence::optional, json::object(into, history_fields)}});
}

/// Tensors in lists of any depth; other arguments are numbers.
Shape tensors(Node& into) {
  return {.take = [](const Value&, const Cursor&) {},
          .list = [&into] { return tensors(into); },
          .object = [&into] { return tensor_fields(into); }};
}

/// Keras 3 has the arguments of the call, before it was a list of [name, node, tensor, arguments].
Shape node(Node& into) {
  Shape shape = names(into.producers);
  shape.object = [&into] { return fields({{"args", Presence::optional, tensors(into)}}); };
  return shape;
}

Shape nodes(std::vector<Node>& into) {
  return {.take = json::refuse_scalar("a list of calls"), .list = [&into] {
            Shape element;
            element.take = json::refuse_scalar("a call");
            element.list = [&into] { return names(into.emplace_back().producers); };
            element.object = [&into] { return node(into.emplace_back()).object(); };
            return element;
          }};
}

template <class T>
Fields build_fields(T& into) {
  Shape shape = flat_numbers(into.build_shape);
  shape.take = [](const Value&, const Cursor&) {};
  return fields({{"input_shape", Presence::optional, shape}});
}

Shape or_nothing(Shape shape) {
  shape.take = [](const Value&, const Cursor&) {};
  return shape;
}

Fields layer_fields(Layer& into) {
  return fields({{"class_name", Presence::required, json::text(into.class_name)},
                 {"config", Presence::required, json::object(into, settings_fields)},
                 {"build_config", Presence::optional, or_nothing(json::object(into, build_fields<Layer>))},
                 {"inbound_nodes", Presence::optional, nodes(into.nodes)}});
}

Fields config_fields(Architecture& into) {
  return fields({{"layers", Presence::required, json::objects(into.layers, layer_fields)},
                 {"input_layers", Presence::optional, names(into.inputs)},
                 {"output_layers", Presence::optional, names(into.outputs)}});
}

/// Of Sequential it was the list of layers alone once.
Shape config(Architecture& into) {
  Shape shape = json::object(into, config_fields);
  shape.list = json::objects(into.layers, layer_fields).list;
  return shape;
}

Fields architecture_fields(Architecture& into) {
  return fields({{"class_name", Presence::optional, json::text(into.class_name)},
                 {"config", Presence::optional, config(into)},
                 {"build_config", Presence::optional, or_nothing(json::object(into, build_fields<Architecture>))},
                 {"model_config", Presence::optional, json::object(into, architecture_fields)},
                 {"keras_version", Presence::optional, json::text(into.keras_version)}});
}

}  // namespace

json::Shape architecture_shape(Architecture& into) { return json::object(into, architecture_fields); }

const Setting* find(const Layer& layer, std::string_view key) {
  const auto found = layer.settings.find(key);
  return found == layer.settings.end() || found->second.type == Type::null ? nullptr : &found->second;
}

}  // namespace emlc::formats::keras
