#include "codegen/c/trees/stages.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/trees/trees.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;

namespace {

/// Stumps that ask a feature each, of an ensemble with `n_outputs`, in rounds. Leaves are multiples of 1/8 that get
/// smaller, so that all sums are exact, and ties are ties.
model::Model stumps(int n_trees, int n_outputs, std::uint32_t seed) {
  std::mt19937 random(seed);
  model::Model model;
  model.input.n_features = n_trees;
  model.input.type = model::NumberType::uint8;
  model.output = {.n_outputs = n_outputs, .targets = {{.name = "", .size = n_outputs, .class_names = {}}}};
  model.output.task = model::Task::classification;
  model.output.rule = model::DecisionRule::argmax;
  model::TreeEnsemble ensemble;
  ensemble.n_features = n_trees;
  ensemble.n_outputs = n_outputs;
  ensemble.feature_type = model.input.type;
  ensemble.base_score.assign(static_cast<std::size_t>(n_outputs), 0.0);
  for (int i = 0; i < n_trees; ++i) {
    model::Tree tree{.nodes = {model::Split{.feature = i, .threshold = 1.0, .left = 1, .right = 2, .default_child = 2},
                               model::Leaf{2 * i}, model::Leaf{2 * i + 1}},
                     .first_output = i % n_outputs};
    ensemble.trees.push_back(tree);
    const auto largest = static_cast<std::uint32_t>(2 + 40 / (1 + i / n_outputs));
    for (int leaf = 0; leaf < 2; ++leaf) {
      ensemble.leaf_values.push_back((static_cast<double>(random() % (2 * largest + 1)) - largest) / 8.0);
    }
  }
  model.predictor = ensemble;
  return model;
}

/// Answers of the stumps: all, or every so many-th.
test::Rows all_inputs(int n_features, std::uint32_t step = 1) {
  test::Rows inputs;
  for (std::uint32_t bits = 0; bits < 1U << n_features; bits += step) {
    std::vector<double> x;
    x.reserve(static_cast<std::size_t>(n_features));
    for (int i = 0; i < n_features; ++i) x.push_back(bits >> i & 1U);
    inputs.push_back(x);
  }
  return inputs;
}

layout::LeafTable leaves_of(const model::TreeEnsemble& ensemble) {
  layout::LeafTable leaves{.kind = layout::LeafKind::fixed_rows, .unit = 8.0};
  for (std::size_t i = 0; i < ensemble.leaf_values.size(); ++i) {
    leaves.codes.push_back(static_cast<layout::LeafCode>(i));
    leaves.integers.push_back(std::llround(8.0 * ensemble.leaf_values[i]));
  }
  return leaves;
}

layout::TreePlan plan_of(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves) {
  return layout::plan_trees(ensemble, ensemble.feature_type, leaves.codes,
                            static_cast<std::uint32_t>(leaves.codes.size()), layout::ChildOrder::smaller,
                            layout::TreeOrder::as_trained);
}

/// [n_outputs] eighths, of the trees before `place`.
std::vector<std::int64_t> sums_before(const model::TreeEnsemble& ensemble, const std::vector<double>& x,
                                      std::size_t place) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(ensemble.n_outputs), 0);
  for (std::size_t i = 0; i < place; ++i) {
    const double value = ensemble.leaf_values[2 * i + (x[i] < 1.0 ? 0 : 1)];
    sums[i % sums.size()] += std::llround(8.0 * value);
  }
  return sums;
}

struct Leader {
  std::size_t output = 0;
  std::int64_t lead = 0;
};

Leader leader_of(std::vector<std::int64_t> sums) {
  const auto best = std::max_element(sums.begin(), sums.end());
  const auto output = static_cast<std::size_t>(best - sums.begin());
  std::nth_element(sums.begin(), sums.begin() + 1, sums.end(), std::greater<>());
  return {output, sums[0] - sums[1]};
}

/// The answers of headers in all layouts for all inputs.
void check_headers(const model::Model& model, const test::Rows& inputs) {
  for (const c::TreeLayout layout : {c::TreeLayout::inline_code, c::TreeLayout::table}) {
    for (const c::Optimize optimize : {c::Optimize::balanced, c::Optimize::speed}) {
      const c::EmitConfig config{.name = "m", .layout = layout, .optimize = optimize};
      const std::string header = c::emit_header(model, config).bytes;
      CHECK(header.find("if (decide") != std::string::npos);
      const test::Answers found = test::run_header(header, model, config, inputs, "c99");
      std::size_t n_wrong = 0;
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        const std::vector<double> expected = model::predict(model, inputs[row]);
        if (found.outputs[row] != expected) ++n_wrong;
        if (found.classes[row] != model::decide(model.output, expected)) ++n_wrong;
      }
      CHECK(n_wrong == 0);
    }
  }
}

}  // namespace

TEST_CASE("stages: a lead that is large enough is never lost, and a smaller one may be") {
  const model::Model model = stumps(16, 2, 7);
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const layout::LeafTable leaves = leaves_of(ensemble);
  const c::Stages stages = c::lead_stages(ensemble, leaves, plan_of(ensemble, leaves));
  REQUIRE(!stages.stages.empty());
  std::size_t n_decided = 0, n_tight = 0;
  for (const std::vector<double>& x : all_inputs(16)) {
    const Leader last = leader_of(sums_before(ensemble, x, 16));
    for (std::size_t i = 0; i + 1 < stages.stages.size(); ++i) {
      const Leader now = leader_of(sums_before(ensemble, x, stages.first + i * stages.step));
      const bool is_lost = now.output != last.output || last.lead == 0;
      const std::int64_t lead = stages.stages[i].lead;
      if (now.lead > lead) REQUIRE(!is_lost);
      n_decided += now.lead > lead ? 1U : 0U;
      n_tight += now.lead > lead - 8 && is_lost ? 1U : 0U;
    }
  }
  CHECK(n_decided > 1000);
  CHECK(n_tight > 0);
}

TEST_CASE("stages: with few trees for each output all are asked") {
  const model::Model model = stumps(18, 3, 7);
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const layout::LeafTable leaves = leaves_of(ensemble);
  CHECK(c::lead_stages(ensemble, leaves, plan_of(ensemble, leaves)).stages.empty());
}

TEST_CASE("stages: headers decide as the interpreter does after all trees, with ties") {
  const model::Model model = stumps(16, 2, 3);
  const test::Rows inputs = all_inputs(16, 29);
  std::size_t n_ties = 0;
  for (const std::vector<double>& x : inputs) {
    const std::vector<double> sums = model::predict(model, x);
    n_ties += sums[0] == sums[1] ? 1U : 0U;
  }
  CHECK(n_ties > 10);
  check_headers(model, inputs);
}

TEST_CASE("stages: one sum and a bound, from below and from above, base score and falling scale included") {
  for (const double threshold : {0.0, 1.5, -4.25}) {
    for (const double scale : {1.0, 0.5}) {
      model::Model model = stumps(12, 1, 5);
      auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
      ensemble.scale = scale;
      ensemble.base_score = {0.25};
      model.output.rule = model::DecisionRule::greater;
      model.output.threshold = threshold;
      check_headers(model, all_inputs(12));
    }
  }
}

TEST_CASE(
    "stages: sums of boosted leaves are no further off than said, nor than adding in float32, with 3 bytes a leaf") {
  model::Model model = stumps(16, 2, 11);
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  for (double& value : ensemble.leaf_values) value = std::sin(value) / 3.0;
  const std::optional<c::SumError> error = c::sum_error(model, ensemble);
  REQUIRE(error);
  const layout::LeafTable leaves = layout::make_leaves(ensemble, layout::LeafUse::decisions);
  double worst = 0.0;
  for (const std::vector<double>& x : all_inputs(16, 7)) {
    std::vector<double> sums(2, 0.0), integers(2, 0.0);
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t leaf = 2 * i + (x[i] < 1.0 ? 0 : 1);
      sums[i % 2] += ensemble.leaf_values[leaf];
      integers[i % 2] += static_cast<double>(leaves.integers[leaf]);
    }
    for (std::size_t i = 0; i < 2; ++i) worst = std::max(worst, std::abs(integers[i] / leaves.unit - sums[i]));
  }
  CHECK(worst > error->rounding / 100.0);
  CHECK(worst <= error->rounding);
  CHECK(error->rounding <= error->float32);
  // 8 trees for each output, none of which adds more than 1/3.
  CHECK(error->float32 <= 8.0 * 0x1p-24 * 8.0 / 3.0);
  const auto [low, high] = std::minmax_element(leaves.integers.begin(), leaves.integers.end());
  CHECK(*high - *low < 1 << 24);
}
