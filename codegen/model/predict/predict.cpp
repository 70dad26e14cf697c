#include "codegen/model/predict/predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "codegen/model/combine/members.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::model {
namespace {

std::vector<double> predict_integers(const IntegerNetwork& network, const DenseLayer& last, NumberType type,
                                     std::span<const double> x) {
  const std::vector<std::int32_t> sums = integer_sums(network, encode(network, type, x));
  std::vector<double> y(sums.begin(), sums.end());
  for (double& value : y) value *= network.scale;
  activate_layer(last, y);
  return y;
}

/// What the post-transform is applied to.
std::vector<double> run_layers(const DenseNetwork& network, NumberType type, std::vector<double> x) {
  if (network.integers) return predict_integers(*network.integers, network.layers.back(), type, x);
  for (const DenseLayer& layer : network.layers) {
    x = layer_sums(layer, x);
    activate_layer(layer, x);
  }
  return x;
}

bool passes(DecisionRule rule, double value, double threshold) {
  return rule == DecisionRule::greater ? value > threshold : value >= threshold;
}

/// Equal infinities and two NaN are no difference, a NaN on one side only is an infinite one.
double difference_between(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0.0;
  const double difference = std::abs(a - b);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

std::vector<std::string> label_names(const Model& model, std::span<const double> outputs) {
  std::vector<std::string> names;
  const std::vector<std::int32_t> classes = decide(model.output, outputs);
  for (std::size_t target = 0; target < classes.size(); ++target) {
    names.push_back(class_names(model, target).at(static_cast<std::size_t>(classes[target])));
  }
  return names;
}

/// In integers; 1.0 is full scale.
std::vector<double> filter_fixed(const SosCascade& cascade, std::span<const double> signal) {
  const FixedPoint& fixed = *cascade.fixed;
  std::vector<std::int64_t> samples;
  for (const double x : signal) samples.push_back(to_sample(fixed, x));
  std::vector<double> y;
  for (const std::int64_t sample : filter_integers(fixed, integers(cascade), samples)) {
    y.push_back(from_sample(fixed, sample));
  }
  return y;
}

/// Where a filter begins.
enum class Start { initial_state, rest };

std::vector<double> filter_from(Start start, const SosCascade& cascade, std::span<const double> signal) {
  if (start == Start::initial_state) return filter(cascade, signal);
  return filter(SosCascade{.sections = cascade.sections, .fixed = cascade.fixed}, signal);
}

std::vector<double> raw_answer(const Model& model, std::span<const double> x, Start start) {
  return std::visit(
      Overloaded{[&](std::monostate) { return scaled(model, x); },
                 [&](const TreeEnsemble& trees) { return sum_trees(trees, scaled(model, x)); },
                 [&](const DenseNetwork& network) { return run_layers(network, model.input.type, scaled(model, x)); },
                 [&](const SosCascade& cascade) { return filter_from(start, cascade, x); },
                 [&](const Combination& combination) { return combine(combination, scaled(model, x)); }},
      model.predictor);
}

std::vector<double> answer(const Model& model, std::span<const double> x, Start start) {
  std::vector<double> outputs = raw_answer(model, x, start);
  const auto apply = [&](const PostTransform& transform) { apply_post_transform(transform, outputs); };
  std::visit(Overloaded{[](std::monostate) {}, [&](const TreeEnsemble& trees) { apply(trees.post_transform); },
                        [&](const DenseNetwork& network) { apply(network.post_transform); }, [](const SosCascade&) {},
                        [&](const Combination& combination) {
                          if (combination.last.empty()) apply(combination.post_transform);
                        }},
             model.predictor);
  return outputs;
}

void replay_row(const Model& model, std::size_t row, std::string_view file) {
  const TestVectors& vectors = model.test_vectors;
  const std::vector<double> outputs = answer(model, vectors.inputs[row], Start::rest);
  for (std::size_t column = 0; column < outputs.size(); ++column) {
    const double expected = vectors.outputs[row][column];
    // Written so that a NaN on either side fails; the sign that it is shown without depends on the machine.
    if (std::abs(outputs[column] - expected) <= vectors.atol + vectors.rtol * std::abs(expected)) continue;
    throw Error({.file = std::string(file), .field = fmt::format("test_vectors.outputs[{}][{}]", row, column)},
                fmt::format("the trainer's answer is {}, the model as read computes {}", expected,
                            std::isnan(outputs[column]) ? std::abs(outputs[column]) : outputs[column]));
  }
  if (vectors.labels.empty()) return;
  const std::vector<std::string> labels = label_names(model, outputs);
  if (labels == vectors.labels[row]) return;
  throw Error({.file = std::string(file), .field = fmt::format("test_vectors.labels[{}]", row)},
              fmt::format("the trainer's label is '{}', the model as read decides '{}'",
                          fmt::join(vectors.labels[row], ", "), fmt::join(labels, ", ")));
}

/// What the post-transform is applied to, where tree i gives row `row_of(i)` of the leaf values.
template <class RowOf>
std::vector<double> sum_leaves(const TreeEnsemble& ensemble, RowOf row_of) {
  const auto add = [&](double& sum, double value) { sum = round_to(ensemble.sum_type, sum + value); };
  std::vector<double> sum(static_cast<std::size_t>(ensemble.n_outputs), 0.0);
  if (ensemble.base_score_at == BaseScoreAt::start) sum = ensemble.base_score;
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  for (std::size_t index = 0; index < ensemble.trees.size(); ++index) {
    const auto row = static_cast<std::size_t>(row_of(index));
    const auto first = static_cast<std::size_t>(ensemble.trees[index].first_output);
    for (std::size_t column = 0; column < width; ++column) {
      add(sum[first + column], ensemble.leaf_values[row * width + column]);
    }
  }
  for (std::size_t column = 0; column < sum.size(); ++column) {
    sum[column] = round_to(ensemble.sum_type, sum[column] / ensemble.divisor);
    sum[column] = round_to(ensemble.sum_type, sum[column] * ensemble.scale);
    if (ensemble.base_score_at == BaseScoreAt::end) add(sum[column], ensemble.base_score[column]);
  }
  return sum;
}

}  // namespace

std::vector<double> sum_trees(const TreeEnsemble& ensemble, std::span<const double> x) {
  return sum_leaves(ensemble, [&](std::size_t index) {
    const Tree& tree = ensemble.trees[index];
    return as_leaf(tree.nodes[static_cast<std::size_t>(find_leaf(tree, ensemble.feature_type, x))])->row;
  });
}

std::vector<double> sum_rows(const TreeEnsemble& ensemble, std::span<const RowId> rows) {
  return sum_leaves(ensemble, [&](std::size_t index) { return rows[index]; });
}

std::vector<double> scaled(const Model& model, std::span<const double> x) {
  std::vector<double> values = encoded(model.input, x);
  for (const Step& step : model.steps) values = apply_step(step, values);
  for (const Scaler& scaler : model.scalers) {
    for (std::size_t index = 0; index < values.size(); ++index)
      values[index] = apply_scaler(scaler, index, values[index]);
  }
  return values;
}

double activate(const DenseLayer& layer, std::size_t unit, double z) {
  switch (layer.activation) {
    case Activation::identity:
    case Activation::softmax:
      return z;
    case Activation::relu:
      return std::max(z, 0.0);
    case Activation::relu6:
      return std::clamp(z, 0.0, 6.0);
    case Activation::leaky_relu:
      return z < 0.0 ? layer.alpha * z : z;
    case Activation::tanh:
      return std::tanh(z);
    case Activation::logistic:
      return 1.0 / (1.0 + std::exp(-z));
    case Activation::softplus:
      apply_post_transform({.kind = PostTransformKind::log1p_exp}, std::span(&z, 1));
      return z;
    case Activation::elu:
      return z < 0.0 ? layer.alpha * std::expm1(z) : z;
    case Activation::prelu:
      return z < 0.0 ? layer.slopes[unit] * z : z;
  }
  throw std::logic_error("activation without a formula");
}

void activate_layer(const DenseLayer& layer, std::vector<double>& y) {
  for (std::size_t unit = 0; unit < y.size(); ++unit) y[unit] = activate(layer, unit, y[unit]);
  if (layer.activation == Activation::softmax)
    apply_post_transform(PostTransform{.kind = PostTransformKind::softmax}, y);
  if (!layer.codes) return;
  for (double& value : y) value = round_to_codes(*layer.codes, value);
}

std::vector<double> layer_sums(const DenseLayer& layer, std::span<const double> x) {
  std::vector<double> sums = layer.bias;
  for (std::size_t row = 0; row < sums.size(); ++row) {
    const double* weights = layer.weights.data() + row * x.size();
    for (std::size_t column = 0; column < x.size(); ++column) {
      const double product = round_to(layer.sum_type, weights[column] * x[column]);
      sums[row] = round_to(layer.sum_type, sums[row] + product);
    }
  }
  return sums;
}

NodeId next_node(const Split& split, NumberType feature_type, std::span<const double> x) {
  const double value = round_to(feature_type, x[static_cast<std::size_t>(split.feature)]);
  if (std::isnan(value)) return split.default_child;
  return value < split.threshold ? split.left : split.right;
}

NodeId find_leaf(const Tree& tree, NumberType feature_type, std::span<const double> x) {
  NodeId id = 0;
  while (const Split* split = as_split(tree.nodes[static_cast<std::size_t>(id)])) {
    id = next_node(*split, feature_type, x);
  }
  return id;
}

std::vector<double> filter(const SosCascade& cascade, std::span<const double> signal) {
  if (cascade.fixed) return filter_fixed(cascade, signal);
  std::vector<double> y(signal.begin(), signal.end());
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const SosSection& s = cascade.sections[index];
    const double b0 = s.b0 / s.a0, b1 = s.b1 / s.a0, b2 = s.b2 / s.a0, a1 = s.a1 / s.a0, a2 = s.a2 / s.a0;
    double z1 = cascade.initial_state.empty() ? 0.0 : cascade.initial_state[index][0];
    double z2 = cascade.initial_state.empty() ? 0.0 : cascade.initial_state[index][1];
    for (double& sample : y) {
      const double x = sample;
      sample = b0 * x + z1;
      z1 = b1 * x - a1 * sample + z2;
      z2 = b2 * x - a2 * sample;
    }
  }
  return y;
}

std::vector<double> predict(const Model& model, std::span<const double> x) {
  return answer(model, x, Start::initial_state);
}

std::vector<double> predict_raw(const Model& model, std::span<const double> x) {
  return raw_answer(model, x, Start::initial_state);
}

std::vector<std::int32_t> decide(const Output& output, std::span<const double> outputs) {
  if (output.rule == DecisionRule::none) return {};
  std::vector<std::int32_t> classes;
  auto first = outputs.begin();
  for (const Target& target : output.targets) {
    const auto last = first + target.size;
    classes.push_back(output.rule == DecisionRule::argmax
                          ? static_cast<std::int32_t>(std::max_element(first, last) - first)
                          : static_cast<std::int32_t>(passes(output.rule, *first, output.threshold)));
    first = last;
  }
  return classes;
}

void replay(const Model& model, std::string_view file) {
  for (std::size_t row = 0; row < model.test_vectors.inputs.size(); ++row) replay_row(model, row, file);
}

Distance measure_distance(const Model& reference, const Model& changed, std::span<const std::vector<double>> inputs) {
  Distance result{.n_inputs = inputs.size()};
  double sum = 0.0;
  std::size_t n_values = 0, n_changed = 0;
  for (const std::vector<double>& x : inputs) {
    const std::vector<double> before = predict(reference, x);
    const std::vector<double> after = predict(changed, x);
    for (std::size_t column = 0; column < before.size(); ++column) {
      const double difference = difference_between(before[column], after[column]);
      result.largest = std::max(result.largest, difference);
      sum += difference;
    }
    n_values += before.size();
    if (decide(reference.output, before) != decide(changed.output, after)) ++n_changed;
  }
  if (n_values != 0) result.mean = sum / static_cast<double>(n_values);
  if (!inputs.empty()) result.changed_decisions = static_cast<double>(n_changed) / static_cast<double>(inputs.size());
  return result;
}

}  // namespace emlc::model
