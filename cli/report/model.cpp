#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/inspection/facts.hpp"
#include "cli/inspection/float_facts.hpp"
#include "cli/inspection/integer_facts.hpp"
#include "cli/report/report.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/sos/float_sections.hpp"

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

/// The facts about the predictor, as trained and after the passes. Types are those of the output; a row that it does
/// not tell is left out.
Table structure_table(const Converted& converted, const Json& before, const Json& after) {
  const bool is_signal = takes_signals(converted.source.model);
  Table table{.header = {"", is_signal ? "as designed" : "trained", "on the device"}, .rows = {}};
  const auto row = [&](const std::string& name, const Json& a, const Json& b) {
    if (b != "") table.rows.push_back({name, cell(a), cell(b)});
  };
  row("features", before["input"]["n_features"], after["input"]["n_features"]);
  row(is_signal ? "type of the samples" : "type of the features", before["input"]["type"],
      converted.artifact.input_type);
  row("outputs", before["output"]["n_outputs"], after["output"]["n_outputs"]);
  const std::string kind = facts_key(converted.source.model);
  const Json of_kind = before.value(kind, Json::object());
  for (const auto& [key, value] : of_kind.items()) {
    if (value.is_structured() || value.is_null()) continue;
    const bool is_sum_type = key == "sum_type";
    row(is_sum_type ? "type of the sums" : spoken(key), value,
        is_sum_type ? Json(converted.artifact.sum_type) : after[kind][key]);
  }
  return table;
}

Section structure(const Converted& converted, const Json& after) {
  return {.title = "Structure", .text = {}, .blocks = {structure_table(converted, facts(converted.source), after)}};
}

Table layer_table(const Json& facts) {
  Table layers{.header = {"layer", "inputs", "outputs", "activation", "parameters"}, .rows = {}};
  for (const Json& layer : facts["dense_network"]["layers"]) {
    layers.rows.push_back({std::to_string(layers.rows.size()), cell(layer["inputs"]), cell(layer["outputs"]),
                           cell(layer["activation"]), cell(layer["parameters"])});
  }
  return layers;
}

/// Bins as wide as a whole number: 1 where there is room for that.
Histogram bins_of_whole_numbers(double lowest, double highest, double usual_bins, double most_bins) {
  const double n = highest - lowest + 1.0, wide = n <= most_bins ? 1.0 : std::ceil(n / usual_bins);
  const double n_bins = std::ceil(n / wide), first = lowest - 0.5;
  return {.x = {},
          .y = {},
          .first = first,
          .last = first + n_bins * wide,
          .heights = std::vector<double>(static_cast<std::size_t>(n_bins), 0.0),
          .bins = Bins::whole_numbers};
}

/// Nothing for values that are all the same.
std::optional<Histogram> histogram(const std::vector<double>& values, const std::string& x, const std::string& y) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  if (finite.empty()) return std::nullopt;
  const auto [lowest, highest] = std::minmax_element(finite.begin(), finite.end());
  if (*lowest == *highest) return std::nullopt;
  constexpr double most_bins = 64.0, usual_bins = 40.0;
  const bool is_whole =
      std::all_of(finite.begin(), finite.end(), [](double value) { return value == std::floor(value); });
  const std::vector<double> empty(static_cast<std::size_t>(usual_bins), 0.0);
  Histogram result = is_whole ? bins_of_whole_numbers(*lowest, *highest, usual_bins, most_bins)
                              : Histogram{.x = {}, .y = {}, .first = *lowest, .last = *highest, .heights = empty};
  result.x = x;
  result.y = y;
  const double range = result.last - result.first, n_bins = static_cast<double>(result.heights.size());
  for (const double value : finite) {
    const auto bin = static_cast<std::size_t>((value - result.first) / range * n_bins);
    ++result.heights[std::min(bin, result.heights.size() - 1)];
  }
  return result;
}

void append(Section& section, const std::optional<Histogram>& chart) {
  if (chart) section.blocks.emplace_back(*chart);
}

/// Shares of classes are mostly 0: those would hide all others.
std::optional<Histogram> leaf_histogram(const std::vector<double>& values) {
  std::vector<double> others;
  std::copy_if(values.begin(), values.end(), std::back_inserter(others), [](double value) { return value != 0.0; });
  const std::size_t n_zeros = values.size() - others.size();
  const bool is_mostly_zero = n_zeros > others.size();
  const std::string x = is_mostly_zero ? fmt::format("leaf value, without {} that are 0", n_zeros) : "leaf value";
  return histogram(is_mostly_zero ? others : values, x, "entries of the leaf table");
}

Section trees(const model::TreeEnsemble& ensemble) {
  std::vector<double> thresholds;
  Histogram splits{.x = "tree", .y = "splits", .heights = {}, .bins = Bins::whole_numbers};
  Histogram depths{.x = "tree", .y = "depth", .heights = {}, .bins = Bins::whole_numbers};
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
  append(section, leaf_histogram(ensemble.leaf_values));
  return section;
}

std::string percent(const Json& share) {
  return share.is_null() ? "" : fmt::format("{:.3g} %", 100.0 * share.get<double>());
}

std::string range(const Json& row, const std::string& of) {
  if (!row.contains("smallest_" + of)) return "";
  return fmt::format("{} to {}", cell(row["smallest_" + of]), cell(row["largest_" + of]));
}

/// What the layers of a network in integers are made of.
Table integer_layers(const Json& facts) {
  Table table{
      .header = {"layer", "shift", "weights", "biases", "outputs on the data", "error of the curve", "saturated"},
      .rows = {}};
  for (const Json& layer : facts["layers"]) {
    table.rows.push_back({cell(layer["layer"]), cell(layer["shift"]), range(layer, "weight"), range(layer, "bias"),
                          range(layer, "output"), layer["curve_error"].is_null() ? "" : cell(layer["curve_error"]),
                          percent(layer["saturated"])});
  }
  return without_empty_columns(table);
}

std::vector<double> weights_of(const model::DenseNetwork& network, std::size_t index) {
  if (!network.integers) return network.layers[index].weights;
  const auto& weights = network.integers->layers[index].weights;
  return {weights.begin(), weights.end()};
}

Section network(const Lowered& lowered, const model::DenseNetwork& network) {
  Section section{.title = "Weights", .text = {}, .blocks = {}};
  if (network.integers) {
    const Inputs& inputs = lowered.data.empty() ? lowered.model.test_vectors.inputs : lowered.data;
    const Json facts = integer_facts(lowered.model, *network.integers, inputs);
    section.text = fmt::format(
        "Integers of {} bits. An output is {} times a sum of the last layer. Saturated is what is above the largest "
        "code "
        "{}, on {}; of the inputs {} are beyond their codes.",
        cell(facts["bits"]), cell(facts["output_scale"]), cell(facts["largest_code"]), count(inputs.size(), "input"),
        percent(facts["input_saturated"]));
    section.blocks.emplace_back(integer_layers(facts));
  }
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    append(section, histogram(weights_of(network, index), fmt::format("weight of layer {}", index), "weights"));
  }
  return section;
}

std::vector<std::pair<double, double>> response(const model::SosCascade& cascade) {
  constexpr int n_points = 400;
  constexpr double decades = 3.5, floor_db = -120.0;
  const double half = cascade.sample_rate.value_or(1.0) / 2.0;
  std::vector<std::pair<double, double>> points;
  for (int point = 0; point <= n_points; ++point) {
    const double share = std::pow(10.0, -decades * (1.0 - static_cast<double>(point) / n_points));
    const double gain = 20.0 * std::log10(model::gain(cascade, 0.5 * share));
    // Below the floor is rounding; a multiple of a thousandth is the same on every machine.
    points.emplace_back(half * share, std::round(std::max(gain, floor_db) * 1e3) / 1e3 + 0.0);
  }
  return points;
}

std::string joined(const Json& words) {
  std::string text;
  for (const Json& word : words) text += (text.empty() ? "" : ", ") + word.get<std::string>();
  return text;
}

/// What float32 makes of a filter.
Table float_table(const Json& facts) {
  Table table{.header = {"", "in float32"}, .rows = {}};
  for (const auto& [key, value] : facts.items()) {
    if (value.is_null()) continue;
    table.rows.push_back({spoken(key), value.is_array() ? joined(value) : cell(value)});
  }
  return table;
}

Table root_table(const Json& roots, const std::string& unit) {
  Table table{.header = {"section", "root", "radius", "frequency in " + unit}, .rows = {}};
  for (const Json& row : roots) {
    const std::string kind = row["kind"].get<std::string>() + (row["pair"].get<bool>() ? " pair" : "");
    table.rows.push_back({cell(row["section"]), kind, cell(row["radius"]), cell(row["frequency"])});
  }
  return table;
}

/// @param on_device  its facts with the coefficients that are there
Section filter(const model::SosCascade& designed, const model::Model& lowered, const model::SosCascade& on_device,
               const Json& facts) {
  const auto& cascade = std::get<model::SosCascade>(lowered.predictor);
  const std::string unit = cascade.sample_rate ? "Hz" : "cycles per sample";
  Curve curve{.x = "frequency in " + unit, .y = "gain in dB", .points = response(on_device), .before = {}};
  if (cascade.fixed || !model::is_direct(cascade)) curve.before = response(designed);
  Roots roots;
  for (const model::SosSection& section : on_device.sections) {
    for (const auto& pole : model::poles(section)) roots.poles.push_back(pole);
    for (const auto& zero : model::zeros(section)) roots.zeros.push_back(zero);
  }
  Section section{.title = "Frequency response",
                  .text = "Poles and zeros are those on the device.",
                  .blocks = {curve, roots, root_table(facts["sos_filter"]["roots"], unit)}};
  if (!cascade.fixed) section.blocks.emplace_back(float_table(float_facts(lowered)));
  return section;
}

/// The members of a combination, and its final model, on the device.
Table member_table(const model::Combination& combination) {
  Table table{.header = {"member", "kind", "columns", "outputs", "decision", "weight"}, .rows = {}};
  const auto row = [&](const std::string& name, const model::Model& part, const std::string& weight) {
    table.rows.push_back({name, std::string(model::kind_name(part)), std::to_string(part.input.n_features),
                          std::to_string(part.output.n_outputs), std::string(model::name(part.output.rule)), weight});
  };
  for (std::size_t index = 0; index < combination.members.size(); ++index) {
    const model::Member& member = combination.members[index];
    row(std::to_string(index), member.model, number(member.weight));
  }
  for (const model::Model& last : combination.last) row("final", last, "");
  return table;
}

/// The model with the numbers that the device has.
model::Model as_on_device(model::Model model) {
  auto* cascade = std::get_if<model::SosCascade>(&model.predictor);
  if (cascade != nullptr && !cascade->fixed) *cascade = model::as_rounded(*cascade);
  return model;
}

}  // namespace

std::vector<Section> describe_model(const Converted& converted) {
  Source on_device = converted.source;
  on_device.model = as_on_device(converted.lowered.model);
  const Json after = facts(on_device);
  std::vector<Section> sections = {structure(converted, after)};
  std::visit(model::Overloaded{[](std::monostate) {},
                               [&](const model::TreeEnsemble& ensemble) { sections.push_back(trees(ensemble)); },
                               [&](const model::DenseNetwork& layers) {
                                 sections.front().blocks.emplace_back(layer_table(after));
                                 sections.push_back(network(converted.lowered, layers));
                               },
                               [&](const model::SosCascade& cascade) {
                                 const auto& designed = std::get<model::SosCascade>(converted.source.model.predictor);
                                 sections.push_back(filter(designed, converted.lowered.model, cascade, after));
                               },
                               [&](const model::Combination& combination) {
                                 sections.front().blocks.emplace_back(member_table(combination));
                               }},
             on_device.model.predictor);
  return sections;
}

}  // namespace emlc::cli::report
