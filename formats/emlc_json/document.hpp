#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "formats/emlc_signal/decision.hpp"
#include "formats/emlc_signal/document.hpp"
#include "formats/text/json_shape.hpp"

/// An emlc model document as it is in the file, before its meaning is looked at. Keys of an object may come in any
/// order, so what one key means can depend on a later one; `keys` of each struct lists the ones that are there.
namespace emlc::formats::emlc_json {

using Keys = std::vector<std::string_view>;
inline bool has(const Keys& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

enum class Compare { less_equal, less };
enum class LeafForm { vector, scalar, class_index };
enum class Aggregate { sum, mean };
enum class Missing { none, nan, per_node };  ///< of trees; the key has a number or null in steps
enum class MissingType : char { none, zero, nan };
enum class Kind {
  tree_ensemble,
  mlp,
  sos,
  pipeline,
  combine,
  scaler,  // from here on steps
  columns,
  impute,
  missing_indicator,
  one_hot,
  lookup,
  bins,
  binarize,
  function,
  power,
  quantile,
  linear,
  polynomial,
  normalize
};
inline bool is_step(Kind kind) { return kind >= Kind::scaler; }
std::string_view name(Kind kind);

/// The entry of one node in `value`: null, a number or a list, in numbers [begin, end) of Tree::leaf_numbers.
struct LeafValue {
  json::Type type = json::Type::null;
  std::uint32_t begin = 0, end = 0;
};

struct NodeCategories {
  std::int32_t node = 0;
  std::vector<std::int32_t> categories;
};

struct Tree {
  Keys keys;
  std::int32_t output = 0;
  double weight = 1.0;
  std::vector<std::int32_t> feature, left, right;
  std::vector<double> threshold;
  std::vector<char> default_left;
  std::vector<MissingType> missing_type;
  std::vector<NodeCategories> categories_left, categories_right;
  std::vector<LeafValue> value;
  std::vector<double> leaf_numbers;
};

struct TreeEnsemble {
  Compare compare = Compare::less_equal;
  model::NumberType feature_type = model::NumberType::float32;
  model::NumberType sum_type = model::NumberType::float64;
  LeafForm leaf = LeafForm::vector;
  Aggregate aggregate = Aggregate::sum;
  std::vector<double> base_score;
  model::BaseScoreAt base_score_at = model::BaseScoreAt::start;
  double scale = 1.0;
  Missing missing = Missing::none;
  std::vector<Tree> trees;
};

/// How a document says what is missing.
enum class MissingIs { left_out, text, number };

struct PostTransform {
  Keys keys;
  model::PostTransform value;
};

struct DenseLayer {
  Keys keys;
  std::vector<std::vector<double>> weights;
  std::vector<double> bias;
  model::Activation activation = model::Activation::identity;
  double alpha = 0.0;
  std::vector<double> slopes;
};

struct Scaler {
  model::ScalerOp op = model::ScalerOp::subtract_divide;
  std::vector<double> offset, scale, clip;
};

/// The keys of all steps but the scaler's own; null is NaN.
struct Step {
  std::int32_t first = 0, n_columns = 0;
  model::NumberType type = model::NumberType::float64;
  std::vector<std::int32_t> indices;
  std::vector<double> values, otherwise, thresholds, lambdas, references, bias;
  double missing = model::no_value;
  std::vector<model::Categories> categories;
  std::vector<std::vector<double>> from, to, edges, quantiles, weights;
  std::vector<std::vector<std::int32_t>> terms;
  model::FunctionName function = model::FunctionName::log;
  model::PowerMethod method = model::PowerMethod::yeo_johnson;
  model::QuantileOutput output = model::QuantileOutput::uniform;
  model::Norm norm = model::Norm::l2;
};

struct Sos {
  double sample_rate = 0.0;
  std::vector<std::vector<double>> sections, initial_state;
};

struct Calibration {
  Keys keys;
  model::Calibration value;
};

struct MemberPart;
struct ModelPart;

/// What a model of kind combine has beside its post-transform.
struct Combine {
  model::CombineRule rule = model::CombineRule::mean;
  std::vector<MemberPart> members;
  bool is_chained = false, passes_columns = false;
  std::vector<ModelPart> last;  ///< none or one

  Combine();
  Combine(const Combine& other);
  Combine(Combine&& other) noexcept;
  Combine& operator=(const Combine& other);
  Combine& operator=(Combine&& other) noexcept;
  ~Combine();
};

/// One model object: the keys of its kind are filled.
struct ModelPart {
  Keys keys;
  Kind kind = Kind::tree_ensemble;
  TreeEnsemble trees;
  std::vector<DenseLayer> layers;
  Scaler scaler;
  Step step;
  Sos sos;
  PostTransform post_transform;
  std::vector<ModelPart> steps;
  Combine combine;
  MissingIs missing_is = MissingIs::left_out;
};

struct Output {
  Keys keys;
  model::Output value;
  Keys decision_keys;
};

struct MemberPart {
  Keys keys;
  ModelPart model;
  Output output;
  std::vector<std::int32_t> columns;
  std::vector<Calibration> calibration;
  double weight = 1.0;
  model::MemberResult result = model::MemberResult::outputs;
};

struct Document {
  std::string name;
  model::Input input;
  Output output;
  ModelPart model;
  model::TestVectors test_vectors;
  std::vector<emlc_signal::Document> signal;        ///< none or one
  std::vector<emlc_signal::DecisionPart> decision;  ///< none or one
  std::vector<signal::RecordedWindows> recordings;  ///< of the test vectors
};

/// The shape of a whole document. `into` has to outlive the reading.
json::Shape document_shape(Document& into);
json::Fields tree_fields(Tree& into);
json::Fields model_fields(ModelPart& into);
json::Fields decision_fields(Output& into);
std::vector<json::Field> step_fields(ModelPart& into);
std::vector<json::Field> combine_fields(Combine& into);

/// A sentence about the first key that the model's kind does not have, or needs and is not there; empty when all is
/// well.
std::string wrong_key_of_kind(const ModelPart& part);

}  // namespace emlc::formats::emlc_json
