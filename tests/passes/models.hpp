#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/model.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/passes.hpp"

/// Models and inputs that the tests of the passes share.
namespace emlc::passes::testing {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

enum class MissingGoes { left, right };

inline model::TreeNode split(std::int32_t feature, double threshold, model::NodeId left, model::NodeId right,
                             MissingGoes missing = MissingGoes::right) {
  return model::Split{feature, threshold, left, right, missing == MissingGoes::left ? left : right};
}
inline model::TreeNode leaf(model::RowId row) { return model::Leaf{row}; }

/// A regression model with one leaf value per row.
inline model::Model regression(std::int32_t n_features, model::NumberType type, std::vector<model::Tree> trees,
                               std::vector<double> leaf_values) {
  model::Model model;
  model.input = {.n_features = n_features, .type = type};
  model.output = {.task = model::Task::regression, .n_outputs = 1, .targets = {{.size = 1}}};
  model::TreeEnsemble ensemble;
  ensemble.n_features = n_features;
  ensemble.leaf_values = std::move(leaf_values);
  ensemble.trees = std::move(trees);
  ensemble.base_score = {0.0};
  model.predictor = std::move(ensemble);
  return model;
}

/// A classifier with rows of `n_classes` proportions, averaged over the trees.
inline model::Model forest(std::int32_t n_features, std::int32_t n_classes, std::vector<model::Tree> trees,
                           std::vector<double> leaf_values) {
  model::Model model = regression(n_features, model::NumberType::float32, std::move(trees), std::move(leaf_values));
  model.output = {.task = model::Task::classification,
                  .n_outputs = n_classes,
                  .targets = {{.size = n_classes}},
                  .rule = model::DecisionRule::argmax};
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  ensemble.n_outputs = ensemble.leaf_width = n_classes;
  ensemble.base_score.assign(static_cast<std::size_t>(n_classes), 0.0);
  ensemble.divisor = static_cast<double>(ensemble.trees.size());
  return model;
}

inline model::TreeEnsemble& trees_of(model::Model& model) { return std::get<model::TreeEnsemble>(model.predictor); }

/// A random tree of `n_splits` splits, every leaf with a row of its own from `first_row` on. Thresholds come from
/// `threshold(generator)`.
template <typename Threshold>
model::Tree random_tree(std::mt19937& generator, std::int32_t n_features, std::size_t n_splits, model::RowId first_row,
                        const Threshold& threshold) {
  model::Tree tree;
  tree.nodes.push_back(leaf(0));
  std::vector<std::size_t> open = {0};
  for (std::size_t n = 0; n < n_splits; ++n) {
    std::swap(open[generator() % open.size()], open.back());
    const std::size_t id = open.back();
    open.pop_back();
    const auto left = static_cast<model::NodeId>(tree.nodes.size());
    const MissingGoes missing = generator() % 2 == 0 ? MissingGoes::left : MissingGoes::right;
    const auto feature = static_cast<std::int32_t>(generator() % static_cast<unsigned>(n_features));
    tree.nodes[id] = split(feature, threshold(generator), left, left + 1, missing);
    for (int child = 0; child < 2; ++child) {
      open.push_back(tree.nodes.size());
      tree.nodes.push_back(leaf(0));
    }
  }
  for (model::TreeNode& node : tree.nodes) {
    if (auto* end = std::get_if<model::Leaf>(&node)) end->row = first_row++;
  }
  return tree;
}

/// 0, 1, 2, ... : leaf values by which a prediction tells the row that was reached.
inline std::vector<double> counting(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}

/// float32 values that are likely to go wrong: both ends, zeros, denormals, missing, and random bit patterns.
inline std::vector<double> awkward_floats(std::size_t n_random) {
  std::vector<double> values = {nan_value, -infinity, infinity, -0.0, 0.0, 0x1p-149,
                                -0x1p-149, 0x1p-126,  1.0,      -1.0, 0.5};
  for (const double largest : {static_cast<double>(std::numeric_limits<float>::max())}) {
    values.push_back(largest);
    values.push_back(-largest);
  }
  std::mt19937 generator(7);
  for (std::size_t i = 0; i < n_random; ++i) {
    values.push_back(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(generator()))));
  }
  return values;
}

/// Every value of an integer type.
inline std::vector<double> all_values(model::NumberType type) {
  std::vector<double> values;
  for (double x = model::info(type).lowest; x <= model::info(type).highest; x += 1.0) values.push_back(x);
  return values;
}

/// A pass that has run keeps the model valid and, run again, changes nothing.
template <typename Run>
PassResult run_twice(Run run, model::Model& model, const PassConfig& config = {}) {
  PassResult result = run(model, config);
  CHECK_NOTHROW(model::check(model, "after the pass"));
  model::Model again = model;
  CHECK(run(again, config).changes == 0);
  return result;
}

/// The first input that the two models answer differently, if there is one.
inline std::optional<std::vector<double>> first_difference(const model::Model& before, const model::Model& after,
                                                           const std::vector<std::vector<double>>& inputs) {
  for (const std::vector<double>& x : inputs) {
    if (model::predict(before, x) != model::predict(after, x)) return x;
  }
  return std::nullopt;
}

}  // namespace emlc::passes::testing
