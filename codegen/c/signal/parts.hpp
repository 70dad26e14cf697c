#pragma once

#include "codegen/c/signal/exact.hpp"
#include "codegen/signal/parts.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::c {

inline constexpr signal::Needs any_moment = signal::need_variance | signal::need_third | signal::need_fourth;
inline constexpr signal::Needs any_difference =
    signal::need_jumps | signal::need_jump_variance | signal::need_bend_variance;
inline constexpr signal::Needs any_order = signal::need_order | signal::need_sorted;

/// The exact sums of a window, as variables.
struct IntegerParts {
  Exact sum{}, energy{}, cubes{}, fourths{}, absolutes{};
  Exact jump{};  ///< a difference
  Exact jumps{}, jump_energy{}, bend_energy{};
};
IntegerParts integer_parts(const signal::Signal& signal, std::size_t samples);

}  // namespace emlc::c
