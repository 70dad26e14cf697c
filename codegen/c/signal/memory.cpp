#include "codegen/c/signal/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emlc::c {
namespace {

using signal::Operation;
using signal::Plan;
using signal::Signal;

/// Is a sample computed from samples of its operands, now and one before?
bool is_of_samples(const Signal& signal) {
  switch (signal.operation) {
    case Operation::difference:
    case Operation::absolute:
    case Operation::square:
    case Operation::norm1:
    case Operation::norm2:
    case Operation::norm2_squared:
    case Operation::dot:
    case Operation::clip:
    case Operation::scale:
      return true;
    case Operation::channel:
    case Operation::median3:
    case Operation::median5:
    case Operation::moving_average:
    case Operation::moving_sum:
    case Operation::sos:
    case Operation::decimate:
    case Operation::remove_mean:
    case Operation::cumulative_sum:
    case Operation::weighting:
    case Operation::mean_square:
    case Operation::time_weighting:
      break;
  }
  return false;
}

/// Who is asked while signals are shared out.
struct Asked {
  const signal::Joined& joined;
  const Plan& plan;
  std::vector<char> is_decisive{};  ///< [n_signals] a decision needs it

  /// May it be computed when a window is complete: in few instructions, or for those who ask for features alone?
  [[nodiscard]] bool may_be_late(std::size_t index) const {
    const Signal& signal = plan.signals[index];
    const bool is_cheap =
        signal.operation != Operation::norm2 && (signal.is_integer || signal.operation != Operation::scale);
    return is_of_samples(signal) && (is_cheap || is_decisive[index] == 0);
  }
};

/// Calls `look` with each signal that a feature is taken of.
template <class Look>
void for_each_subject(std::span<const signal::Feature> features, const Look& look) {
  for (const signal::Feature& feature : features) {
    look(feature.of);
    if (feature.other >= 0) look(feature.other);
  }
}

/// The same of keys.
template <class Look>
void for_each_key(const signal::Joined& joined, const Look& look) {
  for_each_subject(joined.key_features, look);
  for (const signal::Key& key : joined.keys) {
    if (key.part != signal::Part::feature) look(key.of);
  }
}

Asked asked_of(const signal::Joined& joined) {
  Asked asked{joined, joined.plan};
  asked.is_decisive.assign(joined.plan.signals.size(), joined.keys.empty() ? 1 : 0);
  for_each_key(joined, [&](std::int32_t index) { asked.is_decisive[static_cast<std::size_t>(index)] = 1; });
  for (std::size_t index = asked.is_decisive.size(); index-- > 0;) {
    if (asked.is_decisive[index] == 0) continue;
    for (const std::int32_t from : joined.plan.signals[index].from)
      asked.is_decisive[static_cast<std::size_t>(from)] = 1;
  }
  return asked;
}

void observe(const Asked& asked, std::vector<SignalUse>& uses) {
  const auto look = [&](std::int32_t index) {
    uses[static_cast<std::size_t>(index)].is_observed = true;
    const Signal& signal = at(asked.plan.signals, index);
    if (signal.is_of_window) uses[static_cast<std::size_t>(signal.from.front())].is_observed = true;
  };
  for_each_subject(asked.plan.features, look);
  for_each_key(asked.joined, look);
}

/// Late is what has operands with arrays anyway.
void keep_observed(const Asked& asked, std::vector<SignalUse>& uses) {
  for (std::size_t index = 0; index < uses.size(); ++index) {
    const Signal& signal = asked.plan.signals[index];
    if (!uses[index].is_observed || signal.is_of_window) continue;
    const auto is_there = [&](std::int32_t from) { return at(uses, from).is_kept || at(uses, from).is_late; };
    uses[index].is_late = asked.may_be_late(index) && std::all_of(signal.from.begin(), signal.from.end(), is_there);
    uses[index].is_kept = !uses[index].is_late;
  }
}

/// Late is what can be: what it is made of gets the arrays.
void keep_operands(const Asked& asked, std::vector<SignalUse>& uses) {
  std::vector<char> is_asked(uses.size(), 0);
  for (std::size_t index = uses.size(); index-- > 0;) {
    const Signal& signal = asked.plan.signals[index];
    if ((!uses[index].is_observed && is_asked[index] == 0) || signal.is_of_window) continue;
    uses[index].is_late = asked.may_be_late(index);
    uses[index].is_kept = !uses[index].is_late;
    if (!uses[index].is_late) continue;
    for (const std::int32_t from : signal.from) is_asked[static_cast<std::size_t>(from)] = 1;
  }
}

void find_history(const Plan& plan, std::vector<SignalUse>& uses) {
  for (std::size_t index = uses.size(); index-- > 0;) {
    if (!uses[index].is_late) continue;
    const Signal& signal = plan.signals[index];
    const std::int32_t back = uses[index].back + (signal.operation == Operation::difference ? 1 : 0);
    for (const std::int32_t from : signal.from) {
      SignalUse& operand = uses[static_cast<std::size_t>(from)];
      operand.back = std::max(operand.back, back);
    }
  }
}

void find_streamed(const Plan& plan, std::vector<SignalUse>& uses) {
  for (std::size_t index = uses.size(); index-- > 0;) {
    uses[index].is_streamed = uses[index].is_streamed || uses[index].is_kept;
    if (!uses[index].is_streamed) continue;
    for (const std::int32_t from : plan.signals[index].from) uses[static_cast<std::size_t>(from)].is_streamed = true;
  }
}

std::size_t bytes_of(const Plan& plan, const std::vector<SignalUse>& uses) {
  std::size_t bytes = 0;
  for (std::size_t index = 0; index < uses.size(); ++index) {
    const Signal& signal = plan.signals[index];
    if (uses[index].is_kept) bytes += kept_samples(plan, signal, uses[index]) * stored_bytes(signal);
  }
  return bytes;
}

std::vector<SignalUse> tried(const Asked& asked, void (*keep)(const Asked&, std::vector<SignalUse>&)) {
  std::vector<SignalUse> uses(asked.plan.signals.size());
  observe(asked, uses);
  keep(asked, uses);
  find_history(asked.plan, uses);
  find_streamed(asked.plan, uses);
  return uses;
}

int stored_bits(const Signal& signal) {
  if (!signal.is_integer) return 32;
  const int bits = signal::bits_of(signal.range) - (signal.range.lowest >= 0 ? 1 : 0);
  return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

}  // namespace

std::vector<SignalUse> uses_of(const signal::Joined& joined) {
  const Asked asked = asked_of(joined);
  std::vector<SignalUse> observed = tried(asked, keep_observed), operands = tried(asked, keep_operands);
  return bytes_of(joined.plan, operands) < bytes_of(joined.plan, observed) ? operands : observed;
}

std::string stored_type(const Signal& signal) {
  if (!signal.is_integer) return "float";
  // Words without a sign where only these hold the samples: others would be converted to what is computed with.
  const int bits = stored_bits(signal);
  const bool has_sign = signal.range.lowest < 0 || bits == 64 || (bits == 32 && sample_type(signal) == "int32_t");
  return fmt::format("{}int{}_t", has_sign ? "" : "u", bits);
}

std::size_t stored_bytes(const Signal& signal) { return static_cast<std::size_t>(stored_bits(signal)) / 8; }

std::string sample_type(const Signal& signal) {
  if (!signal.is_integer) return "float";
  if (signal::bits_of(signal.range) <= 32) return "int32_t";
  return signal.range.lowest >= 0 && signal.range.highest <= UINT32_MAX ? "uint32_t" : "int64_t";
}

std::size_t kept_samples(const Plan& plan, const Signal& signal, const SignalUse& use) {
  return signal::window_samples(plan, signal) + static_cast<std::size_t>(use.back);
}

}  // namespace emlc::c
