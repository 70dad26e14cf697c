#include "codegen/py/dense/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/error.hpp"
#include "codegen/py/common/columns.hpp"
#include "codegen/py/common/text.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

using c::TemplateValue;
using model::Activation;
using model::DecisionRule;

constexpr int weight_zero = 128;  ///< is added to weights, so that bytes have no sign; _sums takes it off again

/// What all layers have, one after the other.
struct Tables {
  std::vector<std::uint8_t> weights{};
  std::vector<std::int64_t> bias{}, curves{};
  std::vector<std::int64_t> first_curve{};  ///< [n_layers] of its points in `curves`; -1 without a curve
};

Tables tables_of(const model::IntegerNetwork& network) {
  Tables tables;
  for (const model::IntegerLayer& layer : network.layers) {
    for (const std::int16_t weight : layer.weights) {
      tables.weights.push_back(static_cast<std::uint8_t>(weight + weight_zero));
    }
    tables.bias.insert(tables.bias.end(), layer.bias.begin(), layer.bias.end());
    tables.first_curve.push_back(layer.curve.empty() ? -1 : std::ssize(tables.curves));
    tables.curves.insert(tables.curves.end(), layer.curve.begin(), layer.curve.end());
  }
  return tables;
}

std::string layer_calls(const model::DenseNetwork& network, const Tables& tables) {
  std::string text;
  std::size_t weights = 0, bias = 0;
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const model::DenseLayer& layer = network.layers[index];
    const auto n_out = static_cast<std::size_t>(layer.n_out);
    text += fmt::format("    _sums({}, 0, _a, _s, {}, {}, {})\n", weights, bias, layer.n_in, bias + n_out);
    weights += static_cast<std::size_t>(layer.n_in) * n_out;
    bias += n_out;
    if (index + 1 == network.layers.size()) break;
    const std::string curve = tables.curves.empty() ? "" : fmt::format(", {}", tables.first_curve[index]);
    text += fmt::format("    _codes(_s, _a, {}, {}{})\n", n_out, network.integers->layers[index].shift, curve);
  }
  text.pop_back();
  return text;
}

/// One number for all features, or a tuple of the module.
std::string per_feature(Core& core, std::string_view name, const std::vector<std::string>& literals) {
  const auto is_first = [&](const std::string& literal) { return literal == literals.front(); };
  if (std::all_of(literals.begin(), literals.end(), is_first)) return literals.front();
  core.definitions += fmt::format("{} = ({})\n", name, fmt::join(literals, ", "));
  return fmt::format("{}[i]", name);
}

/// From a sum that is not below 0 to a code.
std::string activation_text(const Tables& tables) {
  if (tables.curves.empty()) return "        x[i] = v if v < 255 else 255";
  const std::size_t n = tables.curves.size();
  std::string text = c::fill(templates::network_curve_py,
                             std::array<TemplateValue, 2>{{{"value", plane_read("c", "j", n, 2)},
                                                           {"next_value", plane_read("c", "j + 1", n, 2)}}});
  text.pop_back();
  return text;
}

std::string curve_table(Core& core, const Tables& tables) {
  if (tables.curves.empty()) return "";
  core.parts.push_back({"curves", 2 * tables.curves.size()});
  return fmt::format("    c = ptr8({})", bytes_literal(planes(tables.curves, 2), "        "));
}

void add_buffers(Core& core, const model::DenseNetwork& network) {
  std::size_t n_codes = 0, n_sums = 0;
  for (const model::DenseLayer& layer : network.layers) {
    n_codes = std::max(n_codes, static_cast<std::size_t>(layer.n_in));
    n_sums = std::max(n_sums, static_cast<std::size_t>(layer.n_out));
  }
  core.definitions += array_line("_a", n_codes, 1, false) + array_line("_s", n_sums, 4, true);
  core.ram += n_codes + 4 * n_sums;
}

/// The codes of features that are integers, in Python.
std::string encode_text(Core& core, const model::Model& model, const model::IntegerNetwork& integers) {
  std::vector<std::string> scales, offsets;
  for (std::size_t i = 0; i < integers.exponent.size(); ++i) {
    scales.push_back(number_literal(std::exp2(integers.exponent[i])));
    offsets.push_back(fmt::to_string(integers.offset[i]));
  }
  return c::fill(templates::encode_py,
                 std::array<TemplateValue, 3>{{{"n_features", fmt::to_string(model.input.n_features)},
                                               {"scale", per_feature(core, "_scales", scales)},
                                               {"offset", per_feature(core, "_offsets", offsets)}}});
}

/// What viper reads one of several numbers by, from a table that is added to `tables`; or the only number.
std::string number_read(std::string& tables, std::string_view name, std::span<const std::int32_t> numbers) {
  if (numbers.size() == 1) return fmt::to_string(numbers.front());
  const std::vector<std::int64_t> values(numbers.begin(), numbers.end());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const int width = signed_width(*low, *high);
  tables += fmt::format("    {} = ptr8({})\n", name, bytes_literal(planes(values, width), "        "));
  return signed_plane_read(name, "i", values.size(), width);
}

/// The codes of floats from their bits, in viper: x * 2^exponent is (1 + fraction) shifted, rounded to nearest.
std::string encode_floats_text(const model::Model& model, const model::IntegerNetwork& integers) {
  std::string tables;
  const std::string exponent = number_read(tables, "u", integers.exponent);
  const std::string offset = number_read(tables, "o", integers.offset);
  return c::fill(templates::encode_floats_py,
                 std::array<TemplateValue, 4>{{{"tables", indented(tables, "")},
                                               {"n_features", fmt::to_string(model.input.n_features)},
                                               {"exponent", exponent},
                                               {"offset", offset}}});
}

void add_layers(Core& core, const model::Model& model, const model::DenseNetwork& network) {
  const model::IntegerNetwork& integers = *network.integers;
  const Tables tables = tables_of(integers);
  const auto [low, high] = std::minmax_element(tables.bias.begin(), tables.bias.end());
  const int width = signed_width(*low, *high);
  add_buffers(core, network);
  const std::string encode =
      core.reads_in_python ? encode_text(core, model, integers) : encode_floats_text(model, integers);
  core.parts.push_back({"weights", tables.weights.size()});
  core.parts.push_back({"bias", tables.bias.size() * static_cast<std::size_t>(width)});
  core.definitions += "\n\n";
  core.definitions += c::fill(
      templates::network_py,
      std::array<TemplateValue, 8>{{{"weights", bytes_literal(tables.weights, "        ")},
                                    {"bias", bytes_literal(planes(tables.bias, width), "        ")},
                                    {"bias_read", signed_plane_read("c", "b", tables.bias.size(), width)},
                                    {"parameters", tables.curves.empty() ? "" : ", curve: int"},
                                    {"curves", curve_table(core, tables)},
                                    {"activation", activation_text(tables)},
                                    {"encode", encode},
                                    {"encode_call", core.reads_in_python ? "_encode(x)" : "_encode(x, 0, _a)"}}});
  core.definitions += layer_calls(network, tables) + "\n";
}

/// What the last layer makes of its sums, where no post-transform says it.
std::string activation_columns(const model::DenseLayer& layer) {
  switch (layer.activation) {
    case Activation::identity:
      return "";
    case Activation::relu:
      return each_column("v if v > 0.0 else 0.0");
    case Activation::relu6:
      return each_column("min(max(v, 0.0), 6.0)");
    case Activation::leaky_relu:
      return each_column(fmt::format("v if v > 0.0 else v * {}", number_literal(layer.alpha)));
    case Activation::tanh:
      return each_column("1.0 - 2.0 / (_exp(2.0 * v) + 1.0)");
    case Activation::logistic:
      return sigmoid_columns();
    case Activation::softmax:
      return softmax_columns();
    case Activation::softplus:
      return log1p_exp_columns();
    case Activation::elu:
      return each_column(fmt::format("v if v > 0.0 else {} * (_exp(v) - 1.0)", number_literal(layer.alpha)));
    case Activation::prelu:
      break;
  }
  throw Error({.field = "--to"}, "a MicroPython module holds no prelu behind the last layer; write c, cpp or tmdl");
}

/// The sums tell the class of the only target.
bool decides_on_sums(const model::Model& model, const model::DenseNetwork& network) {
  return model.output.rule == DecisionRule::argmax && model.output.targets.size() == 1 &&
         network.layers.back().activation == Activation::identity && layout::argmax_is_on_raw(model);
}

}  // namespace

Core emit_network(const model::Model& model, const model::DenseNetwork& network) {
  Core core;
  pointer(core, 1);
  pointer(core, 4);
  core.reads_in_python = model::info(model.input.type).is_integer;
  add_layers(core, model, network);
  core.prepare = "_network(x)";
  core.outputs = fmt::format("for i in range({}):\n    out[i] = _s[i] * {}\n", model.output.n_outputs,
                             number_literal(network.integers->scale)) +
                 activation_columns(network.layers.back());
  if (!decides_on_sums(model, network)) return core;
  core.definitions += fmt::format(
      "\n\ndef _best():\n    n = 0\n    for i in range(1, {}):\n        if _s[i] > _s[n]:\n            n = i\n"
      "    return n\n",
      model.output.n_outputs);
  core.decision = "_best()";
  return core;
}

}  // namespace emlc::py
