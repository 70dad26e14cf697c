#include "formats/onnx/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "formats/reading.hpp"

namespace emlc::formats::onnx {
namespace {

std::size_t size_of(std::int32_t n) { return static_cast<std::size_t>(n); }

/// Refuses what is no layer of a network.
void require_network(const Call& call, const Rows& rows) {
  if (rows.forest || !rows.steps.empty() || rows.form != Form::plain) {
    call.fail("computes on what trees or a whole network gave, which the model has no place for");
  }
}

/// The number of values that the open layer is given.
std::size_t n_inputs_of_open(const Rows& rows) {
  return rows.layers.empty() ? model::width_behind(rows.features.steps, rows.features.columns.size())
                             : size_of(rows.layers.back()->n_out);
}

/// The weights of an adjustment, or of nothing done, as those of a layer.
void make_dense(Rows& rows) {
  OpenLayer& open = rows.open;
  if (open.form == OpenLayer::Form::dense) return;
  const std::size_t n_in = n_inputs_of_open(rows);
  const std::size_t n_out = size_of(rows.width);
  open.weights.assign(n_in * n_out, 0.0);
  if (open.form == OpenLayer::Form::nothing) {
    open.bias.assign(n_out, 0.0);
    for (std::size_t unit = 0; unit < n_out; ++unit) open.weights[unit * n_in + unit] = 1.0;
  }
  for (const Term& term : open.terms) open.weights[size_of(term.row) * n_in + size_of(term.column)] = term.weight;
  open.terms.clear();
  open.form = OpenLayer::Form::dense;
}

/// Ends the open layer.
void finish(Rows& rows, model::Activation activation, double alpha) {
  make_dense(rows);
  const auto n_in = rows.open.weights.size() / rows.open.bias.size();
  rows.layers.push_back(
      std::make_shared<const model::DenseLayer>(model::DenseLayer{.n_in = static_cast<std::int32_t>(n_in),
                                                                  .n_out = rows.width,
                                                                  .weights = std::move(rows.open.weights),
                                                                  .bias = std::move(rows.open.bias),
                                                                  .activation = activation,
                                                                  .alpha = alpha}));
  rows.open = {};
}

/// Weights on top of an adjustment: those of both in one.
void fold_terms(const OpenLayer& open, std::size_t n_in, std::vector<double>& weights, std::vector<double>& bias) {
  const std::size_t n_between = open.bias.size(), n_out = bias.size();
  std::vector<double> folded(n_out * n_in, 0.0);
  for (std::size_t unit = 0; unit < n_out; ++unit) {
    const double* row = weights.data() + unit * n_between;
    for (const Term& term : open.terms) folded[unit * n_in + size_of(term.column)] += row[term.row] * term.weight;
    for (std::size_t between = 0; between < n_between; ++between) bias[unit] += row[between] * open.bias[between];
  }
  weights = std::move(folded);
}

/// Two scalers of one operation each as one, where that is the same: a product and a sum, a difference and a quotient.
bool join(model::Scaler& before, const model::Scaler& next) {
  if (before.clip || next.clip || before.op != model::ScalerOp::multiply_add || before.type != next.type) return false;
  const auto all = [](const std::vector<double>& values, double value) {
    return std::all_of(values.begin(), values.end(), [value](double each) { return each == value; });
  };
  if (next.op == model::ScalerOp::multiply_add && all(before.offset, 0.0) && all(next.scale, 1.0)) {
    before.offset = next.offset;
    return true;
  }
  if (next.op == model::ScalerOp::subtract_divide && all(before.scale, 1.0) && all(next.offset, 0.0)) {
    for (double& offset : before.offset) offset = 0.0 - offset;
    before.scale = next.scale;
    before.op = model::ScalerOp::subtract_divide;
    return true;
  }
  return false;
}

}  // namespace

model::NumberType number_type(ElementType type) {
  return type == ElementType::float32 ? model::NumberType::float32 : model::NumberType::float64;
}

Rows columns_of(const Call& call, const Rows& features, const Tensor& numbers) {
  if (numbers.shape.size() > 1 && numbers.shape[0] != 1) call.fail("expected a list of columns");
  if (numbers.values.empty() || numbers.values.size() > most_features) {
    call.fail(fmt::format("takes {} columns, expected 1 to {}", numbers.values.size(), most_features));
  }
  if (!features.features.steps.empty()) {
    model::Columns chosen;
    for (double number : numbers.values) {
      if (number < 0.0) number += features.width;
      if (number < 0.0 || number >= features.width)
        call.fail(fmt::format("takes column {}, there are {}", number, features.width));
      chosen.indices.push_back(static_cast<std::int32_t>(number));
    }
    return behind_step(call, features, std::move(chosen));
  }
  Rows made = features;
  made.width = static_cast<std::int32_t>(numbers.values.size());
  const auto pick = [&](const auto& from, auto& to) {
    to.clear();
    for (double number : numbers.values) {
      if (number < 0.0) number += features.width;
      if (number < 0.0 || number >= features.width)
        call.fail(fmt::format("takes column {}, there are {}", number, features.width));
      to.push_back(from[static_cast<std::size_t>(number)]);
    }
  };
  pick(features.features.columns, made.features.columns);
  for (std::size_t index = 0; index < made.features.scalers.size(); ++index) {
    pick(features.features.scalers[index].offset, made.features.scalers[index].offset);
    pick(features.features.scalers[index].scale, made.features.scalers[index].scale);
  }
  made.lineage = {call.new_tensor()};
  return made;
}

Rows scaled(Rows features, model::Scaler scaler) {
  scaler.type = number_type(features.type);
  std::vector<model::Scaler>& scalers = features.features.scalers;
  if (scalers.empty() || !join(scalers.back(), scaler)) scalers.push_back(std::move(scaler));
  return features;
}

Rows behind_step(const Call& call, Rows features, model::StepKind kind) {
  Features& made = features.features;
  for (model::Scaler& before : made.scalers) made.steps.push_back({.kind = std::move(before)});
  made.scalers.clear();
  const model::Step step{.type = number_type(features.type), .kind = std::move(kind)};
  const auto width = static_cast<std::size_t>(features.width);
  if (const auto wrong = model::problem_of(step, width)) call.fail(wrong->problem);
  if (made.steps.size() == model::most_steps) {
    call.fail(fmt::format("is one more than {} steps in front of a model", model::most_steps));
  }
  features.width = static_cast<std::int32_t>(model::width_behind(std::span(&step, 1), width));
  made.steps.push_back(step);
  features.lineage = {call.new_tensor()};
  return features;
}

Rows as_features(const Call& call, std::size_t index) {
  const Rows& rows = call.rows(index);
  const bool is_product = !rows.forest && rows.layers.empty() && rows.steps.empty() && rows.form == Form::plain &&
                          rows.open.form == OpenLayer::Form::dense;
  if (!is_product) return call.features(index);
  model::Linear linear{.n_in = static_cast<std::int32_t>(rows.open.weights.size() / rows.open.bias.size()),
                       .weights = rows.open.weights,
                       .bias = rows.open.bias};
  Rows features = rows;
  features.open = {};
  features.width = linear.n_in;
  return behind_step(call, std::move(features), std::move(linear));
}

Rows with_leaves(const Call& call, const Rows& tree, const std::function<double(double)>& value) {
  Rows made = tree;
  Forest forest = *tree.forest;
  Member member = *forest.members.front();
  call.make(member.leaves.size());
  const auto width = size_of(member.leaf_width);
  for (std::size_t index = 0; index < member.leaves.size(); ++index) {
    // The sum of a single tree: its leaf and the base score.
    const double base = forest.base_score[size_of(member.first_output) + index % width];
    member.leaves[index] = value(model::round_to(forest.sum_type, member.leaves[index] + base));
    if (!std::isfinite(member.leaves[index])) call.fail("makes a number of a leaf that is not finite");
  }
  if (member.leaf_width != static_cast<std::int32_t>(forest.base_score.size()))
    call.fail("computes on trees that give to one of several outputs");
  forest.base_score.assign(forest.base_score.size(), 0.0);
  forest.members = {std::make_shared<const Member>(std::move(member))};
  made.forest = std::make_shared<const Forest>(std::move(forest));
  made.lineage = {call.new_tensor()};
  return made;
}

Rows adjusted(const Call& call, Rows rows, const std::vector<double>& by, const std::vector<double>& add) {
  require_network(call, rows);
  rows.lineage = {call.new_tensor()};
  OpenLayer& open = rows.open;
  if (open.form == OpenLayer::Form::nothing) {
    call.make(size_of(rows.width) * size_of(rows.width));  // that it takes if no layer follows
    open.form = OpenLayer::Form::adjusted;
    open.bias.assign(size_of(rows.width), 0.0);
    for (std::int32_t unit = 0; unit < rows.width; ++unit) open.terms.push_back({unit, unit, 1.0});
  }
  const std::size_t n_in = n_inputs_of_open(rows);
  for (Term& term : open.terms) term.weight *= by[size_of(term.row)];
  for (std::size_t index = 0; index < open.weights.size(); ++index) open.weights[index] *= by[index / n_in];
  for (std::size_t unit = 0; unit < open.bias.size(); ++unit) open.bias[unit] = open.bias[unit] * by[unit] + add[unit];
  return rows;
}

Rows through_layer(const Call& call, Rows rows, std::vector<double> weights, std::vector<double> bias) {
  require_network(call, rows);
  rows.lineage = {call.new_tensor()};
  if (rows.open.form == OpenLayer::Form::dense) finish(rows, model::Activation::identity, 0.0);
  const std::size_t n_in = n_inputs_of_open(rows);
  call.make(bias.size() * n_in);
  if (rows.open.form == OpenLayer::Form::adjusted) fold_terms(rows.open, n_in, weights, bias);
  rows.width = static_cast<std::int32_t>(bias.size());
  rows.open = {.form = OpenLayer::Form::dense, .weights = std::move(weights), .bias = std::move(bias)};
  return rows;
}

Rows activated(const Call& call, Rows rows, model::Activation activation, double alpha) {
  require_network(call, rows);
  if (rows.open.form == OpenLayer::Form::nothing) call.make(size_of(rows.width) * size_of(rows.width));
  finish(rows, activation, alpha);
  rows.lineage = {call.new_tensor()};
  return rows;
}

Rows sloped(const Call& call, Rows rows, std::vector<double> slopes) {
  rows = activated(call, std::move(rows), model::Activation::prelu, 0.0);
  model::DenseLayer layer = *rows.layers.back();
  layer.slopes = std::move(slopes);
  rows.layers.back() = std::make_shared<const model::DenseLayer>(std::move(layer));
  return rows;
}

Rows rounded(const Call& call, Rows rows, const model::CodeGrid& codes) {
  require_network(call, rows);
  const bool is_open = rows.open.form != OpenLayer::Form::nothing || rows.layers.empty();
  if (is_open || rows.layers.back()->codes) rows = activated(call, std::move(rows), model::Activation::identity, 0.0);
  model::DenseLayer layer = *rows.layers.back();
  layer.codes = codes;
  rows.layers.back() = std::make_shared<const model::DenseLayer>(std::move(layer));
  rows.lineage = {call.new_tensor()};
  return rows;
}

std::vector<model::DenseLayer> finished_layers(const Rows& rows) {
  Rows whole = rows;
  if (whole.open.form != OpenLayer::Form::nothing || whole.layers.empty())
    finish(whole, model::Activation::identity, 0.0);
  std::vector<model::DenseLayer> layers;
  for (const auto& layer : whole.layers) layers.push_back(*layer);
  return layers;
}

Rows stepped(const Call& call, Rows rows, Step step) {
  if (rows.form != Form::plain)
    call.fail("computes on both of 1 - p and p, or of -p and p, where the model has the one p");
  rows.steps.push_back(std::move(step));
  rows.lineage = {call.new_tensor()};
  return rows;
}

}  // namespace emlc::formats::onnx
