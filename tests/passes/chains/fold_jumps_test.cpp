#include "codegen/passes/chains/fold_jumps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/value_order.hpp"

using namespace emlc;
using model::NumberType;
using model::Step;

namespace {

using Numbers = std::vector<double>;

Step standard(Numbers offset, Numbers scale, NumberType type = NumberType::float64) {
  return {.kind = model::Scaler{.offset = std::move(offset), .scale = std::move(scale), .type = type}};
}

/// What may stand in front of a step that jumps; of two columns.
const std::vector<std::pair<const char*, std::vector<Step>>>& fronts() {
  static const std::vector<std::pair<const char*, std::vector<Step>>> all = {
      {"standard", {standard({3.7, -0.25}, {11.3, 0.3})}},
      {"standard in float32", {standard({3.7, 1013.25}, {11.3, 0.7}, NumberType::float32)}},
      {"one column of two", {{.first = 1, .kind = model::Scaler{.offset = {0.1}, .scale = {0.7}}}}},
      {"falling", {standard({3.7, 1.0}, {-11.3, 0.3})}},
      {"two scalers, one clips",
       {standard({3.7, 1.0}, {11.3, 0.3}),
        {.kind = model::Scaler{.op = model::ScalerOp::multiply_add,
                               .offset = {0.5, 0.1},
                               .scale = {0.3, 0.2},
                               .clip = {{0.0, 1.0}}}}}},
      {"imputed, then scaled",
       {{.kind = model::Impute{.values = {1.1, model::no_value}}}, standard({0.1, 0.2}, {1.3, 0.7})}},
      {"the other way round", {standard({0.1, 0.2}, {1.3, 0.7}), {.kind = model::Columns{{1, 0}}}}},
      {"square", {{.kind = model::Function{model::FunctionName::square, 2}}, standard({0.5, 0.5}, {2.0, 3.0})}},
      {"bins, then scaled", {{.kind = model::Bins{{{0.5, 1.5, 2.5}, {-1.0, 1.0}}}}, standard({1.0, 0.7}, {0.9, 0.4})}},
  };
  return all;
}

/// Steps whose numbers are those that columns have behind a front, so that values lie on them.
std::vector<Step> jumps(const Numbers& a, const Numbers& b) {
  const auto ones = [](const Numbers& numbers) {
    std::vector<Numbers> outputs;
    for (const double number : numbers) outputs.push_back({number});
    return outputs;
  };
  return {
      {.kind = model::Bins{{a, b}}},
      {.kind = model::Bins{{{a[0], a[0], a[2]}, {}}}},
      {.kind = model::Binarize{{a[1], b[2]}}},
      {.kind = model::OneHot{{ones(a), ones(b)}}},
      {.kind = model::OneHot{{std::nullopt, std::vector<Numbers>{{b[0], b[2]}, {b[1]}}}}},
      {.kind = model::Lookup{{a, b}, {{5.0, 1.5, 0.1}, {-1.0, 7.0, 7.0}}, {-1.0, model::no_value}}},
      {.kind = model::MissingIndicator{.n_columns = 2, .missing = a[1]}},
  };
}

model::Model behind(std::vector<Step> steps, NumberType type, std::int32_t n_features = 2) {
  model::Model model;
  model.input = {.n_features = n_features, .type = type};
  model.steps = std::move(steps);
  const std::size_t width = model::width_behind(model.steps, static_cast<std::size_t>(n_features));
  model.output = {.task = model::Task::regression,
                  .n_outputs = static_cast<std::int32_t>(width),
                  .targets = {{.size = static_cast<std::int32_t>(width)}}};
  return model;
}

/// Values of two columns that lie on few places.
const Numbers& seen() {
  static const Numbers values = {0.0, 1.0, 2.0};
  return values;
}

/// What columns are behind steps where the row is (x, x).
Numbers numbers_behind(const std::vector<Step>& steps, std::size_t column) {
  Numbers numbers;
  for (const double x : seen())
    numbers.push_back(model::scaled(behind(steps, NumberType::float32), Numbers{x, x})[column]);
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == numbers[i - 1]) numbers[i] = model::next_above(NumberType::float64, numbers[i - 1]) + 1.0;
  }
  return numbers;
}

/// Values at and beside what a step compares the raw columns with, and others.
Numbers trials(NumberType type) {
  Numbers values = {model::no_value};
  if (type != NumberType::float32) {
    for (int x = -300; x <= 300; ++x) values.push_back(x);
    std::erase_if(values, [&](double x) { return x < model::info(type).lowest || x > model::info(type).highest; });
    return values;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i)
    values.push_back(static_cast<float>(std::uniform_real_distribution(-20.0, 20.0)(random)));
  for (double x : {0.0, 1.0, 2.0, -1.0, 0.5, 1013.25, 1e-9, -1e-9, 1e30, -1e30}) {
    values.insert(values.end(), {x, model::next_above(type, x), model::next_below(type, x)});
  }
  return values;
}

bool is_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Nothing that rounds is left in front of a step that jumps, and every value gives the same.
void check_same(const model::Model& before, NumberType type) {
  model::Model after = before;
  CHECK(passes::fold_jumps(after, type) > 0);
  check(after, "the test");
  CHECK(passes::fold_jumps(after, type) == 0);
  const Numbers values = trials(type);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Numbers x = {values[i], values[(7 * i + 3) % values.size()]};
    const Numbers expected = model::scaled(before, x), found = model::scaled(after, x);
    if (std::equal(expected.begin(), expected.end(), found.begin(), found.end(), is_same)) continue;
    CAPTURE(x[0]);
    CAPTURE(x[1]);
    CHECK(expected == found);
  }
}

bool has_scaler(const model::Model& model) {
  return std::any_of(model.steps.begin(), model.steps.end(),
                     [](const Step& step) { return std::holds_alternative<model::Scaler>(step.kind); });
}

}  // namespace

TEST_CASE("fold-jumps: what steps compare is the given column, for every value") {
  for (const NumberType type : {NumberType::float32, NumberType::int16, NumberType::uint8}) {
    for (const auto& row : fronts()) {
      const std::vector<Step>& front = row.second;
      for (const Step& jump : jumps(numbers_behind(front, 0), numbers_behind(front, 1))) {
        CAPTURE(row.first);
        CAPTURE(model::name(jump));
        CAPTURE(model::info(type).name);
        std::vector<Step> steps = front;
        steps.push_back(jump);
        check_same(behind(steps, type), type);
      }
    }
  }
}

TEST_CASE("fold-jumps: what else is made of a column stays scaled") {
  // Bins of the first column; the second and a copy of the first are scaled.
  model::Model model = behind({{.kind = model::Columns{{0, 0}}},
                               standard({3.0, 3.0}, {7.0, 7.0}),
                               {.kind = model::Bins{{{(2.0 - 3.0) / 7.0}}}}},
                              NumberType::float32);
  CHECK(passes::fold_jumps(model, NumberType::float32) == 1);
  REQUIRE(model.steps.size() == 3);
  CHECK(std::get<model::Scaler>(model.steps[1].kind).offset == Numbers{3.0});
  CHECK(model.steps[1].first == 1);
  CHECK(std::get<model::Bins>(model.steps[2].kind).edges == std::vector<Numbers>{{2.0}});
  CHECK(model::scaled(model, Numbers{2.0, 9.0}) == Numbers{1.0, (2.0 - 3.0) / 7.0});
}

TEST_CASE("fold-jumps: a column that something else is made of behind the scaler is left, and what mixes columns") {
  const Step scaler = standard({3.0, 3.0}, {7.0, 7.0});
  model::Model copied =
      behind({scaler, {.kind = model::Columns{{0, 0}}}, {.kind = model::Bins{{{0.5}}}}}, NumberType::float32);
  CHECK(passes::fold_jumps(copied, NumberType::float32) == 0);
  model::Model mixed = behind({{.kind = model::Linear{.n_in = 2, .weights = {1.0, 1.0}, .bias = {0.0}}},
                               {.kind = model::Scaler{.offset = {1.0}, .scale = {3.0}}},
                               {.kind = model::Bins{{{0.5}}}}},
                              NumberType::float32);
  CHECK(passes::fold_jumps(mixed, NumberType::float32) == 0);
}

TEST_CASE("fold-jumps: quantiles that are equal lie on the values of the column") {
  const Numbers references = {0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
  for (const model::QuantileOutput output : {model::QuantileOutput::uniform, model::QuantileOutput::normal}) {
    for (const double scale : {11.3, 0.013, 1e6}) {
      const Step scaler = standard({1013.3}, {scale});
      const auto at = [&](double x) { return model::scaled(behind({scaler}, NumberType::float32, 1), Numbers{x})[0]; };
      // 1013 three times, 1014.5 four times; once a rounding beside.
      const double first = at(1013.0), second = at(1014.5);
      const Numbers quantiles = {
          at(1010.0), first,  first,  first,  at(1014.0), model::next_below(NumberType::float64, second),
          second,     second, second, second, at(1020.0)};
      const Step quantile{.kind = model::Quantile{{quantiles}, references, output}};
      const model::Model before = behind({scaler, quantile}, NumberType::float32, 1);
      model::Model after = before;
      CHECK(passes::fold_jumps(after, NumberType::float32) == 1);
      CHECK(has_scaler(after) == (output == model::QuantileOutput::normal));
      for (double x : {1010.0, 1011.0, 1013.0, 1013.5, 1014.0, 1014.25, 1014.5, 1015.0, 1020.0, 1021.0}) {
        for (const double near :
             {x, model::next_below(NumberType::float32, x), model::next_above(NumberType::float32, x)}) {
          const double expected = model::scaled(before, Numbers{near})[0],
                       found = model::scaled(after, Numbers{near})[0];
          CAPTURE(near);
          CHECK(std::abs(found - expected) < 1e-4);  // a value next to it, not a jump
        }
      }
    }
  }
}

TEST_CASE(
    "fold-jumps: quantiles at 0, which more than one value reaches, and of an imputed number between two values") {
  const Step scaler = standard({1.0}, {3.0}), impute{.kind = model::Impute{.values = {1013.0009798439601}}};
  const auto check_at = [](const std::vector<Step>& steps, const Numbers& values) {
    const model::Model before = behind(steps, NumberType::float32, 1);
    model::Model after = before;
    CHECK(passes::fold_jumps(after, NumberType::float32) == 1);
    for (const double x : values) {
      CAPTURE(x);
      CHECK(is_same(model::scaled(before, Numbers{x})[0], model::scaled(after, Numbers{x})[0]));
    }
  };
  const double zero = (0.0 - 1.0) / 3.0;
  check_at({scaler, {.kind = model::Quantile{{{-1.0, zero, zero, 1.0}}, {0.0, 0.25, 0.75, 1.0}}}},
           {0.0, 1e-30, -1e-30, 1e-17, -1e-17, 4.0, model::no_value});
  const double number = 1013.0009798439601, below = 1013.0009765625;
  check_at(
      {impute,
       {.kind = model::Quantile{{{1013.0, below, below, number, number, 1014.0}}, {0.0, 0.125, 0.25, 0.5, 0.75, 1.0}}}},
      {below, model::no_value, 1013.0, 1014.0, 1015.0});
}
