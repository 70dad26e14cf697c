#pragma once

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

/// One function for all trees of an ensemble of votes: `print_votes` prints it.
bool can_print_votes(const TreeCode& code);

/// Prints
///   FUNCTION int vote_(const INPUT *x, SUM *sum);
/// which goes from tree to tree, counts the votes in a few words, and stops when no class can overtake the leader. With
/// `sum` [n_outputs] not NULL it asks every tree and stores the votes instead. Around it the usual sum_ and, as the
/// order of the sums is that of the outputs, decide_.
void print_votes(Printer& out, const TreeCode& code);

}  // namespace emlc::c
