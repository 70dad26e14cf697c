#pragma once

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/readback/tokens.hpp"

namespace emlc::c {

/// The condition of an if on the way through a tree: what it compares, and the side for which it holds.
struct ReadCondition {
  std::int32_t feature = 0;
  double threshold = 0.0;
  bool nan_goes_left = false;
  bool holds_left = false;
};

/// Reads what stands between the parentheses of an if. A pair of conditions, for machines with and without an FPU, has
/// to be one and the same. Throws Unreadable.
ReadCondition read_condition(TokenReader& reader, const TreeCode& code);

}  // namespace emlc::c
