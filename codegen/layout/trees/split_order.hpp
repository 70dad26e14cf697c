#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/layout/trees/plan.hpp"

namespace emlc::layout {

/// Numbers in the order of a float feature, from its bits b:
///   float32: order(b) = (b ^ ((b >> 31) * 0x7fffffff)) + offset, modulo 2^32, from 0
///   float64: order(b) = (b ^ ((b >> 63) * 0x7fffffffffffffff)) + offset, modulo 2^64, from -2^63
/// NaN comes last where it goes right, and first where it goes left: `order(x) < order(T)` is then what `x < T` is,
/// with no float arithmetic, for every x and every T but 0, which counts as -0.
std::uint64_t order_offset(model::NumberType type, Missing missing);

/// What a walker compares instead of the threshold: the threshold itself for integers, order(T) for floats.
std::int64_t ordinal(const TreePlan& plan, Missing missing, double threshold);

/// The bits of a float feature as a signed integer, those of a negative one but the sign turned over: the order of the
/// floats with NaN at both ends, by its sign. `key(x) < key(T)` is `x < T` for every x but NaN, and every T but 0,
/// which counts as -0. Above 0 a key is the bits as they are. Of an integer the threshold itself.
std::int64_t key_of(const TreePlan& plan, double threshold);
/// The keys of the infinities: what is beyond them is NaN.
struct KeyRange {
  std::int64_t lowest, highest;
};
KeyRange number_keys(model::NumberType type);
/// All of them above 0: the bits of x are enough to compare with them.
bool are_positive(std::span<const std::int64_t> keys);

/// How a table names thresholds: by how far their ordinals are above a base, or by their place in a table.
enum class ThresholdNames { offset, index };
/// Those that are worth a try: doubles are too far from each other for offsets.
std::span<const ThresholdNames> threshold_names(model::NumberType type);

/// The thresholds of a plan under their names, numbers of `bits` bits.
struct Thresholds {
  std::int64_t base = 0;                 ///< offset: name + base is the ordinal
  std::vector<std::int64_t> ordinals{};  ///< index: distinct ones, ascending; name is where. Else empty
  int bits = 0;
};

/// `distinct` are the plan's ordinals. A base is left out where names without it take no more room, `unit` bits at a
/// time, since the device saves an addition. Without a split there is no threshold, and base is 1.
Thresholds name_thresholds(const std::vector<std::int64_t>& distinct, ThresholdNames names, int unit);
std::uint64_t name_of(const Thresholds& thresholds, std::int64_t ordinal);

/// The ordinals of all thresholds, ascending, each once.
std::vector<std::int64_t> distinct_ordinals(const TreePlan& plan, Missing missing);

}  // namespace emlc::layout
