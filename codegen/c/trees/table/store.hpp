#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::c {

/// Bits that a single leaf value takes in a table; 0 where leaves are no single values.
std::size_t leaf_bits(const TreeCode& code);

/// The store of all leaves of `code`; nothing where whole values are as small, or a reader takes more code than is
/// saved.
std::optional<LeafStore> make_store(const TreeCode& code);

/// Takes the store. Where every output has as many trees when its sum is looked at, the offset of all leaves is part of
/// what sums begin with.
void take_store(TreeCode& code, std::optional<LeafStore> store);

/// Prints the tables of the store. Returns their bytes.
layout::Part print_store(Printer& out, const TreeCode& code);
/// Prints the variables that the value of the leaf in the variable `leaf` is made of. Returns the value.
std::string print_stored_value(Printer& out, const TreeCode& code);

}  // namespace emlc::c
