#pragma once

#include <cstdint>
#include <string_view>

#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// Prints a search through the array `values` [n], n at least 2: `best` and `second`, which are declared as 0 and 1,
/// become the places of the largest value, of equal ones the first, and of the largest of all others.
void print_largest_two(Printer& out, std::string_view values, std::int32_t n);

}  // namespace emlc::c
