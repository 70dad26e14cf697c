#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/tree_code.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/tree_scan.hpp"
#include "codegen/layout/tree_table.hpp"

namespace emlc::c {

// The walkers of the encodings, and what they share.

std::vector<layout::Part> print_byte_walk(Printer& out, const TreeCode& code, const layout::TreeTable& table);
std::vector<layout::Part> print_scan_walk(Printer& out, const TreeCode& code, const layout::ScanTable& table);

/// Prints the table `name` of integers (with names.symbol in front). Returns its bytes as those of `part`.
layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, const std::vector<std::int64_t>& values);

/// Prints what every encoding has besides its splits: the first output of each tree where they differ, and the leaf
/// values where they are single numbers.
std::vector<layout::Part> print_leaf_parts(Printer& out, const TreeCode& code);

/// Prints sum_. `start` prints what goes before the loop over the trees; `find` what sets, for tree `tree`, a variable
/// `leaf`, the number of the leaf that x reaches.
void print_sum(Printer& out, const TreeCode& code, const std::function<void()>& start,
               const std::function<void()>& find);

}  // namespace emlc::c
