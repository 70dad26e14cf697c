#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codegen/model/combine/combination.hpp"
#include "codegen/model/dense/dense_network.hpp"
#include "codegen/model/number_type.hpp"
#include "codegen/model/scaler.hpp"
#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/model/steps/step.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::model {

struct Input {
  std::int32_t n_features = 0;
  NumberType type = NumberType::float32;     ///< of the values the caller gives
  std::vector<std::string> feature_names{};  ///< empty, or [n_features]
  std::vector<double> minimum{}, maximum{};  ///< empty, or [n_features]: the declared range, both ends included
  /// Empty, or [n_features] factors, float32: the device takes codes of `type`, about x * grid, for a value x of its
  /// caller (grid.hpp). The declared range is one of codes then.
  std::vector<double> grid{};
};

/// A group of output columns with one decision, in column order.
struct Target {
  std::string name{};
  std::int32_t size = 1;
  std::vector<std::string> class_names{};  ///< empty, or [size]; 2 when the rule compares with a threshold
};

enum class Task { classification, regression, anomaly, transform, filter };
enum class DecisionRule { argmax, greater, greater_equal, none };

/// argmax: the first maximum of each target. greater, greater_equal: every target is one column, class 1 if it passes
/// the threshold, else class 0 (several targets: independent yes/no labels).
struct Output {
  Task task = Task::regression;
  std::int32_t n_outputs = 1;
  std::vector<Target> targets{};  ///< sizes add up to n_outputs; never empty, except for a filter
  DecisionRule rule = DecisionRule::none;
  double threshold = 0.0;
};

/// Inputs with the answers of the trainer. |out - expected| <= atol + rtol * |expected| has to hold.
/// For a filter each row is one signal and its response from a zero state.
struct TestVectors {
  std::vector<std::vector<double>> inputs{};       ///< NaN is a missing value
  std::vector<std::vector<double>> outputs{};      ///< after the post-transform
  std::vector<std::vector<std::string>> labels{};  ///< empty, or one class name per target
  double atol = 0.0, rtol = 0.0;
};

/// No predictor: the steps and scalers are the model (task transform).
using Predictor = std::variant<std::monostate, TreeEnsemble, DenseNetwork, SosCascade, Combination>;

/// A trained model: inputs pass through the steps in order, then through the scalers, then through the predictor.
/// Plain data: nothing in it tells which file format it came from.
struct Model {
  std::string name{};  ///< empty, or a C identifier
  Input input{};
  Output output{};
  std::vector<Step> steps{};      ///< up to the last one that is no scaler of all columns, see append_step
  std::vector<Scaler> scalers{};  ///< of all columns, behind the steps
  Predictor predictor{};
  TestVectors test_vectors{};
};

/// What a member of a combination gives to it.
enum class MemberResult {
  outputs,   ///< its taken columns
  decision,  ///< the index of the class that it decides for, 0, 1, ..., as a number
};

/// A model of a combination. Its input is what the combination's predictor takes (members.hpp), its output has one
/// target, it has neither name nor test vectors.
struct Member {
  Model model{};
  std::vector<std::int32_t> columns{};     ///< of its outputs, those that are taken, in this order
  std::vector<Calibration> calibration{};  ///< empty, or one for each taken column
  double weight = 1.0;                     ///< mean and votes; not negative
  MemberResult result = MemberResult::outputs;
};

/// Puts a step behind all others: a scaler of all columns among the scalers, until a step of another kind follows it.
void append_step(Model& model, Step step);
/// The width of the row behind the steps: what scalers and the predictor take.
std::int32_t n_columns(const Model& model);
/// True when the predictor takes what the caller gives: nothing is computed in front of it.
bool takes_inputs(const Model& model);
/// What the predictor takes, as an input: that of the model, or where something is computed in front of it n_columns
/// values of float32, of which nothing is known.
Input predictor_input(const Model& model);

std::string_view name(Task task);
std::string_view name(DecisionRule rule);
/// `tree ensemble`, `dense network`, `sos filter`, `combination` or `scaler`.
std::string_view kind_name(const Model& model);
/// The number of values of the outputs: n_outputs. Class names of a target, "0", "1", ... when it has none.
std::vector<std::string> class_names(const Model& model, std::size_t target);
/// The integers of a dense network that computes in them, else nullptr.
const IntegerNetwork* integers_of(const Model& model);
/// How many layers of a dense network round what they give to codes.
std::size_t n_rounded_layers(const Model& model);

}  // namespace emlc::model
