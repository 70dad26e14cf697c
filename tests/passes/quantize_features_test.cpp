#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;
using passes::PassConfig;
using Choice = passes::FeatureScale::Choice;

namespace {

/// Three trees over two features with fractional thresholds; test vectors from -3.7 to 90.2.
model::Model fractions() {
  std::vector<model::Tree> trees = {
      {.nodes = {split(0, 0.37, 1, 2), leaf(0), split(1, 41.625, 3, 4), leaf(1), leaf(2)}},
      {.nodes = {split(1, 12.01, 1, 2), split(0, -2.2, 3, 4), leaf(3), leaf(4), leaf(0)}},
      {.nodes = {split(0, 1.4999, 1, 2), leaf(2), leaf(4)}},
  };
  model::Model model = regression(2, NumberType::float32, std::move(trees), {1.0, 2.0, 4.0, 8.0, 16.0});
  model.test_vectors.inputs = {{-3.7, 90.2}, {0.36, 12.0}, {1.5, 41.7}};
  model.test_vectors.outputs = {{0.0}, {0.0}, {0.0}};
  return model;
}

PassConfig config_of(NumberType type, Choice choice, std::vector<double> factors = {}) {
  return {.features = type, .feature_scale = passes::FeatureScale{choice, std::move(factors)}};
}

/// Rows from beyond one end of the codes to beyond the other.
std::vector<std::vector<double>> rows_over(const model::Input& input) {
  const model::NumberTypeInfo& type = model::info(input.type);
  std::vector<std::vector<double>> rows;
  const double low = 1.5 * type.lowest - 3.0, high = 1.5 * type.highest;
  const double step = (high - low) / 4096.0;
  for (double at = low; at < high; at += step) {
    rows.push_back({at / input.grid[0], (low + high - at) / input.grid[1]});
  }
  return rows;
}

/// Features that code: none of the functions of the interpreter that know of codes.
std::vector<double> stands_for(const model::Input& input, const std::vector<double>& x) {
  std::vector<double> values;
  for (std::size_t f = 0; f < x.size(); ++f) {
    const float steps = static_cast<float>(x[f]) * static_cast<float>(input.grid[f]);
    const double code = std::copysign(std::floor(std::abs(static_cast<double>(steps)) + 0.5), steps);
    const model::NumberTypeInfo& type = model::info(input.type);
    values.push_back(std::min(std::max(code, type.lowest), type.highest) / input.grid[f]);
  }
  return values;
}

void check_answers(const model::Model& before, const PassConfig& config) {
  model::Model after = before;
  passes::run_passes(after, config);
  CHECK(after.input.type == *config.features);
  CHECK(after.scalers.empty());
  for (const std::vector<double>& x : rows_over(after.input)) {
    CAPTURE(x);
    REQUIRE(model::predict(after, x) == model::predict(before, stands_for(after.input, x)));
  }
}

std::vector<double> grid_of(const model::Model& before, const PassConfig& config) {
  model::Model after = before;
  const passes::PassResult first = passes::quantize_features(after, config);
  CHECK(first.changes == 2);
  CHECK(passes::quantize_features(after, config).changes == 0);
  return after.input.grid;
}

void check_refused(const model::Model& before, const PassConfig& config, const char* message) {
  model::Model model = before;
  CHECK_THROWS_WITH_AS(passes::run_passes(model, config), message, Error);
}

}  // namespace

TEST_CASE("quantize-features: a code decides as what it stands for, for every type and factor") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    for (const std::vector<double>& factors : {std::vector{1.0}, {16.0}, {static_cast<double>(0.1F)}, {2.0, 0.25}}) {
      CAPTURE(model::info(type).name);
      check_answers(fractions(), config_of(type, Choice::given, factors));
    }
  }
  for (const Choice choice : {Choice::one, Choice::per_feature})
    check_answers(fractions(), config_of(NumberType::int16, choice));
  model::Model scaled = fractions();
  scaled.scalers = {{.op = model::ScalerOp::subtract_divide, .offset = {0.3, -7.0}, .scale = {-1.7, 9.1}}};
  check_answers(scaled, config_of(NumberType::int8, Choice::one));
}

TEST_CASE("quantize-features: the power of two with which all that is known fits the type") {
  // 90.2 * 256 is 23091; 128 * 90.2 would leave a bit unused. In int8 90.2 allows a factor of 1.
  CHECK(grid_of(fractions(), config_of(NumberType::int16, Choice::one)) == std::vector{256.0, 256.0});
  CHECK(grid_of(fractions(), config_of(NumberType::int8, Choice::one)) == std::vector{1.0, 1.0});
  // -3.7 * 8192 is -30310; 90.2 as before.
  CHECK(grid_of(fractions(), config_of(NumberType::int16, Choice::per_feature)) == std::vector{8192.0, 256.0});
  PassConfig with_data = config_of(NumberType::int16, Choice::one);
  with_data.data = {{0.0, 4000.0}};
  CHECK(grid_of(fractions(), with_data) == std::vector{8.0, 8.0});
  model::Model declared = fractions();
  declared.input.minimum = {-10.0, 0.0};
  declared.input.maximum = {10.0, 1000.0};
  CHECK(grid_of(declared, config_of(NumberType::int16, Choice::one)) == std::vector{32.0, 32.0});
}

TEST_CASE("quantize-features: multiples of a half need no finer grid") {
  model::Model model = fractions();
  model.test_vectors.inputs = {{-3.5, 90.0}, {0.5, 12.0}};
  model.test_vectors.outputs = {{0.0}, {0.0}};
  CHECK(grid_of(model, config_of(NumberType::int16, Choice::one)) == std::vector{2.0, 2.0});
  CHECK(grid_of(model, config_of(NumberType::int16, Choice::per_feature)) == std::vector{2.0, 1.0});
}

TEST_CASE("quantize-features: a declared range becomes one of codes, and what saturates is counted") {
  model::Model model = fractions();
  model.input.minimum = {-4.0, 0.0};
  model.input.maximum = {2.0, 100.0};
  const passes::PassResult result = passes::quantize_features(model, config_of(NumberType::int8, Choice::given, {2.0}));
  CHECK(model.input.minimum == std::vector{-8.0, 0.0});
  CHECK(model.input.maximum == std::vector{4.0, 127.0});
  CHECK(result.notes == std::vector<std::string>{"int8: round(x * 2); 1 of 6 values saturate"});  // 90.2
}

TEST_CASE("quantize-features: what it cannot do, and why") {
  const PassConfig automatic = config_of(NumberType::int16, Choice::one);
  check_refused(fractions(), config_of(NumberType::uint8, Choice::one),
                "--feature-scale: uint8 has no numbers below 0, a feature goes down to -3.7; take int8 or int16");
  check_refused(fractions(), config_of(NumberType::int8, Choice::given, {1.0, 2.0, 3.0}),
                "--feature-scale: has 3 factors, the model has 2 features");
  check_refused(fractions(), {.feature_scale = passes::FeatureScale{}},
                "--feature-scale: makes integers of features: needs --features int8, int16 or uint8");
  model::Model missing = fractions();
  missing.test_vectors.inputs[1][0] = nan_value;
  check_refused(missing, automatic, "--feature-scale: test vector 1 has nan for feature 0, which no int16 stands for");
  model::Model whole = fractions();
  whole.input.type = NumberType::int8;
  check_refused(whole, automatic, "--feature-scale: the features of the model are int8 already");
  model::Model unknown = fractions();
  unknown.test_vectors = {};
  trees_of(unknown).trees = {{.nodes = {leaf(0)}}};
  check_refused(unknown, automatic,
                "--feature-scale: nothing says how large features are: give --data or the factor, or feature_min and "
                "feature_max in the model");
}
