#include "formats/onnx/predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formats/onnx/rows.hpp"
#include "formats/trees/leaf_table.hpp"

namespace emlc::formats::onnx {
namespace {

/// The scalers as those of all features of the input. A column that nothing uses is left as it is. Nothing where a
/// feature is scaled in two ways, or clipped in one.
std::optional<std::vector<model::Scaler>> scalers_of(const Features& features, std::int32_t n_features) {
  std::vector<model::Scaler> all;
  const auto n = static_cast<std::size_t>(n_features);
  for (const model::Scaler& scaler : features.scalers) {
    model::Scaler wide = scaler;
    wide.offset.assign(n, 0.0);
    wide.scale.assign(n, 1.0);
    std::vector<bool> is_set(n, false);
    for (std::size_t column = 0; column < features.columns.size(); ++column) {
      const auto feature = static_cast<std::size_t>(features.columns[column]);
      const bool differs = wide.offset[feature] != scaler.offset[column] || wide.scale[feature] != scaler.scale[column];
      if (is_set[feature] && differs) return std::nullopt;
      wide.offset[feature] = scaler.offset[column];
      wide.scale[feature] = scaler.scale[column];
      is_set[feature] = true;
    }
    all.push_back(std::move(wide));
  }
  return all;
}

/// Where a predictor takes its columns from: the features themselves, scaled, or a row behind steps.
enum class Place { on_features, behind_steps };

/// Features by their place in the input.
void settle(const Features& features, model::Tree& tree) {
  for (model::TreeNode& node : tree.nodes) {
    auto* split = std::get_if<model::Split>(&node);
    if (split == nullptr) continue;
    split->feature = features.columns[static_cast<std::size_t>(split->feature)];
  }
}

/// The trees with one table of leaves, of columns behind steps or of features.
model::TreeEnsemble ensemble_of(const Rows& scores, std::int32_t n_features, Place place) {
  const Forest& forest = *scores.forest;
  model::TreeEnsemble ensemble{.n_features = n_features,
                               .n_outputs = static_cast<std::int32_t>(forest.base_score.size()),
                               .leaf_width = forest.members.front()->leaf_width,
                               .feature_type = forest.feature_type,
                               .sum_type = forest.sum_type,
                               .base_score = forest.base_score,
                               .base_score_at = model::BaseScoreAt::end,
                               .divisor = forest.divisor};
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  LeafTable leaves(width);
  for (const auto& member : forest.members) {
    model::Tree tree = *member->tree;
    tree.first_output = member->first_output;
    if (place == Place::on_features) settle(scores.features, tree);
    for (model::TreeNode& node : tree.nodes) {
      auto* leaf = std::get_if<model::Leaf>(&node);
      if (leaf != nullptr)
        leaf->row = leaves.add(std::span(member->leaves).subspan(static_cast<std::size_t>(leaf->row) * width, width));
    }
    ensemble.trees.push_back(std::move(tree));
  }
  ensemble.leaf_values = leaves.take_values();
  return ensemble;
}

/// The kinds of some steps in a row.
template <std::size_t n>
bool are(std::span<const Step> steps, const std::array<StepKind, n>& kinds) {
  return std::equal(steps.begin(), steps.end(), kinds.begin(), kinds.end(),
                    [](const Step& step, StepKind kind) { return step.kind == kind; });
}

constexpr std::array isolation_steps = {StepKind::divide, StepKind::multiply, StepKind::power_of_two,
                                        StepKind::multiply, StepKind::add};

/// -2^(-x / d) + o.
bool are_isolation(std::span<const Step> steps) {
  return are(steps, isolation_steps) && steps[1].by.front() == -1.0 && steps[3].by.front() == -1.0;
}

/// The post-transform that the last step is.
std::optional<model::PostTransformKind> kind_of(StepKind step) {
  switch (step) {
    case StepKind::sigmoid:
      return model::PostTransformKind::sigmoid;
    case StepKind::softmax:
      return model::PostTransformKind::softmax;
    case StepKind::log_softmax:
      return model::PostTransformKind::log_softmax;
    case StepKind::exp:
      return model::PostTransformKind::exp;
    case StepKind::normalize:
      return model::PostTransformKind::normalize;
    default:
      return std::nullopt;
  }
}

/// Products and sums with constants go into divisor, scale and base score; nothing may stand behind them but a
/// post-transform.
void put_steps(const Graph& graph, std::span<const Step> steps, model::TreeEnsemble& ensemble) {
  const auto fail = [&] {
    refuse(graph.file, "graph",
           "does more with sums of trees than the model has a place for: factors, then a sum, then one post-transform");
  };
  if (are_isolation(steps)) {
    ensemble.post_transform = {.kind = model::PostTransformKind::isolation,
                               .denominator = steps[0].by.front(),
                               .offset = 0.0 - steps[4].by.front(),
                               .type = model::NumberType::float32};
    return;
  }
  const auto has_base = [&] {
    return std::any_of(ensemble.base_score.begin(), ensemble.base_score.end(), [](double base) { return base != 0.0; });
  };
  bool is_transformed = false;
  for (const Step& step : steps) {
    if (is_transformed) fail();
    const auto kind = kind_of(step.kind);
    if (kind) {
      ensemble.post_transform.kind = *kind;
      is_transformed = true;
    } else if (step.kind == StepKind::add && !has_base()) {
      ensemble.base_score = step.by;
    } else if (step.kind == StepKind::multiply && !has_base()) {
      ensemble.scale *= step.by.front();
    } else if (step.kind == StepKind::divide && !has_base() && ensemble.scale == 1.0) {
      ensemble.divisor *= step.by.front();
    } else {
      fail();
    }
  }
}

/// Columns of the first layer as those of all features.
void widen(const Features& features, std::int32_t n_features, model::DenseLayer& layer) {
  const auto n = static_cast<std::size_t>(n_features), n_columns = features.columns.size();
  std::vector<double> wide(n * static_cast<std::size_t>(layer.n_out), 0.0);
  for (std::size_t index = 0; index < layer.weights.size(); ++index) {
    const auto feature = static_cast<std::size_t>(features.columns[index % n_columns]);
    wide[index / n_columns * n + feature] += layer.weights[index];
  }
  layer.weights = std::move(wide);
  layer.n_in = n_features;
}

model::DenseNetwork network_of(const Graph& graph, const Rows& scores, std::int32_t n_features, Place place) {
  model::DenseNetwork network{.layers = finished_layers(scores)};
  if (place == Place::on_features) widen(scores.features, n_features, network.layers.front());
  if (scores.steps.empty()) return network;
  const auto kind = kind_of(scores.steps.front().kind);
  if (scores.steps.size() != 1 || !kind) {
    refuse(graph.file, "graph",
           "does more with the outputs of a network than the model has a place for: one post-transform");
  }
  network.post_transform.kind = *kind;
  return network;
}

bool is_whole_input(const Features& features, std::int32_t n_features) {
  for (std::size_t column = 0; column < features.columns.size(); ++column) {
    if (std::cmp_not_equal(features.columns[column], column)) return false;
  }
  return std::cmp_equal(features.columns.size(), n_features);
}

/// What is done to the features in front of the predictor.
Place put_in_front(const Features& features, model::Model& model) {
  const std::int32_t n_features = model.input.n_features;
  auto scalers = features.steps.empty() ? scalers_of(features, n_features) : std::nullopt;
  if (scalers) {
    model.scalers = std::move(*scalers);
    return Place::on_features;
  }
  if (!is_whole_input(features, n_features)) model.steps.push_back({.kind = model::Columns{features.columns}});
  model.steps.insert(model.steps.end(), features.steps.begin(), features.steps.end());
  model.scalers = features.scalers;
  return Place::behind_steps;
}

}  // namespace

void put_predictor(const Graph& graph, Rows scores, model::Model& model) {
  const std::int32_t n_features = model.input.n_features;
  const Place place = put_in_front(scores.features, model);
  const std::int32_t width = n_columns(model);
  if (scores.forest) {
    model::TreeEnsemble ensemble = ensemble_of(scores, width, place);
    put_steps(graph, scores.steps, ensemble);
    model.predictor = std::move(ensemble);
    return;
  }
  if (!is_features(scores)) {
    model.predictor = network_of(graph, scores, width, place);
    return;
  }
  if (place == Place::on_features && !is_whole_input(scores.features, n_features))
    refuse(graph.file, "graph", "gives some columns of its input, expected a model");
  if (takes_inputs(model)) refuse(graph.file, "graph", "gives its input as it is, expected a model");
  model.output.task = model::Task::transform;
}

bool is_isolation(const Rows& scores) { return scores.forest && are_isolation(scores.steps); }

bool ends_in_softmax(const Rows& scores) {
  if (!scores.steps.empty()) {
    const StepKind last = scores.steps.back().kind;
    return last == StepKind::softmax || last == StepKind::log_softmax;
  }
  return !scores.layers.empty() && scores.open.form == OpenLayer::Form::nothing &&
         scores.layers.back()->activation == model::Activation::softmax;
}

}  // namespace emlc::formats::onnx
