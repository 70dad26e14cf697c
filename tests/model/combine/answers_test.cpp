#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/model/combination_samples.hpp"

using namespace emlc::model;
using namespace samples;
using doctest::Approx;

namespace {

using Row = std::vector<double>;

void check_row(const Row& found, const Row& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i] == Approx(expected[i]).epsilon(1e-14));
  }
}

/// The answer of a model that passes the checks.
Row answer(const Model& model, const Row& x) {
  CHECK(check(model, "m").empty());
  return predict(model, x);
}

/// x < threshold: the first class of two has `share`, else the second one.
Predictor shares(double threshold, double share) {
  TreeEnsemble ensemble = stump_ensemble(threshold, {share, 1.0 - share, 1.0 - share, share});
  ensemble.n_outputs = ensemble.leaf_width = 2;
  ensemble.base_score = {0.0, 0.0};
  return ensemble;
}

}  // namespace

TEST_CASE("combine: a mean of values with weights") {
  const Model model = combination(CombineRule::mean,
                                  {weighted(member(linear({1.0, 0.0, 0.0, 1.0}, {0.0, 10.0}), 2), 3.0),
                                   weighted(member(linear({2.0, 2.0, 1.0, 1.0}, {1.0, 0.0}), 2), 1.0)},
                                  2, 2);
  // 3 * (x0, x1 + 10) + (2 x0 + 2 x1 + 1, x0 + x1), over 4
  check_row(answer(model, {1.0, 2.0}), {(3.0 * 1.0 + 7.0) / 4.0, (3.0 * 12.0 + 3.0) / 4.0});
}

TEST_CASE("combine: columns are taken in their order, also twice, and calibrated") {
  Member first = member(linear({1.0, 10.0, 100.0}, {0.0, 0.0, 0.0}), 3);
  first.columns = {2, 0, 0};
  first.calibration = {{.method = CalibrationMethod::isotonic, .x = {0.0, 100.0, 300.0}, .y = {-1.0, 1.0, 0.0}},
                       {.slope = -1.0, .offset = 0.5},
                       {.method = CalibrationMethod::isotonic, .x = {7.0}, .y = {0.25}}};
  const Model model = combination(CombineRule::concatenate, {first}, 1, 3);
  const double sigmoid = 1.0 / (1.0 + std::exp(-0.5 + 0.5));
  check_row(answer(model, {0.5}), {0.0, sigmoid, 0.25});
  check_row(answer(model, {2.0}), {0.5, 1.0 / (1.0 + std::exp(-1.5)), 0.25});
  CHECK(predict(model, Row{-5.0}).front() == -1.0);
  CHECK(predict(model, Row{50.0}).front() == 0.0);
  CHECK(std::isnan(predict(model, Row{std::nan("")})[2]));
}

TEST_CASE("combine: a member's decision is a vote of its weight") {
  const std::vector<Member> members = {
      weighted(member(shares(1.0, 0.9), 2, DecisionRule::argmax), 1.0),
      weighted(member(shares(2.0, 0.6), 2, DecisionRule::argmax), 2.5),
      weighted(member(linear({1.0}, {0.0}), 1, DecisionRule::greater_equal, 3.0), 0.5),
  };
  const Model model = classifier(combination(CombineRule::votes, members, 1, 2));
  check_row(answer(model, {0.0}), {1.0, 0.0});
  check_row(answer(model, {1.5}), {3.0 / 4.0, 1.0 / 4.0});
  check_row(answer(model, {2.5}), {0.5 / 4.0, 3.5 / 4.0});
  check_row(answer(model, {3.0}), {0.0, 1.0});
  CHECK(decide(model.output, predict(model, Row{1.5})) == std::vector<std::int32_t>{0});
}

TEST_CASE("combine: one against one, three classes") {
  // The confidences are x, x - 1 and 2 - x; class 1 of a pair is the second one.
  const std::vector<Member> members = {member(linear({1.0}, {0.0}), 1, DecisionRule::greater),
                                       member(linear({1.0}, {-1.0}), 1, DecisionRule::greater),
                                       member(linear({-1.0}, {2.0}), 1, DecisionRule::greater)};
  const Model model = classifier(combination(CombineRule::one_vs_one, members, 1, 3));
  const auto within_a_third = [](double s) { return s / (3.0 * (std::abs(s) + 1.0)); };
  // x = 0.5: 0.5 for class 1, -0.5 for class 0, 1.5 for class 2.
  check_row(answer(model, {0.5}),
            {1.0 + within_a_third(-0.5 + 0.5), 1.0 + within_a_third(0.5 - 1.5), 1.0 + within_a_third(-0.5 + 1.5)});
  // x = 3: 3 for class 1, 2 for class 2, -1 for class 1.
  check_row(answer(model, {3.0}),
            {within_a_third(-3.0 - 2.0), 2.0 + within_a_third(3.0 + 1.0), 1.0 + within_a_third(2.0 - 1.0)});
}

TEST_CASE("combine: a member of two outputs decides by both in one against one, and gives the one that is taken") {
  Member only = member(linear({1.0, -1.0}, {0.0, 1.0}), 2, DecisionRule::argmax);
  only.columns = {1};
  const Model model = combination(CombineRule::one_vs_one, {only}, 1, 2);
  // x = 0.25: outputs 0.25, 0.75: the second class, sure by 0.75.
  const double sure = 0.75 / (3.0 * 1.75);
  check_row(answer(model, {0.25}), {-sure, 1.0 + sure});
}

TEST_CASE("combine: a chain sees the results of those before, outputs or decisions") {
  Member first = member(linear({1.0, 1.0}, {0.0}), 1, DecisionRule::greater, 2.0);
  Member second = member(linear({0.0, 0.0, 1.0, 0.0, 0.0, 10.0}, {0.5, 0.0}), 2);
  Member third = member(linear({0.0, 1.0, 1.0, 1.0, 1.0}, {0.0}), 1);
  Model model = combination(CombineRule::concatenate, {first, second, third}, 2, 4);
  combination_of(model).is_chained = true;
  give_inputs(model);
  // first: 3; second: 3.5, 30; third: 2 + 3 + 3.5 + 30
  check_row(answer(model, {1.0, 2.0}), {3.0, 3.5, 30.0, 38.5});
  combination_of(model).members[0].result = MemberResult::decision;
  combination_of(model).members[0].columns.clear();
  check_row(answer(model, {1.0, 2.0}), {1.0, 1.5, 10.0, 14.5});
}

TEST_CASE("combine: the final model takes the row, transformed, and the columns behind it") {
  Model model = combination(CombineRule::concatenate,
                            {member(linear({1.0, 0.0}, {1.0}), 1), member(linear({0.0, 1.0}, {0.0}), 1)}, 2, 1);
  Combination& combination = combination_of(model);
  combination.post_transform.kind = PostTransformKind::normalize;
  Model last = regression(linear({1.0, 10.0, 100.0, 1000.0}, {0.5}), 4);
  combination.last = {last};
  combination.passes_columns = true;
  give_inputs(model);
  // (x0 + 1, x1) = (2, 6) becomes (0.25, 0.75)
  check_row(answer(model, {1.0, 6.0}), {0.25 + 7.5 + 100.0 + 6000.0 + 0.5});
}

TEST_CASE("combine: shares of a sum that is 0 are all the same") {
  Model model = combination(CombineRule::concatenate, {member(linear({1.0, 1.0, 1.0}, {0.0, 0.0, 0.0}), 3)}, 1, 3);
  combination_of(model).post_transform.kind = PostTransformKind::normalize_or_uniform;
  check_row(answer(model, {0.0}), {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0});
  check_row(answer(model, {2.0}), {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0});
}

TEST_CASE("combine: combinations in combinations, and steps in front of members, against a loop") {
  for (const double x : {-1.5, 0.0, 0.5, 1.0, 2.25}) {
    CAPTURE(x);
    Member scaled = member(shares(1.0, 0.75), 2, DecisionRule::argmax);
    scaled.model.scalers = {{ScalerOp::multiply_add, {0.5}, {2.0}, std::nullopt}};
    Member inner;
    inner.model = combination(CombineRule::mean, {scaled, member(shares(0.0, 0.5), 2)}, 1, 2);
    inner.columns = {1, 0};
    Member middle;
    middle.model = combination(CombineRule::concatenate, {inner}, 1, 2);
    middle.columns = {0, 1};
    Model model = combination(CombineRule::mean, {middle, weighted(member(shares(2.0, 1.0), 2), 3.0)}, 1, 2);
    give_inputs(model);
    Row expected;
    for (const bool is_first : {true, false}) {
      const double a = (2.0 * x + 0.5 < 1.0) == is_first ? 0.75 : 0.25, b = 0.5;
      const double c = (x < 2.0) == is_first ? 1.0 : 0.0;
      const double swapped = 1.0 - (a + b) / 2.0;
      expected.push_back((swapped + 3.0 * c) / 4.0);
    }
    check_row(answer(model, {x}), expected);
  }
}

TEST_CASE("combine: a value like all parts of a model") {
  Model model = combination(CombineRule::mean, {member(linear({1.0}, {0.0}), 1)}, 1, 1);
  Model copy = model;
  combination_of(copy).members[0].weight = 2.0;
  CHECK(combination_of(model).members[0].weight == 1.0);
  copy = model;
  const Model moved = std::move(copy);
  CHECK(predict(moved, Row{4.0}) == Row{4.0});
  CHECK(kind_name(moved) == "combination");
}
