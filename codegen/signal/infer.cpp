#include "codegen/signal/infer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/signal/level/infer_level.hpp"
#include "codegen/signal/operation.hpp"
#include "codegen/signal/spectrum/infer_spectrum.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::signal {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view problem) {
  throw Error({.file = {}, .line = 0, .field = path}, problem);
}

/// What is too large: the problem without the advice.
struct TooLarge {
  std::string path, problem;
};

const Signal& at(const Plan& plan, std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)]; }

void infer_channel(const Plan& plan, std::size_t index, Signal& signal) {
  const model::NumberTypeInfo& type = model::info(plan.input.type);
  const Channel& channel = plan.input.channels[index];
  signal.is_integer = type.is_integer;
  if (!type.is_integer) return;
  signal.range = {static_cast<Wide>(channel.minimum.value_or(type.lowest)),
                  static_cast<Wide>(channel.maximum.value_or(type.highest))};
}

/// All operands have the rate of the first one, and none is of the window.
void check_operands(const Plan& plan, const Signal& signal) {
  const Signal& first = at(plan, signal.from.front());
  for (const std::int32_t index : signal.from) {
    const Signal& operand = at(plan, index);
    if (operand.is_of_window) {
      fail(signal.path, fmt::format("'{}' is of the window, where only features can look at it; expected a signal of "
                                    "the stream",
                                    printable(operand.name)));
    }
    if (operand.stride != first.stride) {
      fail(signal.path, fmt::format("'{}' has a sample for {} frames and '{}' one for {}, expected the same rate",
                                    printable(first.name), first.stride, printable(operand.name), operand.stride));
    }
    if (operand.phase == first.phase) continue;
    fail(signal.path, fmt::format("'{}' has its samples at other frames than '{}': expected two that are decimated, or "
                                  "two that are means of blocks",
                                  printable(operand.name), printable(first.name)));
  }
}

void check_decimation(const Plan& plan, const Signal& signal) {
  for (const std::int32_t frames : {plan.window.length, plan.window.hop}) {
    if (frames % signal.stride == 0) continue;
    fail(signal.path, fmt::format("has a sample for {} frames, which do not divide the {} frames of the {}",
                                  signal.stride, frames, frames == plan.window.length ? "window" : "hop"));
  }
}

void check_clip(const Signal& signal) {
  for (const std::optional<double>& bound : {signal.minimum, signal.maximum}) {
    if (!bound || (*bound == std::floor(*bound) && std::abs(*bound) < 0x1p61)) continue;
    fail(signal.path, fmt::format("clips integers to {}, expected a whole number", *bound));
  }
}

/// A filter in integers takes samples of 16 or 32 bits; those of 16 bits become the upper half of 32.
void infer_filter(const Plan& plan, Signal& signal) {
  const Signal& operand = at(plan, signal.from.front());
  if (signal.arithmetic == model::Arithmetic::float32) return;
  const model::ArithmeticInfo& arithmetic = model::info(signal.arithmetic);
  if (!operand.is_integer) {
    fail(signal.path, fmt::format("'{}' is real, expected integers for the arithmetic {}", printable(operand.name),
                                  arithmetic.name));
  }
  const int bits = bits_of(operand.range);
  if (bits > arithmetic.sample_bits) {
    fail(signal.path, fmt::format("'{}' has samples of {} bits, expected at most {} for the arithmetic {}",
                                  printable(operand.name), bits, arithmetic.sample_bits, arithmetic.name));
  }
  signal.input_shift = arithmetic.sample_bits == 32 && bits <= 16 ? 16 : 0;
}

void infer_signal(const Plan& plan, Signal& signal) {
  const OperationInfo& row = info(signal.operation);
  check_operands(plan, signal);
  signal.is_of_window = row.is_of_window;
  signal.stride = at(plan, signal.from.front()).stride;
  if (signal.operation == Operation::decimate || signal.operation == Operation::mean_square) {
    const std::int64_t stride = std::int64_t{signal.stride} * signal.length;
    if (stride > plan.window.length) fail(signal.path, "leaves no sample in a window");
    signal.stride = static_cast<std::int32_t>(stride);
    check_decimation(plan, signal);
  }
  if (signal.operation == Operation::sos) infer_filter(plan, signal);
  infer_level(plan, signal);
  signal.is_integer = std::all_of(signal.from.begin(), signal.from.end(),
                                  [&](std::int32_t index) { return at(plan, index).is_integer; });
  if (!signal.is_integer) return;
  if (signal.operation == Operation::clip) check_clip(signal);
  const Numbers numbers = row.numbers(plan, signal);
  signal.is_integer = numbers.is_integer;
  signal.range = numbers.is_integer ? numbers.range : Range{};
  const int bits = bits_of(signal.range);
  if (bits <= most_sample_bits) return;
  throw TooLarge{signal.path, fmt::format("'{}' needs more than the {} bits that a signal may have",
                                          printable(signal.name), most_sample_bits)};
}

void check_pair(const Plan& plan, const Feature& feature) {
  const Signal &first = at(plan, feature.of), &second = at(plan, feature.other);
  if (first.stride != second.stride || first.is_integer != second.is_integer) {
    fail(feature.path, fmt::format("'{}' and '{}' are not of one rate and of one kind of numbers, expected two signals "
                                   "of integers or two of reals",
                                   printable(first.name), printable(second.name)));
  }
}

void infer_feature(const Plan& plan, Feature& feature) {
  const StatisticInfo& row = info(feature.statistic);
  const Signal& signal = at(plan, feature.of);
  const auto n = static_cast<double>(window_samples(plan, signal));
  if (row.n_signals == 2) check_pair(plan, feature);
  if (row.parameter == Parameter::lag && feature.lag >= n) {
    fail(feature.path, fmt::format("the lag is {}, expected less than the {} samples of '{}' in a window", feature.lag,
                                   n, printable(signal.name)));
  }
  infer_level(plan, feature);
  const Numbers numbers = row.numbers(signal.range, n, feature);
  feature.is_integer = row.counts || (signal.is_integer && numbers.is_integer);
  feature.range = feature.is_integer ? numbers.range : Range{};
  if (!signal.is_integer) return;
  Wide widest = magnitude(signal.range);
  if (row.n_signals == 2) widest = std::max(widest, magnitude(at(plan, feature.other).range));
  const double largest = row.largest_sum(static_cast<double>(widest), n);
  if (largest >= std::ldexp(1.0, most_sum_bits - 1)) {
    const int bits = 1 + static_cast<int>(std::ceil(std::log2(largest)));
    throw TooLarge{feature.path, fmt::format("'{}' needs sums of {} bits, at most {} fit", printable(feature.name),
                                             bits, most_sum_bits)};
  }
  if (feature.is_integer && bits_of(feature.range) > most_feature_bits) {
    feature.is_integer = false;
    feature.range = {};
  }
}

void infer_all(Plan& plan) {
  for (std::size_t index = 0; index < plan.signals.size(); ++index) {
    Signal& signal = plan.signals[index];
    if (index < plan.input.channels.size()) {
      infer_channel(plan, index, signal);
    } else {
      infer_signal(plan, signal);
    }
  }
  for (Feature& feature : plan.features) infer_feature(plan, feature);
  infer_spectra(plan);
}

/// Does the plan fit where all channels stay within -bound to bound?
bool fits(Plan plan, Wide bound) {
  for (Channel& channel : plan.input.channels) {
    const auto limit = static_cast<double>(bound);
    channel.minimum = std::max(channel.minimum.value_or(-limit), -limit);
    channel.maximum = std::min(channel.maximum.value_or(limit), limit);
    channel.minimum = std::min(*channel.minimum, limit);
    channel.maximum = std::max(*channel.maximum, -limit);
  }
  try {
    infer_all(plan);
    return true;
  } catch (const TooLarge&) {
    return false;
  }
}

/// `; it fits where all channels declare min and max within -1234 to 1234`
std::string advice(const Plan& plan) {
  Wide fitting = 0, too_large = Wide{1} << 32;
  if (!fits(plan, fitting)) return ", whatever the channels have";
  while (too_large - fitting > 1) {
    const Wide middle = (fitting + too_large) / 2;
    (fits(plan, middle) ? fitting : too_large) = middle;
  }
  if (fitting == 0) return ", whatever the channels have";
  return fmt::format("; it fits where all channels declare min and max within -{0} to {0}", text_of(fitting));
}

}  // namespace

void infer(Plan& plan) {
  try {
    infer_all(plan);
  } catch (const TooLarge& found) {
    fail(found.path, found.problem + advice(plan));
  }
}

}  // namespace emlc::signal
