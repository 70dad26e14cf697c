// Headers with perfect trees, compiled and run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;
using random_trees::Missing;
using random_trees::Rows;
using enum model::NumberType;

namespace {

c::EmitConfig perfect(c::Optimize optimize = c::Optimize::balanced) {
  return {.name = "m", .layout = c::TreeLayout::table, .encoding = c::TableEncoding::perfect, .optimize = optimize};
}

/// Leaves of halves and quarters, so that every sum is exact.
void round_leaves(model::Model& model) {
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  ensemble.divisor = 1.0;
  for (double& value : ensemble.leaf_values) value = std::round(4.0 * value) / 4.0;
}

/// Every threshold by its absolute value, but 0.
void make_positive(model::Model& model) {
  for (model::Tree& tree : std::get<model::TreeEnsemble>(model.predictor).trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split != nullptr) split->threshold = std::max(std::abs(split->threshold), 0.125);
    }
  }
}

/// At, below and above every threshold, and with zeros of both signs, infinities and NaN of both signs for all
/// features.
test::Rows special_inputs(const model::Model& model, bool with_missing) {
  test::Rows inputs = random_trees::make_inputs(model, 150, with_missing);
  for (const std::vector<double>& x : model::boundary_inputs(model, 600)) inputs.push_back(x);
  if (model::info(model.input.type).is_integer) return inputs;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {0.0, -0.0, HUGE_VAL, -HUGE_VAL, 1e-45, -1e-45, nan, -nan}) {
    inputs.emplace_back(static_cast<std::size_t>(model.input.n_features), value);
    for (std::size_t feature = 0; feature < inputs.back().size(); ++feature) {
      inputs.push_back(inputs[feature]);
      inputs.back()[feature] = value;
    }
  }
  return inputs;
}

void check_answers(const model::Model& model, const c::EmitConfig& config, std::string_view standard,
                   const test::Rows& inputs) {
  c::EmitConfig in_language = config;
  if (standard == "c++17") in_language.language = c::Language::cpp;
  const std::string header = c::emit_header(model, in_language).bytes;
  CHECK(header.find("features_[") != std::string::npos);
  const test::Answers found = test::run_header(header, model, in_language, inputs, standard);
  REQUIRE(found.outputs.size() == inputs.size());
  std::size_t n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    n_wrong += found.outputs[row] == model::predict(model, inputs[row]) ? 0U : 1U;
  }
  CHECK(n_wrong == 0);
}

}  // namespace

TEST_CASE("perfect trees in C: every feature type, kind of leaf and side of NaN, thresholds of both signs and of one") {
  constexpr Rows all_rows[] = {Rows::one_hot, Rows::floats, Rows::one_column};
  constexpr std::string_view standards[] = {"c99", "c++11", "c++17"};
  std::uint32_t seed = 0;
  for (const model::NumberType type : {float32, float64, uint8, int8, int16, int32}) {
    for (const Rows rows : all_rows) {
      for (const Missing missing : {Missing::none, Missing::all_left}) {
        const bool is_float = !model::info(type).is_integer;
        if (!is_float && missing == Missing::all_left) continue;
        model::Model model = random_trees::make_forest({.seed = ++seed,
                                                        .n_trees = 8,
                                                        .n_splits = 1 + static_cast<int>(seed % 4),
                                                        .n_rows = seed % 4 == 0 ? 5 : 60,
                                                        .type = type,
                                                        .rows = rows,
                                                        .missing = missing});
        round_leaves(model);
        if (seed / 2 % 2 == 0) make_positive(model);
        CAPTURE(seed);
        CAPTURE(model::info(type).name);
        check_answers(model, perfect(), standards[seed % 3], special_inputs(model, is_float));
      }
    }
  }
}

TEST_CASE("perfect trees in C: one output, thresholds with names and without, one level to eight") {
  for (const int depth : {1, 2, 3, 5, 8}) {
    for (const model::NumberType type : {float32, int16}) {
      model::Model model = random_trees::make_oblivious(3, depth, type);
      round_leaves(model);
      for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed}) {
        CAPTURE(depth);
        CAPTURE(static_cast<int>(optimize));
        check_answers(model, perfect(optimize), "c99", special_inputs(model, false));
      }
    }
  }
}

TEST_CASE("perfect trees in C: they are taken where they are fast and small, and not for deep trees") {
  const auto has_planes = [](const model::Model& model, c::Optimize optimize) {
    const c::EmitConfig config{.name = "m", .layout = c::TreeLayout::table, .optimize = optimize};
    return c::emit_header(model, config).bytes.find("m_features_[") != std::string::npos;
  };
  const model::Model stumps = random_trees::make_oblivious(200, 1, float32);
  const model::Model fours = random_trees::make_forest(
      {.n_trees = 60, .n_splits = 4, .n_outputs = 1, .n_rows = 400, .rows = Rows::one_column});
  const model::Model deep = random_trees::make_forest({.n_trees = 20, .n_splits = 60, .n_outputs = 1, .n_rows = 900});
  CHECK(has_planes(stumps, c::Optimize::size));
  CHECK(has_planes(stumps, c::Optimize::balanced));
  CHECK(has_planes(stumps, c::Optimize::speed));
  CHECK_FALSE(has_planes(fours, c::Optimize::size));
  for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed}) {
    CHECK_FALSE(has_planes(deep, optimize));
  }
}
