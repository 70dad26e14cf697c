#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/model/combination_samples.hpp"

using namespace emlc;
using namespace emlc::model;
using namespace samples;

namespace {

Scaler scaler_of(double offset, double scale) { return {ScalerOp::subtract_divide, {offset}, {scale}, std::nullopt}; }

/// Two stumps, the first one behind a scaler of its own.
Model stumps(CombineRule rule, std::int32_t n_outputs) {
  Member first = member(stump_ensemble(1.0, {0.0, 1.0}), 1), second = member(stump_ensemble(2.0, {0.0, 1.0}), 1);
  first.model.scalers = {scaler_of(0.5, 2.0)};
  return combination(rule, {first, second}, 1, n_outputs);
}

const TreeEnsemble& trees_of(Model& model, std::size_t index) {
  return std::get<TreeEnsemble>(combination_of(model).members[index].model.predictor);
}

double threshold_of(Model& model, std::size_t index) {
  return as_split(trees_of(model, index).trees[0].nodes[0])->threshold;
}

void check_same(const Model& before, const Model& after) {
  for (const double x : {-1.0, 0.5, 1.0, 1.25, 2.0, 2.5, 2.75, 4.5, 9.0}) {
    CAPTURE(x);
    CHECK(predict(before, std::vector{x}) == predict(after, std::vector{x}));
  }
}

std::string refusal(const passes::PassConfig& config) {
  Model model = stumps(CombineRule::mean, 1);
  try {
    passes::run_passes(model, config);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("passes: a scaler of a member becomes part of its comparisons") {
  Model after = stumps(CombineRule::mean, 1);
  const Model before = after;
  passes::run_passes(after, {});
  CHECK(combination_of(after).members[0].model.scalers.empty());
  CHECK(threshold_of(after, 0) == 2.5);
  CHECK(threshold_of(after, 1) == 2.0);
  check_same(before, after);
}

TEST_CASE("passes: scalers in front of all members go into each of them") {
  Model after = stumps(CombineRule::mean, 1);
  after.scalers = {scaler_of(1.0, 0.5)};
  give_inputs(after);
  const Model before = after;
  const auto reports = passes::run_passes(after, {});
  CHECK(reports.front().pass == "fold-scaler");
  CHECK(takes_inputs(after));
  CHECK(threshold_of(after, 0) == 2.25);
  CHECK(threshold_of(after, 1) == 2.0);
  check_same(before, after);
}

TEST_CASE("passes: scalers stay in front of a chain, of one that clips, and of columns that pass") {
  Model chained = stumps(CombineRule::concatenate, 2);
  combination_of(chained).is_chained = true;
  auto& second = std::get<TreeEnsemble>(combination_of(chained).members[1].model.predictor);
  second.n_features = 2;
  Model clipped = stumps(CombineRule::mean, 1);
  Model passing = stumps(CombineRule::mean, 1);
  combination_of(passing).last = {regression(linear({1.0, 1.0}, {0.0}), 2)};
  combination_of(passing).passes_columns = true;
  for (Model* model : {&chained, &clipped, &passing}) {
    model->scalers = {scaler_of(1.0, 0.5)};
    if (model == &clipped) model->scalers[0].clip = std::pair{-1.0, 4.0};
    give_inputs(*model);
    Model after = *model;
    passes::run_passes(after, {});
    CHECK(after.scalers.size() == 1);
    CHECK(combination_of(after).members[0].model.input.type == NumberType::float32);
    check_same(*model, after);
  }
}

TEST_CASE("passes: the type of the features is that of all members") {
  Model model = stumps(CombineRule::mean, 1);
  model.input.type = NumberType::int16;
  give_inputs(model);
  const Model before = model;
  passes::run_passes(model, {.features = NumberType::int32});
  CHECK(model.input.type == NumberType::int32);
  for (const Member& member : combination_of(model).members) CHECK(member.model.input.type == NumberType::int32);
  CHECK(threshold_of(model, 0) == 3.0);
  CHECK(trees_of(model, 1).feature_type == NumberType::int32);
  for (const double x : {-5.0, 1.0, 2.0, 3.0}) CHECK(predict(before, std::vector{x}) == predict(model, std::vector{x}));
}

TEST_CASE("passes: a second run changes nothing") {
  Model model = stumps(CombineRule::mean, 1);
  passes::run_passes(model, {});
  for (const passes::Pass& pass : passes::all_passes()) {
    if (pass.effect != passes::Effect::exact || !is_wanted(pass, model, {})) continue;
    CAPTURE(pass.name);
    CHECK(run_over(pass, model, {}).changes == 0);
  }
}

TEST_CASE("passes: what approximates is for single models") {
  CHECK(refusal({.leaf_bits = 4}) == "--leaf-bits: needs a tree ensemble, the model is a combination");
  CHECK(refusal({.leaf_clusters = 4}) == "--leaf-clusters: needs a tree ensemble, the model is a combination");
  CHECK(refusal({.weights = IntegerWidth::bits8}) == "--weights: needs a dense network, the model is a combination");
  CHECK(refusal({.voting = passes::Voting::hard}) ==
        "--voting: hard needs a classifier whose leaves hold class proportions, the model is a combination");
  CHECK(refusal({.features = NumberType::int16, .feature_scale = passes::FeatureScale{}}) ==
        "--feature-scale: is not for combinations: their members share the features, and each would need a grid of its "
        "own");
}
