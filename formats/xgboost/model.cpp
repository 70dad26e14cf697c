#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"
#include "formats/xgboost/objective.hpp"
#include "formats/xgboost/trees.hpp"
#include "formats/xgboost/xgboost.hpp"

namespace emlc::formats {
namespace xgboost {
namespace {

constexpr std::string_view booster_path = "learner.gradient_booster";

const Objective& choose_objective(const json::Source& source, const Document& document) {
  const Objective* objective = find_objective(document.objective);
  if (objective != nullptr) return *objective;
  source.fail("learner.objective.name", unknown_name("objective", document.objective, objective_names()));
}

std::int32_t count_outputs(const json::Source& source, const Document& document) {
  if (document.n_classes > 1 && document.n_targets > 1) {
    source.fail("learner.learner_model_param.num_target", "several targets of several classes are not supported");
  }
  return std::max({document.n_classes, document.n_targets, 1});
}

/// Whether the library was older than that version; a file that does not say is of the newest kind.
bool is_before(const Document& document, const std::vector<std::int32_t>& version) {
  return !document.version.empty() && document.version < version;
}

/// Up to 1.2 the base score of binary:logitraw was a probability, as that of binary:logistic is.
Link link_of(const Document& document, const Objective& objective) {
  return objective.name == "binary:logitraw" && is_before(document, {1, 3}) ? Link::logit : objective.link;
}

/// Trees were first added to one another and then to the base score, up to 1.2, of dart up to 1.3.
model::BaseScoreAt place_of_base_score(const Document& document) {
  const std::vector<std::int32_t> first_at_start =
      document.booster.name == "dart" ? std::vector{1, 4} : std::vector{1, 3};
  return is_before(document, first_at_start) ? model::BaseScoreAt::end : model::BaseScoreAt::start;
}

/// One number, or from 3.1 a list of them in brackets: [n_outputs] margins.
std::vector<double> read_base_scores(const json::Source& source, const Document& document, const Objective& objective,
                                     std::int32_t n_outputs) {
  const std::string path = "learner.learner_model_param.base_score";
  std::string_view text = trim(document.base_score);
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::vector<double> margins;
  for (const std::string_view cell : split_fields(text, ',')) {
    const double score = parse_number(cell, source.find(path));
    margins.push_back(margin_of(link_of(document, objective), score));
    if (!std::isfinite(margins.back())) {
      source.fail(path, fmt::format("{} is out of range for the objective {}", score, objective.name));
    }
  }
  if (margins.size() == 1) margins.resize(static_cast<std::size_t>(n_outputs), margins.front());
  if (std::cmp_equal(margins.size(), n_outputs)) return margins;
  source.fail(path, fmt::format("has {} numbers, the model has {} outputs", margins.size(), n_outputs));
}

/// [n_rounds + 1] the first tree of each round, and the number of trees.
std::vector<std::int32_t> round_starts(const json::Source& source, const std::string& path, const Booster& booster,
                                       std::int32_t n_outputs) {
  const auto n_trees = static_cast<std::int32_t>(booster.trees.size());
  if (!booster.round_starts.empty()) {
    const auto& starts = booster.round_starts;
    if (std::is_sorted(starts.begin(), starts.end()) && starts.front() == 0 && starts.back() == n_trees) return starts;
    source.fail(path + ".iteration_indptr", fmt::format("expected numbers that rise from 0 to {}", n_trees));
  }
  const std::int64_t step =
      std::int64_t{booster.n_parallel_trees} * (booster.leaf_vector > 1 ? std::int64_t{1} : n_outputs);
  std::vector<std::int32_t> starts;
  for (std::int64_t tree = 0; tree < n_trees; tree += step) starts.push_back(static_cast<std::int32_t>(tree));
  starts.push_back(n_trees);
  return starts;
}

/// How many trees count. Training that stops early notes its best round and goes on for a while; what predicts with
/// these rounds alone is the scikit-learn interface, which says in the file that it wrote it.
std::size_t count_trees(const json::Source& source, const std::string& path, const Document& document,
                        std::int32_t n_outputs, std::vector<std::string>& remarks) {
  const std::size_t all = document.booster.trees.size();
  if (document.best_iteration.empty() || all == 0) return all;
  const std::string attribute = "learner.attributes.best_iteration";
  const std::vector<std::int32_t> starts = round_starts(source, path, document.booster, n_outputs);
  const auto n_rounds = static_cast<std::int64_t>(starts.size()) - 1;
  const std::int64_t best = parse_integer(document.best_iteration, 0, n_rounds - 1, source.find(attribute));
  if (best == n_rounds - 1) return all;
  const std::string stopped =
      fmt::format("{}: training stopped early, round {} of {} was the best", source.file, best + 1, n_rounds);
  if (document.scikit_learn.empty()) {
    remarks.push_back(stopped + "; all rounds count, as for Booster.predict");
    return all;
  }
  remarks.push_back(stopped + "; rounds behind it do not count, as for the scikit-learn interface that wrote the file");
  return static_cast<std::size_t>(starts[static_cast<std::size_t>(best) + 1]);
}

/// The scikit-learn interface can be told a number that stands for a missing value; it puts NaN in its place itself.
void remark_missing(const json::Source& source, const Document& document, std::vector<std::string>& remarks) {
  constexpr std::string_view key = "\"missing\":";
  const std::string_view text = document.scikit_learn;
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return;
  const std::string_view value = trim(text.substr(at + key.size(), text.find_first_of(",}", at) - at - key.size()));
  if (!is_number(value)) return;
  remarks.push_back(
      fmt::format("{}: the model was trained with missing={}, give NaN in its place", source.file, printable(value)));
}

/// weights are [n_features + 1][n_outputs], a dense layer has them the other way round. All sums start from the first
/// base score, also where there is one for each output: so does the library, 3.2 included.
model::DenseNetwork build_linear(const json::Source& source, const Document& document, const Objective& objective,
                                 const std::vector<double>& margins) {
  const auto n_in = static_cast<std::size_t>(document.n_features);
  const std::size_t n_out = margins.size();
  const std::vector<double>& weights = document.booster.linear_weights;
  const std::string path = fmt::format("{}.model.weights", booster_path);
  const auto as_float = [](double value) { return model::round_to(model::NumberType::float32, value); };
  if (weights.size() != (n_in + 1) * n_out) {
    source.fail(path, fmt::format("has {} entries, expected {} for {} features and {} outputs", weights.size(),
                                  (n_in + 1) * n_out, n_in, n_out));
  }
  const auto wrong =
      std::find_if(weights.begin(), weights.end(), [&](double w) { return !std::isfinite(as_float(w)); });
  if (wrong != weights.end()) {
    source.fail(fmt::format("{}[{}]", path, wrong - weights.begin()), "must be a finite number");
  }
  model::DenseLayer layer{
      .n_in = document.n_features, .n_out = static_cast<std::int32_t>(n_out), .sum_type = model::NumberType::float32};
  for (std::size_t out = 0; out < n_out; ++out) {
    layer.bias.push_back(as_float(margins.front() + as_float(weights[n_in * n_out + out])));
    for (std::size_t in = 0; in < n_in; ++in) layer.weights.push_back(as_float(weights[in * n_out + out]));
  }
  return {.layers = {std::move(layer)}, .post_transform = transform_of(objective)};
}

model::Predictor build_predictor(const json::Source& source, Document& document, const Objective& objective,
                                 std::vector<std::string>& remarks) {
  const std::int32_t n_outputs = count_outputs(source, document);
  std::vector<double> margins = read_base_scores(source, document, objective, n_outputs);
  const std::string& name = document.booster.name;
  if (name == "gblinear") {
    remarks.push_back(
        fmt::format("{}: a linear model has no way for missing values, XGBoost takes them for 0", source.file));
    return build_linear(source, document, objective, margins);
  }
  if (name != "gbtree" && name != "dart") {
    constexpr std::array<std::string_view, 3> names = {"gbtree", "dart", "gblinear"};
    source.fail(fmt::format("{}.name", booster_path), unknown_name("booster", name, names));
  }
  const std::string path = fmt::format("{}{}.model", booster_path, name == "dart" ? ".gbtree" : "");
  const std::size_t n_trees = count_trees(source, path, document, n_outputs, remarks);
  model::TreeEnsemble ensemble = build_trees({source, path, document.n_features, n_outputs}, document.booster, n_trees);
  ensemble.base_score = std::move(margins);
  ensemble.base_score_at = place_of_base_score(document);
  ensemble.post_transform = transform_of(objective);
  return ensemble;
}

Reading read(const json::Source& source) {
  Document document;
  json::read(source.content, source.file, document_shape(document), source.dialect);
  const Objective& objective = choose_objective(source, document);
  Reading reading;
  reading.model.input.n_features = document.n_features;
  if (!document.feature_names.empty()) {
    if (std::cmp_not_equal(document.feature_names.size(), document.n_features)) {
      source.fail("learner.feature_names", fmt::format("has {} entries, the model has {} features",
                                                       document.feature_names.size(), document.n_features));
    }
    reading.model.input.feature_names = std::move(document.feature_names);
  }
  reading.model.predictor = build_predictor(source, document, objective, reading.remarks);
  reading.model.output = output_of(objective, count_outputs(source, document));
  remark_missing(source, document, reading.remarks);
  return reading;
}

/// Nested a few levels deep, whatever the trees are like.
constexpr json::Dialect text_dialect{.syntax = json::Syntax::lenient};
constexpr json::Dialect binary_dialect{.syntax = json::Syntax::universal};

}  // namespace
}  // namespace xgboost

bool is_xgboost_json(std::string_view content) {
  return json::first_mark(content) == '{' && content.find("\"learner\"") != std::string_view::npos &&
         content.find("\"gradient_booster\"") != std::string_view::npos;
}

bool is_xgboost_ubj(std::string_view content) {
  // A key begins with the type of its length; before the first one there may be how many there are.
  constexpr std::string_view second_bytes = "iUIlL#$";
  return content.size() > 2 && content[0] == '{' && second_bytes.find(content[1]) != std::string_view::npos &&
         content.find("gradient_booster") != std::string_view::npos;
}

Reading read_xgboost_json(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  return xgboost::read({content, file, xgboost::text_dialect});
}

Reading read_xgboost_ubj(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  return xgboost::read({content, file, xgboost::binary_dialect});
}

}  // namespace emlc::formats
