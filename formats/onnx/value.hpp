#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codegen/model/dense/dense_network.hpp"
#include "codegen/model/model.hpp"
#include "codegen/model/scaler.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"
#include "formats/onnx/file/graph.hpp"

/// What a tensor of the graph is, while its nodes are walked through: a constant, or numbers that the model computes of
/// each row of its input, or a class that is chosen by them.
namespace emlc::formats::onnx {

/// Columns of the input with what is done to them: steps, then scalers of all columns behind the steps.
struct Features {
  std::vector<std::int32_t> columns{};   ///< of all inputs side by side
  std::vector<model::Step> steps{};      ///< of those columns, in order; without any, [width] columns
  std::vector<model::Scaler> scalers{};  ///< [width] each
};

/// A tree whose leaves have values of their own: the row of each Leaf is its place in the tree.
struct Member {
  std::shared_ptr<const model::Tree> tree{};  ///< two members with the same one come from one node
  std::int32_t first_output = 0;
  std::int32_t leaf_width = 1;
  std::vector<double> leaves{};  ///< [n_leaves][leaf_width]
};

/// A sum of trees, before what is done with it: sum / divisor + base_score.
struct Forest {
  std::vector<std::shared_ptr<const Member>> members{};
  model::NumberType feature_type = model::NumberType::float32;
  model::NumberType sum_type = model::NumberType::float32;
  std::vector<double> base_score{};  ///< [n_outputs]
  double divisor = 1.0;
};

/// A weight of a map from values to values.
struct Term {
  std::int32_t row, column;
  double weight;
};

/// What is done with the values of the last finished layer, or of the features, before the next activation.
struct OpenLayer {
  enum class Form : char {
    nothing,
    adjusted,  ///< by terms and bias, which go into the weights that follow
    dense,     ///< by weights and bias: a layer that waits for its activation
  };
  Form form = Form::nothing;
  std::vector<Term> terms{};
  std::vector<double> weights{};  ///< [n_out][n_in]
  std::vector<double> bias{};     ///< [n_out]
};

/// What is done with sums of trees, or after a network, one step after the other.
enum class StepKind : char { multiply, divide, add, power_of_two, softmax, log_softmax, sigmoid, normalize, exp };
struct Step {
  StepKind kind;
  std::vector<double> by{};  ///< multiply, divide: [1]; add: [1] or [width]
};

/// Which numbers of p a tensor has.
enum class Form : char {
  plain,       ///< p
  complement,  ///< 1 - p of a single p
  pair,        ///< (1 - p, p) of a single p
  mirror,      ///< (-p, p) of a single p
};

/// Numbers that the model computes of each row of its input.
struct Rows {
  std::int32_t width = 0;  ///< of the tensor
  ElementType type = ElementType::float32;
  std::int32_t n_axes = 2;  ///< those between samples and columns have the size 1
  Features features{};
  std::shared_ptr<const Forest> forest{};  ///< nullptr: features or a network
  std::vector<std::shared_ptr<const model::DenseLayer>> layers{};
  OpenLayer open{};
  std::vector<Step> steps{};
  Form form = Form::plain;
  std::optional<model::CodeGrid> codes{};  ///< QuantizeLinear made codes of the numbers
  /// Tensors with the same order of columns, up to this one: an argmax of one is that of another.
  std::vector<std::int32_t> lineage{};
};

/// A class for each row of the input.
struct Choice {
  Rows scores{};  ///< with one column for a comparison, else with one for each class
  model::DecisionRule rule = model::DecisionRule::argmax;  ///< on the scores
  double threshold = 0.0;
  ElementType type = ElementType::int64;
  std::vector<double> values{};      ///< of each class, unless they are texts
  std::vector<std::string> texts{};  ///< of each class
  std::string problem{};             ///< why it cannot be an output; empty when it can
};

using Value = std::variant<Tensor, Rows, Choice>;

/// Are these only scaled columns of the input?
inline bool is_features(const Rows& rows) {
  return !rows.forest && rows.layers.empty() && rows.open.form == OpenLayer::Form::nothing && rows.steps.empty() &&
         rows.form == Form::plain && !rows.codes;
}
/// Is it the value of one tree, on which anything can be computed leaf by leaf?
inline bool is_leaf_value(const Rows& rows) {
  return rows.forest && rows.forest->members.size() == 1 && rows.steps.empty() && rows.form == Form::plain &&
         rows.forest->divisor == 1.0;
}

}  // namespace emlc::formats::onnx
