#include "codegen/signal/level/infer_level.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/signal/level/weighting.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::signal {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view problem) {
  throw Error({.file = {}, .line = 0, .field = path}, problem);
}

const Signal& operand_of(const Plan& plan, const Signal& signal) {
  return plan.signals[static_cast<std::size_t>(signal.from.front())];
}

double rate_of(const Plan& plan, const Signal& signal) { return plan.input.sample_rate / signal.stride; }

/// Integers of a weighting stay below this, so that sums of their halves fit 32 bits.
constexpr double largest_sample = 0x1p30 * 0.99;

void infer_integers(const Plan& plan, Signal& signal, const WeightingDesign& design) {
  constexpr int most_shift = 20;
  const Signal& operand = operand_of(plan, signal);
  if (!operand.is_integer) {
    fail(signal.path, fmt::format("'{}' is real, expected integers for the arithmetic q31", printable(operand.name)));
  }
  const auto integers = integers_of(design);
  if (!integers) {
    fail(signal.path,
         fmt::format("has {} samples a second, expected at least 7000 for a weighting in q31", rate_of(plan, signal)));
  }
  const WeightingGains gains = gains_of(*integers);
  const auto largest = std::max(static_cast<double>(magnitude(operand.range)), 1.0);
  const double room = largest_sample / (gains.largest * largest);
  if (room < 1.0) {
    fail(signal.path,
         fmt::format("'{}' has samples of {} bits, expected samples up to {:.0f} in magnitude for the arithmetic q31",
                     printable(operand.name), bits_of(operand.range), std::floor(largest_sample / gains.largest)));
  }
  signal.input_shift = std::min(static_cast<int>(std::floor(std::log2(room))), most_shift);
  // What each high-pass rounds off adds up to as much as it takes to be forgotten, doubled by those behind it.
  double rounding = 0.0;
  for (const Share& share : integers->high_passes) rounding += 16.0 * std::ldexp(1.0 / share.factor, share.shift);
  const double most = gains.last * std::ldexp(largest, signal.input_shift) + rounding + 64.0;
  signal.range = {-static_cast<Wide>(most), static_cast<Wide>(most)};
  signal.level.integers = *integers;
}

void infer_weighting(const Plan& plan, Signal& signal) {
  const double rate = rate_of(plan, signal);
  if (signal.arithmetic != model::Arithmetic::float32 && signal.arithmetic != model::Arithmetic::q31) {
    fail(signal.path + ".arithmetic",
         fmt::format("is '{}', expected float or q31 for a weighting", model::info(signal.arithmetic).name));
  }
  if (!(rate >= least_weighting_rate && rate <= most_weighting_rate)) {
    fail(signal.path, fmt::format("has {} samples a second, expected {} to {} for a weighting", rate,
                                  least_weighting_rate, most_weighting_rate));
  }
  const auto design = design_weighting(signal.level.curve, rate);
  if (!design) fail(signal.path, fmt::format("no sections of second order have this curve at {} Hz", rate));
  signal.filter = cascade_of(*design);
  if (signal.arithmetic == model::Arithmetic::q31) infer_integers(plan, signal, *design);
}

/// So many bits of a sample, without the sign, as sums of squares leave room for; 24 are beyond what sensors have.
void infer_mean_square(const Plan& plan, Signal& signal) {
  constexpr int most_bits = 24, bits_of_sum = 60;
  const Signal& operand = operand_of(plan, signal);
  signal.is_power = true;
  signal.phase = operand.phase + (signal.length - 1) * operand.stride;
  signal.power_scale = 1.0;
  if (!operand.is_integer) return;
  const int block_bits = static_cast<int>(std::ceil(std::log2(signal.length)));
  const int bits = std::min(most_bits, (bits_of_sum - block_bits) / 2);
  signal.level.dropped_bits = std::max(bits_of(operand.range) - 1 - bits, 0);
  signal.power_scale = std::ldexp(1.0 / signal.length, 2 * (signal.level.dropped_bits - operand.unit_bits));
}

void check_power(const Signal& signal, const std::string& path) {
  if (signal.is_power) return;
  fail(path,
       fmt::format("'{}' is no power, expected a signal of 'mean_square' or 'time_weighting'", printable(signal.name)));
}

void infer_time_weighting(const Plan& plan, Signal& signal) {
  constexpr int most_bits = 61;
  const Signal& operand = operand_of(plan, signal);
  check_power(operand, signal.path);
  const double factor = -std::expm1(-1.0 / (rate_of(plan, signal) * signal.level.seconds));
  signal.level.factor = static_cast<float>(factor);
  signal.level.share = nearest_share(factor);
  signal.level.extra_bits = most_bits - std::min(bits_of(operand.range), most_bits);
}

}  // namespace

void infer_level(const Plan& plan, Signal& signal) {
  const Signal& operand = operand_of(plan, signal);
  signal.phase = operand.phase;
  signal.unit_bits = operand.unit_bits;
  signal.is_power = false;
  switch (signal.operation) {
    case Operation::weighting:
      infer_weighting(plan, signal);
      break;
    case Operation::mean_square:
      return infer_mean_square(plan, signal);
    case Operation::time_weighting:
      infer_time_weighting(plan, signal);
      [[fallthrough]];
    case Operation::decimate:
      signal.is_power = operand.is_power;
      signal.power_scale = operand.power_scale;
      return;
    case Operation::square:
    case Operation::norm2_squared:
    case Operation::dot:
      signal.unit_bits *= 2;
      return;
    default:
      break;
  }
  signal.unit_bits += signal.input_shift;
}

void infer_level(const Plan& plan, Feature& feature) {
  if (!is_level(feature.statistic)) return;
  const Signal& signal = plan.signals[static_cast<std::size_t>(feature.of)];
  check_power(signal, feature.path);
  const model::NumberTypeInfo& type = model::info(plan.input.type);
  // Without a calibration a square wave of full scale has 0 dB.
  const double full_scale = type.is_integer ? std::max(-type.lowest, type.highest) : 1.0;
  const Calibration known = plan.input.calibration.value_or(Calibration{.level = 0.0, .rms = full_scale});
  feature.level.scale = static_cast<float>(signal.power_scale);
  feature.level.offset = static_cast<float>(known.level - 20.0 * std::log10(known.rms));
}

}  // namespace emlc::signal
