#pragma once

#include <vector>

#include "codegen/c/tree_code.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::c {

/// Prints a function of nested ifs for each tree and a sum_ that calls them. Returns the bytes of the tables.
std::vector<layout::Part> print_inline_trees(Printer& out, const TreeCode& code);

}  // namespace emlc::c
