#include "cli/inspection/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/inspection/filter_facts.hpp"
#include "cli/inspection/signal_facts.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/kind.hpp"
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

/// @return  [n_features]
std::vector<FeatureUse> feature_use(const model::TreeEnsemble& ensemble) {
  std::vector<FeatureUse> use(static_cast<std::size_t>(ensemble.n_features));
  for (const model::Tree& tree : ensemble.trees) {
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

/// What a kind of model adds to the facts.
struct KindFacts {
  Json facts{};                   ///< null for a kind that adds nothing
  std::vector<FeatureUse> use{};  ///< [n_features], empty for a kind without splits
};

Json feature_facts(const model::Input& input, const std::vector<FeatureUse>& use) {
  Json features = Json::array();
  for (std::size_t index = 0; index < static_cast<std::size_t>(input.n_features); ++index) {
    Json row = {{"index", index}};
    if (!input.feature_names.empty()) row["name"] = input.feature_names[index];
    row["type"] = model::info(input.type).name;
    if (!input.minimum.empty()) row["minimum"] = input.minimum[index];
    if (!input.maximum.empty()) row["maximum"] = input.maximum[index];
    if (!input.grid.empty()) row["factor"] = input.grid[index];
    if (!use.empty()) {
      row["splits"] = use[index].n_splits;
      row["thresholds"] = use[index].thresholds.size();
    }
    features.push_back(std::move(row));
  }
  return features;
}

Json input_facts(const model::Input& input, const std::vector<FeatureUse>& use) {
  Json facts = {{"n_features", input.n_features}, {"type", model::info(input.type).name}};
  if (!use.empty()) {
    facts["used_features"] = std::count_if(use.begin(), use.end(), [](const auto& row) { return row.n_splits != 0; });
  }
  facts["features"] = feature_facts(input, use);
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

KindFacts tree_facts(const model::Model& model, const model::TreeEnsemble& ensemble) {
  std::vector<FeatureUse> use = feature_use(ensemble);
  std::size_t n_nodes = 0, deepest = 0, n_thresholds = 0;
  for (const model::Tree& tree : ensemble.trees) {
    n_nodes += tree.nodes.size();
    deepest = std::max(deepest, model::depth(tree));
  }
  for (const FeatureUse& feature : use) n_thresholds += feature.thresholds.size();
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
  return {.facts = std::move(facts), .use = std::move(use)};
}

Json dense_facts(const model::DenseNetwork& network) {
  Json layers = Json::array();
  std::size_t n_parameters = 0, n_products = 0;
  for (const model::DenseLayer& layer : network.layers) {
    const std::size_t parameters = layer.weights.size() + layer.bias.size() + layer.slopes.size();
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

Json step_facts(const model::Model& model) {
  Json rows = Json::array();
  auto width = static_cast<std::size_t>(model.input.n_features);
  for (const model::Step& step : model.steps) {
    const std::size_t behind = model::width_behind(std::span(&step, 1), width);
    rows.push_back({{"kind", name(step)}, {"first", step.first}, {"columns", width}, {"columns_behind", behind}});
    width = behind;
  }
  return rows;
}

Json node_facts(const std::vector<formats::ReadNode>& nodes) {
  Json rows = Json::array();
  for (const formats::ReadNode& node : nodes) {
    rows.push_back({{"name", node.name}, {"op", node.op}, {"became", node.became}});
  }
  return rows;
}

KindFacts kind_facts(const model::Model& model);

/// How large it is, in a few words.
std::string size_text(const Json& of_kind) {
  if (of_kind.contains("splits"))
    return fmt::format("{} trees, {} splits", of_kind["trees"].get<std::size_t>(),
                       of_kind["splits"].get<std::size_t>());
  if (of_kind.contains("parameters")) return fmt::format("{} parameters", of_kind["parameters"].get<std::size_t>());
  if (of_kind.contains("members")) return fmt::format("{} members", of_kind["members"].get<std::size_t>());
  return "";
}

/// A model inside of a combination.
Json part_facts(const model::Model& part) {
  const KindFacts of_kind = kind_facts(part);
  Json facts = {{"kind", model::kind_name(part)},
                {"size", size_text(of_kind.facts)},
                {"columns", part.input.n_features},
                {"outputs", part.output.n_outputs},
                {"decision", model::name(part.output.rule)}};
  if (!part.steps.empty()) facts["steps"] = step_facts(part);
  if (!part.scalers.empty()) facts["scalers"] = scaler_facts(part);
  if (!of_kind.facts.is_null()) facts[facts_key(part)] = of_kind.facts;
  return facts;
}

Json combination_facts(const model::Combination& combination) {
  Json members = Json::array();
  for (const model::Member& member : combination.members) {
    Json row = part_facts(member.model);
    const bool is_decision = member.result == model::MemberResult::decision;
    row["values"] = is_decision ? Json("decision") : Json(member.columns);
    row["calibrated"] = !member.calibration.empty();
    row["weight"] = member.weight;
    members.push_back(std::move(row));
  }
  Json facts = {
      {"rule", model::name(combination.rule)},     {"members", combination.members.size()},
      {"chained", combination.is_chained},         {"post_transform", model::name(combination.post_transform.kind)},
      {"passthrough", combination.passes_columns}, {"models", std::move(members)}};
  for (const model::Model& last : combination.last) facts["final"] = part_facts(last);
  return facts;
}

KindFacts kind_facts(const model::Model& model) {
  return std::visit(
      model::Overloaded{
          [](std::monostate) { return KindFacts{}; },
          [&](const model::TreeEnsemble& ensemble) { return tree_facts(model, ensemble); },
          [](const model::DenseNetwork& network) { return KindFacts{.facts = dense_facts(network)}; },
          [](const model::SosCascade& cascade) { return KindFacts{.facts = filter_facts(cascade)}; },
          [](const model::Combination& combination) { return KindFacts{.facts = combination_facts(combination)}; }},
      model.predictor);
}

}  // namespace

std::string facts_key(const model::Model& model) {
  std::string key(model::kind_name(model));
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

nlohmann::ordered_json facts(const Source& source) {
  const model::Model& model = source.model;
  KindFacts of_kind = kind_facts(model);
  if (!model.steps.empty()) of_kind.use.clear();  // of columns, which are no features
  Json facts = {{"schema", "emlc.inspect/1"},
                {"file", source.file},
                {"format", source.format},
                {"sha256", source.sha256},
                {"name", model.name},
                {"kind", model::kind_name(model)},
                {"task", model::name(model.output.task)},
                {"input", input_facts(model.input, of_kind.use)},
                {"output", output_facts(model)}};
  if (!model.steps.empty()) facts["steps"] = step_facts(model);
  if (!model.scalers.empty()) facts["scalers"] = scaler_facts(model);
  if (!of_kind.facts.is_null()) facts[facts_key(model)] = std::move(of_kind.facts);
  if (!source.nodes.empty()) facts["nodes"] = node_facts(source.nodes);
  if (source.decision) facts["decision"] = decision_facts(*source.decision, *source.signal);
  facts["test_vectors_replayed"] = model.test_vectors.inputs.size();
  facts["warnings"] = source.warnings;
  return facts;
}

}  // namespace emlc::cli
