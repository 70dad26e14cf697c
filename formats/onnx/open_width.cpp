#include "formats/onnx/open_width.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace emlc::formats::onnx {
namespace {

const Attribute* attribute_of(const Node& node, std::string_view name) {
  const auto found = std::find_if(node.attributes.begin(), node.attributes.end(),
                                  [&](const Attribute& attribute) { return attribute.name == name; });
  return found == node.attributes.end() ? nullptr : &*found;
}

std::int64_t n_numbers(const Node& node, std::string_view name) {
  const Attribute* found = attribute_of(node, name);
  return found == nullptr ? 0 : static_cast<std::int64_t>(found->numbers.size());
}

std::optional<OpenWidth> known(std::int64_t n_columns) {
  if (n_columns < 1) return std::nullopt;
  return OpenWidth{.n_columns = n_columns, .is_least = false};
}

/// A number for each column; a single one is for all.
std::optional<OpenWidth> by_numbers(const Graph& /*graph*/, const Node& node) {
  const std::int64_t n = std::max(
      {n_numbers(node, "offset"), n_numbers(node, "imputed_value_floats"), n_numbers(node, "imputed_value_int64s")});
  return known(n > 1 ? n : 0);
}

std::optional<OpenWidth> by_coefficients(const Graph& /*graph*/, const Node& node) {
  const std::int64_t n_outputs = std::max<std::int64_t>(1, n_numbers(node, "intercepts"));
  return known(n_numbers(node, "coefficients") / n_outputs);
}

std::optional<OpenWidth> by_support_vectors(const Graph& /*graph*/, const Node& node) {
  const std::int64_t n_vectors = n_numbers(node, "coefficients");
  return known(n_vectors == 0 ? 0 : n_numbers(node, "support_vectors") / n_vectors);
}

std::optional<OpenWidth> by_weights(const Graph& graph, const Node& node) {
  if (node.inputs.size() < 2) return std::nullopt;
  const auto weights = graph.initialisers.find(node.inputs[1]);
  if (weights == graph.initialisers.end() || weights->second.shape.empty()) return std::nullopt;
  const Attribute* turned = attribute_of(node, "transB");
  return known(turned != nullptr && turned->integer == 1 ? weights->second.shape.back()
                                                         : weights->second.shape.front());
}

/// A constant for each column.
std::optional<OpenWidth> by_constant(const Graph& graph, const Node& node) {
  for (const std::string& input : node.inputs) {
    const auto constant = graph.initialisers.find(input);
    if (constant == graph.initialisers.end() || constant->second.values.size() < 2) continue;
    return known(constant->second.shape.back());
  }
  return std::nullopt;
}

/// The last feature that a split looks at.
std::optional<OpenWidth> by_trees(const Graph& /*graph*/, const Node& node) {
  const Attribute* features = attribute_of(node, "nodes_featureids");
  if (features == nullptr || features->integers.empty()) return std::nullopt;
  const std::int64_t last = *std::max_element(features->integers.begin(), features->integers.end());
  if (last < 0 || last > (std::int64_t{1} << 31U)) return std::nullopt;
  return OpenWidth{.n_columns = last + 1, .is_least = true};
}

struct Asker {
  std::string_view op;
  std::optional<OpenWidth> (*ask)(const Graph& graph, const Node& node);
};
constexpr std::array askers = {
    Asker{"Scaler", by_numbers},
    Asker{"Imputer", by_numbers},
    Asker{"LinearClassifier", by_coefficients},
    Asker{"LinearRegressor", by_coefficients},
    Asker{"SVMRegressor", by_support_vectors},
    Asker{"SVMClassifier", by_support_vectors},
    Asker{"MatMul", by_weights},
    Asker{"Gemm", by_weights},
    Asker{"Add", by_constant},
    Asker{"Sub", by_constant},
    Asker{"Mul", by_constant},
    Asker{"Div", by_constant},
    Asker{"TreeEnsembleClassifier", by_trees},
    Asker{"TreeEnsembleRegressor", by_trees},
    Asker{"TreeEnsemble", by_trees},
};

/// Operators behind which a row has as many columns as before.
constexpr std::array<std::string_view, 13> keepers = {
    "Scaler", "Imputer", "Normalizer", "Binarizer", "Cast",           "Identity",        "Add",
    "Sub",    "Mul",     "Div",        "Clip",      "QuantizeLinear", "DequantizeLinear"};

}  // namespace

std::optional<OpenWidth> find_width(const Graph& graph, const std::string& input) {
  std::set<std::string> same = {input};
  for (const Node& node : graph.nodes) {
    const bool is_behind = std::any_of(node.inputs.begin(), node.inputs.end(),
                                       [&](const std::string& name) { return same.contains(name); });
    if (!is_behind) continue;
    for (const Asker& asker : askers) {
      const auto found = asker.op == node.op ? asker.ask(graph, node) : std::nullopt;
      if (found) return found;
    }
    if (std::find(keepers.begin(), keepers.end(), node.op) == keepers.end()) continue;
    same.insert(node.outputs.begin(), node.outputs.end());
  }
  return std::nullopt;
}

}  // namespace emlc::formats::onnx
