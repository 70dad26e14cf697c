#include <doctest/doctest.h>
#include <emlc/steps.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN(), beyond = std::numeric_limits<float>::infinity();

emlc_column_step step_of(emlc_step_kind kind, int variant = 0) {
  emlc_column_step step{};
  step.kind = static_cast<std::uint8_t>(kind);
  step.variant = static_cast<std::uint8_t>(variant);
  return step;
}

float value(const emlc_column_step& step, const std::vector<float>& numbers, float z) {
  return emlc_step_value(&step, numbers.data(), numbers.size(), z);
}

/// What a step should make of a number; the numbers are those of scipy and scikit-learn.
struct Point {
  float x;
  double y;
};

void check_points(const emlc_column_step& step, const std::vector<float>& numbers, const std::vector<Point>& points) {
  for (const Point& point : points) {
    CAPTURE(point.x);
    const auto found = static_cast<double>(value(step, numbers, point.x));
    CHECK(std::abs(found - point.y) <= 2e-6 * (1.0 + std::abs(point.y)));
  }
  CHECK(std::isnan(value(step, numbers, missing)));
}

}  // namespace

TEST_CASE("steps: a scaler of each formula, with and without limits") {
  CHECK(value(step_of(EMLC_STEP_SCALER), {1.0F, 2.0F}, 5.0F) == 2.0F);
  CHECK(value(step_of(EMLC_STEP_SCALER, 1), {1.0F, 2.0F}, 5.0F) == 11.0F);
  emlc_column_step clips = step_of(EMLC_STEP_SCALER, EMLC_STEP_CLIPS);
  clips.low = -1.0F;
  clips.high = 0.5F;
  CHECK(value(clips, {0.0F, 1.0F}, 5.0F) == 0.5F);
  CHECK(value(clips, {0.0F, 1.0F}, -5.0F) == -1.0F);
  CHECK(std::isnan(value(clips, {0.0F, 1.0F}, missing)));
}

TEST_CASE("steps: a missing value is NaN, or a number that stands for it") {
  emlc_column_step impute = step_of(EMLC_STEP_IMPUTE), indicator = step_of(EMLC_STEP_MISSING_INDICATOR);
  impute.low = indicator.low = missing;
  CHECK(value(impute, {7.0F}, missing) == 7.0F);
  CHECK(value(impute, {7.0F}, 0.0F) == 0.0F);
  CHECK(std::isnan(value(impute, {missing}, missing)));
  CHECK(value(indicator, {}, missing) == 1.0F);
  CHECK(value(indicator, {}, beyond) == 0.0F);
  impute.low = indicator.low = -1.0F;
  CHECK(value(impute, {7.0F}, -1.0F) == 7.0F);
  CHECK(std::isnan(value(impute, {7.0F}, missing)));
  CHECK(value(indicator, {}, -1.0F) == 1.0F);
  CHECK(value(indicator, {}, missing) == 0.0F);
}

TEST_CASE("steps: bins, thresholds, categories and tables") {
  const std::vector<float> edges = {-1.0F, 0.0F, 0.0F, beyond};
  const auto bin = [&](float z) { return value(step_of(EMLC_STEP_BINS), edges, z); };
  CHECK(bin(-beyond) == 0.0F);
  CHECK(bin(-1.0F) == 1.0F);
  CHECK(bin(-0.0F) == 3.0F);
  CHECK(bin(beyond) == 4.0F);
  CHECK(std::isnan(bin(missing)));
  CHECK(value(step_of(EMLC_STEP_BINS), {}, 1.0F) == 0.0F);
  CHECK(value(step_of(EMLC_STEP_BINARIZE), {0.5F}, 0.5F) == 0.0F);
  CHECK(value(step_of(EMLC_STEP_BINARIZE), {0.5F}, 0.75F) == 1.0F);
  CHECK(value(step_of(EMLC_STEP_BINARIZE), {0.5F}, missing) == 0.0F);
  CHECK(value(step_of(EMLC_STEP_ONE_HOT), {1.0F, 2.0F}, 2.0F) == 1.0F);
  CHECK(value(step_of(EMLC_STEP_ONE_HOT), {1.0F, 2.0F}, 3.0F) == 0.0F);
  CHECK(value(step_of(EMLC_STEP_ONE_HOT), {1.0F, 2.0F}, missing) == 0.0F);
  const emlc_column_step one_hot = step_of(EMLC_STEP_ONE_HOT);
  CHECK(emlc_step_value(&one_hot, nullptr, EMLC_STEP_PASSES, 3.5F) == 3.5F);
  const std::vector<float> table = {1.0F, 2.0F, 10.0F, 20.0F, -1.0F};
  CHECK(value(step_of(EMLC_STEP_LOOKUP), table, 2.0F) == 20.0F);
  CHECK(value(step_of(EMLC_STEP_LOOKUP), table, 3.0F) == -1.0F);
  CHECK(std::isnan(value(step_of(EMLC_STEP_LOOKUP), table, missing)));
}

TEST_CASE("steps: functions") {
  const auto of = [](int function, float z) { return value(step_of(EMLC_STEP_FUNCTION, function), {}, z); };
  const auto is_near = [](float found, double y) {
    return std::abs(static_cast<double>(found) - y) <= 2e-6 * (1.0 + std::abs(y));
  };
  for (const float x : {0.001F, 0.5F, 1.0F, 7.0F, 1e6F}) {
    CAPTURE(x);
    const auto z = static_cast<double>(x);
    CHECK(is_near(of(EMLC_STEP_LOG, x), std::log(z)));
    CHECK(is_near(of(EMLC_STEP_LOG1P, x), std::log1p(z)));
    CHECK(is_near(of(EMLC_STEP_LOG2, x), std::log2(z)));
    CHECK(is_near(of(EMLC_STEP_LOG10, x), std::log10(z)));
    CHECK(is_near(of(EMLC_STEP_SQRT, x), std::sqrt(z)));
    CHECK(is_near(of(EMLC_STEP_SQUARE, x), z * z));
    CHECK(is_near(of(EMLC_STEP_RECIPROCAL, x), 1.0 / z));
  }
  for (const float x : {-20.0F, -1.0F, -1e-4F, 1e-4F, 5.0F}) {
    CHECK(is_near(of(EMLC_STEP_EXP, x), std::exp(static_cast<double>(x))));
    CHECK(is_near(of(EMLC_STEP_EXPM1, x), std::expm1(static_cast<double>(x))));
  }
  CHECK(is_near(of(EMLC_STEP_LOG1P, -0.75F), std::log(0.25)));
  CHECK(of(EMLC_STEP_LOG1P, -1.0F) == -beyond);
  CHECK(of(EMLC_STEP_LOG1P, beyond) == beyond);
  CHECK(std::isnan(of(EMLC_STEP_LOG1P, -2.0F)));
  CHECK(of(EMLC_STEP_EXPM1, -beyond) == -1.0F);
  CHECK(of(EMLC_STEP_EXPM1, beyond) == beyond);
  CHECK(of(EMLC_STEP_ABS, -3.0F) == 3.0F);
  CHECK(of(EMLC_STEP_RECIPROCAL, -0.0F) == beyond);
  for (int function = EMLC_STEP_LOG; function <= EMLC_STEP_RECIPROCAL; ++function) {
    CHECK(std::isnan(of(function, missing)));
  }
}

TEST_CASE("steps: powers") {
  const emlc_column_step yeo_johnson = step_of(EMLC_STEP_POWER, EMLC_STEP_YEO_JOHNSON);
  check_points(yeo_johnson, {0.5F},
               {{-3.0F, -4.666666666666667}, {-0.25F, -0.2650283239582456}, {0.0F, 0.0}, {3.0F, 2.0}});
  check_points(yeo_johnson, {0.0F}, {{-3.0F, -7.5}, {0.25F, 0.22314355131420974}, {3.0F, 1.3862943611198906}});
  check_points(yeo_johnson, {2.0F}, {{-3.0F, -1.3862943611198906}, {0.25F, 0.28125}, {3.0F, 7.5}});
  check_points(yeo_johnson, {3.0F}, {{-3.0F, -0.75}, {-0.25F, -0.2}, {3.0F, 21.0}});
  const emlc_column_step box_cox = step_of(EMLC_STEP_POWER, EMLC_STEP_BOX_COX);
  check_points(box_cox, {0.5F}, {{0.25F, -1.0}, {1.0F, 0.0}, {7.0F, 3.2915026221291805}});
  check_points(box_cox, {0.0F}, {{0.25F, -1.3862943611198906}, {7.0F, 1.9459101490553132}});
  CHECK(value(box_cox, {0.5F}, 0.0F) == -2.0F);
  CHECK(std::isnan(value(box_cox, {0.5F}, -1.0F)));
}

TEST_CASE("steps: quantiles, two of which are equal") {
  const std::array<float, 5> references = {0.0F, 0.25F, 0.5F, 0.75F, 1.0F};
  const std::vector<float> quantiles = {0.0F, 1.0F, 1.0F, 2.0F, 6.0F};
  emlc_column_step quantile = step_of(EMLC_STEP_QUANTILE, EMLC_STEP_UNIFORM);
  quantile.references = references.data();
  quantile.n_references = 5;
  check_points(quantile, quantiles,
               {{-1.0F, 0.0}, {0.0F, 0.0}, {0.5F, 0.125}, {1.0F, 0.375}, {1.5F, 0.625}, {5.0F, 0.9375}, {7.0F, 1.0}});
  CHECK(value(quantile, quantiles, beyond) == 1.0F);
  quantile.variant = EMLC_STEP_NORMAL;
  check_points(quantile, quantiles,
               {{-1.0F, -5.199337582605575},
                {0.5F, -1.1503493803760079},
                {1.0F, -0.31863936396437514},
                {2.0F, 0.6744897501960817},
                {5.0F, 1.5341205443525463},
                {7.0F, 5.19933758270342}});
  // Numbers that do not ascend lead nowhere else.
  for (const float z : {0.5F, 1.0F, 3.0F}) CHECK(std::isfinite(value(quantile, {0.0F, 1.0F, 1.0F, 0.5F, 6.0F}, z)));
}

TEST_CASE("steps: norms, in place too") {
  using Row = std::array<float, 3>;
  const Row x = {3.0F, -4.0F, 0.0F};
  Row y{};
  emlc_step_normalize(EMLC_STEP_L2, 3, x.data(), y.data());
  CHECK(y == Row{0.6F, -0.8F, 0.0F});
  emlc_step_normalize(EMLC_STEP_MAX, 3, x.data(), y.data());
  CHECK(y == Row{0.75F, -1.0F, 0.0F});
  y = {1.0F, -2.0F, 1.0F};
  emlc_step_normalize(EMLC_STEP_L1, 3, y.data(), y.data());
  CHECK(y == Row{0.25F, -0.5F, 0.25F});
  y = {0.0F, -0.0F, 0.0F};
  emlc_step_normalize(EMLC_STEP_L2, 3, y.data(), y.data());
  CHECK(y == Row{0.0F, 0.0F, 0.0F});
  for (const unsigned norm : {EMLC_STEP_L1, EMLC_STEP_L2, EMLC_STEP_MAX}) {
    y = {1.0F, missing, 1.0F};
    emlc_step_normalize(norm, 3, y.data(), y.data());
    for (const float value : y) CHECK(std::isnan(value));
  }
}
