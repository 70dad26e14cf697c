#include "codegen/c/dense/integer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/dense/dense.hpp"
#include "codegen/c/dense/kernel.hpp"
#include "codegen/c/dense/steps.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::c {
namespace {

using model::DecisionRule;

std::int32_t last_width(const IntegerCode& code) { return code.network.layers.back().n_out; }

/// Codes of the widest input of a layer: every layer writes over what it has read.
std::int32_t buffer_codes(const IntegerCode& code) {
  std::int32_t widest = 0;
  for (const model::DenseLayer& layer : code.network.layers) {
    widest = std::max(widest, padded(layer.n_in, code.kernel.columns));
  }
  return widest;
}

std::int32_t buffer_sums(const IntegerCode& code) {
  std::int32_t widest = 0;
  for (const model::DenseLayer& layer : code.network.layers) {
    widest = std::max(widest, padded(layer.n_out, code.kernel.rows));
  }
  return widest;
}

std::size_t print_tables(const IntegerCode& code) {
  std::vector<std::string> weights;
  std::size_t n_bias = 0, n_curve = 0;
  for (std::size_t index = 0; index < code.integers.layers.size(); ++index) {
    const model::IntegerLayer& layer = code.integers.layers[index];
    append_kernel_weights(weights, layer, code.network.layers[index], code.kernel);
    n_bias += layer.bias.size();
    if (layer.curve.empty()) continue;
    std::vector<std::string> literals;
    for (const std::uint16_t value : layer.curve) literals.push_back(fmt::to_string(value));
    code.out.line("/* {} of layer {}, off by at most {:.2g} */", name(code.network.layers[index].activation), index,
                  layer.curve_error);
    print_table(code.out, code.names, "uint16_t", fmt::format("{}curve{}_", code.names.symbol, index), literals);
    n_curve += layer.curve.size();
  }
  print_table(code.out, code.names, code.kernel.weight(), code.names.symbol + "weights_", weights);
  print_bias_table(code.out, code.integers, code.bias, code.names);
  code.out.line("");
  return weights.size() * (code.kernel.is_8_bit() ? 1 : 2) + n_bias * (code.bias.is_16_bit ? 2 : 4) + 2 * n_curve;
}

/// Where each layer starts in the tables.
struct Place {
  std::size_t weights = 0, bias = 0;
};

void print_layer(const IntegerCode& code, std::size_t index, Place& place) {
  const model::DenseLayer& layer = code.network.layers[index];
  const std::int32_t columns = padded(layer.n_in, code.kernel.columns), rows = padded(layer.n_out, code.kernel.rows);
  code.out.line("{0}sums_({0}weights_{1}, x, {2}, sums, {3});", code.names.symbol,
                place.weights == 0 ? "" : fmt::format(" + {}", place.weights), columns, rows);
  place.weights += static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  const bool is_last = index + 1 == code.network.layers.size();
  if (!is_last) {
    code.out.line("{}", activation_call(code, index, place.bias));
    for (std::int32_t i = layer.n_out; i < padded(layer.n_out, code.kernel.columns); ++i)
      code.out.line("x[{}] = 0;", i);
    place.bias += layer.bias.size();
    return;
  }
  if (code.kernel.is_8_bit()) code.out.line("return sum;");
}

/// network_(x, sum, sums): all layers; the last sums are without bias. In 8 bits it returns the sum of the last codes.
std::size_t print_network(const IntegerCode& code) {
  const bool is_8_bit = code.kernel.is_8_bit();
  code.out.line("{} {} {}network_({} *x{}, int32_t *sums) {{", code.names.function, is_8_bit ? "uint32_t" : "void",
                code.names.symbol, code.kernel.code(), is_8_bit ? ", uint32_t sum" : "");
  Place place;
  {
    const auto body = code.out.indent();
    for (std::size_t index = 0; index < code.network.layers.size(); ++index) print_layer(code, index, place);
  }
  code.out.line("}}");
  code.out.line("");
  return place.bias;
}

/// A function that takes features, or codes.
struct Entry {
  std::string_view tail;  ///< of its name
  std::string type;
};

enum class KeepsSum { no, yes };

/// Declares the buffers and computes the last sums, without bias.
void print_sums(const IntegerCode& code, const Entry& entry, KeepsSum keeps_sum) {
  code.out.line("{} codes[{}];", code.kernel.code(), buffer_codes(code));
  code.out.line("int32_t sums[{}];", buffer_sums(code));
  const std::string& symbol = code.names.symbol;
  if (code.kernel.is_8_bit()) {
    code.out.line("{0}{1}network_(codes, {1}encode_{2}(x, codes), sums);",
                  keeps_sum == KeepsSum::yes ? "const uint32_t sum = " : "(void)", symbol, entry.tail);
  } else {
    code.out.line("{}encode_{}(x, codes);", symbol, entry.tail);
    code.out.line("{}network_(codes, sums);", symbol);
  }
}

void print_raw(const IntegerCode& code, const Entry& entry, std::size_t first_bias, Core& core) {
  code.out.line("{} void {}raw_{}(const {} *x, float *raw) {{", code.names.function, code.names.symbol, entry.tail,
                entry.type);
  {
    const auto body = code.out.indent();
    print_sums(code, entry, KeepsSum::yes);
    code.out.line("{}", activation_call(code, code.integers.layers.size() - 1, first_bias));
    code.out.line("for (size_t i = 0; i < {}; ++i) raw[i] = (float)sums[i] * {};", last_width(code),
                  rounded_literal(code.integers.scale, "integers.scale"));
    print_float_activation(code.out, code.network.layers.back(), code.network.layers.size() - 1, code.names, core,
                           "raw");
  }
  code.out.line("}}");
  code.out.line("");
}

/// The sums for which a column decides for class 1: from `first` to `last`, empty when first > last.
struct Accepted {
  std::int64_t first, last;
};

/// Found by bisection with the interpreter's own formulas, which are monotone.
Accepted accepted_sums(const IntegerCode& code) {
  constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
  const auto holds = [&](std::int64_t sum) {
    double value = code.integers.scale * static_cast<double>(sum);
    model::apply_post_transform(code.network.post_transform, std::span(&value, 1));
    return code.model.output.rule == DecisionRule::greater ? value > code.model.output.threshold
                                                           : value >= code.model.output.threshold;
  };
  std::int64_t low = lowest, high = highest;
  const bool low_holds = holds(low);
  if (low_holds == holds(high)) return low_holds ? Accepted{lowest, highest} : Accepted{highest, lowest};
  while (high - low > 1) {
    const std::int64_t middle = (low + high) / 2;
    (holds(middle) == low_holds ? low : high) = middle;
  }
  return low_holds ? Accepted{lowest, low} : Accepted{high, highest};
}

std::string comparison(const Accepted& accepted, std::size_t column) {
  if (accepted.first > accepted.last) return "0";
  if (accepted.first != std::numeric_limits<std::int32_t>::min()) {
    return fmt::format("sums[{}] >= {}", column, integer_literal(accepted.first));
  }
  if (accepted.last == std::numeric_limits<std::int32_t>::max()) return "1";
  return fmt::format("sums[{}] <= {}", column, integer_literal(accepted.last));
}

/// True when the last sums decide without becoming real numbers.
bool decides_on_sums(const IntegerCode& code) {
  const model::Output& output = code.model.output;
  if (output.rule == DecisionRule::none) return false;
  if (code.network.layers.back().activation != model::Activation::identity) return false;
  if (output.rule == DecisionRule::argmax) return layout::argmax_is_on_raw(code.model);
  return layout::raw_comparison(output, code.network.post_transform).has_value();
}

/// The index of the first maximum of n sums. What is too much in all of them does not matter.
void print_largest(const IntegerCode& code) {
  code.out.line("{} int {}largest_(const int32_t *sums, const {} *bias, int n) {{", code.names.function,
                code.names.symbol, code.bias.is_16_bit ? "int16_t" : "int32_t");
  {
    const auto body = code.out.indent();
    const int grid = code.bias.grid.back();
    code.out.line("int best = 0;");
    code.out.line("int32_t largest = -2147483647 - 1;");
    code.out.line("for (int i = 0; i < n; ++i) {{");
    code.out.line("  const int32_t sum = sums[i] + {}READ_I{}(&bias[i]){};", code.names.macro,
                  code.bias.is_16_bit ? 16 : 32,
                  code.bias.is_16_bit && grid != 0 ? fmt::format(" * {}", std::int32_t{1} << grid) : "");
    code.out.line("  if (sum <= largest) continue;");
    code.out.line("  largest = sum;");
    code.out.line("  best = i;");
    code.out.line("}}");
    code.out.line("return best;");
  }
  code.out.line("}}");
  code.out.line("");
}

void print_decide(const IntegerCode& code, const Entry& entry, std::size_t first_bias) {
  const model::Output& output = code.model.output;
  const bool is_single = output.targets.size() == 1, is_argmax = output.rule == DecisionRule::argmax;
  code.out.line("{} {} {}decide_{}(const {} *x{}) {{", code.names.function, is_single ? "int" : "void",
                code.names.symbol, entry.tail, entry.type, is_single ? "" : ", int *classes");
  {
    const auto body = code.out.indent();
    print_sums(code, entry, is_argmax ? KeepsSum::no : KeepsSum::yes);
    if (!is_argmax) code.out.line("{}", activation_call(code, code.integers.layers.size() - 1, first_bias));
    const Accepted accepted = is_argmax ? Accepted{} : accepted_sums(code);
    std::int32_t column = 0;
    for (std::size_t target = 0; target < output.targets.size(); ++target) {
      const std::string decision =
          is_argmax ? fmt::format("{0}largest_({1}, {0}bias_ + {2}, {3})", code.names.symbol,
                                  column == 0 ? "sums" : fmt::format("sums + {}", column),
                                  first_bias + static_cast<std::size_t>(column), output.targets[target].size)
                    : comparison(accepted, target);
      code.out.line("{} {};", is_single ? "return" : fmt::format("classes[{}] =", target), decision);
      column += output.targets[target].size;
    }
  }
  code.out.line("}}");
  code.out.line("");
}

/// Products of unsigned bytes are summed in 31 bits.
void check_widths(const IntegerCode& code) {
  constexpr std::int32_t widest = 33000;
  for (std::size_t index = 0; index < code.network.layers.size(); ++index) {
    const std::int32_t n_in = code.network.layers[index].n_in;
    if (n_in <= widest || !code.kernel.is_8_bit()) continue;
    throw Error({.field = fmt::format("layers[{}].weights", index)},
                fmt::format("rows have {} values, sums of bytes hold at most {}", n_in, widest));
  }
}

}  // namespace

std::string code_meaning(const model::IntegerNetwork& integers) {
  const model::IntegerForm& form = model::form_of(integers.width);
  if (integers.exponent.size() > 1) return "each feature has a scale and a zero point of its own";
  const std::int32_t offset = integers.offset[0] - form.zero;
  const std::string addend = offset == 0 ? "" : fmt::format(" {} {}", offset < 0 ? '-' : '+', std::abs(offset));
  return fmt::format("q = round(x / {}){}, limited to {} to {}", std::ldexp(1.0, -integers.exponent[0]), addend,
                     form.lowest_input - form.zero, form.highest_input - form.zero);
}

Core emit_integer_network(const model::Model& model, const model::DenseNetwork& network, const Names& names,
                          const EmitConfig& config) {
  Core core;
  Printer out;
  const model::IntegerNetwork& integers = *network.integers;
  const IntegerCode code{
      model, network, integers, names, plan_kernel(network, integers.width, config.optimize), plan_bias(integers), out};
  check_widths(code);
  const std::size_t table_bytes = print_tables(code);
  print_kernel(out, names, code.kernel, buffer_codes(code));
  print_activations(code);
  print_encoders(code);
  const std::size_t first_bias = print_network(code);
  core.has_decide = decides_on_sums(code);
  if (core.has_decide && model.output.rule == DecisionRule::argmax) print_largest(code);
  for (const Entry& entry : {Entry{"", names.feature}, Entry{"q_", names.quantized}}) {
    print_raw(code, entry, first_bias, core);
    if (core.has_decide) print_decide(code, entry, first_bias);
  }
  core.definitions = out.text();
  core.headers.insert("string.h");
  core.prologue = kernel_prologue(names, code.kernel);
  core.ram = static_cast<std::size_t>(buffer_codes(code)) * (code.kernel.is_8_bit() ? 1 : 2) +
             sizeof(std::int32_t) * static_cast<std::size_t>(buffer_sums(code));
  core.frames = 76;
  if (integers.exponent.size() > 1) core.parts.push_back({"input scales", 5 * integers.exponent.size()});
  core.parts.push_back({"weights", table_bytes});
  return core;
}

}  // namespace emlc::c
