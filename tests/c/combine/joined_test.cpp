// Members that are computed as one model.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/model/combination_samples.hpp"

using namespace hand_made;
using model::CalibrationMethod;
using model::CombineRule;
using model::Member;
using namespace model::samples;

namespace {

constexpr std::int32_t n_features = 3;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// One number from trees of two splits, whose leaves are multiples of 1 / n_parts.
Member trees(unsigned seed, unsigned n_parts, double largest = 1.0) {
  std::mt19937 random(seed);
  model::TreeEnsemble ensemble;
  ensemble.n_features = n_features;
  ensemble.base_score = {0.0};
  ensemble.divisor = 3.0;
  for (int tree = 0; tree < 3; ++tree) {
    const auto row = static_cast<model::RowId>(3 * tree);
    const auto split = [&](model::NodeId left, model::NodeId right) {
      return model::Split{.feature = static_cast<std::int32_t>(random() % n_features),
                          .threshold = static_cast<double>(random() % 200) / 50.0 - 2.0,
                          .left = left,
                          .right = right,
                          .default_child = right};
    };
    ensemble.trees.push_back(
        {.nodes = {split(1, 2), split(3, 4), model::Leaf{row}, model::Leaf{row + 1}, model::Leaf{row + 2}}});
    for (int leaf = 0; leaf < 3; ++leaf) {
      ensemble.leaf_values.push_back(largest * static_cast<double>(random() % (n_parts + 1)) / n_parts);
    }
  }
  return member(ensemble, 1, DecisionRule::greater, 0.5 * largest);
}

Member line(double weight) {
  return member(linear({weight, 1.0, -0.5}, {0.25}), 1, DecisionRule::greater_equal, 0.125);
}

model::Model pairs(std::vector<Member> members, std::int32_t n_classes) {
  return classifier(combination(CombineRule::one_vs_one, std::move(members), n_features, n_classes));
}

std::string header_of(const model::Model& model) { return c::emit_header(model, {.name = "m"}).bytes; }
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Random rows, and some of them with values missing or infinite.
Rows some_rows() {
  Rows rows = random_rows(150, n_features, 2.5);
  for (std::size_t row = 0; row < 30; ++row)
    rows[row][row % 3] = row % 2 == 0 ? missing : (row % 4 == 1 ? infinity : -infinity);
  return rows;
}

void check_agreement(const model::Model& trained, const Rows& inputs, double tolerance) {
  model::Model lowered = trained;
  passes::run_passes(lowered, {});
  const Rows expected = expected_outputs(trained, inputs);
  for (const c::Optimize optimize : optimizations) {
    for (const c::TreeLayout layout : {c::TreeLayout::inline_code, c::TreeLayout::table}) {
      CAPTURE(static_cast<int>(optimize));
      CAPTURE(static_cast<int>(layout));
      const test::Answers found = answers(lowered, inputs, {.layout = layout, .optimize = optimize});
      CHECK(test::largest_difference(found.outputs, expected) < tolerance);
      if (trained.output.rule == DecisionRule::none) continue;
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        CAPTURE(row);
        CHECK(found.classes[row] == model::decide(trained.output, expected[row]));
      }
    }
  }
}

}  // namespace

TEST_CASE("combine: pairs of trees are one model, which decides in integers") {
  // Of 16 parts every sum is exact in double too, so that ties are ties.
  const model::Model small = pairs({trees(1, 16), trees(2, 16), trees(3, 16)}, 3);
  check_agreement(small, some_rows(), 2e-6);
  CHECK(contains(header_of(small), "int16_t scores[3];"));
  const model::Model large =
      pairs({trees(1, 4096), trees(2, 4096), trees(3, 4096), trees(4, 4096), trees(5, 4096), trees(6, 4096)}, 4);
  check_agreement(large, some_rows(), 2e-6);
  CHECK(contains(header_of(large), "int32_t scores[4];"));
  CHECK(contains(header_of(large), "#define M_N_MEMBERS 6"));
  CHECK_FALSE(contains(header_of(large), "m_m1_"));
}

TEST_CASE("combine: pairs of other members decide by votes, then by sums, without a division") {
  const model::Model lines = pairs({line(1.0), line(-0.75), line(0.25)}, 3);
  check_agreement(lines, random_rows(150, n_features, 2.5), 2e-6);
  const Rows odd = {{missing, 0.5, 0.5}};
  const std::vector<double> expected = expected_outputs(lines, odd)[0];
  CHECK(std::isnan(expected[1]));
  CHECK(std::isnan(answers(lines, odd).outputs[0][1]));
  CHECK(answers(lines, odd).classes[0] == model::decide(lines.output, expected));
  // Neighbours with another threshold are apart.
  model::Model mixed = pairs({trees(1, 16), trees(2, 16, 2.0), trees(3, 16, 2.0)}, 3);
  check_agreement(mixed, some_rows(), 2e-6);
  CHECK(contains(header_of(mixed), "m_m1_outputs_(x, part);"));
  CHECK_FALSE(contains(header_of(mixed), "m_m2_"));
}

TEST_CASE("combine: calibrated and weighted neighbours, with others between them") {
  std::vector<Member> members = {trees(1, 100), trees(2, 100), line(1.0), trees(3, 100), trees(4, 100)};
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].weight = 1.0 + static_cast<double>(i);
    members[i].calibration = {{.slope = -3.0, .offset = 1.0}};
  }
  members[1].calibration = {{.method = CalibrationMethod::isotonic, .x = {0.1, 0.3, 0.7}, .y = {0.0, 0.4, 1.0}}};
  const model::Model mean = combination(CombineRule::mean, members, n_features, 1);
  check_agreement(mean, random_rows(100, n_features, 2.5), 2e-6);
  CHECK_FALSE(contains(header_of(mean), "m_m1_outputs_"));
  CHECK(contains(header_of(mean), "m_m3_outputs_(x, part);"));
}

TEST_CASE("combine: values of neighbours side by side are the outputs of one model") {
  const model::Model model = combination(CombineRule::concatenate, {line(1.0), line(2.0), trees(1, 10)}, n_features, 3);
  check_agreement(model, random_rows(100, n_features, 2.5), 2e-6);
  CHECK(contains(header_of(model), "m_m0_outputs_(x, raw);"));
  CHECK(contains(header_of(model), "m_m2_outputs_(x, (raw + 2));"));
}

TEST_CASE("combine: trees that count 0 times are left out, what may be infinite is not") {
  const std::vector<Member> members = {trees(1, 16), weighted(trees(2, 16), 0.0), weighted(line(1.0), 0.0)};
  const model::Model model = combination(CombineRule::mean, members, n_features, 1);
  CHECK(contains(header_of(model), "#define M_N_MEMBERS 2"));
  Rows rows = random_rows(50, n_features, 2.5);
  check_agreement(model, rows, 2e-6);
  const Rows odd = {{missing, 0.0, 0.0}};
  CHECK(std::isnan(expected_outputs(model, odd)[0][0]));
  CHECK(std::isnan(answers(model, odd).outputs[0][0]));
}

TEST_CASE("combine: points that are further apart than float32 reaches are refused") {
  Member far = trees(1, 16);
  far.calibration = {{.method = CalibrationMethod::isotonic, .x = {0.0, 1.0}, .y = {-3e38, 3e38}}};
  CHECK_THROWS_WITH_AS(header_of(combination(CombineRule::mean, {far}, n_features, 1)),
                       "members[0].calibration[0].y[1]: 3e+38 is further from -3e+38 before it than float32 reaches: "
                       "calibrate smaller values",
                       Error);
}
