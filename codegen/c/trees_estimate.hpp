#pragma once

#include "codegen/c/emit.hpp"
#include "codegen/c/tree_code.hpp"

namespace emlc::c {

/// What the instructions of the trees take on a Cortex-M0+ at -Os, the compiler's soft float among them: within 15 % of
/// the linked size for the bundled models.
layout::Part estimate_tree_code(const TreeCode& code, TreeLayout layout);

}  // namespace emlc::c
