#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cli/facts.hpp"
#include "cli/report.hpp"

namespace emlc::cli::report {
namespace {

using Json = nlohmann::ordered_json;

/// `distinct_leaf_rows` is `distinct leaf rows`.
std::string spoken(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string cell(const Json& value) {
  if (value.is_number()) return number(value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The facts about the predictor, as trained and after the passes.
Section structure(const Converted& converted) {
  Source device = converted.source;
  device.model = converted.lowered.model;
  const Json before = facts(converted.source), after = facts(device);
  Table table{.header = {"", "trained", "on the device"}, .rows = {}};
  const auto row = [&](const std::string& name, const Json& a, const Json& b) {
    table.rows.push_back({name, cell(a), cell(b)});
  };
  row("features", before["input"]["n_features"], after["input"]["n_features"]);
  row("type of the features", before["input"]["type"], after["input"]["type"]);
  row("outputs", before["output"]["n_outputs"], after["output"]["n_outputs"]);
  for (const char* kind : {"tree_ensemble", "dense_network", "sos_filter"}) {
    if (!before.contains(kind)) continue;
    for (const auto& [key, value] : before[kind].items()) {
      if (!value.is_structured() && !value.is_null()) row(spoken(key), value, after[kind][key]);
    }
  }
  Section section{.title = "Structure", .text = {}, .blocks = {table}};
  if (!before.contains("dense_network")) return section;
  Table layers{.header = {"layer", "inputs", "outputs", "activation", "parameters"}, .rows = {}};
  for (const Json& layer : after["dense_network"]["layers"]) {
    layers.rows.push_back({std::to_string(layers.rows.size()), cell(layer["inputs"]), cell(layer["outputs"]),
                           cell(layer["activation"]), cell(layer["parameters"])});
  }
  section.blocks.emplace_back(layers);
  return section;
}

/// Nothing for values that are all the same. Few whole numbers get a bin each, with the number in its middle.
std::optional<Histogram> histogram(const std::vector<double>& values, const std::string& x, const std::string& y) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  if (finite.empty()) return std::nullopt;
  const auto [lowest, highest] = std::minmax_element(finite.begin(), finite.end());
  if (*lowest == *highest) return std::nullopt;
  constexpr double most_bins = 64.0, usual_bins = 40.0;
  const bool is_whole = *highest - *lowest < most_bins && std::all_of(finite.begin(), finite.end(), [](double value) {
    return value == std::floor(value);
  });
  const double margin = is_whole ? 0.5 : 0.0;
  Histogram result{.x = x, .y = y, .first = *lowest - margin, .last = *highest + margin, .heights = {}};
  const double range = result.last - result.first, n_bins = is_whole ? range : usual_bins;
  result.heights.resize(static_cast<std::size_t>(n_bins), 0.0);
  for (const double value : finite) {
    const auto bin = static_cast<std::size_t>((value - result.first) / range * n_bins);
    ++result.heights[std::min(bin, result.heights.size() - 1)];
  }
  return result;
}

void append(Section& section, const std::optional<Histogram>& chart) {
  if (chart) section.blocks.emplace_back(*chart);
}

Section trees(const model::TreeEnsemble& ensemble) {
  std::vector<double> thresholds;
  Histogram splits{.x = "tree", .y = "splits", .first = 0.0, .last = 0.0, .heights = {}};
  Histogram depths{.x = "tree", .y = "depth", .first = 0.0, .last = 0.0, .heights = {}};
  for (const model::Tree& tree : ensemble.trees) {
    const std::size_t n_before = thresholds.size();
    for (const model::TreeNode& node : tree.nodes) {
      if (const model::Split* split = model::as_split(node)) thresholds.push_back(split->threshold);
    }
    splits.heights.push_back(static_cast<double>(thresholds.size() - n_before));
    depths.heights.push_back(static_cast<double>(model::depth(tree)));
  }
  // The number of a tree is in the middle of its bar.
  splits.first = depths.first = -0.5;
  splits.last = depths.last = static_cast<double>(ensemble.trees.size()) - 0.5;
  Section section{.title = "Trees", .text = "On the device, after the passes.", .blocks = {splits, depths}};
  append(section, histogram(thresholds, "threshold", "splits"));
  append(section, histogram(ensemble.leaf_values, "leaf value", "entries of the leaf table"));
  return section;
}

Section network(const model::DenseNetwork& network) {
  Section section{.title = "Weights", .text = {}, .blocks = {}};
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    append(section, histogram(network.layers[index].weights, fmt::format("weight of layer {}", index), "weights"));
  }
  return section;
}

Section filter(const model::SosCascade& cascade, const Json& facts) {
  constexpr int n_points = 400;
  constexpr double decades = 3.5, floor_db = -120.0;
  const double half = cascade.sample_rate.value_or(1.0) / 2.0;
  Curve curve{
      .x = cascade.sample_rate ? "frequency in Hz" : "frequency in cycles per sample", .y = "gain in dB", .points = {}};
  for (int point = 0; point <= n_points; ++point) {
    const double share = std::pow(10.0, -decades * (1.0 - static_cast<double>(point) / n_points));
    const double gain = 20.0 * std::log10(model::gain(cascade, 0.5 * share));
    // Below the floor is rounding; a multiple of a thousandth is the same on every machine.
    curve.points.emplace_back(half * share, std::round(std::max(gain, floor_db) * 1e3) / 1e3);
  }
  Table roots{.header = {"section", "root", "radius", "frequency"}, .rows = {}};
  for (const Json& root : facts["sos_filter"]["roots"]) {
    const std::string kind = root["kind"].get<std::string>() + (root["pair"].get<bool>() ? " pair" : "");
    roots.rows.push_back({cell(root["section"]), kind, cell(root["radius"]), cell(root["frequency"])});
  }
  return {.title = "Frequency response", .text = {}, .blocks = {curve, roots}};
}

}  // namespace

std::vector<Section> describe_model(const Converted& converted) {
  const model::Model& device = converted.lowered.model;
  std::vector<Section> sections = {structure(converted)};
  if (const auto* ensemble = std::get_if<model::TreeEnsemble>(&device.predictor)) {
    sections.push_back(trees(*ensemble));
  } else if (const auto* layers = std::get_if<model::DenseNetwork>(&device.predictor)) {
    sections.push_back(network(*layers));
  } else if (const auto* cascade = std::get_if<model::SosCascade>(&device.predictor)) {
    sections.push_back(filter(*cascade, facts(converted.source)));
  }
  return sections;
}

}  // namespace emlc::cli::report
