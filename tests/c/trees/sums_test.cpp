#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;

namespace {

/// Leaf values are multiples of 1/8, so that the interpreter's sums are exact: ties are ties, bounds are met.
std::size_t check_decisions(const model::Model& model, const test::Rows& inputs) {
  std::size_t n_wrong = 0, n_class_1 = 0;
  for (const c::TreeLayout layout : {c::TreeLayout::inline_code, c::TreeLayout::table}) {
    const c::EmitConfig config{.name = "m", .layout = layout};
    const test::Answers found = test::run_header(c::emit_header(model, config).bytes, model, config, inputs, "c99");
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      const std::vector<double> expected = model::predict(model, inputs[row]);
      if (model::decide(model.output, expected) != found.classes[row]) ++n_wrong;
      if (found.outputs[row] != expected) ++n_wrong;
      n_class_1 += found.classes[row].front() == 1 ? 1U : 0U;
    }
  }
  CHECK(n_wrong == 0);
  return n_class_1;
}

/// A forest of 6 trees on uint8 whose leaf rows are those given.
model::Model forest_of(int n_outputs, const std::vector<double>& rows) {
  model::Model model = random_trees::make_forest({.seed = 3,
                                                  .n_trees = 6,
                                                  .n_splits = 20,
                                                  .n_outputs = n_outputs,
                                                  .n_rows = static_cast<int>(rows.size()) / n_outputs,
                                                  .type = model::NumberType::uint8});
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  ensemble.leaf_values = rows;
  ensemble.divisor = 1.0;
  return model;
}

}  // namespace

TEST_CASE("sums: of two classes the first wins every tie, with one count for both") {
  const model::Model model = forest_of(2, {0.25, 0.75, 0.5, 0.5, 0.75, 0.25, 1.0, 0.0, 0.0, 1.0});
  const test::Rows inputs = random_trees::make_inputs(model, 1000, false);
  std::size_t n_ties = 0;
  for (const auto& x : inputs) {
    const std::vector<double> sums = model::predict(model, x);
    n_ties += sums[0] == sums[1] ? 1U : 0U;
  }
  CHECK(n_ties > 50);
  check_decisions(model, inputs);
}

TEST_CASE("sums: of two outputs with one count for both each has its own base score") {
  model::Model model = forest_of(2, {0.25, 0.75, 0.5, 0.5, 0.75, 0.25, 1.0, 0.0, 0.0, 1.0});
  model.output = {.n_outputs = 2, .targets = {{}, {}}};
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const test::Rows inputs = random_trees::make_inputs(model, 200, false);
  for (const std::vector<double>& base : {std::vector{1.0, 0.5}, {0.0, -3.0}, {2.0, 2.0}}) {
    for (const model::BaseScoreAt at : {model::BaseScoreAt::start, model::BaseScoreAt::end}) {
      ensemble.base_score = base;
      ensemble.base_score_at = at;
      for (const c::TreeLayout layout : {c::TreeLayout::inline_code, c::TreeLayout::table}) {
        for (const std::string_view standard : {"c99", "c++17"}) {
          const c::EmitConfig config{
              .name = "m", .language = standard == "c99" ? c::Language::c : c::Language::cpp, .layout = layout};
          const std::string header = c::emit_header(model, config).bytes;
          const test::Answers found = test::run_header(header, model, config, inputs, standard);
          for (std::size_t row = 0; row < inputs.size(); ++row) {
            // All shares are multiples of 1/4.
            REQUIRE(found.outputs[row] == model::predict(model, inputs[row]));
          }
        }
      }
    }
  }
}

TEST_CASE("sums: yes or no on an integer sum, at the threshold and around it, rising and falling") {
  for (const double scale : {1.0, -0.5}) {
    for (const auto rule : {model::DecisionRule::greater, model::DecisionRule::greater_equal}) {
      for (const double threshold : {0.0, 0.25, -0.375, 100.0, -100.0}) {
        CAPTURE(scale);
        CAPTURE(threshold);
        model::Model model = forest_of(1, {0.125, -0.25, 0.5, -0.125, 0.0});
        auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
        ensemble.scale = scale;
        ensemble.base_score = {0.25};
        model.output.task = model::Task::classification;
        model.output.rule = rule;
        model.output.threshold = threshold;
        const test::Rows inputs = random_trees::make_inputs(model, 300, false);
        const std::size_t n_class_1 = check_decisions(model, inputs);
        if (threshold > -50.0 && threshold < 50.0) CHECK((n_class_1 > 0 && n_class_1 < 600));
      }
    }
  }
}

TEST_CASE("sums: outputs in units of their own, each as exact as float32") {
  const std::vector<double> scales = {1e5, 30.0, 0.004};
  std::vector<double> rows;
  for (int row = 0; row < 8; ++row) {
    for (const double scale : scales) rows.push_back(scale * std::sin(1.0 + 3.0 * row + scale));
  }
  model::Model model = forest_of(3, rows);
  model.output = {.n_outputs = 3, .targets = {{}, {}, {}}};
  std::get<model::TreeEnsemble>(model.predictor).base_score = {1e5, -7.0, 0.001};
  for (const model::BaseScoreAt at : {model::BaseScoreAt::start, model::BaseScoreAt::end}) {
    std::get<model::TreeEnsemble>(model.predictor).base_score_at = at;
    std::get<model::TreeEnsemble>(model.predictor).divisor = 6.0;
    for (const c::TreeLayout layout : {c::TreeLayout::inline_code, c::TreeLayout::table}) {
      for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::speed}) {
        const c::EmitConfig config{.name = "m", .layout = layout, .optimize = optimize};
        const test::Rows inputs = random_trees::make_inputs(model, 300, false);
        const test::Answers found = test::run_header(c::emit_header(model, config).bytes, model, config, inputs);
        double worst = 0.0;
        for (std::size_t row = 0; row < inputs.size(); ++row) {
          const std::vector<double> expected = model::predict(model, inputs[row]);
          for (std::size_t i = 0; i < scales.size(); ++i) {
            worst = std::max(worst, std::abs(found.outputs[row][i] - expected[i]) / scales[i]);
          }
        }
        CHECK(worst < 5e-7);
      }
    }
  }
}
