#include "formats/keras/network.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "codegen/model/error.hpp"

namespace emlc::formats::keras {
namespace {

/// The shape of a row as a config has it: the batch first, which is null.
std::vector<std::int64_t> row_shape(const std::vector<double>& with_batch, const LayerPlace& place) {
  std::vector<std::int64_t> shape;
  double size = 1.0;
  for (std::size_t i = 1; i < with_batch.size(); ++i) {
    const double extent = with_batch[i];
    size *= extent;
    if (!(extent >= 1.0 && extent == std::floor(extent) && size <= most_features)) {
      place.fail(std::isnan(extent) ? std::string("its input has a shape that is not fixed")
                                    : fmt::format("its input has {} values, expected 1 to {}", size, most_features));
    }
    shape.push_back(static_cast<std::int64_t>(extent));
  }
  if (shape.empty()) place.fail("does not say the shape of its input");
  return shape;
}

std::vector<std::int64_t> input_shape(const Architecture& architecture, const Layer& first, std::string_view file) {
  const LayerPlace place{first, file};
  for (const std::string_view key : {"batch_shape", "batch_input_shape"}) {
    if (const Setting* setting = find(first, key)) return row_shape(setting->numbers, place);
  }
  return row_shape(first.build_shape.empty() ? architecture.build_shape : first.build_shape, place);
}

void check_type(const LayerPlace& place) {
  const Setting* dtype = find(place.layer, "dtype");
  if (dtype == nullptr) return;
  const std::string& name = dtype->type == json::Type::object ? dtype->name : dtype->text;
  if (name == "float32") return;
  place.fail(fmt::format("computes in '{}', only float32 is supported", printable(name)));
}

/// Counts that tell what a layer has become.
struct Extent {
  std::size_t scalers, layers;
  model::Activation activation;
  bool has_pending, ends_in_log_softmax;
};

Extent extent_of(const chain::Chain& chain) {
  return {chain.scalers.size(), chain.layers.size(),
          chain.layers.empty() ? model::Activation::identity : chain.layers.back().activation,
          chain.pending.has_value(), chain.ends_in_log_softmax};
}

std::string became(const LayerKind& kind, const Extent& before, const Extent& after) {
  if (!kind.does_nothing.empty()) return fmt::format("nothing: {}", kind.does_nothing);
  if (after.ends_in_log_softmax) return "the post-transform log_softmax";
  if (after.layers > before.layers) return fmt::format("layer {}", after.layers - 1);
  if (after.scalers > before.scalers) return fmt::format("scaler {}", after.scalers - 1);
  if (after.activation != before.activation) return fmt::format("the activation of layer {}", after.layers - 1);
  if (after.has_pending) return fmt::format("part of layer {}", after.layers);
  if (after.layers == 0) return "nothing: values stay as they are";
  return fmt::format("part of layer {}", after.layers - 1);
}

/// How many layers of its class come before each layer, in the order of the file.
std::map<const Layer*, std::size_t> group_indices(const Architecture& architecture) {
  std::map<const Layer*, std::size_t> indices;
  std::map<std::string_view, std::size_t> counts;
  for (const Layer& layer : architecture.layers) indices[&layer] = counts[layer.class_name]++;
  return indices;
}

void add_layer(Building& building, const Layer& layer, std::vector<ReadNode>& nodes) {
  const LayerPlace place{layer, building.file};
  const LayerKind* kind = layer_kind(layer.class_name);
  if (kind == nullptr) {
    place.fail(fmt::format("is not supported; supported are {}", fmt::join(layer_class_names(), ", ")));
  }
  check_type(place);
  const Extent before = extent_of(building.chain);
  if (before.ends_in_log_softmax && kind->does_nothing.empty()) {
    place.fail("comes behind a log_softmax, which has to be the last");
  }
  kind->add(building, layer);
  nodes.push_back(
      {.name = layer.name, .op = layer.class_name, .became = became(*kind, before, extent_of(building.chain))});
}

/// What the outputs mean, by what the last layer makes of them.
model::Output output_of(const chain::Chain& chain) {
  const std::int32_t n_outputs = chain.width;
  model::Output output{.task = model::Task::transform, .n_outputs = n_outputs, .targets = {}};
  output.targets = {{.size = n_outputs}};
  if (chain.layers.empty()) return output;
  output.task = model::Task::regression;
  const model::Activation last = chain.pending ? model::Activation::identity : chain.layers.back().activation;
  if (last == model::Activation::softmax || chain.ends_in_log_softmax) {
    output.task = model::Task::classification;
    output.rule = model::DecisionRule::argmax;
  } else if (last == model::Activation::logistic) {
    output.task = model::Task::classification;
    output.rule = model::DecisionRule::greater;
    output.threshold = 0.5;
    output.targets.assign(static_cast<std::size_t>(n_outputs), {.size = 1});
  }
  return output;
}

}  // namespace

Generation generation_of(std::string_view keras_version) {
  if (keras_version.starts_with("3.")) return Generation::keras_3;
  const bool is_old = keras_version.starts_with("2.") || keras_version.starts_with("1.");
  return is_old || keras_version.starts_with("tfjs") ? Generation::keras_2 : Generation::unknown;
}

std::int64_t n_values(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Where LayerPlace::where() const {
  return {.file = std::string(file),
          .field = fmt::format("layer '{}' ({})", printable(layer.name), printable(layer.class_name))};
}

void LayerPlace::fail(std::string_view problem) const { throw Error(where(), problem); }

void require_flat(const Building& building, const Layer& layer, std::string_view what) {
  if (building.shape.size() == 1) return;
  LayerPlace{layer, building.file}.fail(
      fmt::format("{} of an input of shape {} is not supported, only of a row of values; put a Flatten before it", what,
                  shape_text(building.shape)));
}

Reading build(const Architecture& architecture, const Weights& weights, std::string_view file) {
  const std::vector<const Layer*> layers = in_order(architecture, file);
  Building building{.file = file, .weights = weights, .generation = generation_of(architecture.keras_version)};
  building.shape = input_shape(architecture, *layers.front(), file);
  Reading reading;
  reading.model.input.n_features = static_cast<std::int32_t>(n_values(building.shape));
  building.chain.width = reading.model.input.n_features;
  const std::map<const Layer*, std::size_t> indices = group_indices(architecture);
  for (const Layer* layer : layers) {
    building.group_index = indices.at(layer);
    add_layer(building, *layer, reading.nodes);
  }
  if (building.chain.layers.empty() && building.chain.scalers.empty()) {
    throw Error({.file = std::string(file)}, "no layer of the model computes anything");
  }
  reading.model.output = output_of(building.chain);
  chain::finish(std::move(building.chain), reading.model, LayerPlace{*layers.back(), file}.where());
  return reading;
}

}  // namespace emlc::formats::keras
