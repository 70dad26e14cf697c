#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <set>

#include "formats/onnx/file/graph.hpp"
#include "formats/onnx/file/schema.pb.h"
#include "formats/onnx/file/tensors.hpp"
#include "formats/onnx/file/wire.hpp"

namespace emlc::formats::onnx {
namespace {

constexpr std::int64_t newest_ml = 5, newest_onnx = 26;

Attribute decode_attribute(const wire::Attribute& from, std::string_view file, const std::string& node) {
  const std::string field = fmt::format("{}, attribute '{}'", node, printable(from.name()));
  if (from.has_g() || from.graphs_size() != 0)
    refuse(file, field, "is a graph of its own, emlc reads graphs without branches and loops");
  if (from.has_sparse_tensor() || from.sparse_tensors_size() != 0)
    refuse(file, field, "is a sparse tensor, emlc reads dense ones");
  if (from.tensors_size() != 0) refuse(file, field, "is a list of tensors, emlc knows no operator that has one");
  if (!from.reference().empty()) refuse(file, field, "refers to an attribute of a function, emlc reads no functions");
  Attribute to{.name = from.name()};
  if (from.has_f()) to.number = from.f();
  if (from.has_i()) to.integer = from.i();
  if (from.has_s()) to.text = from.s();
  if (from.has_t()) to.tensor = decode_tensor(from.t(), file, field);
  to.numbers.assign(from.floats().begin(), from.floats().end());
  to.integers.assign(from.ints().begin(), from.ints().end());
  to.texts.assign(from.strings().begin(), from.strings().end());
  return to;
}

Node decode_node(const wire::Node& from, std::size_t index, const Graph& graph) {
  Node to{.name = from.name(),
          .op = from.op_type(),
          .domain = from.domain() == "ai.onnx" ? "" : from.domain(),
          .inputs = {from.input().begin(), from.input().end()},
          .outputs = {from.output().begin(), from.output().end()},
          .index = index};
  if (to.op.empty()) refuse(graph, to, "has no operator");
  const auto opset = graph.opsets.find(to.domain);
  if (opset == graph.opsets.end()) {
    refuse(graph, to,
           fmt::format("its domain '{}' has no version among the model's opsets",
                       printable(to.domain.empty() ? "ai.onnx" : to.domain)));
  }
  to.opset = opset->second;
  std::set<std::string> names;
  for (const wire::Attribute& attribute : from.attribute()) {
    if (!names.insert(attribute.name()).second) {
      refuse(graph, to, fmt::format("has attribute '{}' twice", printable(attribute.name())));
    }
    to.attributes.push_back(decode_attribute(attribute, graph.file, title(to)));
  }
  return to;
}

Port decode_port(const wire::ValueInfo& from) {
  Port to{.name = from.name()};
  if (!from.type().has_tensor()) return to;
  const wire::TensorType& type = from.type().tensor();
  to.type = static_cast<ElementType>(type.element());
  to.has_shape = type.has_shape();
  for (const wire::Dimension& size : type.shape().dim()) {
    to.shape.push_back(size.has_value() && size.value() > 0 ? size.value() : -1);
  }
  return to;
}

/// Versions by domain. Those that are newer than what is known may mean something else.
void decode_opsets(const wire::Model& from, Graph& graph) {
  for (const wire::OperatorSet& set : from.opset()) {
    const std::string domain = set.domain() == "ai.onnx" ? "" : set.domain();
    const std::string shown = domain.empty() ? "ai.onnx" : printable(domain);
    const auto [known, is_new] = graph.opsets.emplace(domain, set.version());
    if (!is_new && known->second != set.version()) {
      refuse(graph.file, "opset_import",
             fmt::format("has {} twice, in versions {} and {}", shown, known->second, set.version()));
    }
    const std::int64_t newest = domain == "ai.onnx.ml" ? newest_ml : newest_onnx;
    if (set.version() < 1 || (set.version() > newest && (domain.empty() || domain == "ai.onnx.ml"))) {
      refuse(graph.file, "opset_import",
             fmt::format("version {} of {}, expected 1 to {}", set.version(), shown, newest));
    }
  }
  if (graph.opsets.empty()) refuse(graph.file, "opset_import", "there is none, expected the versions of the operators");
}

void decode_initialisers(const wire::Graph& from, Graph& graph) {
  if (from.sparse_initializer_size() != 0)
    refuse(graph.file, "sparse_initializer", "there are sparse tensors, emlc reads dense ones");
  for (const wire::Tensor& tensor : from.initializer()) {
    const std::string field = fmt::format("initializer '{}'", printable(tensor.name()));
    if (!graph.initialisers.emplace(tensor.name(), decode_tensor(tensor, graph.file, field)).second) {
      refuse(graph.file, field, "is there twice");
    }
  }
}

}  // namespace

std::string title(const Node& node) {
  const std::string op = printable(node.op);
  return node.name.empty() ? fmt::format("node {} ({})", node.index, op)
                           : fmt::format("node '{}' ({})", printable(node.name), op);
}

void refuse(std::string_view file, const std::string& field, std::string_view problem) {
  throw Error({.file = std::string(file), .field = field}, problem);
}

void refuse(const Graph& graph, const Node& node, std::string_view problem) {
  refuse(graph.file, title(node), problem);
}

Graph decode(std::string_view content, std::string_view file) {
  check_wire(content, file);
  wire::Model model;
  if (!model.ParseFromArray(content.data(), static_cast<int>(content.size()))) {
    throw Error({.file = std::string(file), .field = "model"}, "its fields are not those of a model in ONNX");
  }
  Graph graph{.file = std::string(file), .n_bytes = content.size(), .producer = model.producer()};
  if (!model.producer_version().empty()) graph.producer += " " + model.producer_version();
  if (!model.has_graph()) refuse(file, "graph", "there is none");
  if (model.functions_size() != 0) refuse(file, "functions", "the model has functions of its own, emlc reads none");
  decode_opsets(model, graph);
  const wire::Graph& from = model.graph();
  decode_initialisers(from, graph);
  for (const wire::ValueInfo& port : from.input()) {
    // Up to version 3 of the format an initialiser is an input too, with a value to begin with.
    if (!graph.initialisers.contains(port.name())) graph.inputs.push_back(decode_port(port));
  }
  for (const wire::ValueInfo& port : from.output()) graph.outputs.push_back(decode_port(port));
  for (const wire::Node& node : from.node()) graph.nodes.push_back(decode_node(node, graph.nodes.size(), graph));
  return graph;
}

}  // namespace emlc::formats::onnx
