#include "codegen/c/dense/dense.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/dense/blocks.hpp"

namespace emlc::c {
namespace {

using model::Activation;
using model::DenseLayer;
using model::DenseNetwork;

struct ActivationRow {
  Activation activation;
  std::optional<Helper> helper;
};

constexpr std::array activation_rows = {
    ActivationRow{Activation::identity, std::nullopt},   ActivationRow{Activation::relu, Helper::relu},
    ActivationRow{Activation::relu6, Helper::relu6},     ActivationRow{Activation::leaky_relu, Helper::leaky_relu},
    ActivationRow{Activation::tanh, Helper::tanh},       ActivationRow{Activation::logistic, Helper::sigmoid},
    ActivationRow{Activation::softmax, Helper::softmax}, ActivationRow{Activation::softplus, Helper::softplus},
    ActivationRow{Activation::elu, Helper::elu},         ActivationRow{Activation::prelu, std::nullopt},
};

std::optional<Helper> helper_of(Activation activation) {
  for (const ActivationRow& row : activation_rows) {
    if (row.activation == activation) return row.helper;
  }
  throw std::logic_error("activation without a row in the table");
}

/// Everything that prints the functions of one network.
struct Network {
  const model::Model& model;
  const DenseNetwork& dense;
  const Names& names;
  std::optional<Blocks> blocks;  ///< nothing: emlc_dense_f32 of the runtime computes the layers
  Core& core;
  Printer& out;
};

void print_activation(const Network& network, const DenseLayer& layer, std::size_t index, std::string_view y) {
  const bool is_done = network.blocks && network.blocks->has_relu && layer.activation == Activation::relu;
  if (!is_done) print_float_activation(network.out, layer, index, network.names, network.core, y);
}

/// The table `name` of layer `index`.
void print_values(const Network& network, const std::vector<double>& values, std::string_view name, std::size_t index) {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < values.size(); ++i) {
    literals.push_back(rounded_literal(values[i], fmt::format("layers[{}].{}[{}]", index, name, i)));
  }
  print_table(network.out, network.names, "float", fmt::format("{}{}{}_", network.names.symbol, name, index), literals);
}

/// The tables of emlc_dense_f32: weights [n_out][n_in] and bias [n_out].
void print_runtime_tables(const Network& network, const DenseLayer& layer, std::size_t index) {
  print_values(network, layer.weights, "weights", index);
  print_values(network, layer.bias, "bias", index);
}

/// prelu_(y, n, slopes): in place, a slope below 0 for each unit.
void print_slopes_function(const Network& network) {
  Printer& out = network.out;
  out.line("{} void {}prelu_(float *y, size_t n, const float *slopes) {{", network.names.function,
           network.names.symbol);
  out.line("  for (size_t i = 0; i < n; ++i) {{");
  out.line("    if (y[i] < 0.0f) y[i] = {}READ_F32(&slopes[i]) * y[i];", network.names.macro);
  out.line("  }}");
  out.line("}}");
  out.line("");
}

void print_tables(const Network& network, const DenseLayer& layer, std::size_t index) {
  if (network.blocks) {
    print_block_table(network.out, layer, index, network.names, *network.blocks);
  } else {
    print_runtime_tables(network, layer, index);
  }
  if (!layer.slopes.empty()) print_values(network, layer.slopes, "slopes", index);
}

void print_layer(const Network& network, std::size_t index, std::string_view x, std::string_view y) {
  const DenseLayer& layer = network.dense.layers[index];
  if (network.blocks) {
    print_block_calls(network.out, layer, index, network.names, *network.blocks, x, y);
  } else {
    network.out.line("(void)emlc_dense_f32({0}weights{1}_, {0}bias{1}_, {2}, {3}, {4}, {5});", network.names.symbol,
                     index, layer.n_in, layer.n_out, x, y);
  }
  print_activation(network, layer, index, y);
}

/// Floats of the two buffers: what even layers give, and what odd layers give. The last layer gives raw.
std::array<std::int32_t, 2> buffer_sizes(const Network& network, bool converts_input) {
  const auto& layers = network.dense.layers;
  std::array<std::int32_t, 2> sizes = {0, converts_input ? network.model.input.n_features : 0};
  for (std::size_t index = 0; index + 1 < layers.size(); ++index) {
    sizes[index % 2] = std::max(sizes[index % 2], layers[index].n_out);
  }
  return sizes;
}

/// Layers that are loops call soft float from there; those of few weights are unrolled.
std::size_t frame_bytes(const DenseNetwork& network) {
  constexpr std::size_t most = 80, of_a_weight = 4;
  std::size_t n_weights = 0;
  for (const DenseLayer& layer : network.layers) n_weights += layer.weights.size();
  return std::min(most, of_a_weight * n_weights);
}

void print_raw(const Network& network) {
  constexpr std::array<std::string_view, 2> buffers = {"even", "odd"};
  Printer& out = network.out;
  // Integers become floats in the buffer that the first layer does not write.
  const bool converts_input = takes_inputs(network.model) && model::info(network.model.input.type).is_integer;
  const auto sizes = buffer_sizes(network, converts_input);
  network.core.ram += sizeof(float) * static_cast<std::size_t>(sizes[0] + sizes[1]);
  out.line("{} void {}raw_(const {} *x, float *raw) {{", network.names.function, network.names.symbol,
           network.names.input);
  {
    const auto body = out.indent();
    for (std::size_t i = 0; i < 2; ++i) {
      if (sizes[i] != 0) out.line("float {}[{}]; /* what {} layers give */", buffers[i], sizes[i], buffers[i]);
    }
    std::string_view x = "x";
    if (converts_input) {
      x = buffers[1];
      out.line("for (size_t i = 0; i < {}; ++i) {}[i] = (float)x[i];", network.model.input.n_features, x);
    }
    const std::size_t n_layers = network.dense.layers.size();
    for (std::size_t index = 0; index < n_layers; ++index) {
      const std::string_view y = index + 1 == n_layers ? "raw" : buffers[index % 2];
      print_layer(network, index, x, y);
      x = y;
    }
  }
  out.line("}}");
  out.line("");
}

}  // namespace

void print_float_activation(Printer& out, const DenseLayer& layer, std::size_t index, const Names& names, Core& core,
                            std::string_view y) {
  if (!layer.slopes.empty()) out.line("{0}prelu_({1}, {2}, {0}slopes{3}_);", names.symbol, y, layer.n_out, index);
  const auto helper = helper_of(layer.activation);
  if (!helper) return;
  core.helpers.insert(*helper);
  const bool has_alpha = layer.activation == Activation::leaky_relu || layer.activation == Activation::elu;
  out.line("{}({}, {}{});", helper_name(*helper, names), y, layer.n_out,
           has_alpha ? ", " + rounded_literal(layer.alpha, fmt::format("layers[{}].alpha", index)) : "");
}

void lift_last_activation(DenseNetwork& network) {
  struct Row {
    Activation activation;
    model::PostTransformKind kind;
  };
  constexpr std::array rows = {Row{Activation::logistic, model::PostTransformKind::sigmoid},
                               Row{Activation::softmax, model::PostTransformKind::softmax},
                               Row{Activation::softplus, model::PostTransformKind::log1p_exp}};
  model::PostTransform& transform = network.post_transform;
  if (transform.kind != model::PostTransformKind::identity || transform.scale != 1.0) return;
  for (const Row& row : rows) {
    if (network.layers.back().activation != row.activation) continue;
    network.layers.back().activation = Activation::identity;
    transform.kind = row.kind;
    return;
  }
}

Core emit_dense(const model::Model& model, const DenseNetwork& dense, const Names& names, const EmitConfig& config) {
  Core core;
  Printer out;
  Network network{model, dense, names, std::nullopt, core, out};
  if (!config.use_runtime) network.blocks = plan_blocks(dense, config.optimize);
  std::size_t weights = 0;
  for (std::size_t index = 0; index < dense.layers.size(); ++index) {
    const DenseLayer& layer = dense.layers[index];
    weights += layer.weights.size() + layer.bias.size() + layer.slopes.size();
    print_tables(network, layer, index);
  }
  out.line("");
  if (network.blocks) {
    print_block_functions(out, dense, names, *network.blocks);
  } else {
    core.headers = {"emlc/dense.h"};
  }
  if (model::has_slopes(dense)) print_slopes_function(network);
  print_raw(network);
  core.definitions = out.text();
  core.parts = {{"weights", sizeof(float) * weights}};
  core.frames = frame_bytes(dense);
  return core;
}

}  // namespace emlc::c
