#pragma once

#include "codegen/model/model.hpp"
#include "tests/formats/tmdl/step_models.hpp"

/// Small models of every kind that a .tmdl holds.
namespace emlc::test {

/// The network of TinyMaix's test vector: ReLU, then softmax.
inline model::Model relu_network() {
  model::DenseNetwork network;
  network.layers = {{.n_in = 2,
                     .n_out = 3,
                     .weights = {1.0, -0.5, 0.25, 0.75, -1.0, 0.5},
                     .bias = {0.5, -0.25, 0.125},
                     .activation = model::Activation::relu},
                    {.n_in = 3,
                     .n_out = 2,
                     .weights = {1.0, -1.0, 0.5, -0.5, 2.0, -1.0},
                     .bias = {0.25, -0.75},
                     .activation = model::Activation::softmax}};
  return {.input = {.n_features = 2},
          .output = {.task = model::Task::classification,
                     .n_outputs = 2,
                     .targets = {{.size = 2}},
                     .rule = model::DecisionRule::argmax},
          .predictor = network};
}

/// A clipping scaler, tanh, and one logistic output with a threshold.
inline model::Model tanh_network() {
  model::Model model = relu_network();
  auto& network = std::get<model::DenseNetwork>(model.predictor);
  network.layers[0].activation = model::Activation::tanh;
  network.layers[1] = {
      .n_in = 3, .n_out = 1, .weights = {1.0, -1.0, 0.5}, .bias = {0.25}, .activation = model::Activation::logistic};
  model.scalers = {{.offset = {0.5, -1.0}, .scale = {2.0, 0.25}, .clip = {{-3.0, 3.0}}}};
  model.output = {.task = model::Task::classification,
                  .n_outputs = 1,
                  .targets = {{.size = 1}},
                  .rule = model::DecisionRule::greater,
                  .threshold = 0.625};
  return model;
}

/// Two targets of two and three classes behind a network without a softmax.
inline model::Model two_targets() {
  model::Model model = relu_network();
  auto& network = std::get<model::DenseNetwork>(model.predictor);
  network.layers.resize(1);
  network.layers[0] = {.n_in = 2,
                       .n_out = 5,
                       .weights = {1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0, 0.0, -1.0},
                       .bias = {0.0, 0.0, 0.0, 0.0, 0.0}};
  model.output.n_outputs = 5;
  model.output.targets = {{.size = 2}, {.size = 3}};
  return model;
}

/// A low-pass and a section with an initial state; a0 is not 1.
inline model::Model filter() {
  model::SosCascade cascade;
  cascade.sections = {{.b0 = 0.5, .b1 = 1.0, .b2 = 0.5, .a0 = 2.0, .a1 = -1.0, .a2 = 0.5},
                      {.b0 = 1.0, .b1 = -1.0, .b2 = 0.0, .a0 = 1.0, .a1 = -0.75, .a2 = 0.0}};
  cascade.initial_state = {{0.25, -0.125}, {0.5, 0.0}};
  cascade.sample_rate = 44100.0;
  return {.input = {.n_features = 1}, .output = {.task = model::Task::filter}, .predictor = cascade};
}

/// Two sections in integers, coefficients in eighths.
inline model::Model integer_filter(model::FixedPoint fixed) {
  fixed.fraction_bits = info(fixed.arithmetic).fewest_fraction_bits;
  model::SosCascade cascade;
  cascade.sections = {{.b0 = 0.5, .b1 = -0.25, .b2 = 0.125, .a0 = 1.0, .a1 = -1.25, .a2 = 0.5},
                      {.b0 = 0.75, .b1 = 0.5, .b2 = 0.0, .a0 = 1.0, .a1 = -0.5, .a2 = 0.0}};
  cascade.sample_rate = 8000.0;
  cascade.fixed = fixed;
  return {.input = {.n_features = 1}, .output = {.task = model::Task::filter}, .predictor = cascade};
}

/// A section of each structure, the first two with low corners.
inline model::Model mixed_filter() {
  using enum model::SosStructure;
  model::SosCascade cascade;
  cascade.sections = {{.b0 = 1.7131558368989693e-08,
                       .b1 = 3.4263116737979385e-08,
                       .b2 = 1.7131558368989693e-08,
                       .a1 = -1.9996297597593817,
                       .a2 = 0.9996298282856152},
                      {.b0 = 0.9999074442223385,
                       .b1 = -1.999814888444677,
                       .b2 = 0.9999074442223385,
                       .a1 = -1.9998148798781055,
                       .a2 = 0.9998148970112495},
                      {.b0 = 0.5, .b1 = 1.0, .b2 = 0.5, .a0 = 2.0, .a1 = -1.0, .a2 = 0.5},
                      {.b0 = 1.0, .b1 = -1.0, .b2 = 0.0, .a0 = 1.0, .a1 = -0.75, .a2 = 0.0}};
  cascade.initial_state = {{0.25, -0.125}, {0.5, 0.3}, {0.1, -0.7}, {0.5, 0.0}};
  cascade.structures = {pairs, compensated, direct, delta};
  return {.input = {.n_features = 1}, .output = {.task = model::Task::filter}, .predictor = cascade};
}

/// Two trees, the second adding to the second output only, and a sigmoid.
inline model::Model trees() {
  model::TreeEnsemble ensemble;
  ensemble.n_features = 2;
  ensemble.n_outputs = 2;
  ensemble.leaf_values = {1.0, -0.5, 0.25};
  ensemble.trees = {{.nodes = {model::Split{.feature = 0, .threshold = 0.5, .left = 1, .right = 2, .default_child = 1},
                               model::Leaf{0}, model::Leaf{1}}},
                    {.nodes = {model::Split{.feature = 1, .threshold = -2.0, .left = 1, .right = 2, .default_child = 2},
                               model::Leaf{2}, model::Leaf{1}},
                     .first_output = 1}};
  ensemble.base_score = {0.125, -0.125};
  ensemble.sum_type = model::NumberType::float32;
  ensemble.post_transform.kind = model::PostTransformKind::sigmoid;
  return {.input = {.n_features = 2},
          .output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{.size = 1}, {.size = 1}}},
          .predictor = ensemble};
}

/// Scalers alone: the second undoes the first, but for the clipping.
inline model::Model scalers() {
  return {.input = {.n_features = 3},
          .output = {.task = model::Task::transform, .n_outputs = 3, .targets = {{.size = 3}}},
          .scalers = {{.offset = {1.0, 2.0, 3.0}, .scale = {2.0, 4.0, -8.0}, .clip = {{-1.0, 1.0}}},
                      {.op = model::ScalerOp::multiply_add, .offset = {1.0, 2.0, 3.0}, .scale = {2.0, 4.0, -8.0}}}};
}

/// The network of the test vectors with what quantize-dense notes about inputs from -1 to 1.
inline model::Model int8_network() {
  model::Model model = relu_network();
  auto& network = std::get<model::DenseNetwork>(model.predictor);
  network.integers =
      model::IntegerNetwork{.exponent = {6}, .offset = {128}, .ranges = {{-1.0, 1.0}, {0.0, 2.0}, {-3.0, 3.0}}};
  return model;
}

/// A forest of votes over two int16 features, with a subtree that is shared; the classes are the rows.
inline model::Model votes() {
  model::TreeEnsemble ensemble;
  ensemble.n_features = 2;
  ensemble.feature_type = model::NumberType::int16;
  ensemble.n_outputs = ensemble.leaf_width = 3;
  ensemble.leaf_values = {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
  const std::vector<model::TreeNode> nodes = {
      model::Split{.feature = 0, .threshold = 5.0, .left = 1, .right = 2, .default_child = 2},
      model::Split{.feature = 1, .threshold = -300.0, .left = 3, .right = 4, .default_child = 4},
      model::Split{.feature = 1, .threshold = 17.0, .left = 4, .right = 5, .default_child = 5},
      model::Leaf{0},
      model::Leaf{1},
      model::Leaf{2}};
  ensemble.trees = {{.nodes = nodes}, {.nodes = nodes}};
  ensemble.base_score = {0.0, 0.0, 0.0};
  ensemble.divisor = 2.0;
  return {.input = {.n_features = 2, .type = model::NumberType::int16},
          .output = {.task = model::Task::classification,
                     .n_outputs = 3,
                     .targets = {{.size = 3}},
                     .rule = model::DecisionRule::argmax},
          .predictor = ensemble};
}

/// The same with rows of class proportions, which are integers in a blob.
inline model::Model proportions() {
  model::Model model = votes();
  std::get<model::TreeEnsemble>(model.predictor).leaf_values = {0.75, 0.25, 0.0, 0.0, 0.5, 0.5, 0.25, 0.0, 0.75};
  return model;
}

/// One of each.
inline std::vector<model::Model> all_models() {
  std::vector<model::Model> models = step_models();
  models.insert(models.end(), {relu_network(), tanh_network(), two_targets(), filter(), mixed_filter(),
                               integer_filter({.arithmetic = model::Arithmetic::q15, .lift = 1, .headroom = 2}),
                               integer_filter({.arithmetic = model::Arithmetic::q31, .lift = 2}), trees(), scalers(),
                               int8_network(), votes(), proportions()});
  return models;
}

}  // namespace emlc::test
