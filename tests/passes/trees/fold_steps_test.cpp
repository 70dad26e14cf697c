#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"
#include "codegen/passes/passes.hpp"
#include "tests/passes/models.hpp"

namespace emlc::passes {
namespace {

using model::NumberType;
using model::Step;
using testing::infinity;
using testing::leaf;
using testing::MissingGoes;
using testing::nan_value;
using testing::split;

/// One column with one output: 1 where x is one of the numbers.
model::OneHot one_output(std::vector<double> numbers) {
  model::OneHot made;
  made.categories.emplace_back(std::vector<std::vector<double>>{std::move(numbers)});
  return made;
}

/// A stump on the first column behind the steps; of the values it gives 0 below the threshold, else 1.
model::Model behind(std::vector<Step> steps, double threshold, NumberType type, MissingGoes missing) {
  model::Tree tree{.nodes = {split(0, threshold, 1, 2, missing), leaf(0), leaf(1)}};
  model::Model model = testing::regression(1, type, {tree}, {0.0, 1.0});
  model.steps = std::move(steps);
  std::get<model::TreeEnsemble>(model.predictor).n_features = n_columns(model);
  return model;
}

/// What a row of one value of the model before the pass says has to hold after it.
void check_same(const model::Model& before, const std::vector<double>& values) {
  model::Model after = before;
  fold_scaler(after, {});
  check(after, "after");
  CHECK(after.steps.empty());
  CHECK(fold_scaler(after, {}).changes == 0);
  std::vector<double> different;
  for (const double value : values) {
    const double x = model::round_to(NumberType::float32, value);
    if (predict(after, std::vector{x}) != predict(before, std::vector{x})) different.push_back(x);
  }
  CHECK(different == std::vector<double>());
}

std::vector<double> all_of(NumberType type) {
  std::vector<double> values;
  for (double x = model::info(type).lowest; x <= model::info(type).highest; x += 1.0) values.push_back(x);
  return values;
}

/// Of any size and sign, whole numbers, both ends and NaN; and each value of a step with its neighbours.
std::vector<double> floats(std::initializer_list<double> around) {
  std::vector<double> values = {nan_value, infinity, -infinity, 0.0, -0.0, 1e-40, -1e-40, 3.4e38, -3.4e38};
  std::mt19937 random(7);
  for (int i = 0; i < 400; ++i) {
    const double size = std::ldexp(1.0, static_cast<int>(random() % 60) - 30);
    values.push_back((random() % 2 == 0 ? size : -size) * (1.0 + static_cast<double>(random() % 1000) / 1000.0));
  }
  for (double whole = -20.0; whole <= 20.0; whole += 0.5) values.push_back(whole);
  for (const double at : around) {
    const double first = model::smallest_at_least(NumberType::float32, at);
    for (const double value :
         {first, model::next_below(NumberType::float32, first), model::next_above(NumberType::float32, first)}) {
      values.push_back(value);
    }
  }
  return values;
}

const std::vector<std::vector<Step>>& chains() {
  using namespace model;
  static const std::vector<std::vector<Step>> all = {
      {{.kind = Impute{{3.0}}}},
      {{.kind = Impute{{3.0}, 5.0}}},
      {{.kind = Impute{{11.0}, -1.0}}},  // first above all thresholds, then from below them up
      {{.kind = MissingIndicator{1}}},
      {{.kind = MissingIndicator{1, 5.0}}},
      {{.kind = one_output({5.0})}},
      {{.kind = one_output({-5.0, 5.0, 7.0})}},
      {{.kind = Lookup{{{1.0, 2.0, 5.0}}, {{7.0, -7.0, 7.0}}, {-1.0}}}},
      {{.kind = Lookup{{{1.0, 2.0, 5.0}}, {{7.0, -7.0, 7.0}}, {no_value}}}},
      {{.kind = Bins{{{-2.0, 0.5, 3.0, 8.0}}}}},
      {{.kind = Binarize{{0.5}}}},
      {{.kind = Function{FunctionName::log, 1}}},
      {{.kind = Function{FunctionName::log1p, 1}}},
      {{.kind = Function{FunctionName::sqrt, 1}}},
      {{.kind = Function{FunctionName::square, 1}}},
      {{.kind = Function{FunctionName::abs, 1}}},
      {{.kind = Function{FunctionName::reciprocal, 1}}},
      {{.kind = Function{FunctionName::exp, 1}}},
      {{.kind = Power{PowerMethod::yeo_johnson, {-0.7}}}},
      {{.kind = Power{PowerMethod::box_cox, {0.4}}}},
      {{.kind = Quantile{{{-3.0, 0.0, 0.0, 5.0}}, {0.0, 0.25, 0.5, 1.0}, QuantileOutput::uniform}}},
      {{.kind = Quantile{{{-3.0, 0.0, 0.0, 5.0}}, {0.0, 0.25, 0.5, 1.0}, QuantileOutput::normal}}},
      {{.kind = Polynomial{1, {{0, 0, 0}, {0, 0}}}}},
      {{.kind = Scaler{.op = ScalerOp::multiply_add, .offset = {1.0}, .scale = {-0.5}}},
       {.kind = Function{FunctionName::log, 1}},
       {.kind = Impute{{-2.0}}},
       {.kind = Function{FunctionName::square, 1}}},
      {{.kind = Bins{{{-2.0, 0.5, 3.0, 8.0}}}}, {.kind = one_output({2.0})}},
      {{.kind = Function{FunctionName::reciprocal, 1}}, {.kind = Function{FunctionName::reciprocal, 1}}},
      {{.type = NumberType::float32, .kind = Function{FunctionName::log, 1}}},
      {{.kind = Columns{{0, 0}}}, {.first = 1, .kind = Binarize{{0.0}}}, {.kind = Columns{{1, 0}}}},
  };
  return all;
}

TEST_CASE("steps in front of trees: comparisons of the raw column say the same for every value") {
  for (const std::vector<Step>& steps : chains()) {
    CAPTURE(model::name(steps.front()));
    for (const double threshold : {-1.0, 0.0, 0.3, 0.5, 1.0, 2.0, 5.0, 6.0}) {
      CAPTURE(threshold);
      for (const MissingGoes missing : {MissingGoes::left, MissingGoes::right}) {
        check_same(behind(steps, threshold, NumberType::float32, missing),
                   floats({1.0, 2.0, 5.0, 7.0, -5.0, 0.5, 0.3, 3.0, 8.0, -2.0, std::exp(0.3), std::exp(2.0)}));
      }
    }
  }
}

TEST_CASE("steps in front of trees: every value of the narrow integer types, one in 31 and all small ones of int16") {
  std::vector<double> some = all_of(NumberType::int16);
  std::erase_if(some,
                [](double x) { return std::abs(x) > 64.0 && std::fmod(x, 31.0) != 0.0 && std::abs(x) < 32767.0; });
  for (const std::vector<Step>& steps : chains()) {
    CAPTURE(model::name(steps.front()));
    for (const double threshold : {0.0, 0.5, 1.0, 2.0, 6.0}) {
      for (const NumberType type : {NumberType::int8, NumberType::uint8}) {
        check_same(behind(steps, threshold, type, MissingGoes::right), all_of(type));
      }
      check_same(behind(steps, threshold, NumberType::int16, MissingGoes::right), some);
    }
  }
}

TEST_CASE("steps in front of trees: what mixes columns stays, without the results that no split looks at") {
  model::Tree tree{.nodes = {split(3, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = testing::regression(2, NumberType::float32, {tree}, {0.0, 1.0});
  const model::Linear linear{
      .n_in = 2, .weights = {1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, -1.0}, .bias = {0.0, 0.0, 1.0, 0.5}};
  model.steps = {{.kind = linear}, {.kind = model::Function{model::FunctionName::abs, 4}}};
  std::get<model::TreeEnsemble>(model.predictor).n_features = 4;
  model::Model after = model;
  fold_scaler(after, {});
  check(after, "after");
  REQUIRE(after.steps.size() == 1);
  CHECK(std::get<model::Linear>(after.steps[0].kind).bias == std::vector{0.5});
  CHECK(n_columns(after) == 1);
  for (const double a : {-3.0, -0.5, 0.0, 0.25, 2.0}) {
    for (const double b : {-3.0, 0.0, 0.5, 4.0}) {
      CHECK(predict(after, std::vector{a, b}) == predict(model, std::vector{a, b}));
    }
  }
  CHECK_THROWS_WITH_AS(
      narrow_features(after, {.features = NumberType::float64}),
      "--features: doubles are compared by trees, and the step 'linear' in front of these is computed in float32",
      Error);
}

TEST_CASE("steps in front of trees: of a product that no split looks at no result is left") {
  model::Tree tree{.nodes = {split(2, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = testing::regression(3, NumberType::float32, {tree}, {0.0, 1.0});
  model.steps = {{.kind = model::Linear{.n_in = 2, .weights = {1.0, 2.0, 3.0, 4.0}, .bias = {0.0, 1.0}}}};
  model::Model after = model;
  fold_scaler(after, {});
  check(after, "after");
  REQUIRE(after.steps.size() == 1);
  CHECK(std::get<model::Linear>(after.steps[0].kind).bias.empty());
  CHECK(n_columns(after) == 1);
  for (const double x : {0.25, 0.5, 0.75}) {
    const std::vector<double> row = {3.0, -2.0, x};
    CHECK(predict(after, row) == predict(model, row));
  }
}

TEST_CASE("steps in front of trees: a scaler of the columns of a product becomes part of it") {
  model::Tree tree{.nodes = {split(0, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = testing::regression(2, NumberType::float32, {tree}, {0.0, 1.0});
  model.steps = {{.kind = model::Scaler{.offset = {1.0, 2.0}, .scale = {2.0, 4.0}}},
                 {.kind = model::Linear{.n_in = 2, .weights = {1.0, 1.0}, .bias = {0.25}}}};
  std::get<model::TreeEnsemble>(model.predictor).n_features = 1;
  CHECK(fold_scaler(model, {}).changes == 1);
  REQUIRE(model.steps.size() == 1);
  const auto& linear = std::get<model::Linear>(model.steps[0].kind);
  CHECK(linear.weights == std::vector{0.5, 0.25});
  CHECK(linear.bias == std::vector{0.25 - 0.5 - 0.5});
}

}  // namespace
}  // namespace emlc::passes
