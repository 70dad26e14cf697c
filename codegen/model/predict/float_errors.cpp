#include "codegen/model/predict/float_errors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "codegen/model/combine/errors.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/predict/step_errors.hpp"

namespace emlc::model {
namespace {

constexpr double unit = 0x1p-24;          ///< half a step of float32 between 1 and 2
constexpr double of_scaler = 4 * unit;    ///< of the two terms of a scaler: their own digits, and two operations
constexpr double of_sum = 4 * unit;       ///< of the terms of a sum: the digits of each weight, and the additions
constexpr double of_function = 8 * unit;  ///< of a function of libm and of what is computed around it

Values through_scalers(const Model& model, Values x) {
  Values at = columns_behind(model, std::move(x), model.steps.size());
  for (const Scaler& scaler : model.scalers) {
    for (std::size_t i = 0; i < at.values.size(); ++i) {
      const bool divides = scaler.op == ScalerOp::subtract_divide;
      const double factor = std::abs(divides ? 1.0 / scaler.scale[i] : scaler.scale[i]);
      const double size = std::abs(at.values[i]) * factor + std::abs(scaler.offset[i]) * (divides ? factor : 1.0);
      at.values[i] = apply_scaler(scaler, i, at.values[i]);
      at.errors[i] = at.errors[i] * factor + of_scaler * size;
    }
  }
  return at;
}

Values through_sums(const DenseLayer& layer, const Values& x) {
  Values sums{layer_sums(layer, x.values), {}};
  for (std::size_t row = 0; row < layer.bias.size(); ++row) {
    const double* weights = layer.weights.data() + row * x.values.size();
    double size = std::abs(layer.bias[row]), squares = 0.0;
    for (std::size_t column = 0; column < x.values.size(); ++column) {
      size += std::abs(weights[column] * x.values[column]);
      squares += std::pow(weights[column] * x.errors[column], 2);
    }
    sums.errors.push_back(std::sqrt(squares) + of_sum * size);
  }
  return sums;
}

/// What a function of one number makes of an error: how far its values at both ends are from the one between them.
/// Where anything may come, NaN may too, which no function takes back.
template <typename Function>
double carried(Function function, double value, double error) {
  if (std::isinf(error)) return infinity;
  const double middle = function(value);
  return std::max(std::abs(function(value + error) - middle), std::abs(function(value - error) - middle));
}

/// Shares of a whole that are exp of the values, before and after.
std::vector<double> softmax_errors(std::span<const double> shares, std::span<const double> errors) {
  constexpr double most = 50.0;  // where nothing is known of the shares any more
  const double worst = *std::max_element(errors.begin(), errors.end());
  // Of an infinity the device makes NaN.
  if (std::isinf(worst)) return std::vector<double>(shares.size(), infinity);
  constexpr double taken_off = 1.1e-6;  // as TinyMaix computes it; other devices lose less of small shares
  std::vector<double> result;
  for (const double share : shares) {
    result.push_back(share * (std::expm1(std::min(2.0 * worst, most)) + of_function) + taken_off);
  }
  return result;
}

/// Of their logarithms: an error of all values and one of the value itself, and the digits of the logarithm.
std::vector<double> log_softmax_errors(std::span<const double> logarithms, std::span<const double> errors) {
  const double worst = *std::max_element(errors.begin(), errors.end());
  std::vector<double> result;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    result.push_back(errors[i] + worst + of_function * (1.0 + std::abs(logarithms[i])));
  }
  return result;
}

std::vector<double> softmax(std::vector<double> values) {
  apply_post_transform({.kind = PostTransformKind::softmax}, values);
  return values;
}

bool is_a_line(Activation activation) {
  return activation == Activation::identity || activation == Activation::relu || activation == Activation::relu6;
}

Values activated(const DenseLayer& layer, const Values& z) {
  if (layer.activation == Activation::softmax) {
    std::vector<double> shares = softmax(z.values);
    std::vector<double> errors = softmax_errors(shares, z.errors);
    return {std::move(shares), std::move(errors)};
  }
  Values y;
  for (std::size_t i = 0; i < z.values.size(); ++i) {
    const auto function = [&](double value) { return activate(layer, i, value); };
    y.values.push_back(function(z.values[i]));
    // Formulas with exp lose the digits of 1, also where little is left of it.
    const double own = is_a_line(layer.activation) ? 0.0 : of_function * (1.0 + std::abs(y.values[i]));
    y.errors.push_back(carried(function, z.values[i], z.errors[i]) + own);
  }
  return y;
}

/// Each of the values divided by the sum of all.
std::vector<double> quotient_errors(const Values& z, std::span<const double> quotients) {
  const double sum = std::abs(std::accumulate(z.values.begin(), z.values.end(), 0.0));
  const double of_all = std::accumulate(z.errors.begin(), z.errors.end(), 0.0);
  std::vector<double> errors;
  if (sum == 0.0) {
    errors.assign(quotients.size(), of_all == 0.0 ? of_sum : infinity);
    return errors;
  }
  for (std::size_t i = 0; i < quotients.size(); ++i) {
    errors.push_back((z.errors[i] + std::abs(quotients[i]) * of_all) / sum + of_sum * std::abs(quotients[i]));
  }
  return errors;
}

std::vector<double> transform_errors(const PostTransform& transform, Values z) {
  for (double& error : z.errors) error *= std::abs(transform.scale);
  std::vector<double> y = z.values;
  apply_post_transform(transform, y);
  if (transform.kind == PostTransformKind::identity) return z.errors;
  if (transform.kind == PostTransformKind::softmax) return softmax_errors(y, z.errors);
  if (transform.kind == PostTransformKind::log_softmax) return log_softmax_errors(y, z.errors);
  for (double& value : z.values) value *= transform.scale;
  if (divides_by_sum(transform.kind)) return quotient_errors(z, y);
  PostTransform unscaled = transform;
  unscaled.scale = 1.0;
  const auto function = [&](double value) {
    apply_post_transform(unscaled, std::span(&value, 1));
    return value;
  };
  for (std::size_t i = 0; i < y.size(); ++i) {
    z.errors[i] = carried(function, z.values[i], z.errors[i]) + of_function * std::abs(y[i]);
  }
  return z.errors;
}

/// Adds how far the leaves that a tree may reach are from the one that it reaches.
void add_other_leaves(std::vector<double>& errors, const TreeEnsemble& ensemble, const Tree& tree, const Values& at) {
  constexpr double of_comparison = 0x1p-23;
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  const auto value = [&](NodeId id, std::size_t column) {
    const Leaf& leaf = *as_leaf(tree.nodes[static_cast<std::size_t>(id)]);
    return ensemble.leaf_values[static_cast<std::size_t>(leaf.row) * width + column];
  };
  const NodeId own = find_leaf(tree, ensemble.feature_type, at.values);
  std::vector<char> is_reached(tree.nodes.size(), 0);
  is_reached[0] = 1;
  std::vector<double> most(width, 0.0);
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    if (is_reached[id] == 0) continue;
    const Split* split = as_split(tree.nodes[id]);
    if (split == nullptr) {
      for (std::size_t column = 0; column < width; ++column) {
        const double distance = std::abs(value(static_cast<NodeId>(id), column) - value(own, column));
        most[column] = std::max(most[column], distance);
      }
      continue;
    }
    const auto feature = static_cast<std::size_t>(split->feature);
    const double x = at.values[feature], error = at.errors[feature];
    is_reached[static_cast<std::size_t>(next_node(*split, ensemble.feature_type, at.values))] = 1;
    const bool is_near = error > 0.0 && !(std::abs(x - split->threshold) > error + of_comparison * std::abs(x));
    const bool is_anywhere = std::isinf(error);
    for (const NodeId child : {split->left, split->right, split->default_child}) {
      if (is_anywhere || (is_near && !std::isnan(x))) is_reached[static_cast<std::size_t>(child)] = 1;
    }
  }
  for (std::size_t column = 0; column < width; ++column) {
    errors[static_cast<std::size_t>(tree.first_output) + column] += most[column];
  }
}

void append(Values& row, const Values& more) {
  row.values.insert(row.values.end(), more.values.begin(), more.values.end());
  row.errors.insert(row.errors.end(), more.errors.begin(), more.errors.end());
}

/// Without steps, scalers or errors in front of it nothing but the digits of sums is off.
void add_rounding_of_sums(Values& sums, const TreeEnsemble& ensemble) {
  const std::vector<double> largest = largest_sums(ensemble);
  const double factor = std::abs(ensemble.scale / ensemble.divisor);
  for (std::size_t i = 0; i < sums.errors.size(); ++i) {
    sums.errors[i] += of_sum * (factor * largest[i] + std::abs(ensemble.base_score[i]));
  }
}

std::vector<double> errors_of(const Model& model, const DenseNetwork& network, Values x) {
  if (network.integers) return {};
  Values at = through_scalers(model, std::move(x));
  for (const DenseLayer& layer : network.layers) at = activated(layer, through_sums(layer, at));
  return transform_errors(network.post_transform, std::move(at));
}

/// Whether what float32 loses of sums of leaves counts.
enum class Sums { exact, in_float32 };

std::vector<double> errors_of(const Model& model, const TreeEnsemble& ensemble, Values x, Sums kind_of_sums) {
  Values at =
      columns_behind(model, std::move(x), n_computed(model.steps, static_cast<std::size_t>(model.input.n_features)));
  for (const Scaler& scaler : model.scalers) {
    for (std::size_t i = 0; i < at.values.size(); ++i) {
      at.values[i] = apply_scaler(scaler, i, at.values[i]);
      at.errors[i] *= std::abs(scaler.op == ScalerOp::subtract_divide ? 1.0 / scaler.scale[i] : scaler.scale[i]);
    }
  }
  Values sums{sum_trees(ensemble, at.values), std::vector<double>(static_cast<std::size_t>(ensemble.n_outputs), 0.0)};
  const auto is_off = [](double error) { return error > 0.0; };
  if (std::any_of(at.errors.begin(), at.errors.end(), is_off)) {
    for (const Tree& tree : ensemble.trees) add_other_leaves(sums.errors, ensemble, tree, at);
  }
  for (double& error : sums.errors) error *= std::abs(ensemble.scale / ensemble.divisor);
  if (kind_of_sums == Sums::in_float32) add_rounding_of_sums(sums, ensemble);
  return transform_errors(ensemble.post_transform, std::move(sums));
}

Values exactly(std::span<const double> x) {
  return {std::vector<double>(x.begin(), x.end()), std::vector<double>(x.size(), 0.0)};
}

Values combined(const Model& model, const Combination& combination, Values x) {
  const Values columns = through_scalers(model, std::move(x));
  Values taken = columns;
  std::vector<MemberValues> members;
  for (const Member& member : combination.members) {
    members.push_back(member_values(member, float_answer(member.model, taken)));
    if (combination.is_chained) append(taken, members.back().values);
  }
  Values row = rule_values(combination, members);
  std::vector<double> errors = transform_errors(combination.post_transform, row);
  apply_post_transform(combination.post_transform, row.values);
  row.errors = std::move(errors);
  if (combination.last.empty()) return row;
  if (combination.passes_columns) append(row, columns);
  return float_answer(combination.last.front(), std::move(row));
}

}  // namespace

std::vector<double> float_errors(const Model& model, const DenseNetwork& network, std::span<const double> x) {
  std::vector<double> errors = errors_of(model, network, exactly(encoded(model.input, x)));
  const double unknown = model.steps.empty() ? 0.0 : infinity;
  for (double& error : errors) error = std::isfinite(error) ? error : unknown;
  return errors;
}

std::vector<double> float_errors(const Model& model, std::span<const double> x) {
  return through_scalers(model, exactly(encoded(model.input, x))).errors;
}

std::vector<double> float_errors(const Model& model, const TreeEnsemble& ensemble, std::span<const double> x) {
  std::vector<double> errors = errors_of(model, ensemble, exactly(encoded(model.input, x)), Sums::exact);
  for (double& error : errors) error = std::isnan(error) ? infinity : error;
  return errors;
}

Values float_answer(const Model& model, Values x) {
  const std::vector<double> values = x.values;
  Values answer = std::visit(
      Overloaded{[&](std::monostate) { return through_scalers(model, std::move(x)); },
                 [&](const TreeEnsemble& trees) {
                   return Values{predict(model, values), errors_of(model, trees, std::move(x), Sums::in_float32)};
                 },
                 [&](const DenseNetwork& network) {
                   return Values{predict(model, values), errors_of(model, network, std::move(x))};
                 },
                 [](const SosCascade&) -> Values { throw std::logic_error("a filter answers no row"); },
                 [&](const Combination& combination) { return combined(model, combination, std::move(x)); }},
      model.predictor);
  for (double& error : answer.errors) error = std::isnan(error) ? infinity : error;
  return answer;
}

Values float_answer(const Model& model, std::span<const double> x) { return float_answer(model, exactly(x)); }

}  // namespace emlc::model
