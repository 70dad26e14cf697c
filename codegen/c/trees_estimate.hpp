#pragma once

#include <optional>

#include "codegen/c/tree_code.hpp"
#include "codegen/c/trees_table.hpp"

namespace emlc::c {

/// What the instructions of the trees take on a Cortex-M0+ at -Os, the compiler's soft float among them: within 10 % of
/// the linked size for the bundled models. No table: inline code.
layout::Part estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table);

}  // namespace emlc::c
