#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codegen/model/error.hpp"
#include "formats/catboost/catboost.hpp"
#include "formats/catboost/cbm.hpp"
#include "formats/catboost/loss.hpp"
#include "formats/catboost/trees.hpp"
#include "formats/trees/nested_trees.hpp"

namespace emlc::formats {
namespace catboost {
namespace {

const Loss& choose_loss(const Origin& origin, const Document& document) {
  const std::string path = "model_info.params";
  if (document.loss.empty()) origin.fail(path, "loss_function.type is missing, nothing says what the outputs are");
  const Loss* loss = find_loss(document.loss);
  if (loss != nullptr) return *loss;
  origin.fail(path, fmt::format("the loss '{}' is not supported", printable(document.loss)));
}

void refuse_unsupported(const Origin& origin, const Document& document) {
  if (!document.unsupported_features.empty()) {
    origin.fail("features_info", fmt::format("the model has {} features, only float features are supported",
                                             document.unsupported_features.front()));
  }
  if (std::find(document.keys.begin(), document.keys.end(), "ctr_data") != document.keys.end()) {
    origin.fail("ctr_data", "the model counts categories, only float features are supported");
  }
  if (document.features.empty()) origin.fail("features_info.float_features", "there is no feature");
}

/// Names where every column has one that is not just its number.
std::vector<std::string> feature_names(const Document& document, std::int32_t n_features) {
  std::vector<std::string> names(static_cast<std::size_t>(n_features));
  for (const FloatFeature& feature : document.features) {
    if (feature.id == fmt::to_string(feature.column)) return {};
    names[static_cast<std::size_t>(feature.column)] = feature.id;
  }
  if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); })) return {};
  return names;
}

/// [scale, bias...]: nothing is 1 and 0; one bias, or one for each output.
void set_scale_and_bias(const Origin& origin, const Document& document, model::TreeEnsemble& ensemble) {
  const auto n_outputs = static_cast<std::size_t>(ensemble.n_outputs);
  ensemble.base_score.assign(n_outputs, 0.0);
  ensemble.base_score_at = model::BaseScoreAt::end;
  const std::vector<double>& numbers = document.scale_and_bias;
  if (numbers.empty()) return;
  ensemble.scale = numbers.front();
  if (numbers.size() == 1) return;
  if (numbers.size() - 1 != n_outputs) {
    origin.fail("scale_and_bias",
                fmt::format("has {} biases, the model has {} outputs", numbers.size() - 1, n_outputs));
  }
  ensemble.base_score.assign(numbers.begin() + 1, numbers.end());
}

/// What a document says, the texts in it read.
Reading read(const Origin& origin, Document& document, std::string_view file) {
  read_texts(document, file);
  refuse_unsupported(origin, document);
  const Loss& loss = choose_loss(origin, document);
  std::int32_t n_features = 0;
  for (const FloatFeature& feature : document.features) n_features = std::max(n_features, feature.column + 1);
  model::TreeEnsemble ensemble = build_trees(origin, document, n_features);
  set_scale_and_bias(origin, document, ensemble);
  ensemble.post_transform.kind = loss.transform;
  Reading reading;
  reading.model.input.n_features = n_features;
  reading.model.input.feature_names = feature_names(document, n_features);
  reading.model.output = output_of(loss, ensemble.n_outputs, document.class_names);
  reading.model.predictor = std::move(ensemble);
  return reading;
}

}  // namespace
}  // namespace catboost

bool is_catboost_json(std::string_view content) {
  return json::first_mark(content) == '{' && content.find("\"features_info\"") != std::string_view::npos &&
         (content.find("\"oblivious_trees\"") != std::string_view::npos ||
          content.find("\"trees\"") != std::string_view::npos);
}

Reading read_catboost_json(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  const json::Source source{content, file, {json::Syntax::lenient, deepest_nesting}};
  catboost::Document document;
  json::read(content, file, document_shape(document), source.dialect);
  return catboost::read({[&](const std::string& path) { return source.find(path); }}, document, file);
}

bool is_cbm(std::string_view content) { return content.starts_with("CBM1"); }

Reading read_cbm(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  catboost::Document document = catboost::read_cbm(content, file);
  const auto find = [&](const std::string& path) {
    return Where{.file = std::string(file), .line = 0, .field = path.empty() ? "ModelTrees" : path};
  };
  return catboost::read({find}, document, file);
}

}  // namespace emlc::formats
