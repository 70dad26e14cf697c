#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/model/combination_samples.hpp"

using namespace hand_made;
using model::Calibration;
using model::CalibrationMethod;
using model::CombineRule;
using model::Member;
using model::MemberResult;
using namespace model::samples;

namespace {

struct Setting {
  c::Language language;
  c::Optimize optimize;
  const char* standard;
};

constexpr Setting settings[] = {
    {c::Language::c, c::Optimize::size, "c99"},
    {c::Language::c, c::Optimize::balanced, "c++11"},
    {c::Language::cpp, c::Optimize::speed, "c++17"},
};

constexpr std::int32_t n_features = 3;

/// Shares of n classes that five trees of two splits give.
model::TreeEnsemble forest(std::int32_t n_classes, unsigned seed) {
  std::mt19937 random(seed);
  const auto draw = [&](unsigned limit) { return static_cast<double>(random() % limit); };
  model::TreeEnsemble ensemble;
  ensemble.n_features = n_features;
  ensemble.n_outputs = ensemble.leaf_width = n_classes;
  ensemble.base_score.assign(static_cast<std::size_t>(n_classes), 0.0);
  ensemble.divisor = 5.0;
  for (int tree = 0; tree < 5; ++tree) {
    const auto row = static_cast<model::RowId>(3 * tree);
    const auto split = [&](model::NodeId left, model::NodeId right) {
      return model::Split{.feature = static_cast<std::int32_t>(random() % n_features),
                          .threshold = draw(200) / 50.0 - 2.0,
                          .left = left,
                          .right = right,
                          .default_child = right};
    };
    ensemble.trees.push_back(
        {.nodes = {split(1, 2), split(3, 4), model::Leaf{row}, model::Leaf{row + 1}, model::Leaf{row + 2}}});
    for (int leaf = 0; leaf < 3; ++leaf) {
      const std::size_t first = ensemble.leaf_values.size();
      double sum = 0.0;
      for (std::int32_t i = 0; i < n_classes; ++i) {
        ensemble.leaf_values.push_back(1.0 + draw(9));
        sum += ensemble.leaf_values.back();
      }
      for (std::size_t i = first; i < ensemble.leaf_values.size(); ++i) ensemble.leaf_values[i] /= sum;
    }
  }
  return ensemble;
}

model::Predictor layers(std::vector<std::int32_t> widths, Activation last) {
  return network(widths, Activation::tanh, last).predictor;
}

Member shares_of_forest(unsigned seed) { return member(forest(3, seed), 3, DecisionRule::argmax); }
Member shares_of_network() { return member(layers({n_features, 4, 3}, Activation::softmax), 3, DecisionRule::argmax); }
Member behind_a_scaler() {
  Member scaled = shares_of_network();
  scaled.model.scalers = {{model::ScalerOp::subtract_divide, {0.5, -0.5, 0.0}, {2.0, 0.5, 1.5}, std::nullopt}};
  return scaled;
}
Member score(double weight) {
  return member(linear({weight, 1.0, -0.5}, {0.25}), 1, DecisionRule::greater_equal, 0.125);
}

/// A mean of shares with weights, that decides.
model::Model soft_vote() {
  return classifier(combination(
      CombineRule::mean, {weighted(behind_a_scaler(), 2.0), shares_of_forest(1), weighted(shares_of_network(), 0.5)},
      n_features, 3));
}

model::Model hard_vote(std::vector<double> weights) {
  return classifier(combination(CombineRule::votes,
                                {weighted(shares_of_forest(1), weights[0]), weighted(shares_of_network(), weights[1]),
                                 weighted(shares_of_forest(2), weights[2]), weighted(behind_a_scaler(), weights[3])},
                                n_features, 3));
}

model::Model one_vs_one() {
  Member of_two = member(forest(2, 5), 2, DecisionRule::argmax);
  of_two.columns = {1};
  Member calibrated = score(0.5);
  calibrated.calibration = {{.slope = -2.0, .offset = 0.5}};
  return classifier(combination(CombineRule::one_vs_one, {score(1.0), of_two, calibrated}, n_features, 3));
}

model::Model chain() {
  Member second = member(layers({n_features + 1, 4, 2}, Activation::identity), 2);
  Member third = member(layers({n_features + 3, 2}, Activation::logistic), 2);
  third.columns = {1};
  Member first = score(-1.0);
  first.result = MemberResult::decision;
  first.columns.clear();
  model::Model model = combination(CombineRule::concatenate, {first, second, third}, n_features, 4);
  combination_of(model).is_chained = true;
  model::give_inputs(model);
  return model;
}

/// What CalibratedClassifierCV is: columns of scores, calibrated, as shares of their sum.
model::Model calibrated() {
  Member first = shares_of_forest(3), second = shares_of_network();
  first.columns = {2, 0, 1};
  second.columns = {0, 0, 2};
  first.calibration = {
      {.slope = -6.0, .offset = 2.0},
      {.method = CalibrationMethod::isotonic, .x = {0.0, 0.1, 0.35, 0.5, 1.0}, .y = {0.0, 0.3, 0.3, 0.9, 1.0}},
      {.method = CalibrationMethod::isotonic, .x = {0.0}, .y = {0.0}}};
  second.calibration = {{.method = CalibrationMethod::isotonic, .x = {0.0, 1.0}, .y = {1.0, 0.0}},
                        {.method = CalibrationMethod::isotonic, .x = {0.0, 1.0}, .y = {0.0, 1.0}},
                        {.method = CalibrationMethod::isotonic, .x = {0.2, 0.4}, .y = {0.8, 0.1}}};
  model::Model model = classifier(combination(CombineRule::mean, {first, second}, n_features, 3));
  combination_of(model).post_transform.kind = PostTransformKind::normalize_or_uniform;
  return model;
}

model::Model stacked() {
  model::Model model = classifier(
      combination(CombineRule::concatenate, {shares_of_forest(1), behind_a_scaler(), score(2.0)}, n_features, 3));
  model::Combination& combination = combination_of(model);
  combination.last = {regression(layers({7 + n_features, 5, 3}, Activation::softmax), 7 + n_features, 3)};
  combination.passes_columns = true;
  model::give_inputs(model);
  return model;
}

/// Three deep, with steps in front of the whole.
model::Model nested() {
  Member inner, middle;
  inner.model = soft_vote();
  inner.columns = {0, 1, 2};
  middle.model = classifier(combination(CombineRule::votes, {inner, shares_of_forest(4)}, n_features, 3));
  middle.columns = {0, 1, 2};
  model::Model model = combination(CombineRule::mean, {middle, shares_of_network()}, n_features, 3);
  model.scalers = {{model::ScalerOp::multiply_add, {0.25, 0.0, -0.25}, {1.5, 0.5, 1.0}, std::nullopt}};
  model = classifier(model);
  return model;
}

/// Steps alone as members, as a union of features is one.
model::Model united() {
  Member scaled = member(std::monostate{}, 3);
  scaled.model.scalers = {{model::ScalerOp::multiply_add, {0.25, 0.0, -0.25}, {1.5, 0.5, 1.0}, std::nullopt}};
  Member decides = scaled;
  decides.model.output.rule = DecisionRule::argmax;
  decides.result = MemberResult::decision;
  decides.columns.clear();
  return combination(CombineRule::concatenate, {scaled, decides}, n_features, 4);
}

/// All of them, with and without the passes, in every setting, against the interpreter: as many decisions may differ
/// as there are ties, which there are none of among random rows.
void check_agreement(const model::Model& trained, double tolerance) {
  const Rows inputs = random_rows(120, n_features, 2.5);
  model::Model lowered = trained;
  passes::run_passes(lowered, {});
  for (const model::Model* model : {&trained, static_cast<const model::Model*>(&lowered)}) {
    const Rows expected = expected_outputs(trained, inputs);
    for (const Setting& setting : settings) {
      CAPTURE(setting.standard);
      CAPTURE(model == &lowered);
      const c::EmitConfig config{.language = setting.language, .optimize = setting.optimize};
      const test::Answers found = answers(*model, inputs, config, setting.standard);
      CHECK(test::largest_difference(found.outputs, expected) < tolerance);
      if (trained.output.rule == DecisionRule::none) continue;
      std::size_t n_equal = 0;
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        n_equal += found.classes[row] == model::decide(trained.output, expected[row]) ? 1U : 0U;
      }
      CHECK(n_equal == inputs.size());
    }
  }
}

}  // namespace

TEST_CASE("combine: headers agree with the interpreter, mean and votes") {
  check_agreement(soft_vote(), 2e-6);
  check_agreement(hard_vote({1.0, 1.0, 1.0, 1.0}), 1e-6);
  check_agreement(hard_vote({3.0, 2.0, 2.5, 0.0}), 1e-6);
  check_agreement(hard_vote({0.1, 0.35, 0.3, 0.4}), 1e-6);
}

TEST_CASE("combine: headers agree with the interpreter, pairs, chains, calibration") {
  check_agreement(one_vs_one(), 2e-6);
  check_agreement(chain(), 2e-6);
  check_agreement(calibrated(), 1e-5);
}

TEST_CASE("combine: headers agree with the interpreter, a final model, nested ones, steps alone") {
  check_agreement(stacked(), 1e-5);
  check_agreement(nested(), 2e-6);
  check_agreement(united(), 1e-6);
}

TEST_CASE("combine: features of every type reach the members") {
  for (const NumberType type : {NumberType::int8, NumberType::int16, NumberType::uint8}) {
    CAPTURE(model::info(type).name);
    model::Model model = soft_vote();
    model.input.type = type;
    model::give_inputs(model);
    Rows inputs = random_rows(60, n_features, 10.0, type);
    for (auto& row : inputs) {
      for (double& value : row) value = std::max(value, model::info(type).lowest);
    }
    passes::run_passes(model, {});
    CHECK(test::largest_difference(answers(model, inputs).outputs, expected_outputs(model, inputs)) < 2e-6);
  }
}

TEST_CASE("combine: nothing is in a header that is not called") {
  const std::string text = c::emit_header(hard_vote({1.0, 1.0, 1.0, 1.0}), {.name = "m"}).bytes;
  CHECK(text.find("m_m0_outputs_") == std::string::npos);
  CHECK(text.find("m_softmax_") == std::string::npos);
  CHECK(text.find("m_m0_classify_") != std::string::npos);
  CHECK(text.find("votes[m_m3_classify_(x)] += 1u;") != std::string::npos);
}

TEST_CASE("combine: weights that are all the same cost no product") {
  model::Model model = soft_vote();
  for (Member& member : combination_of(model).members) member.weight = 0.25;
  combination_of(model).divisor = 0.75;
  const std::string text = c::emit_header(model, {.name = "m"}).bytes;
  CHECK(text.find("sums[i] += part[i];") != std::string::npos);
  CHECK(text.find("* part[i]") == std::string::npos);
  CHECK(text.find("*= ") == text.rfind("*= "));
}
