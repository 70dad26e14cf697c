#include "cli/inspection/integer_facts.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// How often the codes of an input and the sums of a layer are limited.
struct Saturation {
  std::size_t input = 0, n_input = 0;
  std::vector<std::size_t> layers{}, n_layers{};
};

/// True when the code is not that of x, but of the end of the range.
bool is_limited(const model::IntegerNetwork& network, std::size_t feature, double x, std::int32_t code) {
  const std::size_t index = network.exponent.size() == 1 ? 0 : feature;
  return std::abs(std::ldexp(x, network.exponent[index]) + network.offset[index] - code) > 0.5;
}

void count_layers(const model::IntegerNetwork& network, const std::vector<std::int32_t>& codes, Saturation& found) {
  const model::IntegerForm& form = model::form_of(network.width);
  const std::vector<model::LayerTrace> traces = model::trace(network, codes);
  for (std::size_t index = 0; index < traces.size(); ++index) {
    const std::int32_t largest = model::largest_point(form, network.layers[index]);
    const auto& points = traces[index].points;
    found.n_layers[index] += points.size();
    found.layers[index] += static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [largest](std::int32_t point) { return point > largest; }));
  }
}

Saturation count_saturated(const model::Model& model, const model::IntegerNetwork& network, const Inputs& inputs) {
  Saturation found{.layers = std::vector<std::size_t>(network.layers.size()),
                   .n_layers = std::vector<std::size_t>(network.layers.size())};
  for (const std::vector<double>& x : inputs) {
    const std::vector<std::int32_t> codes = model::encode(network, model.input.type, x);
    for (std::size_t i = 0; i < x.size(); ++i) found.input += is_limited(network, i, x[i], codes[i]) ? 1U : 0U;
    found.n_input += x.size();
    count_layers(network, codes, found);
  }
  return found;
}

Json share(std::size_t number, std::size_t all) {
  if (all == 0) return {};
  return static_cast<double>(number) / static_cast<double>(all);
}

template <class Value>
void add_range(Json& row, const std::string& name, const std::vector<Value>& values) {
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  row["smallest_" + name] = *lowest;
  row["largest_" + name] = *highest;
}

Json layer_facts(const model::IntegerNetwork& network, std::size_t index, const Saturation& saturation) {
  const model::IntegerLayer& layer = network.layers[index];
  Json row = {{"layer", index}, {"shift", layer.shift}};
  add_range(row, "weight", layer.weights);
  add_range(row, "bias", layer.bias);
  row["curve_points"] = layer.curve.size();
  row["curve_error"] = layer.curve.empty() ? Json() : Json(layer.curve_error);
  if (index + 1 < network.ranges.size()) {
    row["smallest_output"] = network.ranges[index + 1].low;
    row["largest_output"] = network.ranges[index + 1].high;
  }
  row["saturated"] = share(saturation.layers[index], saturation.n_layers[index]);
  return row;
}

}  // namespace

Json integer_facts(const model::Model& model, const model::IntegerNetwork& network, const Inputs& inputs) {
  const model::IntegerForm& form = model::form_of(network.width);
  const Saturation saturation = count_saturated(model, network, inputs);
  Json facts = {{"bits", form.bits},
                {"input_exponent", network.exponent},
                {"input_offset", network.offset},
                {"smallest_input_code", form.lowest_input},
                {"largest_input_code", form.highest_input},
                {"largest_code", form.highest},
                {"output_scale", network.scale},
                {"measured_inputs", inputs.size()},
                {"input_saturated", share(saturation.input, saturation.n_input)}};
  facts["layers"] = Json::array();
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    facts["layers"].push_back(layer_facts(network, index, saturation));
  }
  return facts;
}

}  // namespace emlc::cli
