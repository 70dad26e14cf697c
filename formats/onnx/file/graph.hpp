#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"

/// A model in ONNX as plain data: what decode() takes out of the file, checked on its own but not yet understood.
namespace emlc::formats::onnx {

/// Types of the elements of tensors, by their numbers in the format.
enum class ElementType : std::int32_t {
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  text = 8,
  boolean = 9,
  float64 = 11,
  uint32 = 12,
};

/// `float`, `int64`, `string`, ... as ONNX calls them; the number of a type that emlc does not read.
std::string name(ElementType type);
bool is_integer(ElementType type);  ///< booleans too

/// A constant. Elements are in row-major order; integers are exact up to 2^53 in magnitude, above that they are
/// refused.
struct Tensor {
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape{};  ///< [n_dims], each 0 or more; empty for a scalar
  std::vector<double> values{};       ///< [product of shape], unless they are texts
  std::vector<std::string> texts{};   ///< [product of shape], of texts
};

struct Attribute {
  std::string name{};
  std::optional<double> number{};  ///< a float, as double
  std::optional<std::int64_t> integer{};
  std::optional<std::string> text{};
  std::optional<Tensor> tensor{};
  std::vector<double> numbers{};
  std::vector<std::int64_t> integers{};
  std::vector<std::string> texts{};
};

struct Node {
  std::string name{};                            ///< may be empty
  std::string op{};                              ///< `Gemm`
  std::string domain{};                          ///< empty for ai.onnx
  std::int64_t opset = 0;                        ///< version of its domain in this model
  std::vector<std::string> inputs{}, outputs{};  ///< names of tensors; an empty one is left out
  std::vector<Attribute> attributes{};
  std::size_t index = 0;  ///< its place in the file
};

/// An input or output of the graph.
struct Port {
  std::string name{};
  std::optional<ElementType> type{};  ///< nothing for a sequence or a map
  std::vector<std::int64_t> shape{};  ///< -1 for a size that is open; [n_dims]
  bool has_shape = false;             ///< an output may be without
};

struct Graph {
  std::string file{};       ///< for messages
  std::size_t n_bytes = 0;  ///< of the file
  std::string producer{};
  std::map<std::string, std::int64_t> opsets{};  ///< version of each domain
  std::vector<Port> inputs{};                    ///< without those that have an initialiser
  std::vector<Port> outputs{};
  std::map<std::string, Tensor> initialisers{};
  std::vector<Node> nodes{};  ///< in the order of the file, which has to be one in which they can be computed
};

/// `node 'Gemm_0' (Gemm)`, with the place of a node without a name: `node 3 (Gemm)`.
std::string title(const Node& node);

/// Refuses a node: `model.onnx: node 'svm' (SVMClassifier): problem`.
[[noreturn]] void refuse(const Graph& graph, const Node& node, std::string_view problem);
/// Refuses something else of the file: `model.onnx: initializer 'w': problem`.
[[noreturn]] void refuse(std::string_view file, const std::string& field, std::string_view problem);

/// Takes the file apart. Throws Error for bytes that are no model, for what emlc never reads (tensors in other files,
/// sparse ones, functions, graphs inside of nodes), for shapes that do not fit their elements, names that are there
/// twice, and a file that would need much more memory than its size.
Graph decode(std::string_view content, std::string_view file);

}  // namespace emlc::formats::onnx
