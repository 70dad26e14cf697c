#include "codegen/layout/trees/layer.hpp"

#include <doctest/doctest.h>
#include <emlc/trees.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "codegen/layout/artifact.hpp"
#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/layout/trees/layer_walker.hpp"
#include "tests/layout/trees/random_trees.hpp"

using namespace emlc;
using namespace random_trees;

namespace {

std::vector<float> to_floats(const std::vector<double>& x) { return {x.begin(), x.end()}; }

/// The body through the runtime: what it answers for every input.
std::vector<std::vector<float>> run(const model::Model& model, const std::vector<std::uint8_t>& body,
                                    const std::vector<std::vector<double>>& inputs) {
  const auto n_outputs = static_cast<std::uint32_t>(model.output.n_outputs);
  const auto n_features = static_cast<std::uint32_t>(model.input.n_features);
  REQUIRE(emlc_trees_check(body.data(), body.size(), n_features, n_outputs) == EMLC_OK);
  std::vector<std::vector<float>> outputs;
  for (const std::vector<double>& x : inputs) {
    std::vector<float>& out = outputs.emplace_back(n_outputs, -1.0F);
    emlc_trees_run(body.data(), to_floats(x).data(), out.data());
  }
  return outputs;
}

bool is_near(double found, double expected, double tolerance) {
  return std::abs(found - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

void check_rows(const std::vector<std::vector<float>>& found, const model::Model& model,
                const std::vector<std::vector<double>>& inputs) {
  std::size_t n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> expected = model::predict(model, inputs[row]);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!is_near(static_cast<double>(found[row][i]), expected[i], 1e-5)) ++n_wrong;
    }
  }
  CHECK(n_wrong == 0);
}

/// Every way through the body has to end in the leaf rows where the interpreter ends.
void check_layer(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  model::check(model, "made up");
  const layout::TreeLayer layer = layout::lay_out_tree_layer(model);
  CHECK(layer.body.size() % 8 == 0);
  std::size_t accounted = 0;
  for (const layout::Part& part : layer.parts) accounted += part.bytes;
  CHECK(accounted == layer.body.size());
  check_rows(run(model, layer.body, inputs), model, inputs);
  check_rows(walk_tree_layer(layer.body, inputs), model, inputs);

  model::Model back = model;
  back.predictor = layout::read_tree_layer(layer.body);
  model::check(back, "read back");
  std::size_t n_wrong = 0;
  for (const std::vector<double>& x : inputs) {
    const std::vector<double> expected = model::predict(model, x), found = model::predict(back, x);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!is_near(found[i], expected[i], 1e-5)) ++n_wrong;
    }
  }
  CHECK(n_wrong == 0);
}

/// To 24 bits, what a layer holds of int32.
void narrow_thresholds(model::Model& model) {
  for (model::Tree& tree : std::get<model::TreeEnsemble>(model.predictor).trees) {
    for (model::TreeNode& node : tree.nodes) {
      if (auto* split = std::get_if<model::Split>(&node)) split->threshold = std::trunc(split->threshold / 256.0);
    }
  }
}

}  // namespace

TEST_CASE("tree layer: forests of every feature type and leaf kind answer like the interpreter") {
  for_each_forest([](model::Model model) {
    if (model.input.type == NumberType::float64) return;  // of headers
    if (model.input.type == NumberType::int32) narrow_thresholds(model);
    std::vector<std::vector<double>> inputs = make_inputs(model, 200, false);
    if (model.input.type == NumberType::int32) {
      // A float cannot hold every int32: those inputs are rounded on their way in.
      for (auto& x : inputs) {
        for (double& value : x) {
          value = std::clamp(model::round_to(NumberType::float32, value), -2147483648.0, 2147483520.0);
        }
      }
    }
    check_layer(model, inputs);
  });
}

TEST_CASE("tree layer: missing values go to their default child") {
  for (const Missing missing : {Missing::none, Missing::some_left, Missing::all_left}) {
    CAPTURE(static_cast<int>(missing));
    const model::Model model = make_forest({.seed = 3, .missing = missing});
    check_layer(model, make_inputs(model, 300, true));
  }
}

TEST_CASE("tree layer: a lone leaf, a single split, and thresholds that nothing reaches") {
  for (const int n_splits : {0, 1}) {
    for (const NumberType type : {NumberType::float32, NumberType::uint8}) {
      const model::Model model = make_forest({.n_trees = 3, .n_splits = n_splits, .type = type});
      check_layer(model, make_inputs(model, 50, false));
    }
  }
  model::Model model = make_forest({.seed = 5});
  auto& nodes = std::get<model::TreeEnsemble>(model.predictor).trees[0].nodes;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double values[] = {infinity, -infinity, 0.0, -0.0, 1e-45, 3.5e38};
  for (std::size_t i = 0, next = 0; i < nodes.size() && next < std::size(values); ++i) {
    if (auto* split = std::get_if<model::Split>(&nodes[i])) split->threshold = values[next++];
  }
  std::vector<std::vector<double>> inputs = make_inputs(model, 100, false);
  for (const double value : {infinity, -infinity, 0.0, -0.0, 1.401298464324817e-45}) {
    inputs.emplace_back(7, value);
  }
  check_layer(model, inputs);
}

TEST_CASE("tree layer: a chain 3000 deep and a tree with 70000 splits") {
  const model::Model chain = make_chain(3000, NumberType::float32);
  check_layer(chain, make_inputs(chain, 300, false));
  const model::Model huge = make_forest({.n_trees = 1, .n_splits = 70000, .n_rows = 60000});
  check_layer(huge, make_inputs(huge, 300, false));
}

TEST_CASE("tree layer: trees that start behind the reach of 16 bits") {
  const model::Model model = make_forest({.n_trees = 4, .n_splits = 8000, .type = NumberType::uint8});
  // The last of four equal parts begins behind 0xffff, and 17 bits would hold all of it.
  const std::size_t size = layout::lay_out_tree_layer(model).body.size();
  CHECK(size * 3 / 4 > 0xffff);
  CHECK(size < 0x1ffff);
  check_layer(model, make_inputs(model, 300, false));
}

TEST_CASE("tree layer: shared subtrees stay shared") {
  const model::Model lattice = make_lattice(60);  // 2^60 leaves if it were a tree
  check_layer(lattice, make_inputs(lattice, 300, false));
  CHECK(layout::lay_out_tree_layer(lattice).body.size() < 60 * 60 * 12 / 2);
}

TEST_CASE("tree layer: the base score, the divisor, the scale and the post-transform take part") {
  for (const Rows rows : {Rows::one_hot, Rows::shares, Rows::floats}) {
    for (const model::BaseScoreAt when : {model::BaseScoreAt::start, model::BaseScoreAt::end}) {
      model::Model model = make_forest({.rows = rows});
      auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
      ensemble.base_score = {0.5, -0.25, 3.0};
      ensemble.base_score_at = when;
      ensemble.divisor = 4.0;
      ensemble.scale = 0.125;
      ensemble.post_transform = {.kind = model::PostTransformKind::softmax, .scale = 1.5};
      check_layer(model, make_inputs(model, 50, false));
    }
  }
}

TEST_CASE("tree layer: the example of docs/tmdl.md comes out byte for byte") {
  model::Model model;
  model.input.n_features = 2;
  model.input.type = NumberType::uint8;
  model.output.n_outputs = 2;
  model::TreeEnsemble ensemble;
  ensemble.n_features = 2;
  ensemble.n_outputs = ensemble.leaf_width = 2;
  ensemble.leaf_values = {1.0, 0.0, 0.0, 1.0};
  ensemble.feature_type = NumberType::uint8;
  ensemble.base_score = {0.0, 0.0};
  ensemble.divisor = 2.0;
  const model::Split root{.feature = 0, .threshold = 5.0, .left = 1, .right = 2, .default_child = 2};
  const model::Split below{.feature = 1, .threshold = 3.0, .left = 3, .right = 4, .default_child = 4};
  ensemble.trees.push_back({.nodes = {root, below, model::Leaf{1}, model::Leaf{0}, model::Leaf{1}}});
  ensemble.trees.push_back({.nodes = {model::Leaf{0}}});
  model.predictor = ensemble;
  const std::vector<std::uint8_t> expected = {
      1,    0, 0,    0,    1, 1,    2,    1,    2, 0, 0,    3,                 // what the rest is made of
      2,    0, 0,    0,    2, 0,    0,    0,    2, 0, 0,    0,    2, 0, 0, 0,  // features, outputs, trees, regions
      2,    0, 0,    0,    2, 0,    0,    0,    0, 0, 0,    0,    3, 0, 0, 0,
      8,    0, 0,    0,                                            // codes, width, thresholds, base, bytes
      0,    0, 0x80, 0x3f, 0, 0,    0,    0x40, 0, 0, 0x80, 0x3f,  // unit, divisor, scale
      0,    0, 0x80, 0x3f, 0, 0,    0x80, 0x3f, 0, 0, 0,    0,     // post-transform
      0,    0, 0,    0,    0, 0,    0,    0,    0, 0, 5,    0,     // base scores, starts
      0x22, 1, 0x0b, 0,    1, 0x03, 0,    0,    0, 0, 0,    0,     // splits, padding
  };
  CHECK(layout::lay_out_tree_layer(model).body == expected);
}

TEST_CASE("tree layer: what float32 or the layer cannot hold is refused") {
  model::Model model = make_forest({});
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  ensemble.leaf_values[4] = 1e39;
  CHECK_THROWS_WITH_AS(layout::lay_out_tree_layer(model), "model.leaf_values: 1e+39 does not fit float32", Error);
  ensemble.leaf_values[4] = 1.5;
  ensemble.scale = -1e39;
  CHECK_THROWS_WITH_AS(layout::lay_out_tree_layer(model), "model.output_scale: -1e+39 does not fit float32", Error);
}

TEST_CASE("tree layer: int32 features decide as the float32 nearest to them, or are refused") {
  model::Model model = make_forest({});
  model.input = {.n_features = 1, .type = model::NumberType::int32};
  model::TreeEnsemble ensemble{.n_features = 1, .feature_type = model::NumberType::int32};
  ensemble.leaf_values = {0.0, 1.0};
  ensemble.base_score = {0.0};
  model.output = {.n_outputs = 1, .targets = {{.size = 1}}};
  const auto with = [&](double threshold) {
    ensemble.trees = {{.nodes = {model::Split{.threshold = threshold, .left = 1, .right = 2, .default_child = 2},
                                 model::Leaf{0}, model::Leaf{1}}}};
    model.predictor = ensemble;
    return layout::lay_out_tree_layer(model).body;
  };
  for (const double edge : {-2147483648.0, -33554432.0, -16777216.0, -7.0, 0.0, 16777216.0, 16777220.0, 2147483520.0}) {
    int n_exact = 0;
    for (double threshold = std::max(edge - 300.0, -2147483648.0); threshold < edge + 127.0; threshold += 1.0) {
      std::vector<std::uint8_t> body;
      try {
        body = with(threshold);
      } catch (const Error&) {  // truly one float32
        CHECK(static_cast<float>(threshold) == static_cast<float>(threshold - 1.0));
        continue;
      }
      ++n_exact;
      for (double x = std::max(threshold - 260.0, -2147483648.0); x <= std::min(threshold + 260.0, 2147483647.0);
           x += 1.0) {
        const float input = static_cast<float>(x);
        float out = -1.0F;
        emlc_trees_run(body.data(), &input, &out);
        if (out != (x < threshold ? 0.0F : 1.0F)) FAIL_CHECK("x ", x, " against ", threshold, " gives ", out);
      }
    }
    CHECK(n_exact > 0);
  }
  CHECK_THROWS_WITH_AS(with(16777217.0),
                       "model.trees: feature 0 is compared with 16777217, which needs more than 24 bits, and a .tmdl "
                       "takes its inputs as float32; write c, cpp or csv",
                       Error);
}

TEST_CASE("tree layer: a body that is not valid is refused with the runtime's sentence") {
  const std::vector<std::uint8_t> body = layout::lay_out_tree_layer(make_forest({})).body;
  std::vector<std::uint8_t> changed = body;
  changed[0] = 2;
  CHECK_THROWS_WITH_AS(layout::read_tree_layer(changed),
                       "the tree layer is not valid: the data has a version that this runtime does not know", Error);
  changed = body;
  changed[11] = 1;  // float64
  CHECK_THROWS_WITH_AS(layout::read_tree_layer(changed), "the tree layer has features of the unknown type 1", Error);
}
