#pragma once

#include <optional>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// What the instructions of the trees take at -Os, the compiler's soft float among them, on each target: a Cortex-M0+
/// (the first), a Cortex-M4 with its FPU, an ATmega328P. With the tables within 10 % of the linked size for the bundled
/// models. No table: inline code.
std::vector<layout::CodeEstimate> estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table);

}  // namespace emlc::c
