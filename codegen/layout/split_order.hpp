#pragma once

#include <cstdint>
#include <vector>

#include "codegen/layout/tree_plan.hpp"

namespace emlc::layout {

/// Numbers in the order of a float feature, from its bits b:
///   order(b) = (b ^ ((b >> 31) * 0x7fffffff)) + offset, modulo 2^32.
/// NaN comes last where it goes right, and first where it goes left: `order(x) < order(T)` is then what `x < T` is,
/// with no float arithmetic, for every x and every T but 0, which counts as -0.
std::uint32_t order_offset(Missing missing);

/// What a walker compares instead of the threshold: the threshold itself for integers, order(T) for float32.
std::int64_t ordinal(const TreePlan& plan, Missing missing, double threshold);

/// The ordinals of all thresholds, ascending, each once.
std::vector<std::int64_t> distinct_ordinals(const TreePlan& plan, Missing missing);

}  // namespace emlc::layout
