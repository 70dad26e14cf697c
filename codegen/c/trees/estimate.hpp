#pragma once

#include <string>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// What if/else code takes, the compiler's soft float among it, on each target: a Cortex-M0+ (the first), a Cortex-M4
/// with its FPU, an ATmega328P; at -O2 for Optimize::speed, else at -Os. docs/architecture.md says how far off it is.
std::vector<layout::CodeEstimate> estimate_inline_code(const TreeCode& code, Optimize optimize);

/// What a prediction with a table computes in float where there is no FPU, as Core::float_operations; `d` compares
/// doubles.
std::string float_operations(const TreeCode& code, const TableTrees& table);

/// What the walk of a table takes on the first target at -Os, the decision of stages included, but for soft float: for
/// the choice between encodings.
double walk_bytes(const WalkBytes& walk, const TreeCode& code, const TableTrees& table);

}  // namespace emlc::c
