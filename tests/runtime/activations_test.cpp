#include <doctest/doctest.h>
#include <emlc/activations.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace {

/// From far below to far above, with both zeros and what overflows exp.
const std::vector<float> probes = {-200.0F, -87.5F, -20.0F, -3.0F, -1.0F, -0.1F, -1e-4F, -1e-8F, -0.0F, 0.0F,
                                   1e-8F,   1e-4F,  0.1F,   0.5F,  1.0F,  3.0F,  6.0F,   6.001F, 20.0F, 200.0F};

double logistic(double y) { return 1.0 / (1.0 + std::exp(-y)); }
double softplus(double y) { return std::max(y, 0.0) + std::log1p(std::exp(-std::abs(y))); }

void check_near(float found, double expected) {
  CAPTURE(expected);
  CHECK(std::abs(static_cast<double>(found) - expected) <= 5e-7 * std::abs(expected) + 1e-37);
}

}  // namespace

TEST_CASE("activations: every one agrees with its formula in double") {
  struct Case {
    emlc_activation activation;
    std::function<double(double)> formula;
  };
  constexpr float alpha = 0.25F;
  for (const Case& c : {
           Case{EMLC_IDENTITY, [](double y) { return y; }},
           Case{EMLC_RELU, [](double y) { return std::max(y, 0.0); }},
           Case{EMLC_RELU6, [](double y) { return std::min(std::max(y, 0.0), 6.0); }},
           Case{EMLC_LEAKY_RELU, [](double y) { return y < 0.0 ? 0.25 * y : y; }},
           Case{EMLC_TANH, [](double y) { return std::tanh(y); }},
           Case{EMLC_LOGISTIC, logistic},
           Case{EMLC_SOFTPLUS, softplus},
           Case{EMLC_ELU, [](double y) { return y < 0.0 ? 0.25 * std::expm1(y) : y; }},
       }) {
    std::vector<float> y = probes;
    emlc_activate_f32(c.activation, alpha, y.data(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      CAPTURE(c.activation);
      CAPTURE(probes[i]);
      check_near(y[i], c.formula(static_cast<double>(probes[i])));
    }
  }
}

TEST_CASE("activations: softmax of large numbers neither overflows nor loses its sum") {
  std::array<float, 3> y = {1000.0F, 1001.0F, -1000.0F};
  emlc_activate_f32(EMLC_SOFTMAX, 0.0F, y.data(), y.size());
  check_near(y[0], 1.0 - logistic(1.0));
  check_near(y[1], logistic(1.0));
  CHECK(y[2] == 0.0F);
  std::array<float, 1> one = {-5.0F};
  emlc_activate_f32(EMLC_SOFTMAX, 0.0F, one.data(), one.size());
  CHECK(one[0] == 1.0F);
}

TEST_CASE("post-transforms: every one agrees with its formula in double, after the scale") {
  struct Case {
    emlc_post_transform_kind kind;
    std::function<double(double)> formula;
  };
  for (const Case& c : {
           Case{EMLC_POST_IDENTITY, [](double y) { return y; }},
           Case{EMLC_POST_SIGMOID, logistic},
           Case{EMLC_POST_EXP, [](double y) { return std::exp(y); }},
           Case{EMLC_POST_HINGE, [](double y) { return y > 0.0 ? 1.0 : 0.0; }},
           Case{EMLC_POST_SIGNED_SQUARE, [](double y) { return std::copysign(y * y, y); }},
           Case{EMLC_POST_LOG1P_EXP, softplus},
           Case{EMLC_POST_ISOLATION, [](double y) { return -std::exp2(-y / 8.0) - 0.5; }},
       }) {
    const emlc_post_transform transform = {c.kind, 0.5F, 8.0F, 0.5F};
    std::vector<float> y;
    for (const float value : probes) {
      if (std::abs(value) <= 150.0F) y.push_back(value);
    }
    const std::vector<float> x = y;
    emlc_post_transform_f32(&transform, y.data(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      CAPTURE(c.kind);
      CAPTURE(x[i]);
      check_near(y[i], c.formula(0.5 * static_cast<double>(x[i])));
    }
  }
}

TEST_CASE("post-transforms: softmax and normalize work on all outputs together") {
  const emlc_post_transform softmax = {EMLC_POST_SOFTMAX, 2.0F, 1.0F, 0.0F};
  std::array<float, 2> y = {0.5F, 1.0F};
  emlc_post_transform_f32(&softmax, y.data(), y.size());
  check_near(y[0], 1.0 - logistic(1.0));
  check_near(y[1], logistic(1.0));
  const emlc_post_transform log_softmax = {EMLC_POST_LOG_SOFTMAX, 2.0F, 1.0F, 0.0F};
  y = {0.5F, 1.0F};
  emlc_post_transform_f32(&log_softmax, y.data(), y.size());
  check_near(y[0], std::log(1.0 - logistic(1.0)));
  check_near(y[1], std::log(logistic(1.0)));
  std::array<float, 2> large = {-5000.0F, 3000.0F};
  emlc_post_transform_f32(&log_softmax, large.data(), large.size());
  CHECK(large == std::array<float, 2>{-16000.0F, 0.0F});
  const emlc_post_transform normalize = {EMLC_POST_NORMALIZE, 3.0F, 1.0F, 0.0F};
  std::array<float, 3> votes = {1.0F, 2.0F, 5.0F};
  emlc_post_transform_f32(&normalize, votes.data(), votes.size());
  CHECK(votes == std::array<float, 3>{0.125F, 0.25F, 0.625F});
}

TEST_CASE("activations: a code that does not exist is known as such") {
  CHECK(emlc_has_activation(EMLC_ELU));
  CHECK_FALSE(emlc_has_activation(EMLC_ELU + 1));
  CHECK(emlc_has_post_transform(EMLC_POST_LOG_SOFTMAX));
  CHECK_FALSE(emlc_has_post_transform(EMLC_POST_LOG_SOFTMAX + 1));
}

TEST_CASE("activations: NaN stays NaN, as numpy's and the trainers' formulas have it; a softmax passes it to all") {
  for (const emlc_activation activation : {EMLC_IDENTITY, EMLC_RELU, EMLC_RELU6, EMLC_LEAKY_RELU, EMLC_TANH,
                                           EMLC_LOGISTIC, EMLC_SOFTMAX, EMLC_SOFTPLUS, EMLC_ELU}) {
    CAPTURE(activation);
    for (const std::size_t at : {0U, 1U}) {
      std::array<float, 2> y = {0.5F, 0.5F};
      y[at] = std::nanf("");
      emlc_activate_f32(activation, 0.25F, y.data(), y.size());
      CHECK(std::isnan(y[at]));
      CHECK(std::isnan(y[1 - at]) == (activation == EMLC_SOFTMAX));
    }
  }
}

TEST_CASE("activations: infinities have their limits") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  struct Case {
    emlc_activation activation;
    float below, above;
  };
  for (const Case& c :
       {Case{EMLC_IDENTITY, -infinity, infinity}, Case{EMLC_RELU, 0.0F, infinity}, Case{EMLC_RELU6, 0.0F, 6.0F},
        Case{EMLC_LEAKY_RELU, -infinity, infinity}, Case{EMLC_TANH, -1.0F, 1.0F}, Case{EMLC_LOGISTIC, 0.0F, 1.0F},
        Case{EMLC_SOFTPLUS, 0.0F, infinity}, Case{EMLC_ELU, -0.25F, infinity}}) {
    CAPTURE(c.activation);
    CHECK(emlc_activate_one_f32(c.activation, 0.25F, -infinity) == c.below);
    CHECK(emlc_activate_one_f32(c.activation, 0.25F, infinity) == c.above);
  }
}

TEST_CASE("activations: nothing at all may be NULL") {
  for (const emlc_activation activation : {EMLC_RELU, EMLC_SOFTMAX}) emlc_activate_f32(activation, 0.0F, nullptr, 0);
  for (const emlc_post_transform_kind kind :
       {EMLC_POST_SOFTMAX, EMLC_POST_LOG_SOFTMAX, EMLC_POST_NORMALIZE, EMLC_POST_EXP}) {
    const emlc_post_transform transform = {kind, 1.0F, 1.0F, 0.0F};
    emlc_post_transform_f32(&transform, nullptr, 0);
  }
}
