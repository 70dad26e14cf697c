#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "codegen/model/check/parts.hpp"

namespace emlc::model {
namespace {

/// A node of a tree, for messages; the text is made when a check fails.
struct NodePlace {
  const Place& place;
  std::size_t tree, node;

  [[noreturn]] void fail(std::string_view problem) const {
    place.fail(fmt::format("trees[{}] node {}", tree, node), problem);
  }
};

void check_split(const NodePlace& place, const Split& split, std::size_t n_nodes, std::int32_t n_features) {
  if (split.feature < 0 || split.feature >= n_features) {
    place.fail(fmt::format("feature {} is out of range, the model has {} features", split.feature, n_features));
  }
  if (std::isnan(split.threshold)) place.fail("the threshold is not a number");
  for (const NodeId child : {split.left, split.right}) {
    if (std::cmp_less_equal(child, place.node) || std::cmp_greater_equal(child, n_nodes)) {
      place.fail(place.node + 1 == n_nodes
                     ? fmt::format("child {} is out of range, this is the last node", child)
                     : fmt::format("child {} is out of range, expected {} to {}", child, place.node + 1, n_nodes - 1));
    }
  }
  if (split.default_child != split.left && split.default_child != split.right) {
    place.fail("the default child is neither the left nor the right one");
  }
}

void check_tree(const Place& place, const TreeEnsemble& ensemble, std::size_t index) {
  const Tree& tree = ensemble.trees[index];
  const std::size_t n = tree.nodes.size();
  if (n == 0) place.fail(fmt::format("trees[{}]", index), "has no node");
  if (tree.first_output < 0 || tree.first_output > ensemble.n_outputs - ensemble.leaf_width) {
    place.fail(
        fmt::format("trees[{}].output", index),
        fmt::format("column {} is out of range, the model has {} outputs", tree.first_output, ensemble.n_outputs));
  }
  std::vector<char> is_reached(n, 0);
  is_reached[0] = 1;
  for (std::size_t id = 0; id < n; ++id) {
    const NodePlace node{place, index, id};
    if (is_reached[id] == 0) node.fail("is not reached from the root");
    if (const Leaf* leaf = as_leaf(tree.nodes[id])) {
      if (leaf->row < 0 || std::cmp_greater_equal(leaf->row, ensemble.n_rows())) {
        node.fail(fmt::format("leaf row {} is out of range, there are {}", leaf->row, ensemble.n_rows()));
      }
      continue;
    }
    const Split& split = *as_split(tree.nodes[id]);
    check_split(node, split, n, ensemble.n_features);
    is_reached[static_cast<std::size_t>(split.left)] = 1;
    is_reached[static_cast<std::size_t>(split.right)] = 1;
  }
}

}  // namespace

void check_post_transform(const Place& place, const PostTransform& transform) {
  const bool is_finite = std::isfinite(transform.scale) && std::isfinite(transform.offset);
  place.require(is_finite, "post_transform", "scale and offset must be finite numbers");
  place.require(std::isfinite(transform.denominator) && transform.denominator != 0.0, "post_transform.denominator",
                "must be a finite number other than 0");
}

namespace {

/// Of a model that is not made of others.
void check_post_transform_of_one(const Place& place, const PostTransform& transform) {
  check_post_transform(place, transform);
  place.require(transform.kind != PostTransformKind::normalize_or_uniform, "post_transform.name",
                fmt::format("'{}' is for combinations alone", name(transform.kind)));
}

}  // namespace

void check_trees(const Place& place, const TreeEnsemble& ensemble, const Model& model) {
  if (ensemble.n_features != n_columns(model)) {
    place.fail("model",
               fmt::format("the trees have {} features, the input has {}", ensemble.n_features, n_columns(model)));
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
  check_post_transform_of_one(place, ensemble.post_transform);
  place.require(!ensemble.trees.empty(), "model.trees", "there is no tree");
  for (std::size_t index = 0; index < ensemble.trees.size(); ++index) check_tree(place, ensemble, index);
}

void check_codes(const Place& place, const std::string& field, const CodeGrid& codes) {
  place.require(std::isfinite(codes.scale) && codes.scale > 0.0, field, "the scale must be a finite number above 0");
  place.require(codes.lowest <= codes.zero && codes.zero <= codes.highest, field, "the zero must be one of the codes");
}

void check_dense(const Place& place, const DenseNetwork& network, const Model& model) {
  std::int32_t width = n_columns(model);
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
    const bool is_prelu = layer.activation == Activation::prelu;
    check_length(place, field + ".slopes", layer.slopes.size(), is_prelu ? static_cast<std::size_t>(layer.n_out) : 0);
    check_finite(place, field + ".slopes", layer.slopes);
    if (layer.codes) check_codes(place, field + ".codes", *layer.codes);
    width = layer.n_out;
  }
  if (width != model.output.n_outputs) {
    place.fail("model.layers",
               fmt::format("the last layer has {} outputs, the model {}", width, model.output.n_outputs));
  }
  check_post_transform_of_one(place, network.post_transform);
  if (network.integers) check_integers(place, *network.integers, network, model);
}

void check_steps(const Place& place, const Model& model) {
  place.require(model.steps.size() <= most_steps, "model.steps",
                fmt::format("there are {} steps, at most {} may be", model.steps.size(), most_steps));
  auto width = static_cast<std::size_t>(model.input.n_features);
  for (std::size_t index = 0; index < model.steps.size(); ++index) {
    const Step& step = model.steps[index];
    if (const auto wrong = problem_of(step, width)) {
      place.fail(fmt::format("steps[{}].{}", index, wrong->key), wrong->problem);
    }
    width = width_behind(std::span(&step, 1), width);
  }
}

void check_scalers(const Place& place, const Model& model) {
  const auto n = static_cast<std::size_t>(n_columns(model));
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

/// Coefficients of integers: on their grid, in their bits, and in what the accumulators hold.
void check_fixed(const Place& place, const SosCascade& cascade) {
  const FixedPoint& fixed = *cascade.fixed;
  place.require(cascade.initial_state.empty(), "model.initial_state", "a filter in integers starts from silence");
  for (const int bits : {fixed.lift, fixed.headroom}) {
    place.require(bits >= 0 && bits <= max_headroom, "model.headroom",
                  fmt::format("expected 0 to {} bits, found {}", max_headroom, bits));
  }
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const SosSection& s = cascade.sections[index];
    const std::string field = fmt::format("sections[{}]", index);
    place.require(s.a0 == 1.0, field, "a0 must be 1 in a filter in integers");
    for (const double value : {s.b0, s.b1, s.b2, s.a1, s.a2}) {
      const double scaled = std::ldexp(value, fixed.fraction_bits);
      place.require(std::abs(scaled) < 0x1p31 && scaled == std::floor(scaled), field,
                    fmt::format("{} is no multiple of 2^-{}", value, fixed.fraction_bits));
    }
  }
  for (const SosIntegers& section : integers(cascade)) {
    place.require(fit(fixed, section), "model.sections", "coefficients are too large for the accumulators");
  }
}

void check_sos(const Place& place, const SosCascade& cascade, const Model& model, std::vector<std::string>& warnings) {
  place.require(takes_inputs(model), "model", "a filter takes no scaler");
  place.require(model.input.n_features == 1, "input.n_features", "must be 1, a filter takes one signal");
  place.require(model.output.n_outputs == 1, "output.n_outputs", "must be 1, a filter gives one signal");
  place.require(model.output.rule == DecisionRule::none, "output.decision.rule",
                "must be 'none', a filter decides nothing");
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
  if (!cascade.structures.empty()) {
    check_length(place, "model.structures", cascade.structures.size(), cascade.sections.size());
    place.require(!cascade.fixed, "model.structures", "are of filters in float32");
  }
  if (cascade.fixed) check_fixed(place, cascade);
}

}  // namespace emlc::model
