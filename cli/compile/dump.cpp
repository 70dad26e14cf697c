#include "cli/compile/dump.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "cli/console/terminal.hpp"

namespace emlc::cli {
namespace {

template <class... Args>
void line(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  text += '\n';
}

void dump_model(std::string& text, const model::Model& model);

void dump_tree(std::string& text, const model::Tree& tree) {
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    if (const model::Leaf* leaf = model::as_leaf(tree.nodes[id])) {
      line(text, "  {}: row {}", id, leaf->row);
      continue;
    }
    const model::Split& split = *model::as_split(tree.nodes[id]);
    line(text, "  {}: x[{}] < {} ? {} : {}, missing {}", id, split.feature, split.threshold, split.left, split.right,
         split.default_child);
  }
}

void dump_predictor(std::string& text, const model::TreeEnsemble& ensemble) {
  for (std::size_t index = 0; index < ensemble.trees.size(); ++index) {
    line(text, "tree {}, from output {}", index, ensemble.trees[index].first_output);
    dump_tree(text, ensemble.trees[index]);
  }
  line(text, "leaf rows");
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  for (std::size_t row = 0; row < ensemble.n_rows(); ++row) {
    const double* values = ensemble.leaf_values.data() + row * width;
    line(text, "  {}: {}", row, fmt::join(values, values + width, " "));
  }
  const bool at_start = ensemble.base_score_at == model::BaseScoreAt::start;
  line(text, "divisor {}, scale {}", ensemble.divisor, ensemble.scale);
  line(text, "base score {} the sum: {}", at_start ? "before" : "after", fmt::join(ensemble.base_score, " "));
  line(text, "post transform {}", model::name(ensemble.post_transform.kind));
}

/// The layers as a device computes them, beside the ones above.
void dump_integers(std::string& text, const model::IntegerNetwork& network) {
  line(text, "integers of {} bits", model::form_of(network.width).bits);
  line(text, "input exponent {}", fmt::join(network.exponent, " "));
  line(text, "input offset {}", fmt::join(network.offset, " "));
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const model::IntegerLayer& layer = network.layers[index];
    line(text, "integer layer {}, shift {}", index, layer.shift);
    const std::size_t n_in = layer.weights.size() / layer.bias.size();
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      const std::int16_t* weights = layer.weights.data() + row * n_in;
      line(text, "  {}: bias {}, weights {}", row, layer.bias[row], fmt::join(weights, weights + n_in, " "));
    }
    if (layer.curve.empty()) continue;
    line(text, "  curve {}", fmt::join(layer.curve, " "));
    line(text, "  curve error {}", layer.curve_error);
  }
  line(text, "output scale {}", network.scale);
}

void dump_predictor(std::string& text, const model::DenseNetwork& network) {
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const model::DenseLayer& layer = network.layers[index];
    line(text, "layer {}, {} to {}, {}", index, layer.n_in, layer.n_out, model::name(layer.activation));
    const auto n_in = static_cast<std::size_t>(layer.n_in);
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      const double* weights = layer.weights.data() + row * n_in;
      line(text, "  {}: bias {}, weights {}", row, layer.bias[row], fmt::join(weights, weights + n_in, " "));
    }
    if (!layer.slopes.empty()) line(text, "  slopes {}", fmt::join(layer.slopes, " "));
  }
  line(text, "post transform {}", model::name(network.post_transform.kind));
  if (network.integers) dump_integers(text, *network.integers);
}

void dump_predictor(std::string& text, const model::SosCascade& cascade) {
  for (const model::SosSection& s : cascade.sections) {
    line(text, "section b {} {} {}, a {} {} {}", s.b0, s.b1, s.b2, s.a0, s.a1, s.a2);
  }
  for (const auto& state : cascade.initial_state) line(text, "initial state {} {}", state[0], state[1]);
}

void dump_predictor(std::string& /*text*/, std::monostate /*none*/) {}

void dump_calibration(std::string& text, const model::Calibration& calibration) {
  if (calibration.method == model::CalibrationMethod::sigmoid) {
    return line(text, "calibration 1 / (1 + exp({} * x + {}))", calibration.slope, calibration.offset);
  }
  line(text, "calibration x {}", fmt::join(calibration.x, " "));
  line(text, "calibration y {}", fmt::join(calibration.y, " "));
}

void dump_predictor(std::string& text, const model::Combination& combination) {
  line(text, "rule {}, divisor {}{}", model::name(combination.rule), combination.divisor,
       combination.is_chained ? ", chained" : "");
  for (std::size_t index = 0; index < combination.members.size(); ++index) {
    const model::Member& member = combination.members[index];
    const bool decides = member.result == model::MemberResult::decision;
    line(text, "member {}, {}, weight {}", index,
         decides ? "its decision" : fmt::format("outputs {}", fmt::join(member.columns, " ")), member.weight);
    for (const model::Calibration& calibration : member.calibration) dump_calibration(text, calibration);
    dump_model(text, member.model);
  }
  line(text, "end of the members");
  line(text, "post transform {}", model::name(combination.post_transform.kind));
  for (const model::Model& last : combination.last) {
    line(text, "final model{}", combination.passes_columns ? ", with the columns" : "");
    dump_model(text, last);
  }
}

void dump_model(std::string& text, const model::Model& model) {
  line(text, "{} with {} of {}", model::kind_name(model),
       count(static_cast<std::size_t>(model.input.n_features), "feature"), model::info(model.input.type).name);
  if (!model.input.grid.empty()) line(text, "codes of x times {}", fmt::join(model.input.grid, " "));
  for (const model::Step& step : model.steps) line(text, "step {} from column {}", name(step), step.first);
  for (const model::Scaler& scaler : model.scalers) {
    const bool divides = scaler.op == model::ScalerOp::subtract_divide;
    line(text, "scaler {}, offset {}, scale {}", divides ? "(x - offset) / scale" : "x * scale + offset",
         fmt::join(scaler.offset, " "), fmt::join(scaler.scale, " "));
    if (scaler.clip) line(text, "  clipped to {} to {}", scaler.clip->first, scaler.clip->second);
  }
  std::visit([&](const auto& predictor) { dump_predictor(text, predictor); }, model.predictor);
}

}  // namespace

std::string dump(const model::Model& model) {
  std::string text;
  dump_model(text, model);
  return text;
}

}  // namespace emlc::cli
