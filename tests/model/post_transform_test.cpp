#include "codegen/model/post_transform.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace emlc::model;
using Kind = PostTransformKind;

namespace {

std::vector<double> transformed(const PostTransform& transform, std::vector<double> x) {
  apply_post_transform(transform, x);
  return x;
}

double transformed_one(const PostTransform& transform, double x) { return transformed(transform, {x})[0]; }

void check_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= tolerance);
}

constexpr double ln2 = 0.6931471805599453, ln3 = 1.0986122886681098;

}  // namespace

TEST_CASE("post-transform: each kind against values known from its formula") {
  struct Row {
    Kind kind;
    double x, y;
  };
  for (const Row& row :
       {Row{Kind::identity, -2.5, -2.5}, Row{Kind::sigmoid, 0.0, 0.5}, Row{Kind::sigmoid, ln3, 0.75},
        Row{Kind::sigmoid, -ln3, 0.25}, Row{Kind::exp, ln2, 2.0}, Row{Kind::exp, 0.0, 1.0}, Row{Kind::hinge, 0.0, 0.0},
        Row{Kind::hinge, 5e-324, 1.0}, Row{Kind::hinge, -1.0, 0.0}, Row{Kind::signed_square, -3.0, -9.0},
        Row{Kind::signed_square, 3.0, 9.0}, Row{Kind::log1p_exp, 0.0, ln2}, Row{Kind::log1p_exp, ln3, 2 * ln2}}) {
    CAPTURE(name(row.kind));
    CAPTURE(row.x);
    check_near(transformed({.kind = row.kind}, {row.x}), {row.y}, 4e-16);
  }
}

TEST_CASE("post-transform: no kind overflows on the way to a value that a double has") {
  struct Row {
    Kind kind;
    double x, y;
  };
  for (const Row& row :
       {Row{Kind::log1p_exp, 9000.0, 9000.0}, Row{Kind::log1p_exp, -9000.0, 0.0}, Row{Kind::log1p_exp, 700.5, 700.5},
        Row{Kind::log1p_exp, 699.5, 699.5}, Row{Kind::log1p_exp, infinity, infinity},
        Row{Kind::log1p_exp, -infinity, 0.0}, Row{Kind::sigmoid, 9000.0, 1.0}, Row{Kind::sigmoid, -9000.0, 0.0},
        Row{Kind::softmax, 9000.0, 1.0}, Row{Kind::softmax, -9000.0, 1.0}, Row{Kind::log_softmax, 9000.0, 0.0},
        Row{Kind::log_softmax, -9000.0, 0.0}}) {
    CAPTURE(name(row.kind));
    CAPTURE(row.x);
    CHECK(transformed_one({.kind = row.kind}, row.x) == row.y);
    CHECK(transformed_one({.kind = row.kind, .type = NumberType::float32}, row.x) == row.y);
  }
  CHECK(transformed({.kind = Kind::softmax}, {-9000.0, 9000.0}) == std::vector{0.0, 1.0});
  CHECK(transformed({.kind = Kind::log_softmax}, {-9000.0, 9000.0}) == std::vector{-18000.0, 0.0});
}

TEST_CASE("post-transform: the scale multiplies first") {
  CHECK(transformed_one({.kind = Kind::identity, .scale = 3.0}, 2.0) == 6.0);
  CHECK(transformed_one({.kind = Kind::signed_square, .scale = -2.0}, 1.5) == -9.0);
  check_near(transformed({.kind = Kind::sigmoid, .scale = 2.0}, {ln3 / 2.0}), {0.75}, 2e-16);
}

TEST_CASE("post-transform: softmax and normalize give shares of the whole") {
  check_near(transformed({.kind = Kind::softmax}, {0.0, ln2, ln3}), {1.0 / 6, 2.0 / 6, 3.0 / 6}, 2e-16);
  check_near(transformed({.kind = Kind::log_softmax}, {0.0, ln2, ln3}), {-ln2 - ln3, -ln3, -ln2}, 4e-16);
  check_near(transformed({.kind = Kind::softmax}, {7.0}), {1.0}, 0.0);
  CHECK(transformed({.kind = Kind::normalize}, {1.0, 2.0, 5.0}) == std::vector{0.125, 0.25, 0.625});
}

TEST_CASE("post-transform: isolation is -2^(-x / denominator) - offset") {
  CHECK(transformed_one({.kind = Kind::isolation, .denominator = 2.0, .offset = -0.5}, 2.0) == 0.0);
  CHECK(transformed_one({.kind = Kind::isolation, .denominator = 4.0, .offset = 0.25}, 8.0) == -0.5);
}

TEST_CASE("post-transform: large sums neither overflow nor become NaN") {
  CHECK(transformed_one({.kind = Kind::sigmoid}, 1000.0) == 1.0);
  CHECK(transformed_one({.kind = Kind::sigmoid}, -1000.0) == 0.0);
  CHECK(transformed({.kind = Kind::softmax}, {1000.0, 0.0}) == std::vector{1.0, 0.0});
  CHECK(transformed({.kind = Kind::softmax}, {-1000.0, -1000.0}) == std::vector{0.5, 0.5});
}

TEST_CASE("post-transform: float32 gives what float arithmetic gives, to one unit in the last place") {
  const auto check_float = [](double found, float expected) {
    CHECK(found == static_cast<double>(static_cast<float>(found)));
    const double unit = std::abs(static_cast<double>(std::nextafter(expected, 2.0F) - expected));
    CHECK(std::abs(found - static_cast<double>(expected)) <= unit);
  };
  for (float x = -20.0F; x <= 20.0F; x += 0.37F) {
    CAPTURE(x);
    const auto in = static_cast<double>(x);
    check_float(transformed_one({.kind = Kind::sigmoid, .type = NumberType::float32}, in),
                1.0F / (1.0F + std::exp(-x)));
    check_float(transformed_one({.kind = Kind::exp, .type = NumberType::float32}, in), std::exp(x));
    check_float(transformed_one({.kind = Kind::signed_square, .type = NumberType::float32}, in),
                std::copysign(x * x, x));
    const std::vector<double> shares =
        transformed({.kind = Kind::softmax, .type = NumberType::float32}, {in, in / 2.0, 0.0});
    const float top = std::max(x, 0.0F);
    const float first = std::exp(x - top), second = std::exp(x / 2.0F - top), third = std::exp(0.0F - top);
    const auto sum =
        static_cast<float>(static_cast<double>(first) + static_cast<double>(second) + static_cast<double>(third));
    check_float(shares[0], first / sum);
    check_float(shares[1], second / sum);
    check_float(shares[2], third / sum);
  }
  CHECK(transformed_one({.kind = Kind::exp, .type = NumberType::float32}, 89.0) ==
        std::numeric_limits<double>::infinity());
}
