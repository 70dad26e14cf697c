#include "codegen/model/grid.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace emlc::model;

namespace {

Input on_grid(NumberType type, double factor) {
  return {.n_features = 1, .type = type, .grid = {static_cast<double>(static_cast<float>(factor))}};
}

}  // namespace

TEST_CASE("grid: every code has a value with that code, whatever the factor") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    for (const double factor : {1.0, 16.0, 0.1, 3.14159, 1e-20, 12345.678, 0x1p-60}) {
      const Input input = on_grid(type, factor);
      std::size_t n_wrong = 0;
      for (double code = info(type).lowest; code <= info(type).highest; ++code) {
        n_wrong += encode_feature(input, 0, decode_feature(input, 0, code)) == code ? 0U : 1U;
      }
      CHECK(n_wrong == 0);
    }
  }
}

TEST_CASE("grid: to nearest, halves away from 0, limited, NaN 0") {
  const Input input = on_grid(NumberType::int8, 4.0);
  struct Row {
    double value, code;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Row& row :
       {Row{0.125, 1}, Row{-0.125, -1}, Row{0.1249, 0}, Row{0.625, 3}, Row{-0.625, -3}, Row{31.8, 127}, Row{1e30, 127},
        Row{-32.1, -128}, Row{-infinity, -128}, Row{infinity, 127}, Row{std::numeric_limits<double>::quiet_NaN(), 0}}) {
    CAPTURE(row.value);
    CHECK(encode_feature(input, 0, row.value) == row.code);
  }
  CHECK(encode_feature(on_grid(NumberType::uint8, 4.0), 0, -1.0) == 0.0);
}

TEST_CASE("grid: value and product are float32, as on the device") {
  // The float nearest to 2.5 / 3, times 3, is 2.49999994 in double, which float32 rounds to 2.5.
  CHECK(encode_feature(on_grid(NumberType::int8, 3.0), 0, 2.5 / 3.0) == 3.0);
  CHECK(encode_feature(on_grid(NumberType::int8, 3.0), 0, -2.5 / 3.0) == -3.0);
}

TEST_CASE("grid: without one nothing changes") {
  const Input input{.n_features = 2, .type = NumberType::float64};
  const std::vector<double> x = {0.1, std::nan("")};
  CHECK(encoded(input, x)[0] == 0.1);
  CHECK(std::isnan(decoded(input, x)[1]));
  CHECK(given_type(input) == NumberType::float64);
  CHECK(given_type(on_grid(NumberType::int8, 1.0)) == NumberType::float32);
}
