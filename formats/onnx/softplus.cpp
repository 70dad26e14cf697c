#include "formats/onnx/softplus.hpp"

#include <algorithm>

namespace emlc::formats::onnx {
namespace {

constexpr double same_from = 17.0;

/// The node that makes a tensor, if it is one of that operator.
const Node* maker(const Graph& graph, const std::string& tensor, std::string_view op) {
  const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.op == op && node.domain.empty() && node.outputs == std::vector{tensor};
  });
  return found == graph.nodes.end() ? nullptr : &*found;
}

/// The single number that a tensor is.
std::optional<double> number(const Graph& graph, const std::string& tensor) {
  const auto found = graph.initialisers.find(tensor);
  if (found == graph.initialisers.end() || found->second.values.size() != 1) return std::nullopt;
  return found->second.values.front();
}

/// Is `scaled` x times the number that `softplus` is divided by, where it is divided?
bool fits(const Graph& graph, const std::string& x, const std::string& scaled, const std::string& softplus) {
  const auto is_of = [&](const std::string& tensor) {
    const Node* node = maker(graph, tensor, "Softplus");
    return node != nullptr && node->inputs == std::vector{scaled};
  };
  if (scaled == x) return is_of(softplus);
  const Node* product = maker(graph, scaled, "Mul");
  const Node* quotient = maker(graph, softplus, "Div");
  if (product == nullptr || quotient == nullptr || product->inputs.size() != 2 || quotient->inputs.size() != 2)
    return false;
  const auto beta = number(graph, product->inputs[1]);
  return product->inputs[0] == x && beta && *beta > 0.0 && number(graph, quotient->inputs[1]) == beta &&
         is_of(quotient->inputs[0]);
}

/// The comparison that a Where asks, where it is only there to keep exp from overflowing.
const Node* needless_comparison(const Graph& graph, const Node& where) {
  if (where.op != "Where" || !where.domain.empty() || where.inputs.size() != 3) return nullptr;
  const Node* greater = maker(graph, where.inputs[0], "Greater");
  if (greater == nullptr || greater->inputs.size() != 2) return nullptr;
  const auto threshold = number(graph, greater->inputs[1]);
  if (!threshold || *threshold < same_from) return nullptr;
  return fits(graph, where.inputs[1], greater->inputs[0], where.inputs[2]) ? greater : nullptr;
}

bool is_asked(const Graph& graph, const std::string& tensor) {
  const auto is_tensor = [&](const Port& port) { return port.name == tensor; };
  if (std::any_of(graph.outputs.begin(), graph.outputs.end(), is_tensor)) return true;
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return std::find(node.inputs.begin(), node.inputs.end(), tensor) != node.inputs.end();
  });
}

}  // namespace

void plain_softplus(Graph& graph) {
  std::vector<std::string> needless;
  for (Node& where : graph.nodes) {
    const Node* comparison = needless_comparison(graph, where);
    if (comparison == nullptr) continue;
    needless.push_back(comparison->outputs.front());
    where.op = "Identity";
    where.inputs = {where.inputs[2]};
  }
  // Who asks is found before nodes move.
  std::erase_if(needless, [&](const std::string& tensor) { return is_asked(graph, tensor); });
  std::erase_if(graph.nodes, [&](const Node& node) {
    return node.outputs.size() == 1 &&
           std::find(needless.begin(), needless.end(), node.outputs.front()) != needless.end();
  });
}

}  // namespace emlc::formats::onnx
