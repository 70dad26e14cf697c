#include "formats/tmdl/signal_layer.hpp"

#include <emlc/signal.h>
#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

#include "codegen/model/error.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/layers.hpp"
#include "formats/tmdl/signal_codes.hpp"
#include "formats/tmdl/signal_data.hpp"

namespace emlc::formats {
namespace {

using signal::Feature;
using signal::Operation;
using signal::Plan;
using signal::Signal;
using signal::Statistic;

const Signal& at(const Plan& plan, std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)]; }

std::vector<bool> kept_signals(const Plan& plan) {
  std::vector<bool> kept(plan.signals.size(), false);
  for (const Feature& feature : plan.features) {
    for (const std::int32_t index : {feature.of, feature.other}) {
      if (index < 0) continue;
      const Signal& signal = at(plan, index);
      kept[static_cast<std::size_t>(signal.is_of_window ? signal.from.front() : index)] = true;
    }
  }
  return kept;
}

int operation_code(const Signal& signal) {
  if (signal.operation != Operation::sos) return code_of(operation_codes, signal.operation);
  return signal.arithmetic == model::Arithmetic::float32 ? EMLC_SOS_F32 : EMLC_SOS_INTEGER;
}

int statistic_code(const Feature& feature) {
  return feature.is_linear ? EMLC_LINEAR_QUANTILE : code_of(statistic_codes, feature.statistic);
}

/// Records, then data, of which the same bytes are there once.
class Builder {
 public:
  Builder(const TmdlSignal& signal, const emlc_model& model)
      : plan_(*signal.plan),
        data_at_(EMLC_SIGNAL_AT_DATA + plan_.signals.size() * EMLC_SIGNAL_ROW_SIZE +
                 plan_.features.size() * EMLC_SIGNAL_FEATURE_SIZE),
        block_(data_at_) {
    put_head(signal);
    const std::vector<bool> kept = kept_signals(plan_);
    for (std::size_t i = 0; i < plan_.signals.size(); ++i) put_row(i, kept[i]);
    for (std::size_t i = 0; i < plan_.features.size(); ++i) put_feature(i);
    block_.append(data_);
    block_.pad_to(EMLC_TMDL_ALIGN);
    block_.u32(EMLC_LAYER_AT_SIZE, static_cast<std::uint32_t>(block_.size()));
    finish(model);
  }

  SignalLayer layer{};

 private:
  void put_head(const TmdlSignal& signal) {
    const auto put_dims = [&](std::size_t where, std::size_t n) {
      for (std::size_t i = 0; i < 3; ++i) block_.u16(where + 2 * i, 1);
      block_.u16(where + 6, static_cast<std::uint16_t>(n));
    };
    block_.u16(EMLC_LAYER_AT_TYPE, EMLC_LAYER_SIGNAL);
    put_dims(EMLC_LAYER_AT_IN_DIMS, plan_.input.channels.size());
    put_dims(EMLC_LAYER_AT_OUT_DIMS, plan_.features.size());
    block_.f32(EMLC_LAYER_AT_IN_S, 1.0F);
    block_.f32(EMLC_LAYER_AT_OUT_S, 1.0F);
    block_.u8(EMLC_SIGNAL_AT_VERSION, EMLC_SIGNAL_VERSION);
    block_.u8(EMLC_SIGNAL_AT_TYPE, static_cast<std::uint8_t>(code_of(sample_codes, plan_.input.type)));
    block_.u16(EMLC_SIGNAL_AT_N_SIGNALS, static_cast<std::uint16_t>(plan_.signals.size()));
    block_.u32(EMLC_SIGNAL_AT_LENGTH, static_cast<std::uint32_t>(plan_.window.length));
    block_.u32(EMLC_SIGNAL_AT_HOP, static_cast<std::uint32_t>(plan_.window.hop));
    block_.f64(EMLC_SIGNAL_AT_SAMPLE_RATE, plan_.input.sample_rate);
    if (signal.decision != nullptr) put_decision(*signal.decision);
  }

  void put_decision(const signal::DecisionFilter& filter) {
    const bool has_votes = filter.smoothing != signal::Smoothing::none;
    block_.u8(EMLC_SIGNAL_AT_SMOOTHING, static_cast<std::uint8_t>(code_of(smoothing_codes, filter.smoothing)));
    block_.u8(EMLC_SIGNAL_AT_N_VOTES, static_cast<std::uint8_t>(has_votes ? filter.n_votes : 0));
    block_.u16(EMLC_SIGNAL_AT_HOLD, static_cast<std::uint16_t>(signal::hold_windows(filter, plan_)));
    block_.f32(EMLC_SIGNAL_AT_REJECT, static_cast<float>(filter.reject_below.value_or(0.0)));
  }

  std::uint32_t place_of(const SignalData& data) {
    if (data.bytes().empty()) return 0;
    std::string bytes = data.bytes();
    bytes.resize((bytes.size() + 3) / 4 * 4);
    const auto [found, is_new] = places_.try_emplace(bytes, static_cast<std::uint32_t>(data_at_ + data_.size()));
    if (is_new) data_ += bytes;
    return found->second;
  }

  void put_row(std::size_t index, bool is_kept) {
    const Signal& signal = plan_.signals[index];
    const std::uint32_t data = place_of(signal_data(plan_, index));  // or a refusal
    const std::size_t row = EMLC_SIGNAL_AT_DATA + index * EMLC_SIGNAL_ROW_SIZE;
    const int flags = (signal.is_integer ? EMLC_SIGNAL_IS_INTEGER : 0) | (signal.minimum ? EMLC_SIGNAL_HAS_MIN : 0) |
                      (signal.maximum ? EMLC_SIGNAL_HAS_MAX : 0);
    const int bytes = signal.is_integer ? signal::variable_bits(signal.range) / 8 : 4;
    block_.u8(row + EMLC_SIGNAL_ROW_AT_OPERATION, static_cast<std::uint8_t>(operation_code(signal)));
    block_.u8(row + EMLC_SIGNAL_ROW_AT_FLAGS, static_cast<std::uint8_t>(flags));
    block_.u8(row + EMLC_SIGNAL_ROW_AT_WIDTH,
              static_cast<std::uint8_t>(std::countr_zero(static_cast<unsigned>(bytes))));
    block_.u16(row + EMLC_SIGNAL_ROW_AT_N_FROM, static_cast<std::uint16_t>(signal.from.size()));
    if (signal.from.size() == 1) {
      block_.u16(row + EMLC_SIGNAL_ROW_AT_FROM, static_cast<std::uint16_t>(signal.from.front()));
    }
    block_.u32(row + EMLC_SIGNAL_ROW_AT_STRIDE, static_cast<std::uint32_t>(signal.stride));
    block_.u32(row + EMLC_SIGNAL_ROW_AT_DATA, data);
    block_.u32(row + EMLC_SIGNAL_ROW_AT_RING, is_kept ? 1 : 0);  // finish() has the place
  }

  void put_feature(std::size_t index) {
    const Feature& feature = plan_.features[index];
    const std::size_t row =
        EMLC_SIGNAL_AT_DATA + plan_.signals.size() * EMLC_SIGNAL_ROW_SIZE + index * EMLC_SIGNAL_FEATURE_SIZE;
    std::uint32_t value = place_of(feature_data(plan_, index));
    if (feature.statistic == Statistic::correlation) value = static_cast<std::uint32_t>(feature.other);
    if (feature.statistic == Statistic::autocorrelation) value = static_cast<std::uint32_t>(feature.lag);
    block_.u16(row + EMLC_SIGNAL_FEATURE_AT_OF, static_cast<std::uint16_t>(feature.of));
    block_.u8(row + EMLC_SIGNAL_FEATURE_AT_STATISTIC, static_cast<std::uint8_t>(statistic_code(feature)));
    block_.u32(row + EMLC_SIGNAL_FEATURE_AT_VALUE, value);
  }

  void finish(const emlc_model& model);

  const Plan& plan_;
  std::size_t data_at_;
  ByteBlock block_;
  std::string data_{};
  std::map<std::string, std::uint32_t> places_{};
};

void require_ok(emlc_status status) {
  if (status == EMLC_ERR_MEMORY) throw Error({.field = "signal"}, "the state of a stream would take 2 GiB");
  if (status == EMLC_OK) return;
  throw std::logic_error(fmt::format("the runtime refuses the signal as written: {}", emlc_status_text(status)));
}

void put_u32(std::uint8_t* at, std::uint32_t value) { std::memcpy(at, &value, sizeof value); }

/// Where everything is in the state follows from the records, by the runtime's own count.
void Builder::finish(const emlc_model& model) {
  layer.words.resize(block_.size() / sizeof(std::uint64_t));
  std::memcpy(layer.words.data(), block_.bytes().data(), block_.size());
  auto* bytes = reinterpret_cast<std::uint8_t*>(layer.words.data());
  emlc_signal opened{};
  opened.model = &model;
  opened.layer = bytes;
  const emlc_tmdl_layer header = emlc_tmdl_layer_at(bytes);
  require_ok(emlc_signal_check_head(&header, &opened));
  opened.rows = bytes + EMLC_SIGNAL_AT_DATA;
  opened.features = opened.rows + plan_.signals.size() * EMLC_SIGNAL_ROW_SIZE;
  emlc_signal_chain chain{};
  chain.size = header.size;
  chain.data = static_cast<std::uint32_t>(data_at_);
  chain.at = emlc_signal_first_memory(&opened);
  for (std::size_t index = 0; index < plan_.signals.size(); ++index) {
    std::uint8_t* row = bytes + EMLC_SIGNAL_AT_DATA + index * EMLC_SIGNAL_ROW_SIZE;
    put_u32(row + EMLC_SIGNAL_ROW_AT_MEMORY, chain.at);
    require_ok(emlc_signal_take_memory(&opened, &chain, row));
    if (emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_RING) == 0) continue;
    put_u32(row + EMLC_SIGNAL_ROW_AT_RING, chain.at);
    require_ok(emlc_signal_take_ring(&opened, &chain, row));
  }
  for (std::uint32_t i = 0; i < plan_.features.size(); ++i) require_ok(emlc_signal_check_feature(&opened, &chain, i));
  require_ok(emlc_signal_check_decision(&opened, &chain));
  require_ok(emlc_signal_take_rest(&opened, &chain));
  put_u32(bytes + EMLC_SIGNAL_AT_STATE_SIZE, chain.at);
  layer.state_size = chain.at;
  layer.parts = {{"signal", data_at_}, {"tables of the signal", block_.size() - data_at_}};
}

}  // namespace

std::string SignalLayer::bytes() const {
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint64_t)};
}

SignalLayer signal_layer(const TmdlSignal& signal, const emlc_model& model) {
  return std::move(Builder(signal, model).layer);
}

}  // namespace emlc::formats
