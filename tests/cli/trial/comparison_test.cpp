#include "cli/trial/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using emlc::cli::Answer;
using emlc::cli::compare;
using emlc::cli::Comparison;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

emlc::model::Model regression() {
  emlc::model::Model model;
  model.output.n_outputs = 1;
  return model;
}

emlc::model::Model classification() {
  emlc::model::Model model;
  model.output.task = emlc::model::Task::classification;
  model.output.n_outputs = 2;
  model.output.targets = {{.size = 2}};
  model.output.rule = emlc::model::DecisionRule::argmax;
  return model;
}

Comparison compare_one(const emlc::model::Model& model, const Answer& expected, const Answer& found) {
  return compare(model, std::vector<Answer>{expected}, std::vector<Answer>{found});
}

}  // namespace

TEST_CASE("comparison: a value may be off by 1e-4 of what is expected") {
  struct Pair {
    double expected, found;
    std::string problem;
  };
  for (const Pair& pair : {
           Pair{1000.0, 1000.09, ""},
           Pair{1000.0, 1000.11, "row 0 output 0 is 1000.11, expected 1000"},
           Pair{-1000.0, 1000.0, "row 0 output 0 is 1000, expected -1000"},
           Pair{infinity, infinity, ""},
           Pair{infinity, -infinity, "row 0 output 0 is -inf, expected inf"},
           Pair{infinity, 1.0, "row 0 output 0 is 1, expected inf"},
           Pair{1.0, infinity, "row 0 output 0 is inf, expected 1"},
           Pair{1e217, infinity, ""},
           Pair{-1e217, -infinity, ""},
           Pair{3.4028e38, infinity, ""},
           Pair{3.4e37, infinity, "row 0 output 0 is inf, expected 3.4e+37"},
           Pair{1e217, 1.0, "row 0 output 0 is 1, expected 1e+217"},
           Pair{1e217, -infinity, "row 0 output 0 is -inf, expected 1e+217"},
           Pair{nan_value, nan_value, ""},
           Pair{1.0, nan_value, "row 0 output 0 is nan, expected 1"},
           Pair{nan_value, 1.0, "row 0 output 0 is 1, expected nan"},
       }) {
    CAPTURE(pair.expected);
    CAPTURE(pair.found);
    CHECK(compare_one(regression(), {{pair.expected}, {}}, {{pair.found}, {}}).first_problem == pair.problem);
  }
}

TEST_CASE("comparison: small values are measured by a tenth of the largest one") {
  const std::vector<Answer> expected = {{{100.0}, {}}, {{0.0}, {}}};
  CHECK(compare(regression(), expected, std::vector<Answer>{{{100.0}, {}}, {{0.0009}, {}}}).first_problem.empty());
  const Comparison far = compare(regression(), expected, std::vector<Answer>{{{100.0}, {}}, {{0.0011}, {}}});
  CHECK(far.first_problem == "row 1 output 0 is 0.0011, expected 0");
  CHECK(far.largest_difference == 0.0011);
}

TEST_CASE("comparison: a decision may differ where the expected one is a tie only") {
  const Comparison same = compare_one(classification(), {{0.75, 0.25}, {0}}, {{0.75, 0.25}, {0}});
  CHECK(same.n_same_decision == 1);
  CHECK(same.first_problem.empty());
  const Comparison tie = compare_one(classification(), {{0.5, 0.4999999}, {0}}, {{0.5, 0.5}, {1}});
  CHECK(tie.n_same_decision == 0);
  CHECK(tie.n_ties == 1);
  CHECK(tie.first_problem.empty());
  const Comparison other = compare_one(classification(), {{0.50001, 0.49999}, {0}}, {{0.50001, 0.49999}, {1}});
  CHECK(other.n_ties == 0);
  CHECK(other.first_problem == "row 0 decides '1', expected '0'");
  CHECK(compare_one(classification(), {{0.5, 0.5}, {0}}, {{0.5, 0.5}, {7}}).first_problem ==
        "row 0 decides 'class 7', expected '0'");
}

TEST_CASE("comparison: what is beyond float32 is no measure of other values, and a tie with what is beyond it too") {
  const std::vector<Answer> expected = {{{1e217}, {}}, {{2.0}, {}}};
  const Comparison far = compare(regression(), expected, std::vector<Answer>{{{infinity}, {}}, {{3.0}, {}}});
  CHECK(far.first_problem == "row 1 output 0 is 3, expected 2");
  CHECK(far.largest_difference == 1.0);
  CHECK(compare_one(classification(), {{1e100, 1e217}, {1}}, {{infinity, infinity}, {0}}).n_ties == 1);
  CHECK(compare_one(classification(), {{1e30, 1e217}, {1}}, {{1e30, infinity}, {0}}).n_ties == 0);
}

TEST_CASE("comparison: what float32 is known to be off by may be, in values and in decisions") {
  const Answer expected{{0.51, 0.49}, {0}, {0.02, 0.02}};
  CHECK(compare_one(regression(), {{0.0}, {}, {0.004}}, {{-0.0039}, {}}).first_problem.empty());
  CHECK(!compare_one(regression(), {{0.0}, {}, {0.004}}, {{-0.0041}, {}}).first_problem.empty());
  CHECK(compare_one(classification(), expected, {{0.495, 0.505}, {1}}).n_ties == 1);
  CHECK(compare_one(classification(), {{0.55, 0.45}, {0}, {0.02, 0.02}}, {{0.55, 0.45}, {1}}).first_problem ==
        "row 0 decides '1', expected '0'");
}

TEST_CASE("comparison: numbers of several outputs of trees are measured by their own column") {
  emlc::model::Model model = regression();
  model.output.n_outputs = 2;
  emlc::model::TreeEnsemble trees{.n_outputs = 2, .leaf_width = 2, .leaf_values = {1e5, 0.002}};
  trees.base_score = {0.0, 0.0};
  trees.trees = {{.nodes = {emlc::model::Leaf{0}}}};
  model.predictor = trees;
  CHECK(compare_one(model, {{1e5, 0.002}, {}}, {{1e5 + 5.0, 0.0020001}, {}}).first_problem.empty());
  CHECK(compare_one(model, {{1e5, 0.002}, {}}, {{1e5, 0.0}, {}}).first_problem ==
        "row 0 output 1 is 0, expected 0.002");
}

TEST_CASE("comparison: for trees the document's tolerance counts where it is tighter, as far as float32 goes") {
  emlc::model::Model model = regression();
  emlc::model::TreeEnsemble trees{.leaf_values = {1.0}, .base_score = {0.0}};
  trees.trees = {{.nodes = {emlc::model::Leaf{0}}}};
  model.predictor = trees;
  const Answer expected{{1.0}, {}}, off{{1.00005}, {}}, rounded{{1.000009}, {}};
  CHECK(compare_one(model, expected, off).first_problem.empty());
  model.test_vectors.rtol = 2e-5;
  CHECK(compare_one(model, expected, off).first_problem == "row 0 output 0 is 1.00005, expected 1");
  model.test_vectors.rtol = 1e-12;
  CHECK(compare_one(model, expected, rounded).first_problem.empty());
  model.test_vectors.rtol = 1.0;  // no looser than without
  CHECK(!compare_one(model, expected, {{1.001}, {}}).first_problem.empty());
}

TEST_CASE("comparison: what float32 has no digits for may differ") {
  CHECK(compare_one(regression(), {{1e-42}, {}}, {{0.0}, {}}).first_problem.empty());
  CHECK(!compare_one(regression(), {{1e-36}, {}}, {{0.0}, {}}).first_problem.empty());
}

TEST_CASE("comparison: a steep transform makes more of what float32 takes of sums") {
  // The sum is at most 5e6, whose float32 neighbours are half apart; a step of it is 2^(1 / 40) of the output.
  emlc::model::Model model;
  model.input.n_features = 1;
  emlc::model::TreeEnsemble ensemble{.n_features = 1, .n_outputs = 1, .leaf_values = {5e6, -4800.0}};
  for (const std::int32_t row : {0, 1}) ensemble.trees.push_back({.nodes = {emlc::model::Leaf{row}}});
  ensemble.base_score = {-4995200.5};
  ensemble.post_transform = {.kind = emlc::model::PostTransformKind::isolation, .denominator = 20.0};
  model.output.n_outputs = 1;
  model.predictor = ensemble;
  const std::vector<Answer> expected = emlc::cli::expected_answers(model, {{0.0}});
  // 5e6 - 4800 - 4995200.5 is -0.5; with 0.25 of rounding it is -0.25 or -0.75, with 3 of it -3.5.
  CHECK(expected[0].outputs[0] == doctest::Approx(-std::exp2(0.5 / 20.0)).epsilon(1e-12));
  const auto found = [](double sum) { return Answer{.outputs = {-std::exp2(-sum / 20.0)}, .classes = {}}; };
  CHECK(compare(model, expected, std::vector<Answer>{found(-0.25)}).first_problem.empty());
  CHECK(compare(model, expected, std::vector<Answer>{found(-0.75)}).first_problem.empty());
  CHECK_FALSE(compare(model, expected, std::vector<Answer>{found(-3.5)}).first_problem.empty());
}

TEST_CASE("comparison: a test vector on a jump of a step that is computed from several columns has to be right") {
  // 0.7 * x0 + 0.1 * x1 reaches 0.8 at (1, 1) in double, and lies beside it in float32.
  emlc::model::Model model = regression();
  model.input.n_features = 2;
  model.steps = {{.kind = emlc::model::Linear{.n_in = 2, .weights = {0.7, 0.1}, .bias = {0.0}}},
                 {.kind = emlc::model::Bins{{{0.7 + 0.1}}}}};
  std::vector<Answer> expected = emlc::cli::expected_answers(model, {{1.0, 1.0}});
  CHECK(expected[0].outputs[0] == 1.0);
  const std::vector<Answer> found = {{.outputs = {0.0}, .classes = {}}};
  CHECK(compare(model, expected, found).first_problem.empty());
  emlc::cli::forbid_jumps(model, expected);
  CHECK(compare(model, expected, found).first_problem == "row 0 output 0 is 0, expected 1");
}
