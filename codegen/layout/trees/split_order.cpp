#include "codegen/layout/trees/split_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace emlc::layout {
using model::NumberType;

std::uint64_t order_offset(NumberType type, Missing missing) {
  // What comes first: the bits of the NaN with the sign bit that is next to -infinity, as they are without it, or of
  // the first NaN above +infinity. A double's numbers start at -2^63, as a signed integer has them.
  if (type == NumberType::float64) {
    constexpr std::uint64_t many_nans = 0x000fffffffffffffU;
    return missing == Missing::left ? many_nans : 0U - many_nans;
  }
  constexpr std::uint32_t below_all = 0x807fffffU, above_all = 0x7f800001U;
  return missing == Missing::left ? 0U - above_all : 0U - below_all;
}

std::int64_t ordinal(const TreePlan& plan, Missing missing, double threshold) {
  if (model::info(plan.feature_type).is_integer) return static_cast<std::int64_t>(threshold);
  const double number = threshold == 0.0 ? -0.0 : threshold;
  const std::uint64_t offset = order_offset(plan.feature_type, missing);
  if (plan.feature_type == NumberType::float64) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    return static_cast<std::int64_t>((bits ^ (bits >> 63) * 0x7fffffffffffffffU) + offset);
  }
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  return static_cast<std::uint32_t>((bits ^ (bits >> 31) * 0x7fffffffU) + offset);
}

std::int64_t key_of(const TreePlan& plan, double threshold) {
  if (model::info(plan.feature_type).is_integer) return static_cast<std::int64_t>(threshold);
  const double number = threshold == 0.0 ? -0.0 : threshold;
  if (plan.feature_type == NumberType::float64) {
    const auto bits = std::bit_cast<std::int64_t>(number);
    return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
  }
  const auto bits = std::bit_cast<std::int32_t>(static_cast<float>(number));
  return bits < 0 ? bits ^ std::numeric_limits<std::int32_t>::max() : bits;
}

KeyRange number_keys(NumberType type) {
  const std::int64_t infinity = type == NumberType::float64 ? 0x7ff0000000000000 : 0x7f800000;
  return {-infinity - 1, infinity};
}

bool are_positive(std::span<const std::int64_t> keys) {
  return std::all_of(keys.begin(), keys.end(), [](std::int64_t key) { return key > 0; });
}

std::span<const ThresholdNames> threshold_names(NumberType type) {
  static constexpr std::array names = {ThresholdNames::offset, ThresholdNames::index};
  return std::span(names).subspan(type == NumberType::float64 ? 1 : 0);
}

std::vector<std::int64_t> distinct_ordinals(const TreePlan& plan, Missing missing) {
  std::vector<std::int64_t> ordinals;
  ordinals.reserve(plan.records.size());
  for (const Record& record : plan.records) {
    if (!is_lone_leaf(record)) ordinals.push_back(ordinal(plan, missing, record.threshold));
  }
  std::sort(ordinals.begin(), ordinals.end());
  ordinals.erase(std::unique(ordinals.begin(), ordinals.end()), ordinals.end());
  return ordinals;
}

Thresholds name_thresholds(const std::vector<std::int64_t>& distinct, ThresholdNames names, int unit) {
  const auto bits_for = [unit](std::int64_t largest) {
    return (static_cast<int>(std::bit_width(static_cast<std::uint64_t>(largest))) + unit - 1) / unit * unit;
  };
  // Nothing but lone leaves: any comparison will do that a compiler does not warn of.
  if (distinct.empty()) return {.base = 1};
  if (names == ThresholdNames::index) {
    return {.ordinals = distinct, .bits = bits_for(static_cast<std::int64_t>(distinct.size()) - 1)};
  }
  const int bits = bits_for(distinct.back() - distinct.front());
  const bool fits_alone = distinct.front() >= 0 && bits_for(distinct.back()) == bits;
  return {.base = fits_alone ? 0 : distinct.front(), .bits = bits};
}

std::uint64_t name_of(const Thresholds& thresholds, std::int64_t ordinal) {
  if (thresholds.ordinals.empty()) return static_cast<std::uint64_t>(ordinal - thresholds.base);
  const auto found = std::lower_bound(thresholds.ordinals.begin(), thresholds.ordinals.end(), ordinal);
  return static_cast<std::uint64_t>(found - thresholds.ordinals.begin());
}

}  // namespace emlc::layout
