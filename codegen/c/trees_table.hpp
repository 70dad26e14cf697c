#pragma once

#include <vector>

#include "codegen/c/tree_code.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::c {

/// Prints the tables of an ensemble and a sum_ that walks them. Returns the bytes of the tables.
std::vector<layout::Part> print_table_trees(Printer& out, const TreeCode& code);

}  // namespace emlc::c
