#include <emlc/signal.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/signal/infer.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/signal_codes.hpp"
#include "formats/tmdl/signal_layer.hpp"

namespace emlc::formats {
namespace {

using signal::Operation;
using signal::Signal;
using signal::Statistic;

double f64_at(const std::uint8_t* bytes) {
  double value = 0.0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

void read_numbers(const emlc_signal& signal, const std::uint8_t* row, Signal& into) {
  const std::uint8_t* data = emlc_signal_data(&signal, row);
  const auto number = [&](std::size_t index) {
    return into.is_integer ? static_cast<double>(emlc_load_i64(data + 8 * index))
                           : static_cast<double>(emlc_f32_at(data + 4 * index));
  };
  const unsigned flags = row[EMLC_SIGNAL_ROW_AT_FLAGS];
  if (into.operation == Operation::scale) {
    into.gain = number(0);
    into.offset = number(1);
  } else if (into.operation == Operation::clip) {
    if ((flags & EMLC_SIGNAL_HAS_MIN) != 0) into.minimum = number(0);
    if ((flags & EMLC_SIGNAL_HAS_MAX) != 0) into.maximum = number(1);
  } else {
    into.length = static_cast<std::int32_t>(emlc_load_u32(data));
  }
}

void read_float_filter(const std::uint8_t* data, Signal& into) {
  const std::uint32_t n = emlc_load_u32(data);
  const std::uint8_t* words = data + 4 + 20 * std::size_t{n};
  const auto number = [](const std::uint8_t* at) { return static_cast<double>(emlc_f32_at(at)); };
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint8_t* c = data + 4 + 20 * std::size_t{i};
    into.filter.sections.push_back({number(c), number(c + 4), number(c + 8), 1.0, number(c + 12), number(c + 16)});
    into.filter.initial_state.push_back({number(words + 8 * std::size_t{i}), number(words + 8 * std::size_t{i} + 4)});
  }
}

void read_integer_filter(const std::uint8_t* data, Signal& into) {
  const emlc_tmdl_sos_fixed sos = emlc_signal_sos_at(data);
  into.arithmetic = value_of(arithmetic_codes, data[4]).value();
  into.filter.fixed = model::FixedPoint{.arithmetic = into.arithmetic,
                                        .fraction_bits = sos.fraction_bits,
                                        .rounding = value_of(rounding_codes, sos.steps.rounding).value(),
                                        .lift = sos.steps.lift,
                                        .headroom = data[9]};
  for (std::size_t i = 0; i < sos.n_sections; ++i) {
    const auto c = [&](std::size_t k) {
      return std::ldexp(static_cast<double>(emlc_tmdl_coefficient(&sos, 5 * i + k)), -int{sos.fraction_bits});
    };
    into.filter.sections.push_back({c(0), c(1), c(2), 1.0, c(3), c(4)});
  }
}

Signal signal_at(const emlc_signal& signal, std::uint32_t index) {
  const std::uint8_t* row = emlc_signal_row(&signal, index);
  const int code = row[EMLC_SIGNAL_ROW_AT_OPERATION];
  const std::uint8_t* data = emlc_signal_data(&signal, row);
  Signal made{.name = fmt::format("{}{}", code == EMLC_CHANNEL ? 'c' : 's', index),
              .operation = value_of(operation_codes, code).value_or(Operation::sos),
              .path = fmt::format("signals[{}]", index),
              .is_integer = emlc_signal_is_integer(row) != 0};
  for (std::uint32_t i = 0; i < emlc_signal_n_from(row); ++i) {
    made.from.push_back(static_cast<std::int32_t>(emlc_signal_from(&signal, row, i)));
  }
  if (code == EMLC_SOS_F32) read_float_filter(data, made);
  if (code == EMLC_SOS_INTEGER) read_integer_filter(data, made);
  if (code == EMLC_SCALE || code == EMLC_CLIP || code == EMLC_MOVING_AVERAGE || code == EMLC_MOVING_SUM ||
      code == EMLC_DECIMATE) {
    read_numbers(signal, row, made);
  }
  return made;
}

signal::Channel channel_at(const emlc_signal& signal, std::uint32_t index, model::NumberType type) {
  const std::uint8_t* row = emlc_signal_row(&signal, index);
  signal::Channel channel{.name = fmt::format("c{}", index)};
  if (emlc_signal_is_integer(row) == 0) return channel;
  const std::uint8_t* data = emlc_signal_data(&signal, row);
  const double lowest = emlc_read_i32(data), highest = emlc_read_i32(data + 4);
  if (lowest != model::info(type).lowest) channel.minimum = lowest;
  if (highest != model::info(type).highest) channel.maximum = highest;
  return channel;
}

signal::Feature feature_at(const emlc_signal& signal, std::uint32_t index) {
  const std::uint8_t* row = signal.features + std::size_t{index} * EMLC_SIGNAL_FEATURE_SIZE;
  const int code = row[EMLC_SIGNAL_FEATURE_AT_STATISTIC];
  const std::uint32_t value = emlc_load_u32(row + EMLC_SIGNAL_FEATURE_AT_VALUE);
  signal::Feature made{.name = fmt::format("f{}", index),
                       .statistic = value_of(statistic_codes, code).value_or(Statistic::quantile),
                       .of = emlc_load_u16(row + EMLC_SIGNAL_FEATURE_AT_OF),
                       .is_linear = code == EMLC_LINEAR_QUANTILE,
                       .path = fmt::format("features[{}]", index)};
  if (code == EMLC_CORRELATION) made.other = static_cast<std::int32_t>(value);
  if (code == EMLC_AUTOCORRELATION) made.lag = static_cast<std::int32_t>(value);
  const std::uint8_t* data = signal.layer + value;
  if (made.statistic == Statistic::quantile) made.quantile = f64_at(data);
  if (made.statistic == Statistic::entropy) {
    for (std::uint32_t i = 0; i < emlc_load_u32(data); ++i) {
      made.edges.push_back(emlc_f32_at(data + 4 + 4 * std::size_t{i}));
    }
  }
  return made;
}

signal::Plan plan_of(const emlc_signal& signal) {
  signal::Plan plan;
  plan.input.type = value_of(sample_codes, signal.sample_type).value();
  plan.input.sample_rate = f64_at(signal.layer + EMLC_SIGNAL_AT_SAMPLE_RATE);
  plan.window = {static_cast<std::int32_t>(signal.length), static_cast<std::int32_t>(signal.hop)};
  for (std::uint32_t i = 0; i < signal.n_channels; ++i) {
    plan.input.channels.push_back(channel_at(signal, i, plan.input.type));
  }
  for (std::uint32_t i = 0; i < signal.n_signals; ++i) plan.signals.push_back(signal_at(signal, i));
  for (std::uint32_t i = 0; i < signal.model->n_features; ++i) plan.features.push_back(feature_at(signal, i));
  return plan;
}

/// The time of a hold is that of its windows.
std::optional<signal::DecisionFilter> decision_of(const emlc_signal& signal, const signal::Plan& plan) {
  const std::uint8_t* layer = signal.layer;
  const auto hold = std::int64_t{emlc_load_u16(layer + EMLC_SIGNAL_AT_HOLD)};
  const float reject = emlc_f32_at(layer + EMLC_SIGNAL_AT_REJECT);
  signal::DecisionFilter filter{.smoothing = value_of(smoothing_codes, layer[EMLC_SIGNAL_AT_SMOOTHING]).value(),
                                .n_votes = std::max(1, int{layer[EMLC_SIGNAL_AT_N_VOTES]})};
  if (reject > 0.0F) filter.reject_below = static_cast<double>(reject);
  filter.hold_seconds = static_cast<double>(hold * plan.window.hop) / plan.input.sample_rate;
  const bool is_one = filter.smoothing != signal::Smoothing::none || filter.reject_below || hold != 0;
  return is_one ? std::optional(filter) : std::nullopt;
}

bool is_sensible(const model::SosCascade& filter) {
  if (filter.fixed) {
    const std::vector<model::SosIntegers> rows = integers(filter);
    return std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return fit(*filter.fixed, row); });
  }
  return std::all_of(filter.sections.begin(), filter.sections.end(), [](const model::SosSection& s) {
    return std::isfinite(s.b0) && std::isfinite(s.b1) && std::isfinite(s.b2) && std::isfinite(s.a1) &&
           std::isfinite(s.a2);
  });
}

bool is_sensible(const signal::Channel& channel, model::NumberType type) {
  const double low = channel.minimum.value_or(model::info(type).lowest);
  const double high = channel.maximum.value_or(model::info(type).highest);
  return low >= model::info(type).lowest && low <= high && high <= model::info(type).highest;
}

/// Numbers that the runtime need not look at, and that mean something here.
bool are_sensible(const signal::Plan& plan) {
  const auto is_share = [](double q) { return q >= 0.0 && q <= 1.0; };
  for (const signal::Feature& feature : plan.features) {
    if (!is_share(feature.quantile)) return false;
    for (std::size_t i = 0; i < feature.edges.size(); ++i) {
      if (!std::isfinite(feature.edges[i]) || (i > 0 && !(feature.edges[i - 1] < feature.edges[i]))) return false;
    }
  }
  for (const signal::Channel& channel : plan.input.channels) {
    if (!is_sensible(channel, plan.input.type)) return false;
  }
  for (const Signal& one : plan.signals) {
    for (const double value : {one.gain, one.offset, one.minimum.value_or(0.0), one.maximum.value_or(0.0)}) {
      if (!std::isfinite(value)) return false;
    }
    if (!is_sensible(one.filter)) return false;
  }
  return std::isfinite(plan.input.sample_rate) && plan.input.sample_rate > 0.0;
}

/// Empty for what the writer refuses.
std::string written_again(const TmdlSignal& signal, const emlc_model& model) {
  try {
    return signal_layer(signal, model).bytes();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void read_signal(const TmdlView& view, const emlc_model& model, Reading& reading) {
  const std::size_t at = emlc_signal_place(&model);
  if (at == 0) return;
  emlc_signal opened{};
  const emlc_status status = emlc_signal_open(&model, &opened);
  if (status != EMLC_OK) {
    view.fail(at, "signal", fmt::format("this signal layer is not valid: {}", emlc_status_text(status)));
  }
  signal::Plan plan = plan_of(opened);
  if (!are_sensible(plan)) view.fail(at, "signal", "a number of this signal layer means nothing");
  try {
    signal::infer(plan);
  } catch (const Error& refused) {
    view.fail(at, fmt::format("signal.{}", refused.where().field), refused.problem());
  }
  const std::optional<signal::DecisionFilter> decision = decision_of(opened, plan);
  if (written_again({&plan, decision ? &*decision : nullptr}, model) !=
      std::string_view(reinterpret_cast<const char*>(opened.layer), view.size() - at)) {
    view.fail(at, "signal", "this signal layer is not what emlc writes for what it says");
  }
  for (const signal::Feature& feature : plan.features) reading.model.input.feature_names.push_back(feature.name);
  reading.signal = std::move(plan);
  reading.decision = decision;
}

}  // namespace emlc::formats
