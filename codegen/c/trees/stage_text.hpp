#pragma once

#include <cstddef>
#include <string>

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

// How sum_ looks at its sums between trees, see stages.hpp.

/// Prints lead_, which tells how far the largest of several sums is above the second.
void print_lead(Printer& out, const TreeCode& code);
/// Prints NAME_WALK, what a walk begins with that is a function of its own, with all registers, where compilers can be
/// told.
void print_walk_macro(Printer& out, const TreeCode& code);
/// Prints the tables of what the stages of a walk of tables compare with. Returns their bytes.
layout::Part print_stage_tables(Printer& out, const TreeCode& code);
/// The conditions that sum_ ends on: at the stage in the variable `stage`, from the tables, or at one that if/else code
/// knows.
std::string ends_at_stage(const TreeCode& code);
std::string ends_at_stage(const TreeCode& code, const Stage& stage);

}  // namespace emlc::c
