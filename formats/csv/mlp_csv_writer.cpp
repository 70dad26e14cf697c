#include <emlc/csv.h>
#include <fmt/format.h>

#include <algorithm>

#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/csv/mlp_csv.hpp"
#include "formats/csv/records.hpp"

namespace emlc::formats {
namespace {

using model::NumberType;

std::string scaler_text(const model::Scaler& scaler) {
  std::string text = fmt::format("scaler,{}", scaler_op_name(scaler.op));
  if (scaler.clip) {
    text += fmt::format(",{},{}", float_text(scaler.clip->first, "scaler.clip"),
                        float_text(scaler.clip->second, "scaler.clip"));
  }
  for (const double scale : scaler.scale) {
    if (scaler.op == model::ScalerOp::subtract_divide && model::round_to(NumberType::float32, scale) == 0.0) {
      throw Error({.field = "scaler.scale"},
                  fmt::format("{} is 0 in float32, and the feature is divided by it", scale));
    }
  }
  return fmt::format("{}\noffset{}\nscale{}\n", text, float_fields(scaler.offset, ',', "scaler.offset"),
                     float_fields(scaler.scale, ',', "scaler.scale"));
}

std::string layer_text(const model::DenseLayer& layer) {
  std::string text = fmt::format("layer,{},{},{}", model::name(layer.activation), layer.n_in, layer.n_out);
  if (layer.alpha != 0.0) text += fmt::format(",{}", float_text(layer.alpha, "layer.alpha"));
  text += '\n';
  const auto n_in = static_cast<std::size_t>(layer.n_in);
  for (std::size_t row = 0; row < static_cast<std::size_t>(layer.n_out); ++row) {
    text +=
        fmt::format("w{}\n", float_fields(std::span(layer.weights).subspan(row * n_in, n_in), ',', "layer.weights"));
  }
  return text + fmt::format("b{}\n", float_fields(layer.bias, ',', "layer.bias"));
}

/// Bytes of the arrays of the runtime's loader, with the working memory of a prediction.
std::size_t device_memory(const model::Model& model, const model::DenseNetwork& network) {
  std::size_t n_values = 0, widest = 0;
  for (const model::Scaler& scaler : model.scalers) {
    n_values += 2 * scaler.scale.size();
    widest = std::max(widest, scaler.scale.size());
  }
  for (const model::DenseLayer& layer : network.layers) {
    n_values += layer.weights.size() + layer.bias.size();
    if (&layer != &network.layers.back()) widest = std::max(widest, layer.bias.size());
  }
  return (n_values + 2 * widest) * sizeof(float) +
         (model.scalers.size() + network.layers.size()) * sizeof(emlc_csv_step);
}

void check_limits(const model::DenseNetwork& network) {
  check_count(network.layers.size(), EMLC_CSV_MOST_STEPS, "layers", "model");
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    check_count(static_cast<std::size_t>(network.layers[i].n_out), EMLC_CSV_MOST_OUTPUTS, "units",
                fmt::format("layers[{}].weights", i));
  }
}

}  // namespace

layout::Artifact write_mlp_csv(const model::Model& model, const model::DenseNetwork& network) {
  if (model::has_slopes(network)) return write_mlp_csv(model, model::in_relu_pairs(network));
  if (network.integers) {
    throw Error({.field = "--weights"}, "a CSV holds float networks only; write a header or a .tmdl");
  }
  check_limits(network);
  const NumberType type = model.input.type == NumberType::float64 ? NumberType::float32 : model.input.type;
  std::string head =
      head_text(model, "mlp", type) + fmt::format("network,{},{}\n", model.scalers.size(), network.layers.size());
  std::string scalers, layers;
  for (const model::Scaler& scaler : model.scalers) scalers += scaler_text(scaler);
  for (const model::DenseLayer& layer : network.layers) layers += layer_text(layer);
  layers += post_transform_text(network.post_transform) + "end\n";
  layout::Artifact artifact;
  artifact.bytes = head + scalers + layers;
  artifact.parts = {{"head (text)", head.size()}, {"scalers (text)", scalers.size()}, {"layers (text)", layers.size()}};
  artifact.ram = device_memory(model, network);
  return artifact;
}

}  // namespace emlc::formats
