#include "codegen/layout/trees/split_order.hpp"

#include <algorithm>
#include <bit>

namespace emlc::layout {
namespace {

constexpr std::uint32_t magnitude = 0x7fffffffU;

}  // namespace

std::uint32_t order_offset(Missing missing) {
  // The bits of the NaN with the sign bit that is next to -infinity, and of the first one above +infinity.
  constexpr std::uint32_t below_all = 0x807fffffU, above_all = 0x7f800001U;
  return missing == Missing::left ? 0U - above_all : 0U - below_all;
}

std::int64_t ordinal(const TreePlan& plan, Missing missing, double threshold) {
  if (model::info(plan.feature_type).is_integer) return static_cast<std::int64_t>(threshold);
  const auto bits = std::bit_cast<std::uint32_t>(threshold == 0.0 ? -0.0F : static_cast<float>(threshold));
  const std::uint32_t place = (bits ^ (bits >> 31) * magnitude) + order_offset(missing);
  return place;
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
