#pragma once

#include "codegen/signal/cost.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// Bytes that a signal of levels remembers, and instructions of one of its samples, as signal_cost() counts them; not
/// of a weighting in float, which is a filter.
Cost level_cost(const Signal& signal);

/// Of the logarithm of a power, in float32.
inline constexpr double logarithm_instructions = 1400;

}  // namespace emlc::signal
