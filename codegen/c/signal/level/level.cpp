#include "codegen/c/signal/level/level.hpp"

#include <fmt/format.h>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

/// The operations of signal::level_column(), sample by sample.
namespace emlc::c {
namespace {

using signal::Signal;

std::int64_t power_of_two(int bits) { return std::int64_t{1} << bits; }

const Signal& operand_of(const Making& making, const Signal& signal) {
  return at(making.plan.signals, signal.from.front());
}

std::string sum_member(std::int32_t index) { return fmt::format("state->t{}", index); }

/// A sample as mean_square takes it: rounded to 24 bits.
std::string rounded_sample(const Signal& signal, const Signal& operand, const std::string& x) {
  const int bits = signal.level.dropped_bits;
  if (bits == 0) return "(int32_t)" + x;
  const std::int64_t half = power_of_two(bits - 1);
  const bool fits = magnitude(operand.range) + half <= INT32_MAX;
  return fmt::format("(int32_t)(({}{} + {}) >> {})", fits ? "" : "(int64_t)", x, half, bits);
}

/// Of integers that are not below 0.
std::string float_of_power(const Names& names, const Exact& power) {
  if (width_of(power.bound) != 64) return float_of(names, power);
  return fmt::format("{}power_float_({})", names.symbol, power.text);
}

/// The power that a level is of, as a float.
std::string power_text(Look& look, const signal::Feature& feature, const Exact& sum) {
  const Signal& signal = look.signal();
  const auto real = [&](const std::string& sample) {
    return signal.is_integer ? float_of_power(look.names(), sample_of(signal, sample)) : sample;
  };
  switch (feature.statistic) {
    case signal::Statistic::level_max:
      return real("highest");
    case signal::Statistic::level_min:
      return real("lowest");
    case signal::Statistic::leq:
      return signal.is_integer ? fmt::format("{} / {}", float_of_power(look.names(), sum), count_literal(look.n()))
                               : "mean";
    default:
      break;
  }
  const std::string last = fmt::format("{}[{}]", look.base(look.subject.of), look.n() - 1);
  return real(signal.is_integer ? fmt::format("({}){}", sample_type(signal), last) : last);
}

}  // namespace

void print_weighting(Printer& out, Making& making, std::int32_t index) {
  const Signal& signal = at(making.plan.signals, index);
  const signal::WeightingIntegers& integers = signal.level.integers;
  const std::size_t n = integers.high_passes.size();
  const std::string z = making.member("int32_t", fmt::format("z{}", index), 4, n + 4, "state of " + signal.name);
  const std::string& macro = making.names.macro;
  out.line("{{");
  {
    const auto body = out.indent();
    out.line("int32_t x = (int32_t)v{} * {}, y;", signal.from.front(), power_of_two(signal.input_shift));
    if (settled_text(making, index).empty()) out.line("if (is_first) {}[0] = x;", z);
    for (std::size_t i = 0; i < n; ++i) {
      const signal::Share& share = integers.high_passes[i];
      out.line("x -= {}[{}];", z, i);
      out.line("{}[{}] += {}SHARE(x, {}, {});", z, i, macro, share.factor, share.shift);
    }
    const auto& [b0, b1, b2, a1, a2] = integers.section;
    const auto past = [&](std::size_t i) { return fmt::format("{}[{}]", z, n + i); };
    out.line("y = {0}SECTION({0}PRODUCT_SUM({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}));", macro, b0, "x", b1,
             past(0), b2, past(1), -a1, past(2), -a2, past(3));
    out.line("{} = {};", past(1), past(0));
    out.line("{} = x;", past(0));
    out.line("{} = {};", past(3), past(2));
    out.line("{} = y;", past(2));
    out.line("v{} = y;", index);
  }
  out.line("}}");
}

std::string settled_text(const Making& making, std::int32_t index) {
  const Signal& signal = at(making.plan.signals, index);
  const bool is_own = signal.operation == signal::Operation::weighting && !is_filter(signal);
  if (!is_own || making.block == 0) return {};
  const std::int32_t from = signal.from.front();
  if (at(making.plan.signals, from).operation != signal::Operation::channel) return {};
  return fmt::format("if (!state->is_begun) state->z{}[0] = (int32_t)frame[{}] * {};", index, from,
                     power_of_two(signal.input_shift));
}

void print_square(Printer& out, Making& making, std::int32_t index) {
  const Signal &signal = at(making.plan.signals, index), &operand = operand_of(making, signal);
  const std::string x = fmt::format("v{}", signal.from.front());
  if (!operand.is_integer) {
    const std::string sum = making.member("float", fmt::format("t{}", index), 4, 0, "sum of " + signal.name);
    return out.line("{} += {};", sum, rounded_product(making.names, x, x));
  }
  const std::string sum = making.member("uint64_t", fmt::format("t{}", index), 8, 0, "sum of " + signal.name);
  out.line("{} += {}squared_({});", sum, making.names.symbol, rounded_sample(signal, operand, x));
}

void print_mean_square(Printer& out, Making& making, std::int32_t index) {
  const Signal& signal = at(making.plan.signals, index);
  if (signal.is_integer) {
    out.line("v{} = ({}){};", index, sample_type(signal), sum_member(index));
  } else {
    out.line("v{} = {} / {};", index, sum_member(index), float_literal(static_cast<float>(signal.length)));
  }
  out.line("{} = 0;", sum_member(index));
}

void print_time_weighting(Printer& out, Making& making, std::int32_t index) {
  constexpr int part = 16;  // as signal::level_column() has it
  const Signal& signal = at(making.plan.signals, index);
  const signal::LevelPart& level = signal.level;
  const std::string x = fmt::format("v{}", signal.from.front());
  const std::string_view type = signal.is_integer ? "int64_t" : "float";
  const std::string memory =
      making.member(type, fmt::format("t{}", index), signal.is_integer ? 8 : 4, 0, "memory of " + signal.name);
  if (!signal.is_integer) {
    const std::string ahead = fmt::format("({} - {})", x, memory);
    out.line("{} += {};", memory, rounded_product(making.names, float_literal(level.factor), ahead));
    return out.line("v{} = {};", index, memory);
  }
  out.line("{0} += (((({1} * {2}) - {0}) >> {3}) * {4}) >> {5};", memory, "(int64_t)" + x,
           power_of_two(level.extra_bits), part, level.share.factor, level.share.shift - part);
  out.line("v{} = ({})({} >> {});", index, sample_type(signal), memory, level.extra_bits);
}

std::string level_value(Look& look, const signal::Feature& feature, const Exact& sum) {
  look.making.helpers.insert("spectral log_power");
  const Names& names = look.names();
  const std::string scaled = fmt::format("{} * {}", power_text(look, feature, sum), float_literal(feature.level.scale));
  const std::string log = fmt::format("{}log_power_({}, {})", names.symbol, scaled, float_literal(signal::level_floor));
  return fmt::format("{} + {}", rounded_product(names, log, float_literal(signal::decibels)),
                     float_literal(feature.level.offset));
}

}  // namespace emlc::c
