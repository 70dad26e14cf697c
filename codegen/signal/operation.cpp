#include "codegen/signal/operation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace emlc::signal {
namespace {

using enum Operation;

/// Above everything that is accepted, and far enough from the end of Wide that a few of them add up.
constexpr Wide beyond = Wide{1} << 100;

/// Far outside of what a signal may have, squares are not computed any more.
Wide product(Wide a, Wide b) {
  constexpr Wide most = Wide{1} << 62;
  const Wide left = a < 0 ? -a : a, right = b < 0 ? -b : b;
  if (left > most || right > most || (left != 0 && right > beyond / left)) return (a < 0) == (b < 0) ? beyond : -beyond;
  return a * b;
}

const Range& operand(const Plan& plan, const Signal& signal, std::size_t index = 0) {
  return plan.signals[static_cast<std::size_t>(signal.from[index])].range;
}

Range absolute_of(const Range& range) {
  const Wide nearest = std::max({Wide{0}, range.lowest, -range.highest});
  return {nearest, magnitude(range)};
}

Range square_of(const Range& range) {
  const Range size = absolute_of(range);
  return {product(size.lowest, size.lowest), product(size.highest, size.highest)};
}

Range times(const Range& a, const Range& b) {
  const std::array corners = {product(a.lowest, b.lowest), product(a.lowest, b.highest), product(a.highest, b.lowest),
                              product(a.highest, b.highest)};
  return {*std::min_element(corners.begin(), corners.end()), *std::max_element(corners.begin(), corners.end())};
}

Range plus(const Range& a, const Range& b) { return {a.lowest + b.lowest, a.highest + b.highest}; }

Range times(const Range& range, std::int32_t n) { return times(range, Range{n, n}); }

template <class Term>
Range sum_of(const Plan& plan, const Signal& signal, Term term) {
  Range sum;
  for (std::size_t index = 0; index < signal.from.size(); ++index) {
    sum = plus(sum, term(operand(plan, signal, index)));
    sum = {std::max(sum.lowest, -beyond), std::min(sum.highest, beyond)};
  }
  return sum;
}

Numbers same(const Plan& plan, const Signal& signal) { return {.range = operand(plan, signal)}; }
Numbers real(const Plan& /*plan*/, const Signal& /*signal*/) { return {.is_integer = false}; }

/// From 0 to itself, a range has 0: what is before the first frame is the first frame.
Numbers difference_numbers(const Plan& plan, const Signal& signal) {
  const Range& x = operand(plan, signal);
  return {.range = {x.lowest - x.highest, x.highest - x.lowest}};
}

Numbers dot_numbers(const Plan& plan, const Signal& signal) {
  Range sum;
  const std::size_t n = signal.from.size() / 2;
  for (std::size_t index = 0; index < n; ++index) {
    sum = plus(sum, times(operand(plan, signal, index), operand(plan, signal, n + index)));
    sum = {std::max(sum.lowest, -beyond), std::min(sum.highest, beyond)};
  }
  return {.range = sum};
}

bool is_whole(double value) { return std::abs(value) < 0x1p62 && value == std::floor(value); }

Numbers scale_numbers(const Plan& plan, const Signal& signal) {
  if (!is_whole(signal.gain) || !is_whole(signal.offset)) return {.is_integer = false};
  const auto gain = static_cast<Wide>(signal.gain), offset = static_cast<Wide>(signal.offset);
  return {.range = plus(times(operand(plan, signal), Range{gain, gain}), Range{offset, offset})};
}

Numbers clip_numbers(const Plan& plan, const Signal& signal) {
  Range range = operand(plan, signal);
  if (signal.minimum) {
    const auto bound = static_cast<Wide>(*signal.minimum);
    range = {std::max(range.lowest, bound), std::max(range.highest, bound)};
  }
  if (signal.maximum) {
    const auto bound = static_cast<Wide>(*signal.maximum);
    range = {std::min(range.lowest, bound), std::min(range.highest, bound)};
  }
  return {.range = range};
}

Numbers sos_numbers(const Plan& /*plan*/, const Signal& signal) {
  if (signal.arithmetic == model::Arithmetic::float32) return {.is_integer = false};
  const Wide scale = Wide{1} << (model::info(signal.arithmetic).sample_bits - 1);
  return {.range = {-scale, scale - 1}};
}

/// infer() has found the range of a weighting in integers.
Numbers weighting_numbers(const Plan& /*plan*/, const Signal& signal) {
  if (signal.arithmetic == model::Arithmetic::float32) return {.is_integer = false};
  return {.range = signal.range};
}

/// A sum of squares of rounded samples.
Numbers mean_square_numbers(const Plan& plan, const Signal& signal) {
  const int bits = signal.level.dropped_bits;
  const Wide half = bits == 0 ? 0 : Wide{1} << (bits - 1), largest = (magnitude(operand(plan, signal)) + half) >> bits;
  return {.range = {0, largest * largest * signal.length}};
}

const std::array operations = {
    OperationInfo{.operation = channel, .numbers = nullptr, .summary = "of the sensor"},
    OperationInfo{.operation = difference,
                  .name = "difference",
                  .numbers = difference_numbers,
                  .summary = "to the sample before"},
    OperationInfo{
        .operation = absolute,
        .name = "abs",
        .numbers = [](const Plan& p, const Signal& s) { return Numbers{.range = absolute_of(operand(p, s))}; },
        .summary = "|x|"},
    OperationInfo{.operation = square,
                  .name = "square",
                  .numbers = [](const Plan& p, const Signal& s) { return Numbers{.range = square_of(operand(p, s))}; },
                  .summary = "x * x"},
    OperationInfo{.operation = norm1,
                  .name = "norm1",
                  .arity = Arity::all,
                  .numbers = [](const Plan& p, const Signal& s) { return Numbers{.range = sum_of(p, s, absolute_of)}; },
                  .summary = "|x| + |y| + ..."},
    OperationInfo{.operation = norm2,
                  .name = "norm2",
                  .arity = Arity::all,
                  .numbers = real,
                  .summary = "the root of x * x + y * y + ..."},
    OperationInfo{.operation = norm2_squared,
                  .name = "norm2_squared",
                  .arity = Arity::all,
                  .numbers = [](const Plan& p, const Signal& s) { return Numbers{.range = sum_of(p, s, square_of)}; },
                  .summary = "x * x + y * y + ..."},
    OperationInfo{.operation = dot,
                  .name = "dot",
                  .arity = Arity::pair,
                  .numbers = dot_numbers,
                  .summary = "x * u + y * v + ..."},
    OperationInfo{.operation = scale,
                  .name = "scale",
                  .keys = Keys::scale,
                  .numbers = scale_numbers,
                  .summary = "x * gain + offset"},
    OperationInfo{.operation = clip,
                  .name = "clip",
                  .keys = Keys::clip,
                  .numbers = clip_numbers,
                  .summary = "not below min, not above max"},
    OperationInfo{.operation = median3, .name = "median3", .numbers = same, .summary = "of the last 3 samples"},
    OperationInfo{.operation = median5, .name = "median5", .numbers = same, .summary = "of the last 5 samples"},
    OperationInfo{.operation = moving_average,
                  .name = "moving_average",
                  .keys = Keys::length,
                  .numbers = real,
                  .summary = "of the last samples"},
    OperationInfo{
        .operation = moving_sum,
        .name = "moving_sum",
        .keys = Keys::length,
        .numbers = [](const Plan& p, const Signal& s) { return Numbers{.range = times(operand(p, s), s.length)}; },
        .summary = "of the last samples"},
    OperationInfo{.operation = sos,
                  .name = "sos",
                  .keys = Keys::sos,
                  .numbers = sos_numbers,
                  .summary = "a filter of second-order sections"},
    OperationInfo{
        .operation = decimate, .name = "decimate", .keys = Keys::by, .numbers = same, .summary = "one sample of many"},
    OperationInfo{.operation = remove_mean,
                  .name = "remove_mean",
                  .is_of_window = true,
                  .numbers = real,
                  .summary = "of the window"},
    OperationInfo{.operation = cumulative_sum,
                  .name = "cumulative_sum",
                  .is_of_window = true,
                  .numbers =
                      [](const Plan& p, const Signal& s) {
                        const Range all = times(operand(p, s), p.window.length / s.stride), one = operand(p, s);
                        return Numbers{.range = {std::min(all.lowest, one.lowest), std::max(all.highest, one.highest)}};
                      },
                  .summary = "from the window's first sample on"},
    OperationInfo{.operation = weighting,
                  .name = "weighting",
                  .keys = Keys::weighting,
                  .numbers = weighting_numbers,
                  .summary = "A, C or Z, of sound"},
    OperationInfo{.operation = mean_square,
                  .name = "mean_square",
                  .keys = Keys::by,
                  .numbers = mean_square_numbers,
                  .summary = "of each block"},
    OperationInfo{.operation = time_weighting,
                  .name = "time_weighting",
                  .keys = Keys::seconds,
                  .numbers = same,
                  .summary = "an exponential mean"},
};

}  // namespace

std::span<const OperationInfo> all_operations() { return operations; }

const OperationInfo& info(Operation operation) {
  for (const OperationInfo& row : operations) {
    if (row.operation == operation) return row;
  }
  throw std::logic_error("an operation without a row in the table");
}

}  // namespace emlc::signal
