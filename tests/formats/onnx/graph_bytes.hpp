#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// Writes small graphs in ONNX, field by field: the format's own numbers, and nothing of the reader under test.
namespace emlc::test::onnx {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80U; value >>= 7U) bytes += static_cast<char>((value & 0x7fU) | 0x80U);
  return bytes + static_cast<char>(value);
}
inline std::string text(int field, std::string_view value) {
  return varint(static_cast<std::uint64_t>(field) << 3U | 2U) + varint(value.size()) + std::string(value);
}
inline std::string integer(int field, std::int64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3U) + varint(static_cast<std::uint64_t>(value));
}
inline std::string number(int field, float value) {
  std::string bytes = varint(static_cast<std::uint64_t>(field) << 3U | 5U);
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  return bytes + std::string(raw, sizeof value);
}

using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<float>;
using Texts = std::vector<std::string>;

// Attributes of nodes.
inline std::string attribute(std::string_view name, float value) {
  return text(5, text(1, name) + number(2, value) + integer(20, 1));
}
inline std::string attribute(std::string_view name, std::int64_t value) {
  return text(5, text(1, name) + integer(3, value) + integer(20, 2));
}
inline std::string attribute(std::string_view name, std::string_view value) {
  return text(5, text(1, name) + text(4, value) + integer(20, 3));
}
inline std::string attribute(std::string_view name, const Numbers& values) {
  std::string list;
  for (const float value : values) list += number(7, value);
  return text(5, text(1, name) + list + integer(20, 6));
}
inline std::string attribute(std::string_view name, const Integers& values) {
  std::string list;
  for (const std::int64_t value : values) list += integer(8, value);
  return text(5, text(1, name) + list + integer(20, 7));
}
inline std::string attribute(std::string_view name, const Texts& values) {
  std::string list;
  for (const std::string& value : values) list += text(9, value);
  return text(5, text(1, name) + list + integer(20, 8));
}

/// The content of a tensor of float, as bytes.
inline std::string tensor(const Integers& shape, const Numbers& values) {
  std::string bytes;
  for (const std::int64_t size : shape) bytes += integer(1, size);
  std::string raw(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return bytes + integer(2, 1) + text(9, raw);
}
/// The same of int64, as a list.
inline std::string tensor(const Integers& shape, const Integers& values) {
  std::string bytes, list;
  for (const std::int64_t size : shape) bytes += integer(1, size);
  for (const std::int64_t value : values) list += varint(static_cast<std::uint64_t>(value));
  return bytes + integer(2, 7) + text(7, list);
}
inline std::string tensor_attribute(std::string_view name, const std::string& tensor) {
  return text(5, text(1, name) + text(5, tensor) + integer(20, 4));
}

// Parts of a graph.
inline std::string initializer(std::string_view name, const std::string& tensor) {
  return text(5, tensor + text(8, name));
}
struct Node {
  std::string op;
  Texts inputs, outputs;
  std::string attributes{};
  std::string domain{};
  std::string name{};
};
inline std::string node(const Node& node) {
  std::string bytes;
  for (const std::string& input : node.inputs) bytes += text(1, input);
  for (const std::string& output : node.outputs) bytes += text(2, output);
  if (!node.name.empty()) bytes += text(3, node.name);
  bytes += text(4, node.op) + node.attributes;
  if (!node.domain.empty()) bytes += text(7, node.domain);
  return text(1, bytes);
}
inline Node ml(Node node) {
  node.domain = "ai.onnx.ml";
  return node;
}
/// An input (field 11) or output (12) of the graph; a size of -1 is open.
inline std::string port(int field, std::string_view name, const Integers& shape, std::int64_t type = 1) {
  std::string sizes;
  for (const std::int64_t size : shape) sizes += text(1, size < 0 ? text(2, "n") : integer(1, size));
  return text(field, text(1, name) + text(2, text(1, integer(1, type) + text(2, sizes))));
}
inline std::string input(std::string_view name, const Integers& shape, std::int64_t type = 1) {
  return port(11, name, shape, type);
}
inline std::string output(std::string_view name, std::int64_t type = 1) {
  return text(12, text(1, name) + text(2, text(1, integer(1, type))));
}

/// The file: version 8, `onnx` as who wrote it, and opsets.
inline std::string file(const std::string& graph, std::int64_t opset = 17, std::int64_t ml_opset = 3) {
  return integer(1, 8) + text(2, "onnx-test") + text(7, graph) + text(8, text(1, "") + integer(2, opset)) +
         text(8, text(1, "ai.onnx.ml") + integer(2, ml_opset));
}

}  // namespace emlc::test::onnx
