#pragma once

#include <optional>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// What the instructions of the trees take, the compiler's soft float among them, on each target: a Cortex-M0+ (the
/// first), a Cortex-M4 with its FPU, an ATmega328P; at -O2 for Optimize::speed, else at -Os. docs/architecture.md
/// says how far off it is. No table: inline code.
std::vector<layout::CodeEstimate> estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table,
                                                     Optimize optimize);

/// What the walk of a table takes, the decision of stages included, but for soft float.
double walk_bytes(const WalkBytes& walk, const TreeCode& code, const TableTrees& table);

}  // namespace emlc::c
