#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx/file/graph.hpp"
#include "formats/onnx/value.hpp"

namespace emlc::formats::onnx {

/// What all nodes of a graph make together.
struct Ledger {
  std::int32_t n_tensors = 0;  ///< names in Rows::lineage
  std::size_t n_elements = 0;  ///< of constants, weights and leaves
};

/// A node that is about to be computed, with what its inputs are. Throws Error naming the node for what it has not.
class Call {
 public:
  Call(const Graph& graph, const Node& node, std::vector<const Value*> inputs, Ledger& ledger)
      : graph_(graph), node_(node), inputs_(std::move(inputs)), ledger_(ledger) {}

  [[nodiscard]] const Node& node() const { return node_; }
  [[nodiscard]] std::size_t n_inputs() const { return inputs_.size(); }
  [[nodiscard]] bool has_input(std::size_t index) const { return index < inputs_.size() && inputs_[index] != nullptr; }
  [[nodiscard]] const Value& input(std::size_t index) const;
  /// An input that has to be known before the model runs.
  [[nodiscard]] const Tensor& constant(std::size_t index) const;
  [[nodiscard]] const Tensor* constant_or_null(std::size_t index) const;
  /// A constant of numbers with `n` elements, whatever its shape.
  [[nodiscard]] const std::vector<double>& vector(std::size_t index, std::size_t n) const;
  [[nodiscard]] const Rows& rows(
      std::size_t index) const;  ///< numbers that the model computes, not of a class, no codes of a quantiser
  [[nodiscard]] const Rows& features(
      std::size_t index) const;  ///< the same, and nothing but scaled columns of the input

  [[nodiscard]] double number(std::string_view name, double otherwise) const;
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const;
  /// A list, or a tensor that is called `name`, perhaps with `_as_tensor` behind; empty without.
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const;
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& texts(std::string_view name) const;
  [[nodiscard]] const Attribute* attribute(std::string_view name) const;
  /// Refuses an axis that is not that of the columns.
  void require_columns(std::int64_t axis) const;

  /// A name for a new tensor, in Rows::lineage.
  [[nodiscard]] std::int32_t new_tensor() const { return ledger_.n_tensors++; }
  /// Notes that the node makes so many numbers. Refuses more than 2^22 and one for each byte of the file: a small file
  /// could ask for a large table again and again.
  void make(std::size_t n_elements) const;
  [[noreturn]] void fail(std::string_view problem) const { refuse(graph_, node_, problem); }

 private:
  const Graph& graph_;
  const Node& node_;
  std::vector<const Value*> inputs_;
  Ledger& ledger_;
};

/// What a node gives, and what it became in the model in a few words.
struct Outcome {
  std::vector<Value> outputs;
  std::string became;
};

/// An operator that emlc reads.
struct Operator {
  std::string_view domain;  ///< empty for ai.onnx
  std::string_view name;
  std::int64_t first_opset, last_opset;  ///< of its domain: those with the meaning that is read
  std::string_view attributes;           ///< all that it may have, with blanks between them
  Outcome (*compute)(const Call& call);
};

// What the files of this folder read.
std::span<const Operator> forest_operators();
std::span<const Operator> linear_operators();
std::span<const Operator> feature_operators();
std::span<const Operator> layer_operators();
std::span<const Operator> quantised_operators();
std::span<const Operator> activation_operators();
std::span<const Operator> arithmetic_operators();
std::span<const Operator> class_operators();
std::span<const Operator> shape_operators();

}  // namespace emlc::formats::onnx
