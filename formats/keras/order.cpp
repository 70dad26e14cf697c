#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "codegen/model/error.hpp"
#include "formats/keras/network.hpp"

namespace emlc::formats::keras {
namespace {

using LayersByName = std::map<std::string_view, const Layer*>;

[[noreturn]] void refuse(std::string_view file, std::string_view problem) {
  throw Error({.file = std::string(file)}, problem);
}

LayersByName by_name(const Architecture& architecture, std::string_view file) {
  LayersByName layers;
  for (const Layer& layer : architecture.layers) {
    if (!layers.emplace(layer.name, &layer).second) LayerPlace{layer, file}.fail("there are two layers of this name");
  }
  return layers;
}

const Layer* only(const std::vector<std::string>& names, std::string_view what, const LayersByName& layers,
                  std::string_view file) {
  const std::set<std::string> distinct(names.begin(), names.end());
  if (distinct.size() != 1 || names.size() != 1) {
    refuse(file, fmt::format("the model has {} {}s, a chain has one", names.size(), what));
  }
  const auto found = layers.find(names.front());
  if (found == layers.end()) {
    refuse(file, fmt::format("the {} is the layer '{}', which is not there", what, printable(names.front())));
  }
  return found->second;
}

/// The layer whose output `layer` takes.
const Layer* producer(const Layer& layer, const LayersByName& layers, std::string_view file) {
  const LayerPlace place{layer, file};
  if (layer.nodes.size() != 1) {
    place.fail(fmt::format("is called {} times, in a chain a layer is called once", layer.nodes.size()));
  }
  const std::vector<std::string>& producers = layer.nodes.front().producers;
  if (producers.size() != 1) {
    place.fail(fmt::format("takes the outputs of {} layers, only chains of layers are supported", producers.size()));
  }
  const auto found = layers.find(producers.front());
  if (found == layers.end()) {
    place.fail(fmt::format("takes the output of the layer '{}', which is not there", printable(producers.front())));
  }
  return found->second;
}

std::vector<const Layer*> functional_order(const Architecture& architecture, std::string_view file) {
  const LayersByName layers = by_name(architecture, file);
  const Layer* const first = only(architecture.inputs, "input", layers, file);
  std::vector<const Layer*> order = {only(architecture.outputs, "output", layers, file)};
  while (order.back() != first) {
    if (order.size() == layers.size()) {
      LayerPlace{*order.front(), file}.fail("does not come of the input: its layers take one another's outputs");
    }
    order.push_back(producer(*order.back(), layers, file));
  }
  std::reverse(order.begin(), order.end());
  for (const Layer& layer : architecture.layers) {
    if (std::find(order.begin(), order.end(), &layer) != order.end()) continue;
    LayerPlace{layer, file}.fail("is not on the way from the input to the output, only chains of layers are supported");
  }
  return order;
}

}  // namespace

std::vector<const Layer*> in_order(const Architecture& architecture, std::string_view file) {
  if (architecture.layers.empty()) refuse(file, "the model has no layer");
  if (architecture.layers.size() > most_layers) {
    refuse(file, fmt::format("the model has {} layers, at most {} are read", architecture.layers.size(), most_layers));
  }
  if (architecture.class_name == "Functional" || architecture.class_name == "Model") {
    return functional_order(architecture, file);
  }
  if (architecture.class_name != "Sequential") {
    refuse(file, fmt::format("the model is a {}, expected a Sequential or a Functional one",
                             architecture.class_name.empty() ? "list of layers" : printable(architecture.class_name)));
  }
  std::vector<const Layer*> order;
  for (const Layer& layer : architecture.layers) order.push_back(&layer);
  return order;
}

}  // namespace emlc::formats::keras
