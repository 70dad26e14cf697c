#include "cli/inspection/facts.hpp"

#include <algorithm>
#include <set>

#include "cli/inspection/filter_facts.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/predict/comparisons.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The distinct thresholds of each feature, and how many splits test it.
struct FeatureUse {
  std::size_t n_splits = 0;
  std::set<double> thresholds;
};

std::vector<FeatureUse> feature_use(const model::Model& model) {
  std::vector<FeatureUse> use(static_cast<std::size_t>(model.input.n_features));
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return use;
  for (const model::Tree& tree : ensemble->trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split == nullptr) continue;
      FeatureUse& feature = use[static_cast<std::size_t>(split->feature)];
      ++feature.n_splits;
      feature.thresholds.insert(split->threshold);
    }
  }
  return use;
}

Json feature_facts(const model::Model& model, const std::vector<FeatureUse>& use) {
  Json features = Json::array();
  const model::Input& input = model.input;
  for (std::size_t index = 0; index < use.size(); ++index) {
    Json row = {{"index", index}};
    if (!input.feature_names.empty()) row["name"] = input.feature_names[index];
    row["type"] = model::info(input.type).name;
    if (!input.minimum.empty()) row["minimum"] = input.minimum[index];
    if (!input.maximum.empty()) row["maximum"] = input.maximum[index];
    if (is_trees(model)) {
      row["splits"] = use[index].n_splits;
      row["thresholds"] = use[index].thresholds.size();
    }
    features.push_back(std::move(row));
  }
  return features;
}

Json input_facts(const model::Model& model) {
  const std::vector<FeatureUse> use = feature_use(model);
  Json facts = {{"n_features", model.input.n_features}, {"type", model::info(model.input.type).name}};
  if (is_trees(model)) {
    facts["used_features"] = std::count_if(use.begin(), use.end(), [](const auto& row) { return row.n_splits != 0; });
  }
  facts["features"] = feature_facts(model, use);
  return facts;
}

Json output_facts(const model::Model& model) {
  const model::Output& output = model.output;
  Json facts = {{"n_outputs", output.n_outputs}, {"decision", model::name(output.rule)}};
  const bool compares = output.rule != model::DecisionRule::none && output.rule != model::DecisionRule::argmax;
  if (compares) facts["decision_threshold"] = output.threshold;
  facts["targets"] = Json::array();
  for (std::size_t target = 0; target < output.targets.size(); ++target) {
    Json row = {{"name", output.targets[target].name}, {"size", output.targets[target].size}};
    if (output.rule != model::DecisionRule::none) row["classes"] = model::class_names(model, target);
    facts["targets"].push_back(std::move(row));
  }
  return facts;
}

Json comparison_facts(const model::Model& model, const model::TreeEnsemble& ensemble) {
  const auto comparisons = model::count_comparisons(model, ensemble, model.test_vectors.inputs);
  Json facts = {{"comparisons_worst", comparisons.worst}};
  if (comparisons.mean) facts["comparisons_mean"] = *comparisons.mean;
  return facts;
}

std::size_t n_distinct_rows(const model::TreeEnsemble& ensemble) {
  const auto width = static_cast<std::ptrdiff_t>(ensemble.leaf_width);
  std::set<std::vector<double>> rows;
  for (auto row = ensemble.leaf_values.begin(); row != ensemble.leaf_values.end(); row += width) {
    rows.emplace(row, row + width);
  }
  return rows.size();
}

Json tree_facts(const model::Model& model, const model::TreeEnsemble& ensemble) {
  std::size_t n_nodes = 0, deepest = 0, n_thresholds = 0;
  for (const model::Tree& tree : ensemble.trees) {
    n_nodes += tree.nodes.size();
    deepest = std::max(deepest, model::depth(tree));
  }
  for (const FeatureUse& feature : feature_use(model)) n_thresholds += feature.thresholds.size();
  const std::size_t n_splits = model::n_splits(ensemble);
  Json facts = {{"trees", ensemble.trees.size()},
                {"splits", n_splits},
                {"leaves", n_nodes - n_splits},
                {"depth", deepest},
                {"distinct_thresholds", n_thresholds},
                {"leaf_width", ensemble.leaf_width},
                {"leaf_rows", ensemble.n_rows()},
                {"distinct_leaf_rows", n_distinct_rows(ensemble)},
                {"sum_type", model::info(ensemble.sum_type).name},
                {"post_transform", model::name(ensemble.post_transform.kind)}};
  facts.update(comparison_facts(model, ensemble));
  return facts;
}

Json dense_facts(const model::DenseNetwork& network) {
  Json layers = Json::array();
  std::size_t n_parameters = 0, n_products = 0;
  for (const model::DenseLayer& layer : network.layers) {
    const std::size_t parameters = layer.weights.size() + layer.bias.size();
    n_parameters += parameters;
    n_products += layer.weights.size();
    layers.push_back({{"inputs", layer.n_in},
                      {"outputs", layer.n_out},
                      {"activation", model::name(layer.activation)},
                      {"parameters", parameters}});
  }
  return {{"parameters", n_parameters},
          {"multiplications", n_products},
          {"post_transform", model::name(network.post_transform.kind)},
          {"layers", std::move(layers)}};
}

Json scaler_facts(const model::Model& model) {
  Json rows = Json::array();
  for (const model::Scaler& scaler : model.scalers) {
    const bool divides = scaler.op == model::ScalerOp::subtract_divide;
    rows.push_back({{"formula", divides ? "(x - offset) / scale" : "x * scale + offset"},
                    {"features", scaler.scale.size()},
                    {"clips", scaler.clip.has_value()}});
  }
  return rows;
}

}  // namespace

nlohmann::ordered_json facts(const Source& source) {
  const model::Model& model = source.model;
  Json facts = {{"schema", "emlc.inspect/1"},
                {"file", source.file},
                {"format", source.format},
                {"sha256", source.sha256},
                {"name", model.name},
                {"kind", model::kind_name(model)},
                {"task", model::name(model.output.task)},
                {"input", input_facts(model)},
                {"output", output_facts(model)}};
  if (!model.scalers.empty()) facts["scalers"] = scaler_facts(model);
  if (const auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor)) {
    facts["tree_ensemble"] = tree_facts(model, *ensemble);
  } else if (const auto* network = std::get_if<model::DenseNetwork>(&model.predictor)) {
    facts["dense_network"] = dense_facts(*network);
  } else if (const auto* cascade = std::get_if<model::SosCascade>(&model.predictor)) {
    facts["sos_filter"] = filter_facts(*cascade);
  }
  facts["test_vectors_replayed"] = model.test_vectors.inputs.size();
  facts["warnings"] = source.warnings;
  return facts;
}

}  // namespace emlc::cli
