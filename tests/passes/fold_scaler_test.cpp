#include <algorithm>

#include "codegen/passes/value_order.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;
using model::ScalerOp;

namespace {

using Clip = std::pair<double, double>;

struct Chain {
  const char* what;
  std::vector<model::Scaler> scalers;  ///< of one feature
};

const std::vector<Chain>& chains() {
  static const std::vector<Chain> all = {
      {"standard", {{.op = ScalerOp::subtract_divide, .offset = {3.7}, .scale = {11.3}}}},
      {"falling", {{.op = ScalerOp::subtract_divide, .offset = {-3.7}, .scale = {-0.03}}}},
      {"min-max with clip", {{.op = ScalerOp::multiply_add, .offset = {0.1}, .scale = {0.01}, .clip = Clip{0.0, 1.0}}}},
      {"falling with clip",
       {{.op = ScalerOp::multiply_add, .offset = {0.5}, .scale = {-0.02}, .clip = Clip{-1.0, 0.75}}}},
      {"constant", {{.op = ScalerOp::multiply_add, .offset = {0.25}, .scale = {0.0}}}},
      {"clipped to one value",
       {{.op = ScalerOp::multiply_add, .offset = {0.0}, .scale = {1.0}, .clip = Clip{0.5, 0.5}}}},
      {"falling, then rising, then clipped",
       {{.op = ScalerOp::subtract_divide, .offset = {5.0}, .scale = {-7.0}},
        {.op = ScalerOp::multiply_add, .offset = {0.3}, .scale = {0.1}},
        {.op = ScalerOp::multiply_add, .offset = {0.0}, .scale = {1.0}, .clip = Clip{-0.9, 0.9}}}},
      {"falling twice",
       {{.op = ScalerOp::multiply_add, .offset = {0.3}, .scale = {-1.5}},
        {.op = ScalerOp::subtract_divide, .offset = {0.125}, .scale = {-40.0}}}},
      {"so steep that it overflows", {{.op = ScalerOp::subtract_divide, .offset = {1.0}, .scale = {1e-300}}}},
      {"so flat that values meet", {{.op = ScalerOp::subtract_divide, .offset = {1.0}, .scale = {1e300}}}},
  };
  return all;
}

/// A tree of one split per threshold: which thresholds are passed shows in the prediction.
model::Model stack(NumberType type, NumberType scaled_type, const std::vector<model::Scaler>& scalers,
                   const std::vector<double>& thresholds, MissingGoes missing) {
  std::vector<model::Tree> trees;
  std::vector<double> values;
  double weight = 1.0;
  for (const double threshold : thresholds) {
    const auto row = static_cast<model::RowId>(values.size());
    trees.push_back({.nodes = {split(0, threshold, 1, 2, missing), leaf(row), leaf(row + 1)}});
    values.insert(values.end(), {0.0, weight});
    weight *= 2.0;
  }
  model::Model model = regression(1, type, std::move(trees), std::move(values));
  model.scalers = scalers;
  trees_of(model).feature_type = scaled_type;
  return model;
}

/// Scaled values that occur, and ones beyond them on both sides.
std::vector<double> thresholds_for(const std::vector<model::Scaler>& scalers, NumberType type) {
  std::vector<double> thresholds = {-infinity, -0.9, 0.25, 1.0, infinity};
  for (const double x : {-100.0, 0.0, 7.0}) {
    double scaled = model::smallest_at_least(type, x);
    for (const model::Scaler& scaler : scalers) scaled = model::apply_scaler(scaler, 0, scaled);
    thresholds.push_back(scaled);
    thresholds.push_back(std::nextafter(scaled, infinity));
  }
  return thresholds;
}

void check_fold(const Chain& chain, NumberType type, NumberType scaled_type, MissingGoes missing,
                const std::vector<double>& values) {
  CAPTURE(chain.what);
  CAPTURE(model::info(type).name);
  const model::Model before = stack(type, scaled_type, chain.scalers, thresholds_for(chain.scalers, type), missing);
  model::Model after = before;
  CHECK(run_twice(passes::fold_scaler, after).changes == chain.scalers.size());
  CHECK(after.scalers.empty());
  for (const double x : values) {
    CAPTURE(x);
    REQUIRE(model::predict(before, std::vector{x}) == model::predict(after, std::vector{x}));
  }
}

/// The folded thresholds with their neighbours, and awkward values.
std::vector<double> floats_around(const Chain& chain, NumberType scaled_type) {
  model::Model model = stack(NumberType::float32, scaled_type, chain.scalers,
                             thresholds_for(chain.scalers, NumberType::float32), MissingGoes::left);
  passes::fold_scaler(model, {});
  std::vector<double> values = awkward_floats(2000);
  for (const model::Tree& tree : trees_of(model).trees) {
    const double at = model::as_split(tree.nodes[0])->threshold;
    for (const double x :
         {model::next_below(NumberType::float32, at), at, model::next_above(NumberType::float32, at)}) {
      values.push_back(x);
    }
  }
  return values;
}

model::Model network(std::vector<model::Scaler> scalers) {
  model::Model model;
  model.input = {.n_features = 2, .type = NumberType::float32};
  model.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{.size = 2}}};
  model.scalers = std::move(scalers);
  model::DenseNetwork dense;
  dense.layers.push_back({.n_in = 2, .n_out = 2, .weights = {0.5, -2.0, 3.0, 0.25}, .bias = {0.1, -0.2}});
  model.predictor = dense;
  return model;
}

}  // namespace

TEST_CASE("fold-scaler: every integer input keeps its path") {
  for (const Chain& chain : chains()) {
    for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
      const auto values = all_values(type);
      check_fold(chain, type, NumberType::float32, MissingGoes::right, values);
      if (type != NumberType::int16) check_fold(chain, type, NumberType::float64, MissingGoes::left, values);
    }
  }
}

TEST_CASE("fold-scaler: float32 inputs at, below and above every threshold keep their path, and so do missing ones") {
  for (const Chain& chain : chains()) {
    for (const NumberType scaled_type : {NumberType::float32, NumberType::float64}) {
      const auto values = floats_around(chain, scaled_type);
      check_fold(chain, NumberType::float32, scaled_type, MissingGoes::left, values);
      check_fold(chain, NumberType::float64, scaled_type, MissingGoes::right, values);
    }
  }
}

TEST_CASE("fold-scaler: int32 inputs next to a threshold keep their path") {
  const Chain chain = {"coarse", {{.op = ScalerOp::subtract_divide, .offset = {1.5}, .scale = {-3.0}}}};
  std::vector<double> values;
  for (const double at : {-2147483648.0, -300000003.0, -1.0, 300000003.0, 2147483647.0}) {
    for (double x = std::max(at - 200.0, -2147483648.0); x <= std::min(at + 200.0, 2147483647.0); x += 1.0) {
      values.push_back(x);
    }
  }
  check_fold(chain, NumberType::int32, NumberType::float32, MissingGoes::right, values);
}

TEST_CASE("fold-scaler: a falling scaler swaps the sides") {
  model::Model model =
      stack(NumberType::int8, NumberType::float64, {{.offset = {0.0}, .scale = {-2.0}}}, {3.0}, MissingGoes::right);
  passes::fold_scaler(model, {});
  const model::Split& folded = *model::as_split(trees_of(model).trees[0].nodes[0]);
  // x / -2 < 3 is x > -6, so what is below -5 goes where the scaled value went right.
  CHECK(folded.threshold == -5.0);
  CHECK(folded.left == 2);
  CHECK(folded.right == 1);
  CHECK(folded.default_child == 2);
}

TEST_CASE("fold-scaler: a dense layer takes the scalers next to it") {
  const model::Model before = network({{.op = ScalerOp::multiply_add, .offset = {1.0, 2.0}, .scale = {3.0, 0.0}},
                                       {.op = ScalerOp::subtract_divide, .offset = {0.5, -4.0}, .scale = {2.0, -8.0}}});
  model::Model after = before;
  CHECK(run_twice(passes::fold_scaler, after).changes == 2);
  CHECK(after.scalers.empty());
  const auto& layer = std::get<model::DenseNetwork>(after.predictor).layers[0];
  // By hand: feature 0 becomes 1.5 x + 0.25, feature 1 becomes -0.75 for every x.
  CHECK(layer.weights == std::vector{0.75, 0.0, 4.5, 0.0});
  CHECK(layer.bias[0] == doctest::Approx(0.1 + 0.125 + 1.5));
  CHECK(layer.bias[1] == doctest::Approx(-0.2 + 0.75 - 0.1875));
}

TEST_CASE("fold-scaler: a dense layer takes a scaler of some columns") {
  model::Model model = network({});
  const model::Scaler scaler{.offset = {-4.0}, .scale = {-8.0}};
  model.steps = {{.first = 1, .kind = scaler}};
  CHECK(run_twice(passes::fold_scaler, model).changes == 1);
  CHECK(model.steps.empty());
  const auto& layer = std::get<model::DenseNetwork>(model.predictor).layers[0];
  // By hand: feature 1 becomes -0.125 x - 0.5.
  CHECK(layer.weights == std::vector{0.5, 0.25, 3.0, -0.03125});
  CHECK(layer.bias[0] == doctest::Approx(0.1 + 1.0));
  CHECK(layer.bias[1] == doctest::Approx(-0.2 - 0.125));

  model::Model chosen = network({});
  chosen.steps = {{.first = 1, .kind = scaler}, {.kind = model::Columns{.indices = {1, 0}}}};
  CHECK(run_twice(passes::fold_scaler, chosen).changes == 2);
  CHECK(chosen.steps.empty());
  CHECK(std::get<model::DenseNetwork>(chosen.predictor).layers[0].weights == std::vector{-2.0, -0.0625, 0.25, -0.375});

  model::Model clips = network({});
  clips.steps = {{.first = 1, .kind = model::Scaler{.offset = {0.0}, .scale = {2.0}, .clip = Clip{0.0, 1.0}}}};
  model::Model far = network({});
  far.steps = {{.kind = model::Scaler{.offset = {101325.5159921875}, .scale = {49.07}}}};
  for (model::Model* kept : {&clips, &far}) {
    CHECK(run_twice(passes::fold_scaler, *kept).changes == 0);
    CHECK(kept->steps.size() == 1);
  }
}

TEST_CASE("fold-scaler: a dense layer leaves a clip and a gain that is no float32") {
  const model::Scaler plain = {.op = ScalerOp::subtract_divide, .offset = {1.0, 1.0}, .scale = {2.0, 2.0}};
  for (const model::Scaler& kept : {
           model::Scaler{.offset = {0.0, 0.0}, .scale = {1.0, 1.0}, .clip = Clip{0.0, 1.0}},
           model::Scaler{.offset = {0.0, 0.0}, .scale = {1e-39, 1.0}},
           model::Scaler{.offset = {0.0, 0.0}, .scale = {1e-310, 1.0}},
           model::Scaler{.offset = {0.0, 0.0}, .scale = {1e39, 1.0}},
       }) {
    CAPTURE(kept.scale[0]);
    model::Model model = network({kept, plain});
    CHECK(run_twice(passes::fold_scaler, model).changes == 1);
    CHECK(model.scalers.size() == 1);
    CHECK(model.scalers[0].scale == kept.scale);
  }
}

TEST_CASE("fold-scaler: of a far offset only the subtraction of a float32 stays in front of a dense layer") {
  const model::Model before = network({{.offset = {20.1, 101325.5159921875}, .scale = {5.0, 49.07}}});
  model::Model after = before;
  CHECK(run_twice(passes::fold_scaler, after).changes == 1);
  REQUIRE(after.scalers.size() == 1);
  CHECK(after.scalers[0].op == ScalerOp::subtract_divide);
  CHECK(after.scalers[0].offset == std::vector{0.0, 101325.515625});
  CHECK(after.scalers[0].scale == std::vector{1.0, 1.0});
  const std::vector<double> x = {17.5, 101284.421875};
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(model::predict(after, x)[i] == doctest::Approx(model::predict(before, x)[i]).epsilon(1e-12));
  }
}

TEST_CASE("fold-scaler: a model without a predictor or without a scaler stays as it is") {
  model::Model scaler_only = network({{.offset = {1.0, 1.0}, .scale = {2.0, 2.0}}});
  scaler_only.predictor = std::monostate{};
  CHECK(passes::fold_scaler(scaler_only, {}).changes == 0);
  CHECK(scaler_only.scalers.size() == 1);
  model::Model plain =
      regression(1, NumberType::int32, {{.nodes = {split(0, 0.5, 1, 2), leaf(0), leaf(1)}}}, {0.0, 1.0});
  CHECK(passes::fold_scaler(plain, {}).changes == 0);
  CHECK(trees_of(plain).feature_type == NumberType::float32);
}
