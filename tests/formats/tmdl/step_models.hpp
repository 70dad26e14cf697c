#pragma once

#include <utility>

#include "codegen/model/model.hpp"

/// Small models behind steps that a .tmdl computes in front of them.
namespace emlc::test {

/// Steps alone, of a row of n_features columns.
inline model::Model behind(std::int32_t n_features, std::vector<model::Step> steps) {
  model::Model model{.input = {.n_features = n_features}, .output = {.task = model::Task::transform}};
  for (model::Step& step : steps) append_step(model, std::move(step));
  model.output.n_outputs = n_columns(model);
  model.output.targets = {{.size = model.output.n_outputs}};
  return model;
}

/// A curve of each sort; the first keeps its columns, as all of them do.
inline model::Model curves() {
  return behind(4, {{.first = 1, .kind = model::Power{.lambdas = {0.5, 0.0, 3.0}}},
                    {.first = 2, .kind = model::Scaler{.offset = {0.5}, .scale = {2.0}, .clip = {{-1.0, 1.5}}}},
                    {.kind = model::Quantile{.quantiles = {{0.0, 1.0, 1.0, 4.0}, {-2.0, -2.0, 0.5, 1.0}},
                                             .references = {0.0, 0.25, 0.5, 1.0},
                                             .output = model::QuantileOutput::normal}},
                    {.first = 3, .kind = model::Function{.function = model::FunctionName::log1p, .n_columns = 1}}});
}

/// What looks up numbers, and a choice of columns at the end.
inline model::Model tables() {
  return behind(3, {{.kind = model::Impute{.values = {1.5, model::no_value}}},
                    {.first = 1, .kind = model::Bins{.edges = {{-1.0, 0.25, 2.0}}}},
                    {.first = 1, .kind = model::Lookup{.from = {{0.0, 3.0}}, .to = {{7.0, -7.0}}, .otherwise = {0.5}}},
                    {.first = 1, .kind = model::OneHot{.categories = {{{{7.0}, {0.5, 1.0}}}, std::nullopt}}},
                    {.first = 3, .kind = model::Binarize{.thresholds = {0.5}}},
                    {.kind = model::Columns{.indices = {3, 2, 0, 1, 3}}}});
}

/// A column whose missing values are filled in, and its product with another.
inline model::Model products_of_filled() {
  return behind(2, {{.kind = model::Impute{.values = {1.5, model::no_value}}},
                    {.kind = model::Polynomial{.n_columns = 2, .terms = {{0}, {0, 1}}}}});
}

/// What mixes columns, in front of a network.
inline model::Model mixtures() {
  model::Model model =
      behind(2, {{.kind = model::Polynomial{.n_columns = 2, .terms = {{0}, {}, {0, 1}}}},
                 {.first = 1, .kind = model::Linear{.n_in = 2, .weights = {1.0, -0.5, 0.25, 2.0}, .bias = {0.5, -1.0}}},
                 {.kind = model::Normalize{.norm = model::Norm::l2, .n_columns = 3}}});
  model::DenseNetwork network;
  network.layers = {{.n_in = 3, .n_out = 2, .weights = {1.0, -1.0, 0.5, -0.5, 2.0, 1.0}, .bias = {0.25, -0.75}}};
  model.predictor = network;
  model.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{.size = 1}, {.size = 1}}};
  return model;
}

/// A sum of two columns and one that may be missing, in front of a tree.
inline model::Model sum_in_front_of_a_tree() {
  model::Model model = behind(3, {{.kind = model::Linear{.n_in = 2, .weights = {1.0, 1.0}, .bias = {0.0}}},
                                  {.first = 1, .kind = model::MissingIndicator{.n_columns = 1}}});
  model::TreeEnsemble ensemble;
  ensemble.n_features = 2;
  ensemble.leaf_values = {1.0, -0.5, 0.25};
  ensemble.trees = {{.nodes = {model::Split{.feature = 0, .threshold = 0.5, .left = 1, .right = 2, .default_child = 1},
                               model::Leaf{0},
                               model::Split{.feature = 1, .threshold = 0.5, .left = 3, .right = 4, .default_child = 3},
                               model::Leaf{1}, model::Leaf{2}}}};
  ensemble.base_score = {0.0};
  model.predictor = ensemble;
  model.output = {.task = model::Task::regression, .n_outputs = 1, .targets = {{.size = 1}}};
  return model;
}

inline std::vector<model::Model> step_models() { return {curves(), tables(), mixtures(), sum_in_front_of_a_tree()}; }

}  // namespace emlc::test
