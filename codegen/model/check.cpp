#include "codegen/model/check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/model/error.hpp"

namespace emlc::model {
namespace {

/// Where in the model a check is: builds the located message.
class Place {
 public:
  explicit Place(std::string_view file) : where_{.file = std::string(file)} {}

  [[noreturn]] void fail(std::string field, std::string_view problem) const {
    Where where = where_;
    where.field = std::move(field);
    throw Error(where, problem);
  }
  void require(bool holds, std::string_view field, std::string_view problem) const {
    if (!holds) fail(std::string(field), problem);
  }

 private:
  Where where_;
};

void check_finite(const Place& place, std::string_view field, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) place.fail(fmt::format("{}[{}]", field, i), "must be a finite number");
  }
}

void check_length(const Place& place, std::string_view field, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  place.fail(std::string(field), fmt::format("has {} entries, expected {}", found, expected));
}

void check_input(const Place& place, const Input& input) {
  const auto n = static_cast<std::size_t>(input.n_features);
  place.require(input.n_features >= 1, "input.n_features", "must be at least 1");
  if (!input.feature_names.empty()) check_length(place, "input.feature_names", input.feature_names.size(), n);
  if (!input.minimum.empty()) check_length(place, "input.feature_min", input.minimum.size(), n);
  if (!input.maximum.empty()) check_length(place, "input.feature_max", input.maximum.size(), n);
  check_finite(place, "input.feature_min", input.minimum);
  check_finite(place, "input.feature_max", input.maximum);
  for (std::size_t i = 0; i < input.minimum.size() && i < input.maximum.size(); ++i) {
    if (input.minimum[i] > input.maximum[i]) {
      place.fail(fmt::format("input.feature_min[{}]", i),
                 fmt::format("is {}, above feature_max, which is {}", input.minimum[i], input.maximum[i]));
    }
  }
}

void check_output(const Place& place, const Output& output) {
  place.require(output.n_outputs >= 1, "output.n_outputs", "must be at least 1");
  if (output.task == Task::filter) return;
  std::int64_t columns = 0;
  const bool compares = output.rule == DecisionRule::greater || output.rule == DecisionRule::greater_equal;
  for (std::size_t t = 0; t < output.targets.size(); ++t) {
    const Target& target = output.targets[t];
    columns += target.size;
    if (compares && target.size != 1) {
      place.fail("output.decision.rule", fmt::format("'{}' needs targets of one output, targets[{}] has {}",
                                                     name(output.rule), t, target.size));
    }
    if (target.class_names.empty()) continue;
    check_length(place, fmt::format("output.targets[{}].class_names", t), target.class_names.size(),
                 compares ? 2U : static_cast<std::size_t>(target.size));
  }
  if (columns != output.n_outputs) {
    place.fail("output.targets", fmt::format("the sizes add up to {}, n_outputs is {}", columns, output.n_outputs));
  }
  place.require(std::isfinite(output.threshold), "output.decision.threshold", "must be a finite number");
}

void check_split(const Place& place, const Split& split, std::string_view node, std::size_t id, std::size_t n_nodes,
                 std::int32_t n_features) {
  if (split.feature < 0 || split.feature >= n_features) {
    place.fail(std::string(node),
               fmt::format("feature {} is out of range, the model has {} features", split.feature, n_features));
  }
  if (std::isnan(split.threshold)) place.fail(std::string(node), "the threshold is not a number");
  for (const NodeId child : {split.left, split.right}) {
    if (child <= static_cast<std::int64_t>(id) || static_cast<std::size_t>(child) >= n_nodes) {
      place.fail(std::string(node),
                 fmt::format("child {} is out of range, expected {} to {}", child, id + 1, n_nodes - 1));
    }
  }
  if (split.default_child != split.left && split.default_child != split.right) {
    place.fail(std::string(node), "the default child is neither the left nor the right one");
  }
}

void check_tree(const Place& place, const TreeEnsemble& ensemble, std::size_t index) {
  const Tree& tree = ensemble.trees[index];
  const std::size_t n = tree.nodes.size();
  if (n == 0) place.fail(fmt::format("trees[{}]", index), "has no node");
  if (tree.first_output < 0 || tree.first_output + ensemble.leaf_width > ensemble.n_outputs) {
    place.fail(
        fmt::format("trees[{}].output", index),
        fmt::format("column {} is out of range, the model has {} outputs", tree.first_output, ensemble.n_outputs));
  }
  std::vector<char> reached(n, 0);
  reached[0] = 1;
  for (std::size_t id = 0; id < n; ++id) {
    const auto node = [&] { return fmt::format("trees[{}] node {}", index, id); };
    if (reached[id] == 0) place.fail(node(), "is not reached from the root");
    if (const Leaf* leaf = as_leaf(tree.nodes[id])) {
      if (leaf->row < 0 || static_cast<std::size_t>(leaf->row) >= ensemble.n_rows()) {
        place.fail(node(), fmt::format("leaf row {} is out of range, there are {}", leaf->row, ensemble.n_rows()));
      }
      continue;
    }
    const Split& split = *as_split(tree.nodes[id]);
    const bool looks_right = split.feature >= 0 && split.feature < ensemble.n_features &&
                             !std::isnan(split.threshold) && split.left > static_cast<std::int64_t>(id) &&
                             split.right > static_cast<std::int64_t>(id) && static_cast<std::size_t>(split.left) < n &&
                             static_cast<std::size_t>(split.right) < n &&
                             (split.default_child == split.left || split.default_child == split.right);
    if (!looks_right) check_split(place, split, node(), id, n, ensemble.n_features);
    reached[static_cast<std::size_t>(split.left)] = 1;
    reached[static_cast<std::size_t>(split.right)] = 1;
  }
}

void check_post_transform(const Place& place, const PostTransform& transform) {
  const bool is_finite = std::isfinite(transform.scale) && std::isfinite(transform.offset);
  place.require(is_finite, "post_transform", "scale and offset must be finite numbers");
  place.require(std::isfinite(transform.denominator) && transform.denominator != 0.0, "post_transform.denominator",
                "must be a finite number other than 0");
}

void check_trees(const Place& place, const TreeEnsemble& ensemble, const Model& model) {
  if (ensemble.n_features != model.input.n_features) {
    place.fail("model", fmt::format("the trees have {} features, the input has {}", ensemble.n_features,
                                    model.input.n_features));
  }
  check_length(place, "model.base_score", ensemble.base_score.size(), static_cast<std::size_t>(ensemble.n_outputs));
  check_length(place, "model outputs", static_cast<std::size_t>(ensemble.n_outputs),
               static_cast<std::size_t>(model.output.n_outputs));
  if (ensemble.leaf_width < 1 || ensemble.leaf_width > ensemble.n_outputs) {
    place.fail("model.leaf",
               fmt::format("rows of {} values do not fit {} outputs", ensemble.leaf_width, ensemble.n_outputs));
  }
  if (ensemble.leaf_values.size() % static_cast<std::size_t>(ensemble.leaf_width) != 0) {
    place.fail("model.leaf", "the leaf table does not end with a whole row");
  }
  check_finite(place, "model.leaf_values", ensemble.leaf_values);
  check_finite(place, "model.base_score", ensemble.base_score);
  place.require(std::isfinite(ensemble.scale), "model.output_scale", "must be a finite number");
  place.require(std::isfinite(ensemble.divisor) && ensemble.divisor != 0.0, "model.aggregate",
                "the divisor must be a finite number other than 0");
  check_post_transform(place, ensemble.post_transform);
  place.require(!ensemble.trees.empty(), "model.trees", "there is no tree");
  for (std::size_t index = 0; index < ensemble.trees.size(); ++index) check_tree(place, ensemble, index);
}

void check_dense(const Place& place, const DenseNetwork& network, const Model& model) {
  std::int32_t width = model.input.n_features;
  place.require(!network.layers.empty(), "model.layers", "there is no layer");
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const DenseLayer& layer = network.layers[index];
    const std::string field = fmt::format("layers[{}]", index);
    if (layer.n_in != width) {
      place.fail(field + ".weights", fmt::format("rows have {} values, {} come in", layer.n_in, width));
    }
    place.require(layer.n_out >= 1, field + ".weights", "there is no row");
    check_length(place, field + ".bias", layer.bias.size(), static_cast<std::size_t>(layer.n_out));
    check_length(place, field + ".weights", layer.weights.size(),
                 static_cast<std::size_t>(layer.n_out) * static_cast<std::size_t>(layer.n_in));
    check_finite(place, field + ".weights", layer.weights);
    check_finite(place, field + ".bias", layer.bias);
    place.require(std::isfinite(layer.alpha), field + ".alpha", "must be a finite number");
    width = layer.n_out;
  }
  if (width != model.output.n_outputs) {
    place.fail("model.layers",
               fmt::format("the last layer has {} outputs, the model {}", width, model.output.n_outputs));
  }
  check_post_transform(place, network.post_transform);
}

void check_scalers(const Place& place, const Model& model) {
  const auto n = static_cast<std::size_t>(model.input.n_features);
  for (const Scaler& scaler : model.scalers) {
    check_length(place, "scaler.offset", scaler.offset.size(), n);
    check_length(place, "scaler.scale", scaler.scale.size(), n);
    check_finite(place, "scaler.offset", scaler.offset);
    check_finite(place, "scaler.scale", scaler.scale);
    for (std::size_t i = 0; i < n; ++i) {
      if (scaler.op == ScalerOp::subtract_divide && scaler.scale[i] == 0.0) {
        place.fail(fmt::format("scaler.scale[{}]", i), "must not be 0, the feature is divided by it");
      }
    }
    if (!scaler.clip) continue;
    const auto [low, high] = *scaler.clip;
    place.require(std::isfinite(low) && std::isfinite(high) && low <= high, "scaler.clip",
                  "must be two finite numbers, the lower one first");
  }
}

void check_sos(const Place& place, const SosCascade& cascade, std::vector<std::string>& warnings) {
  place.require(!cascade.sections.empty(), "model.sections", "there is no second-order section");
  if (!cascade.initial_state.empty()) {
    check_length(place, "model.initial_state", cascade.initial_state.size(), cascade.sections.size());
  }
  for (const auto& [z1, z2] : cascade.initial_state) {
    place.require(std::isfinite(z1) && std::isfinite(z2), "model.initial_state", "must be finite numbers");
  }
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const SosSection& s = cascade.sections[index];
    const std::string field = fmt::format("sections[{}]", index);
    check_finite(place, field, {s.b0, s.b1, s.b2, s.a0, s.a1, s.a2});
    place.require(s.a0 != 0.0, field, "a0 must not be 0, every coefficient is divided by it");
    if (const double radius = pole_radius(s); radius >= 1.0) {
      warnings.push_back(fmt::format("{}: the filter is unstable, a pole has radius {:.6g}", field, radius));
    }
  }
}

void check_test_vectors(const Place& place, const Model& model) {
  const TestVectors& vectors = model.test_vectors;
  const bool is_filter = model.output.task == Task::filter;
  check_length(place, "test_vectors.outputs", vectors.outputs.size(), vectors.inputs.size());
  if (!vectors.labels.empty()) check_length(place, "test_vectors.labels", vectors.labels.size(), vectors.inputs.size());
  for (std::size_t row = 0; row < vectors.inputs.size(); ++row) {
    const std::size_t n_in = is_filter ? vectors.outputs[row].size() : static_cast<std::size_t>(model.input.n_features);
    check_length(place, fmt::format("test_vectors.inputs[{}]", row), vectors.inputs[row].size(), n_in);
    if (is_filter) continue;
    check_length(place, fmt::format("test_vectors.outputs[{}]", row), vectors.outputs[row].size(),
                 static_cast<std::size_t>(model.output.n_outputs));
    if (!vectors.labels.empty()) {
      check_length(place, fmt::format("test_vectors.labels[{}]", row), vectors.labels[row].size(),
                   model.output.targets.size());
    }
  }
}

}  // namespace

std::vector<std::string> check(const Model& model, std::string_view file) {
  const Place place(file);
  std::vector<std::string> warnings;
  place.require(model.name.empty() || is_identifier(model.name), "name", "is not a C identifier");
  check_input(place, model.input);
  check_output(place, model.output);
  check_scalers(place, model);
  if (const auto* trees = std::get_if<TreeEnsemble>(&model.predictor)) {
    check_trees(place, *trees, model);
  } else if (const auto* network = std::get_if<DenseNetwork>(&model.predictor)) {
    check_dense(place, *network, model);
  } else if (const auto* cascade = std::get_if<SosCascade>(&model.predictor)) {
    place.require(model.scalers.empty(), "model", "a filter takes no scaler");
    check_sos(place, *cascade, warnings);
  } else {
    place.require(!model.scalers.empty(), "model", "there is neither a scaler nor a predictor");
    check_length(place, "model outputs", static_cast<std::size_t>(model.output.n_outputs),
                 static_cast<std::size_t>(model.input.n_features));
  }
  check_test_vectors(place, model);
  return warnings;
}

}  // namespace emlc::model
