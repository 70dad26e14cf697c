#pragma once

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

/// Prints sum_ as nested ifs: one body for all trees where there is one sum, else a function for each tree.
void print_inline_trees(Printer& out, const TreeCode& code);

}  // namespace emlc::c
