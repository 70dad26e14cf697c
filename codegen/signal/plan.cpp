#include "codegen/signal/plan.hpp"

#include <algorithm>

namespace emlc::signal {
namespace {

bool is_within(const Range& range, Wide most) { return range.lowest >= -most && range.highest <= most; }

}  // namespace

int bits_of(const Range& range) {
  int bits = 1;
  while (bits < most_sum_bits && (range.highest >= Wide{1} << (bits - 1) || range.lowest < -(Wide{1} << (bits - 1)))) {
    ++bits;
  }
  return bits;
}

int variable_bits(const Range& range) {
  const int bits = bits_of(range);
  return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

std::string text_of(Wide value) {
  std::string digits;
  const bool is_negative = value < 0;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  if (is_negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

model::NumberType feature_type(const Plan& plan) {
  constexpr Wide exact = Wide{1} << 24;
  const auto all = [&](auto holds) { return std::all_of(plan.features.begin(), plan.features.end(), holds); };
  if (all([](const Feature& f) { return f.is_integer && bits_of(f.range) <= 32; })) return model::NumberType::int32;
  const bool is_float = all([](const Feature& f) { return !f.is_integer || is_within(f.range, exact); });
  return is_float ? model::NumberType::float32 : model::NumberType::float64;
}

std::size_t window_bytes(const Plan& plan) {
  std::vector<bool> is_used(plan.signals.size(), false);
  for (const Feature& feature : plan.features) {
    is_used[static_cast<std::size_t>(feature.of)] = true;
    if (feature.other >= 0) is_used[static_cast<std::size_t>(feature.other)] = true;
  }
  std::size_t bytes = 0;
  for (std::size_t index = 0; index < plan.signals.size(); ++index) {
    const Signal& signal = plan.signals[index];
    const std::size_t sample = signal.is_integer ? static_cast<std::size_t>(variable_bits(signal.range)) / 8 : 4;
    if (is_used[index]) bytes += window_samples(plan, signal) * sample;
  }
  return bytes;
}

}  // namespace emlc::signal
