#include <doctest/doctest.h>
#include <emlc/scaler.h>

#include <array>
#include <cmath>
#include <limits>

namespace {

using Row = std::array<float, 3>;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("scaler: both formulas, in place too") {
  const Row offset = {1.0F, -2.0F, 0.5F}, scale = {2.0F, 4.0F, -0.5F};
  Row x = {5.0F, 6.0F, 1.0F}, y{};
  REQUIRE(emlc_subtract_divide_f32(offset.data(), scale.data(), 3, x.data(), y.data()) == EMLC_OK);
  CHECK(y == Row{2.0F, 2.0F, -1.0F});
  REQUIRE(emlc_multiply_add_f32(offset.data(), scale.data(), 3, x.data(), x.data()) == EMLC_OK);
  CHECK(x == Row{11.0F, 22.0F, 0.0F});
}

TEST_CASE("scaler: clipping includes both ends and keeps a missing value") {
  Row y = {-3.0F, missing, 9.0F};
  REQUIRE(emlc_clip_f32(-1.0F, 2.0F, 3, y.data()) == EMLC_OK);
  CHECK(y[0] == -1.0F);
  CHECK(std::isnan(y[1]));
  CHECK(y[2] == 2.0F);
}

TEST_CASE("scaler: NULL is refused") {
  const Row one = {1.0F, 1.0F, 1.0F};
  Row y = one;
  CHECK(emlc_subtract_divide_f32(nullptr, one.data(), 3, one.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_subtract_divide_f32(one.data(), nullptr, 3, one.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_multiply_add_f32(one.data(), one.data(), 3, nullptr, y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_multiply_add_f32(one.data(), one.data(), 3, one.data(), nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_clip_f32(0.0F, 1.0F, 3, nullptr) == EMLC_ERR_NULL);
}
