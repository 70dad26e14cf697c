#include "formats/tmdl/signal_data.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "codegen/signal/filtering.hpp"
#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/parts.hpp"
#include "codegen/signal/statistic.hpp"
#include "formats/tmdl/codes.hpp"

namespace emlc::formats {
namespace {

using signal::Feature;
using signal::Operation;
using signal::Plan;
using signal::Signal;
using signal::Statistic;

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Error({.field = path}, fmt::format("{}, which a .tmdl does not carry; write a header (c or cpp)", problem));
}

const Signal& at(const Plan& plan, std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)]; }

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

SignalData scale_data(const Signal& signal) {
  if (signal.is_integer) return SignalData().integer(whole(signal.gain), 8).integer(whole(signal.offset), 8);
  return SignalData().f32(static_cast<float>(signal.gain)).f32(static_cast<float>(signal.offset));
}

SignalData clip_data(const Signal& signal) {
  const double low = signal.minimum.value_or(0.0), high = signal.maximum.value_or(0.0);
  if (signal.is_integer) return SignalData().integer(whole(low), 8).integer(whole(high), 8);
  return SignalData().f32(static_cast<float>(low)).f32(static_cast<float>(high));
}

SignalData float_filter_data(const Signal& signal) {
  SignalData data;
  data.u32(signal.filter.sections.size());
  for (const model::SosSection& s : signal.filter.sections) {
    for (const double c : {s.b0, s.b1, s.b2, s.a1, s.a2}) data.f32(static_cast<float>(c / s.a0));
  }
  for (const auto& [z1, z2] : signal::settled_words(signal.filter)) data.f32(z1).f32(z2);
  return data;
}

SignalData integer_filter_data(const Signal& signal) {
  const model::FixedPoint& fixed = signal.filter.fixed.value();
  const std::size_t unit = static_cast<std::size_t>(model::info(fixed.arithmetic).sample_bits) / 8;
  SignalData data;
  data.u32(signal.filter.sections.size()).u8(code_of(arithmetic_codes, fixed.arithmetic)).u8(fixed.fraction_bits);
  data.u8(code_of(rounding_codes, fixed.rounding)).u8(fixed.lift).u8(signal.input_shift).u8(fixed.headroom).u16(0);
  for (const model::SosIntegers& section : integers(signal.filter)) {
    for (const std::int32_t c : section) data.integer(c, unit);
  }
  return data;
}

SignalData operands_data(const Signal& signal) {
  SignalData data;
  for (const std::int32_t from : signal.from) {
    if (signal.from.size() > 1) data.u16(from);
  }
  return data;
}

SignalData range_data(const Signal& signal) {
  if (!signal.is_integer) return {};
  return SignalData()
      .integer(static_cast<std::int64_t>(signal.range.lowest), 4)
      .integer(static_cast<std::int64_t>(signal.range.highest), 4);
}

/// What a record has of its own; empty: nothing.
SignalData data_of(const Signal& signal) {
  switch (signal.operation) {
    case Operation::channel:
      return range_data(signal);
    case Operation::scale:
      return scale_data(signal);
    case Operation::clip:
      return clip_data(signal);
    case Operation::moving_average:
    case Operation::moving_sum:
    case Operation::decimate:
      return SignalData().u32(static_cast<std::uint64_t>(signal.length));
    case Operation::sos:
      return signal.arithmetic == model::Arithmetic::float32 ? float_filter_data(signal) : integer_filter_data(signal);
    case Operation::norm1:
    case Operation::norm2:
    case Operation::norm2_squared:
    case Operation::dot:
      return operands_data(signal);
    case Operation::difference:
    case Operation::absolute:
    case Operation::square:
    case Operation::median3:
    case Operation::median5:
    case Operation::remove_mean:
    case Operation::cumulative_sum:
      return {};
    case Operation::weighting:
    case Operation::mean_square:
    case Operation::time_weighting:
      break;  // refused by check_signal
  }
  throw std::logic_error("an operation without data in a layer");
}

SignalData quantile_data(const Feature& feature, std::size_t n) {
  if (!feature.is_linear)
    return SignalData().f64(feature.quantile).u32(signal::order_place(feature.quantile, n)).f32(0.0F);
  const double place = feature.quantile * static_cast<double>(n - 1);
  return SignalData()
      .f64(feature.quantile)
      .u32(static_cast<std::uint64_t>(std::floor(place)))
      .f32(static_cast<float>(place - std::floor(place)));
}

SignalData entropy_data(const Feature& feature, std::size_t n) {
  SignalData data;
  data.u32(feature.edges.size());
  for (const float edge : feature.edges) data.f32(edge);
  for (std::size_t c = 0; c <= n; ++c) {
    const auto count = static_cast<double>(c);
    data.f32(c == 0 ? 0.0F : static_cast<float>(count * signal::logarithm(count)));
  }
  return data;
}

void check_signal(const Plan& plan, const Signal& signal) {
  if (signal::is_of_levels(signal.operation)) refuse(signal.path, "is of a sound level");
  if (signal.operation == Operation::scale && !signal.is_integer && at(plan, signal.from.front()).is_integer) {
    const auto is_whole = [](double value) {
      return static_cast<double>(static_cast<float>(value)) == std::floor(value);
    };
    if (is_whole(signal.gain) && is_whole(signal.offset)) {
      refuse(signal.path, "has a gain or an offset that float32 makes whole");
    }
  }
}

/// Sums of 64 bits hold what is summed of a window, n times its largest sample; and a sample is a double where it is
/// compared with edges.
void check_feature(const Plan& plan, const Feature& feature) {
  if (feature.statistic == Statistic::spectral) refuse(feature.path, "is of a spectrum");
  if (signal::is_level(feature.statistic)) refuse(feature.path, "is a sound level");
  for (const std::int32_t index : {feature.of, feature.other}) {
    if (index < 0) continue;
    const Signal& signal = at(plan, index);
    const Signal& summed = signal.is_of_window ? at(plan, signal.from.front()) : signal;
    for (const Signal* one : {&signal, &summed}) {
      const auto largest = static_cast<double>(signal::magnitude(one->range));
      if (largest * static_cast<double>(signal::window_samples(plan, *one)) < 0x1p61) continue;
      refuse(feature.path, fmt::format("needs sums of '{}' of more than 62 bits", printable(one->name)));
    }
    if (feature.statistic == Statistic::entropy && signal::bits_of(signal.range) > 53) {
      refuse(feature.path, fmt::format("counts samples of '{}' of more than 53 bits", printable(signal.name)));
    }
  }
}

}  // namespace

SignalData signal_data(const Plan& plan, std::size_t index) {
  check_signal(plan, plan.signals[index]);
  return data_of(plan.signals[index]);
}

SignalData feature_data(const Plan& plan, std::size_t index) {
  const Feature& feature = plan.features[index];
  check_feature(plan, feature);
  const std::size_t n = signal::window_samples(plan, at(plan, feature.of));
  if (feature.statistic == Statistic::quantile) return quantile_data(feature, n);
  return feature.statistic == Statistic::entropy ? entropy_data(feature, n) : SignalData{};
}

}  // namespace emlc::formats
