#include "codegen/model/error.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;
using passes::PassConfig;

namespace {

/// One tree per threshold; which of them x passes shows in the prediction.
model::Model stump_per_threshold(NumberType type, const std::vector<double>& thresholds) {
  std::vector<model::Tree> trees;
  std::vector<double> values;
  for (const double threshold : thresholds) {
    const auto row = static_cast<model::RowId>(values.size());
    trees.push_back({.nodes = {split(0, threshold, 1, 2), leaf(row), leaf(row + 1)}});
    values.insert(values.end(), {0.0, std::ldexp(1.0, row / 2)});
  }
  return regression(1, type, std::move(trees), std::move(values));
}

const std::vector<double> awkward_thresholds = {
    -infinity, -1e30,   -32769.0, -32768.0, -129.0, -128.5,   -128.0, -0.5,      -0x1p-149, -0.0,  0.0,
    0x1p-149,  0.5,     3.5,      4.0,      126.5,  127.0,    127.5,  128.0,     254.5,     255.0, 255.5,
    256.0,     32767.5, 32768.0,  1e9,      1e30,   infinity, 0.1,    3.5000001, 3.4999999};

void check_narrow(NumberType declared, const PassConfig& config, NumberType expected,
                  const std::vector<double>& values) {
  CAPTURE(model::info(declared).name);
  const model::Model before = stump_per_threshold(declared, awkward_thresholds);
  model::Model after = before;
  CHECK(run_twice(passes::narrow_features, after, config).changes > 0);
  CHECK(after.input.type == expected);
  CHECK(trees_of(after).feature_type == expected);
  for (const model::Tree& tree : trees_of(after).trees) {
    const double threshold = model::as_split(tree.nodes[0])->threshold;
    CHECK((model::smallest_at_least(expected, threshold) == threshold));
  }
  for (const double x : values) {
    CAPTURE(x);
    REQUIRE(model::predict(before, std::vector{x}) == model::predict(after, std::vector{x}));
  }
}

void check_refused(model::Model model, const PassConfig& config, const char* message) {
  CHECK_THROWS_WITH_AS(passes::narrow_features(model, config), message, Error);
}

}  // namespace

TEST_CASE("narrow-features: every value of an integer type keeps its path") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    check_narrow(type, {}, type, all_values(type));
    check_narrow(NumberType::float32, {.features = type}, type, all_values(type));
  }
}

TEST_CASE("narrow-features: every float32 keeps its path, float64 becomes float32") {
  std::vector<double> values = awkward_floats(5000);
  for (const double threshold : awkward_thresholds) {
    const double at = model::smallest_at_least(NumberType::float32, threshold);
    values.insert(values.end(), {model::next_below(NumberType::float32, at), at});
  }
  check_narrow(NumberType::float32, {}, NumberType::float32, values);
  check_narrow(NumberType::float64, {}, NumberType::float32, values);
}

TEST_CASE("narrow-features: every float64 keeps its path where it is asked for, rounded by the trainer or not") {
  std::vector<double> values = awkward_floats(5000);
  for (const double threshold : awkward_thresholds) {
    for (const double x : {threshold, 1.00000004 * threshold, 0.99999996 * threshold}) {
      values.insert(values.end(), {std::nextafter(x, -infinity), x, std::nextafter(x, infinity)});
    }
  }
  const PassConfig config{.features = NumberType::float64};
  check_narrow(NumberType::float32, config, NumberType::float64, values);
  // What the trainer compares as float64 has its thresholds already.
  const model::Model before = stump_per_threshold(NumberType::float64, awkward_thresholds);
  model::Model after = before;
  passes::narrow_features(after, config);
  CHECK(after.input.type == NumberType::float64);
  for (const double x : values)
    REQUIRE(model::predict(before, std::vector{x}) == model::predict(after, std::vector{x}));
}

TEST_CASE("narrow-features: a threshold on float64 values is between two float32") {
  model::Model model = stump_per_threshold(NumberType::float64, {0.1});
  trees_of(model).feature_type = NumberType::float64;
  passes::narrow_features(model, {});
  CHECK(model::as_split(trees_of(model).trees[0].nodes[0])->threshold == static_cast<double>(0.1F));
  CHECK(static_cast<double>(0.1F) > 0.1);
}

TEST_CASE("narrow-features: an int32 that is compared after rounding to float32 keeps its path") {
  const std::vector<double> thresholds = {16777216.0,   16777217.0,    16777218.0,   16777219.5,
                                          100000002.0,  2147483520.0,  2147483584.0, 2147483647.0,
                                          2147483648.0, -2147483648.0, -16777217.0,  -100000003.0};
  const model::Model before = stump_per_threshold(NumberType::int32, thresholds);
  model::Model after = before;
  run_twice(passes::narrow_features, after);
  for (const double at : thresholds) {
    for (double x = std::max(std::floor(at) - 300.0, -2147483648.0); x <= std::min(at + 300.0, 2147483647.0);
         x += 1.0) {
      CAPTURE(x);
      REQUIRE(model::predict(before, std::vector{x}) == model::predict(after, std::vector{x}));
    }
  }
}

TEST_CASE("narrow-features: whole numbers for a model of floats come with a warning") {
  model::Model model = stump_per_threshold(NumberType::float32, {3.5});
  const auto result = passes::narrow_features(model, {.features = NumberType::uint8});
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] == "the device takes uint8 features, exact for whole numbers; the model declares float32");
  CHECK(model::as_split(trees_of(model).trees[0].nodes[0])->threshold == 4.0);
  model::Model integers = stump_per_threshold(NumberType::uint8, {3.5});
  CHECK(passes::narrow_features(integers, {}).warnings.empty());
}

TEST_CASE("narrow-features: a declared range proves that a narrower type is enough") {
  model::Model model = stump_per_threshold(NumberType::int16, {3.5, 300.0});
  model.input.minimum = {0.0};
  model.input.maximum = {255.0};
  passes::narrow_features(model, {.features = NumberType::uint8});
  CHECK(model.input.type == NumberType::uint8);
  model::Model wide = stump_per_threshold(NumberType::int32, {3.5});
  wide.input.minimum = {-16777216.0};
  wide.input.maximum = {16777216.0};
  passes::narrow_features(wide, {.features = NumberType::float32});
  CHECK(wide.input.type == NumberType::float32);
}

TEST_CASE("narrow-features: a type that does not hold the inputs is refused") {
  const model::Model int16 = stump_per_threshold(NumberType::int16, {3.5});
  check_refused(int16, {.features = NumberType::uint8},
                "--features: uint8 holds 0 to 255, feature 0 of the model is int16, -32768 to 32767; feature_min and "
                "feature_max in the model can say that it is less");
  check_refused(stump_per_threshold(NumberType::int32, {3.5}), {.features = NumberType::float32},
                "--features: float32 holds -16777216 to 16777216, feature 0 of the model is int32, -2147483648 to "
                "2147483647; feature_min and feature_max in the model can say that it is less");
  model::Model ranged = stump_per_threshold(NumberType::float32, {3.5});
  ranged.input.minimum = {0.0};
  ranged.input.maximum = {256.0};
  check_refused(ranged, {.features = NumberType::uint8},
                "--features: uint8 holds 0 to 255, feature 0 of the model has 0 to 256");
  model::Model tested = stump_per_threshold(NumberType::float32, {3.5});
  tested.test_vectors.inputs = {{2.0}, {0.125}};
  check_refused(tested, {.features = NumberType::int8},
                "--features: int8 cannot hold 0.125, feature 0 of test vector 1");
  check_refused(stump_per_threshold(NumberType::float32, {3.5}), {.features = NumberType::int8, .data = {{128.0}}},
                "--data: row 0 has 128 for feature 0, which int8 cannot hold");
  check_refused(stump_per_threshold(NumberType::uint8, {3.5}), {.data = {{1.0}, {2.5}}},
                "--data: row 1 has 2.5 for feature 0, which uint8 cannot hold");
  check_refused(stump_per_threshold(NumberType::float32, {3.5}), {.features = NumberType::int8, .data = {{nan_value}}},
                "--data: row 0 has nan for feature 0, which int8 cannot hold");
}

TEST_CASE("narrow-features: a filter takes float only, a network only changes its input type") {
  model::Model filter;
  filter.input = {.n_features = 1, .type = NumberType::float64};
  filter.output = {.task = model::Task::filter, .n_outputs = 1};
  filter.predictor = model::SosCascade{.sections = {{.b0 = 1.0}}};
  check_refused(filter, {.features = NumberType::int16}, "--features: a signal cannot be int16, a filter takes float");
  CHECK(run_twice(passes::narrow_features, filter).changes == 1);
  CHECK(filter.input.type == NumberType::float32);

  model::Model network;
  network.input = {.n_features = 1, .type = NumberType::int8};
  network.predictor = model::DenseNetwork{};
  CHECK(passes::narrow_features(network, {}).changes == 0);
  CHECK(network.input.type == NumberType::int8);
}

TEST_CASE("narrow-features: before the scaler is folded it is a mistake of ours") {
  model::Model model = stump_per_threshold(NumberType::float32, {3.5});
  model.scalers = {{.offset = {0.0}, .scale = {1.0}}};
  CHECK_THROWS_AS(passes::narrow_features(model, {}), std::logic_error);
}
