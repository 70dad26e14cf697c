#include <doctest/doctest.h>
#include <emlc/dense.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

TEST_CASE("dense: every number of rows and columns agrees with the sum written out") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> small(-8, 8);  // products and sums of these are exact in float
  for (std::size_t n_out = 1; n_out <= 9; ++n_out) {
    for (std::size_t n_in = 1; n_in <= 6; ++n_in) {
      const auto draw = [&](std::size_t n) {
        std::vector<float> values(n);
        for (float& value : values) value = static_cast<float>(small(random)) / 4.0F;
        return values;
      };
      const std::vector<float> weights = draw(n_out * n_in), bias = draw(n_out), x = draw(n_in);
      std::vector<float> y(n_out + 1, 77.0F);
      REQUIRE(emlc_dense_f32(weights.data(), bias.data(), n_in, n_out, x.data(), y.data()) == EMLC_OK);
      for (std::size_t row = 0; row < n_out; ++row) {
        float expected = bias[row];
        for (std::size_t i = 0; i < n_in; ++i) expected += weights[row * n_in + i] * x[i];
        CAPTURE(n_out);
        CAPTURE(n_in);
        CHECK(y[row] == expected);
      }
      CHECK(y[n_out] == 77.0F);
    }
  }
}

TEST_CASE("dense: NULL and empty sizes are refused and leave y alone") {
  const std::array<float, 1> one = {1.0F};
  std::array<float, 1> y = {5.0F};
  CHECK(emlc_dense_f32(nullptr, one.data(), 1, 1, one.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_dense_f32(one.data(), nullptr, 1, 1, one.data(), y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_dense_f32(one.data(), one.data(), 1, 1, nullptr, y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_dense_f32(one.data(), one.data(), 1, 1, one.data(), nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_dense_f32(one.data(), one.data(), 0, 1, one.data(), y.data()) == EMLC_ERR_SIZE);
  CHECK(emlc_dense_f32(one.data(), one.data(), 1, 0, one.data(), y.data()) == EMLC_ERR_SIZE);
  CHECK(y[0] == 5.0F);
}
