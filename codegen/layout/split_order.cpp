#include "codegen/layout/split_order.hpp"

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
  return static_cast<std::int64_t>((bits ^ (bits >> 31) * magnitude) + order_offset(missing));
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

}  // namespace emlc::layout
