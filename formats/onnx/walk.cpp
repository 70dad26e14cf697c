#include "formats/onnx/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats::onnx {
namespace {

using Values = std::map<std::string, Value>;

/// Those of a name in a domain: one for each meaning.
std::vector<const Operator*> operators_called(const Node& node) {
  std::vector<const Operator*> found;
  for (const auto operators :
       {forest_operators(), linear_operators(), feature_operators(), layer_operators(), quantised_operators(),
        activation_operators(), arithmetic_operators(), class_operators(), shape_operators()}) {
    for (const Operator& row : operators) {
      if (row.name == node.op && row.domain == node.domain) found.push_back(&row);
    }
  }
  return found;
}

const Operator& operator_of(const Graph& graph, const Node& node) {
  const std::vector<const Operator*> rows = operators_called(node);
  if (rows.empty()) {
    refuse(graph, node,
           node.domain.empty() || node.domain == "ai.onnx.ml"
               ? "emlc does not read this operator (docs/formats.md lists those it does)"
               : fmt::format("emlc reads no operators of the domain '{}'", printable(node.domain)));
  }
  for (const Operator* row : rows) {
    if (node.opset >= row->first_opset && node.opset <= row->last_opset) return *row;
  }
  refuse(
      graph, node,
      fmt::format("is read from version {} of its opset on, the model has {}", rows.front()->first_opset, node.opset));
}

void check_attributes(const Graph& graph, const Node& node, const Operator& row) {
  const auto known = split_fields(row.attributes, ' ');
  for (const Attribute& attribute : node.attributes) {
    if (std::find(known.begin(), known.end(), attribute.name) != known.end()) continue;
    refuse(graph, node, fmt::format("has the attribute '{}', which emlc does not know", printable(attribute.name)));
  }
}

std::vector<const Value*> inputs_of(const Graph& graph, const Node& node, const Values& values) {
  std::vector<const Value*> inputs;
  for (const std::string& name : node.inputs) {
    if (name.empty()) {
      inputs.push_back(nullptr);
      continue;
    }
    const auto found = values.find(name);
    if (found == values.end()) {
      refuse(
          graph, node,
          fmt::format("its input '{}' is made by no node before it, and is no input or initializer", printable(name)));
    }
    inputs.push_back(&found->second);
  }
  return inputs;
}

void keep(const Graph& graph, const Node& node, Outcome& outcome, Values& values) {
  for (std::size_t index = 0; index < node.outputs.size(); ++index) {
    if (node.outputs[index].empty()) continue;
    if (index >= outcome.outputs.size()) {
      refuse(graph, node,
             fmt::format("gives '{}' as output {}, which emlc does not read", printable(node.outputs[index]), index));
    }
    if (!values.emplace(node.outputs[index], std::move(outcome.outputs[index])).second) {
      refuse(graph, node, fmt::format("gives '{}', which is there already", printable(node.outputs[index])));
    }
  }
}

}  // namespace

Walked walk(const Graph& graph, const std::map<std::string, Value>& inputs) {
  Values values(inputs.begin(), inputs.end());
  Ledger ledger{.n_tensors = static_cast<std::int32_t>(inputs.size())};
  for (const auto& [name, tensor] : graph.initialisers) values.emplace(name, tensor);
  Walked walked;
  for (const Node& node : graph.nodes) {
    const Operator& row = operator_of(graph, node);
    check_attributes(graph, node, row);
    Outcome outcome = row.compute(Call(graph, node, inputs_of(graph, node, values), ledger));
    keep(graph, node, outcome, values);
    walked.nodes.push_back({.name = node.name, .op = node.op, .became = std::move(outcome.became)});
  }
  for (const Port& port : graph.outputs) {
    const auto found = values.find(port.name);
    if (found == values.end())
      refuse(graph.file, fmt::format("output '{}'", printable(port.name)), "is made by no node");
    walked.outputs.push_back(found->second);
  }
  return walked;
}

}  // namespace emlc::formats::onnx
