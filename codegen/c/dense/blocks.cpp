#include "codegen/c/dense/blocks.hpp"

#include <algorithm>
#include <set>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"

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

/// The function that computes one block of `rows` rows.
void print_block(Printer& out, std::int32_t rows, const Names& names, const Blocks& blocks) {
  const std::string read = names.macro + "READ_F32";
  out.line("{} void {}rows{}_(const float *w, const float *x, size_t n_in, float *y{}) {{", names.function,
           names.symbol, rows, blocks.has_relu ? ", float lowest" : "");
  {
    const auto body = out.indent();
    for (int row = 0; row < rows; ++row) out.line("float sum{0} = {1}(&w[{0}]);", row, read);
    out.line("w += {};", rows);
    // What is left over runs once: there a longer turn takes more than it saves.
    const std::int32_t inputs = rows == blocks.rows ? blocks.inputs : std::min(blocks.inputs, 2);
    out.line("for (; n_in != 0; n_in -= {0}, x += {0}, w += {1}) {{", inputs, inputs * rows);
    {
      const auto loop = out.indent();
      for (int row = 0, input = 0; input < inputs; row = (row + 1) % rows, input += row == 0 ? 1 : 0) {
        out.line("sum{} += {}(&w[{}]) * x[{}];", row, read, input * rows + row, input);
      }
    }
    out.line("}}");
    for (int row = 0; row < rows; ++row) {
      out.line("y[{0}] = {1}sum{0};", row, blocks.has_relu ? fmt::format("sum{} < lowest ? lowest : ", row) : "");
    }
  }
  out.line("}}");
  out.line("");
}

void print_blocks(Printer& out, const Names& names, const Blocks& blocks) {
  const std::string_view lowest = blocks.has_relu ? ", lowest" : "";
  out.line("{} void {}dense_(const float *w, const float *x, size_t n_in, float *y, size_t n_blocks{}) {{",
           names.function, names.symbol, blocks.has_relu ? ", float lowest" : "");
  out.line("  for (; n_blocks != 0; --n_blocks, w += {0} * (n_in + 1), y += {0}) {1}rows{0}_(w, x, n_in, y{2});",
           blocks.rows, names.symbol, lowest);
  out.line("}}");
  out.line("");
}

/// Sizes of blocks that occur: the full one and what is left over.
std::set<std::int32_t> block_sizes(const DenseNetwork& network, const Blocks& blocks) {
  std::set<std::int32_t> sizes;
  for (const DenseLayer& layer : network.layers) {
    if (layer.n_out >= blocks.rows) sizes.insert(blocks.rows);
    if (layer.n_out % blocks.rows != 0) sizes.insert(layer.n_out % blocks.rows);
  }
  return sizes;
}

}  // namespace

Blocks plan_blocks(const DenseNetwork& network, Optimize optimize) {
  const auto& layers = network.layers;
  const auto all_multiples_of = [&](std::int32_t n) {
    return std::all_of(layers.begin(), layers.end(), [n](const DenseLayer& layer) { return layer.n_in % n == 0; });
  };
  const auto is_relu = [](const DenseLayer& layer) { return layer.activation == Activation::relu; };
  Blocks blocks;
  blocks.rows = optimize == Optimize::size ? 1 : (optimize == Optimize::speed ? 8 : 4);
  if (optimize == Optimize::speed) blocks.inputs = all_multiples_of(4) ? 4 : (all_multiples_of(2) ? 2 : 1);
  // In a block of one row ReLU is a comparison of its own, in larger ones as many as there are rows: a loop is smaller.
  blocks.has_relu = blocks.rows == 1 && std::any_of(layers.begin(), layers.end(), is_relu);
  return blocks;
}

void print_block_table(Printer& out, const DenseLayer& layer, std::size_t index, const Names& names,
                       const Blocks& blocks) {
  std::vector<std::string> literals;
  for (std::int32_t row = 0; row < layer.n_out; row += blocks.rows) {
    append_block(literals, layer, index, row, std::min(blocks.rows, layer.n_out - row));
  }
  print_table(out, names, "float", fmt::format("{}layer{}_", names.symbol, index), literals);
}

void print_block_functions(Printer& out, const DenseNetwork& network, const Names& names, const Blocks& blocks) {
  for (const std::int32_t rows : block_sizes(network, blocks)) {
    print_block(out, rows, names, blocks);
    if (rows == blocks.rows) print_blocks(out, names, blocks);
  }
}

void print_block_calls(Printer& out, const DenseLayer& layer, std::size_t index, const Names& names,
                       const Blocks& blocks, std::string_view x, std::string_view y) {
  const double lowest = layer.activation == Activation::relu ? 0.0 : model::info(model::NumberType::float32).lowest;
  const std::string bound = blocks.has_relu ? ", " + float_literal(lowest) : "";
  const std::int32_t n_blocks = layer.n_out / blocks.rows, rest = layer.n_out % blocks.rows;
  const std::string table = fmt::format("{}layer{}_", names.symbol, index);
  if (n_blocks != 0) {
    out.line("{}dense_({}, {}, {}, {}, {}{});", names.symbol, table, x, layer.n_in, y, n_blocks, bound);
  }
  if (rest == 0) return;
  const std::int32_t done = layer.n_out - rest;
  const std::string skipped = done == 0 ? "" : fmt::format(" + {}", done * (layer.n_in + 1));
  out.line("{}rows{}_({}{}, {}, {}, {}{}{});", names.symbol, rest, table, skipped, x, layer.n_in, y,
           done == 0 ? "" : fmt::format(" + {}", done), bound);
}

}  // namespace emlc::c
