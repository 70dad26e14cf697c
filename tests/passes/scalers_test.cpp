#include "codegen/passes/scalers.hpp"

#include "tests/passes/models.hpp"

/// Scalers on a device, which has float32 and nothing else, against the same in long double.
using namespace emlc;
using namespace emlc::passes::testing;
using model::Scaler;
using model::ScalerOp;

namespace {

struct Subject {
  const char* what;
  std::vector<Scaler> scalers;  ///< of one feature
  double low, high;             ///< of the inputs
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {
      {"pressure in Pa", {{.offset = {101325.5159921875}, .scale = {49.07311684541015}}}, 101200.0, 101500.0},
      {"seconds since 1970, of years", {{.offset = {1.7e9 + 0.123}, .scale = {3.1e7}}}, 1.6e9, 1.8e9},
      {"kelvin", {{.offset = {293.1503}, .scale = {0.01}}}, 293.0, 293.3},
      {"min-max of pressure",
       {{.op = ScalerOp::multiply_add, .offset = {-1012.34567}, .scale = {0.01}}},
       101200.0,
       101500.0},
      {"min-max, then standard",
       {{.op = ScalerOp::multiply_add, .offset = {-33.777}, .scale = {1.0 / 3000.1}},
        {.offset = {0.003}, .scale = {0.0125}}},
       101200.0,
       101500.0},
      {"clipped", {{.offset = {-40000.7}, .scale = {-3.3}, .clip = {{-3.0, 3.0}}}}, -40020.0, -39980.0},
      {"clipped, then stretched",
       {{.offset = {70000.9}, .scale = {2.0}, .clip = {{-3.0, 3.0}}},
        {.op = ScalerOp::multiply_add, .offset = {3.5}, .scale = {0.5}}},
       69990.0,
       70010.0},
      {"constant", {{.op = ScalerOp::multiply_add, .offset = {12345.678}, .scale = {0.0}}}, -1e6, 1e6},
      {"small", {{.offset = {0.3}, .scale = {0.7}}}, -2.0, 2.0},
  };
  return all;
}

/// Each step as the generated code has it: the difference, a product with the rounded reciprocal, the clip.
float on_device(const std::vector<Scaler>& scalers, float z) {
  for (const Scaler& scaler : scalers) {
    const auto offset = static_cast<float>(scaler.offset[0]);
    const bool divides = scaler.op == ScalerOp::subtract_divide;
    const auto factor = static_cast<float>(divides ? 1.0 / scaler.scale[0] : scaler.scale[0]);
    z = divides ? (z - offset) * factor : z * factor + offset;
    if (scaler.clip && z < static_cast<float>(scaler.clip->first)) z = static_cast<float>(scaler.clip->first);
    if (scaler.clip && z > static_cast<float>(scaler.clip->second)) z = static_cast<float>(scaler.clip->second);
  }
  return z;
}

long double exactly(const std::vector<Scaler>& scalers, long double z) {
  for (const Scaler& scaler : scalers) {
    const long double offset = scaler.offset[0], scale = scaler.scale[0];
    z = scaler.op == ScalerOp::subtract_divide ? (z - offset) / scale : z * scale + offset;
    if (scaler.clip && z < scaler.clip->first) z = scaler.clip->first;
    if (scaler.clip && z > scaler.clip->second) z = scaler.clip->second;
  }
  return z;
}

/// The largest error on inputs from low to high: of the value, in steps of a float32, where it is more than 1.
double error_in_steps(const std::vector<Scaler>& trained, const std::vector<Scaler>& device, const Subject& subject) {
  double largest = 0.0;
  for (int i = 0; i <= 5000; ++i) {
    const auto x = static_cast<float>(subject.low + (subject.high - subject.low) * i / 5000.0);
    const long double expected = exactly(trained, x);
    const auto error = std::abs(static_cast<double>(on_device(device, x) - expected));
    largest = std::max(largest, error / (0x1p-23 * std::max(1.0, std::abs(static_cast<double>(expected)))));
  }
  return largest;
}

}  // namespace

TEST_CASE("scalers: with far offsets they are right to two steps of float32, as trained many are not") {
  double worst_as_trained = 0.0;
  for (const Subject& subject : subjects()) {
    CAPTURE(std::string(subject.what));
    model::Model model;
    model.input = {.n_features = 1};
    model.output = {.task = model::Task::transform, .n_outputs = 1, .targets = {{.size = 1}}};
    model.scalers = subject.scalers;
    run_twice(passes::fold_scaler, model);
    CHECK(error_in_steps(subject.scalers, model.scalers, subject) <= 2.0);
    worst_as_trained = std::max(worst_as_trained, error_in_steps(subject.scalers, subject.scalers, subject));
  }
  CHECK(worst_as_trained > 1000.0);
}

TEST_CASE("scalers: those that are right as they are stay so") {
  for (const Scaler& scaler : {Scaler{.offset = {0.5}, .scale = {0.25}}, Scaler{.offset = {4096.0}, .scale = {1.5}},
                               Scaler{.op = ScalerOp::multiply_add, .offset = {0.1}, .scale = {0.01}}}) {
    std::vector<Scaler> scalers = {scaler};
    CHECK(passes::keep_digits(scalers) == 0);
    CHECK(scalers.size() == 1);
  }
}
