#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/trees/float_keys.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Thresholds where the bits of floats have something to get wrong.
std::vector<float> thresholds() {
  const float tiny = std::numeric_limits<float>::denorm_min(), largest = std::numeric_limits<float>::max();
  std::vector<float> values = {0.0F, -0.0F, infinity, -infinity};
  for (const float value : {tiny, std::numeric_limits<float>::min(), 0.1F, 1.0F, 1.5F, 16777216.0F, largest}) {
    values.push_back(value);
    values.push_back(-value);
  }
  return values;
}

/// Every threshold with three values of each side of it, both zeros, and NaNs of both signs and ends of their range.
std::vector<float> values() {
  std::vector<float> all = {0.0F, -0.0F};
  for (const float threshold : thresholds()) {
    all.push_back(threshold);
    for (const float direction : {infinity, -infinity}) {
      float value = threshold;
      for (int step = 0; step < 3; ++step) all.push_back(value = std::nextafter(value, direction));
    }
  }
  for (const std::uint32_t bits : {0x7f800001U, 0x7fc00000U, 0x7fffffffU, 0xff800001U, 0xffc00000U, 0xffffffffU}) {
    all.push_back(std::bit_cast<float>(bits));
  }
  return all;
}

enum class NaN { right, left, either };

/// One split on one feature for each threshold, whose output is 1 on the left.
model::Model make_model(NaN nan) {
  model::TreeEnsemble ensemble{.n_features = 1, .leaf_width = 1, .leaf_values = {0.0, 1.0}};
  for (const float threshold : thresholds()) {
    for (const bool goes_left : {false, true}) {
      if ((nan == NaN::right && goes_left) || (nan == NaN::left && !goes_left)) continue;
      const model::Split split{
          .feature = 0, .threshold = threshold, .left = 1, .right = 2, .default_child = goes_left ? 1 : 2};
      const auto column = static_cast<std::int32_t>(ensemble.trees.size());
      ensemble.trees.push_back({.nodes = {split, model::Leaf{1}, model::Leaf{0}}, .first_output = column});
    }
  }
  ensemble.n_outputs = static_cast<std::int32_t>(ensemble.trees.size());
  ensemble.base_score.assign(ensemble.trees.size(), 0.0);
  model::Model model;
  model.input = {.n_features = 1, .type = model::NumberType::float32};
  model.output = {.n_outputs = ensemble.n_outputs, .targets = {{.size = ensemble.n_outputs}}};
  model.predictor = ensemble;
  return model;
}

}  // namespace

TEST_CASE("float keys: integers answer like floats around every threshold, for both zeros and every NaN") {
  test::Rows inputs;
  for (const float value : values()) inputs.push_back({static_cast<double>(value)});
  for (const NaN nan : {NaN::right, NaN::left, NaN::either}) {
    const model::Model model = make_model(nan);
    test::Rows expected;
    for (const auto& x : inputs) expected.push_back(model::predict(model, x));
    for (const c::Fpu fpu : {c::Fpu::no, c::Fpu::yes, c::Fpu::automatic}) {
      for (const std::string_view standard : {"c99", "c++11", "c++17"}) {
        CAPTURE(static_cast<int>(nan));
        CAPTURE(static_cast<int>(fpu));
        CAPTURE(standard);
        const c::EmitConfig config{.name = "m",
                                   .language = standard == "c++17" ? c::Language::cpp : c::Language::c,
                                   .layout = c::TreeLayout::inline_code,
                                   .fpu = fpu};
        const std::string header = c::emit_header(model, config).bytes;
        CHECK(test::run_header(header, model, config, inputs, standard).outputs == expected);
      }
    }
  }
}

TEST_CASE("float keys: threshold_key is in the order of the floats, and both zeros are above every negative key") {
  std::vector<float> sorted = thresholds();
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const bool is_less = sorted[i - 1] < sorted[i];
    CHECK((c::threshold_key(sorted[i - 1]) < c::threshold_key(sorted[i])) == is_less);
  }
  CHECK(c::threshold_key(0.0) == -1);
  CHECK(c::threshold_key(-0.0) == -1);
}
