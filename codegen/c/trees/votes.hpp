#pragma once

#include <set>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/vote_counters.hpp"

namespace emlc::c {

/// One function for all trees of an ensemble of votes: `print_votes` prints it.
bool can_print_votes(const TreeCode& code);

VoteCounters vote_counters_of(const TreeCode& code);
std::size_t vote_words(const TreeCode& code);  ///< words of 32 bits that the counters fill
/// The blocks of 32 features that vote_ has a pointer of its own to.
std::set<std::int32_t> vote_far_blocks(const TreeCode& code);

/// Prints
///   FUNCTION int vote_(const INPUT *x, SUM *sum);
/// which goes from tree to tree, counts the votes in a few words, and stops when no class can overtake the leader. With
/// `sum` [n_outputs] not NULL it asks every tree and stores the votes instead. Around it the usual sum_ and, as the
/// order of the sums is that of the outputs, decide_.
void print_votes(Printer& out, const TreeCode& code);

}  // namespace emlc::c
