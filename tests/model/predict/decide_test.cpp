#include <doctest/doctest.h>

#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"

using namespace emlc::model;

namespace {

std::vector<std::int32_t> decided(const Output& output, const std::vector<double>& outputs) {
  return decide(output, outputs);
}

}  // namespace

TEST_CASE("decide: the first maximum of each target wins") {
  const Output output{.n_outputs = 5, .targets = {{.size = 2}, {.size = 3}}, .rule = DecisionRule::argmax};
  CHECK(decided(output, {0.25, 0.75, 0.5, 0.5, 0.0}) == std::vector<std::int32_t>{1, 0});
}

TEST_CASE("decide: each target of one column is compared with the threshold") {
  Output output{.n_outputs = 3, .targets = {{}, {}, {}}, .rule = DecisionRule::greater, .threshold = 0.5};
  CHECK(decided(output, {0.25, 0.5, 0.75}) == std::vector<std::int32_t>{0, 0, 1});
  output.rule = DecisionRule::greater_equal;
  CHECK(decided(output, {0.25, 0.5, 0.75}) == std::vector<std::int32_t>{0, 1, 1});
}

TEST_CASE("decide: the rule none gives no class") {
  CHECK(decided({.n_outputs = 1, .targets = {{}}, .rule = DecisionRule::none}, {1.0}).empty());
}

TEST_CASE("check: a rule that compares needs targets of one output") {
  Model model{.input = {.n_features = 3},
              .output = {.task = Task::classification,
                         .n_outputs = 3,
                         .targets = {{.size = 1}, {.size = 2}},
                         .rule = DecisionRule::greater}};
  CHECK_THROWS_WITH_AS(check(model, "m.json"),
                       "m.json: output.decision.rule: 'greater' needs targets of one output, targets[1] has 2",
                       emlc::Error);
}
