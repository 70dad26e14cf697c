#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/onnx/file/graph.hpp"
#include "formats/onnx/value.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::onnx {

/// The values of a graph's outputs, in their order, and what its nodes became.
struct Walked {
  std::vector<Value> outputs{};
  std::vector<ReadNode> nodes{};
};

/// Computes all nodes in the order of the file. Throws Error for a node that emlc does not read, by name and operator,
/// for tensors that no node before has made (so for cycles), and for names that are made twice.
/// @param inputs  what the graph's inputs are
Walked walk(const Graph& graph, const std::map<std::string, Value>& inputs);

}  // namespace emlc::formats::onnx
