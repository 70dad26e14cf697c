#include "codegen/c/dense.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>

#include "codegen/c/literal.hpp"
#include "codegen/c/tables.hpp"

// note [rows at a time]
// A layer is computed in blocks of rows (units), so that each input is loaded once for the whole block and the sums
// stay in registers. The table of a layer holds block after block: the biases of its rows, then for each input the
// weights of its rows. What is left when n_out is no multiple of the block is a smaller block of its own. Each sum
// starts with the bias and runs over the inputs in order, as in the interpreter, whatever the size of a block.

namespace emlc::c {
namespace {

using model::Activation;
using model::DenseLayer;
using model::DenseNetwork;

/// What --optimize means for a network.
struct Plan {
  std::int32_t rows = 1;             ///< in a block
  std::int32_t inputs = 1;           ///< in a turn of the inner loop; divides n_in of every layer
  bool has_relu = false;             ///< blocks take a lowest result: 0 for ReLU
  std::int32_t buffers[2] = {0, 0};  ///< floats that hold what even and odd layers give; the last layer gives raw
};

struct ActivationRow {
  Activation activation;
  std::optional<Helper> helper;
};

// ReLU is a lower bound of the block.
constexpr std::array activation_rows = {
    ActivationRow{Activation::identity, std::nullopt},   ActivationRow{Activation::relu, std::nullopt},
    ActivationRow{Activation::relu6, Helper::relu6},     ActivationRow{Activation::leaky_relu, Helper::leaky_relu},
    ActivationRow{Activation::tanh, Helper::tanh},       ActivationRow{Activation::logistic, Helper::sigmoid},
    ActivationRow{Activation::softmax, Helper::softmax}, ActivationRow{Activation::softplus, Helper::softplus},
    ActivationRow{Activation::elu, Helper::elu},
};

std::optional<Helper> helper_of(Activation activation) {
  for (const ActivationRow& row : activation_rows) {
    if (row.activation == activation) return row.helper;
  }
  throw std::logic_error("activation without a row in the table");
}

/// Features that are no floats are converted into the buffer that the first layer does not write.
bool converts_input(const model::Model& model) {
  return model.scalers.empty() && model::info(model.input.type).is_integer;
}

Plan plan_for(const model::Model& model, const DenseNetwork& network, Optimize optimize) {
  const auto& layers = network.layers;
  Plan plan;
  plan.rows = optimize == Optimize::size ? 1 : (optimize == Optimize::speed ? 8 : 4);
  const auto has_even_input = [](const DenseLayer& layer) { return layer.n_in % 2 == 0; };
  if (optimize == Optimize::speed && std::all_of(layers.begin(), layers.end(), has_even_input)) plan.inputs = 2;
  plan.has_relu = std::any_of(layers.begin(), layers.end(),
                              [](const DenseLayer& layer) { return layer.activation == Activation::relu; });
  if (converts_input(model)) plan.buffers[1] = model.input.n_features;
  for (std::size_t index = 0; index + 1 < layers.size(); ++index) {
    plan.buffers[index % 2] = std::max(plan.buffers[index % 2], layers[index].n_out);
  }
  return plan;
}

/// Rows first to first + rows of a layer: biases, then the weights of each input.
void append_block(std::vector<std::string>& literals, const DenseLayer& layer, std::size_t index, std::int32_t first,
                  std::int32_t rows) {
  const auto at = [](std::int32_t i) { return static_cast<std::size_t>(i); };
  for (std::int32_t row = first; row < first + rows; ++row) {
    literals.push_back(rounded_literal(layer.bias[at(row)], fmt::format("layers[{}].bias[{}]", index, row)));
  }
  for (std::int32_t column = 0; column < layer.n_in; ++column) {
    for (std::int32_t row = first; row < first + rows; ++row) {
      literals.push_back(rounded_literal(layer.weights[at(row) * at(layer.n_in) + at(column)],
                                         fmt::format("layers[{}].weights[{}][{}]", index, row, column)));
    }
  }
}

void print_weights(Printer& out, const DenseLayer& layer, std::size_t index, const Names& names, const Plan& plan) {
  std::vector<std::string> literals;
  for (std::int32_t row = 0; row < layer.n_out; row += plan.rows) {
    append_block(literals, layer, index, row, std::min(plan.rows, layer.n_out - row));
  }
  print_table(out, names, "float", fmt::format("{}layer{}_", names.symbol, index), literals);
}

/// The function that computes one block of `rows` rows.
void print_rows(Printer& out, std::int32_t rows, const Names& names, const Plan& plan) {
  const std::string read = names.macro + "READ_F32";
  out.line("{} void {}rows{}_(const float *w, const float *x, size_t n_in, float *y{}) {{", names.function,
           names.symbol, rows, plan.has_relu ? ", float lowest" : "");
  {
    const auto body = out.indent();
    for (int row = 0; row < rows; ++row) out.line("float sum{0} = {1}(&w[{0}]);", row, read);
    out.line("w += {};", rows);
    out.line("for (; n_in != 0; n_in -= {0}, x += {0}, w += {1}) {{", plan.inputs, plan.inputs * rows);
    {
      const auto loop = out.indent();
      for (int row = 0, input = 0; input < plan.inputs; row = (row + 1) % rows, input += row == 0 ? 1 : 0) {
        out.line("sum{} += {}(&w[{}]) * x[{}];", row, read, input * rows + row, input);
      }
    }
    out.line("}}");
    for (int row = 0; row < rows; ++row) {
      out.line("y[{0}] = {1}sum{0};", row, plan.has_relu ? fmt::format("sum{} < lowest ? lowest : ", row) : "");
    }
  }
  out.line("}}");
  out.line("");
}

void print_blocks(Printer& out, const Names& names, const Plan& plan) {
  const std::string_view lowest = plan.has_relu ? ", lowest" : "";
  out.line("{} void {}dense_(const float *w, const float *x, size_t n_in, float *y, size_t n_blocks{}) {{",
           names.function, names.symbol, plan.has_relu ? ", float lowest" : "");
  out.line("  for (; n_blocks != 0; --n_blocks, w += {0} * (n_in + 1), y += {0}) {1}rows{0}_(w, x, n_in, y{2});",
           plan.rows, names.symbol, lowest);
  out.line("}}");
  out.line("");
}

void print_layer(Core& core, Printer& out, const DenseLayer& layer, std::size_t index, const Names& names,
                 const Plan& plan, std::string_view x, std::string_view y) {
  const double lowest = layer.activation == Activation::relu ? 0.0 : model::info(model::NumberType::float32).lowest;
  const std::string bound = plan.has_relu ? ", " + float_literal(lowest) : "";
  const std::int32_t blocks = layer.n_out / plan.rows, rest = layer.n_out % plan.rows;
  const std::int32_t done = blocks * plan.rows;
  if (blocks != 0) {
    out.line("{0}dense_({0}layer{1}_, {2}, {3}, {4}, {5}{6});", names.symbol, index, x, layer.n_in, y, blocks, bound);
  }
  if (rest != 0) {
    out.line("{0}rows{1}_({0}layer{2}_ + {3}, {4}, {5}, {6} + {7}{8});", names.symbol, rest, index,
             done * (layer.n_in + 1), x, layer.n_in, y, done, bound);
  }
  if (const auto helper = helper_of(layer.activation)) {
    core.helpers.insert(*helper);
    const bool has_alpha = layer.activation == Activation::leaky_relu || layer.activation == Activation::elu;
    out.line("{}({}, {}{});", helper_name(*helper, names), y, layer.n_out,
             has_alpha ? ", " + rounded_literal(layer.alpha, fmt::format("layers[{}].alpha", index)) : "");
  }
}

void print_raw(Core& core, Printer& out, const model::Model& model, const DenseNetwork& network, const Names& names,
               const Plan& plan) {
  constexpr std::array<std::string_view, 2> buffer_names = {"even", "odd"};
  out.line("{} void {}raw_(const {} *x, float *raw) {{", names.function, names.symbol, names.input);
  const auto body = out.indent();
  for (std::size_t i = 0; i < 2; ++i) {
    if (plan.buffers[i] != 0) out.line("float {}[{}];", buffer_names[i], plan.buffers[i]);
  }
  std::string_view x = "x";
  if (converts_input(model)) {
    x = buffer_names[1];
    out.line("for (size_t i = 0; i < {}; ++i) {}[i] = (float)x[i];", model.input.n_features, x);
  }
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const std::string_view y = index + 1 == network.layers.size() ? "raw" : buffer_names[index % 2];
    print_layer(core, out, network.layers[index], index, names, plan, x, y);
    x = y;
  }
}

/// Sizes of blocks that occur: the full one and what is left over.
std::set<std::int32_t> block_sizes(const DenseNetwork& network, const Plan& plan) {
  std::set<std::int32_t> sizes;
  for (const DenseLayer& layer : network.layers) {
    if (layer.n_out >= plan.rows) sizes.insert(plan.rows);
    if (layer.n_out % plan.rows != 0) sizes.insert(layer.n_out % plan.rows);
  }
  return sizes;
}

}  // namespace

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

Core emit_dense(const model::Model& model, const DenseNetwork& network, const Names& names, Optimize optimize) {
  Core core;
  Printer out;
  const Plan plan = plan_for(model, network, optimize);
  std::size_t weights = 0;
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const DenseLayer& layer = network.layers[index];
    print_weights(out, layer, index, names, plan);
    weights += layer.weights.size() + layer.bias.size();
  }
  out.line("");
  std::size_t code = 100 + 36 * network.layers.size();
  for (const std::int32_t rows : block_sizes(network, plan)) {
    print_rows(out, rows, names, plan);
    if (rows == plan.rows) print_blocks(out, names, plan);
    code += 40 + 12 * static_cast<std::size_t>(rows * plan.inputs);
  }
  print_raw(core, out, model, network, names, plan);
  out.line("}}");
  out.line("");
  core.definitions = out.text();
  core.parts = {{"weights", sizeof(float) * weights}, {std::string(code_part), code}};
  core.ram = sizeof(float) * static_cast<std::size_t>(plan.buffers[0] + plan.buffers[1]);
  return core;
}

}  // namespace emlc::c
