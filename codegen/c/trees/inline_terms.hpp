#pragma once

#include <span>
#include <string_view>

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

enum class FloatUnit { software, hardware };

/// What is known of a processor without fitting.
struct Processor {
  FloatUnit float_unit;
  int register_bytes;    ///< 1 or 4
  int reach;             ///< the last element, or byte where registers have one, that a short load reaches
  double feature_bytes;  ///< registers for features
  double short_jump;     ///< bytes
  int (*compared)(std::int64_t constant);  ///< bytes, beyond the comparison, of a constant of 32 bits; not of bytes
  int (*added)(std::int64_t constant);     ///< likewise beyond the addition
};

/// One body for a sum, a function for each tree that returns a value or a row, or one body of votes.
enum class InlineForm { sum, functions, votes };
InlineForm inline_form(const TreeCode& code);

/// What if/else code has, and as a row of constants the bytes that one of each takes. A tree that is a leaf alone has
/// nothing.
struct InlineTerms {
  double constants = 0;       ///< bytes of constants that fit no instruction, as the processor says
  double frame = 0;           ///< 1: what the function begins and ends with
  double tree = 0;            ///< trees, and in each one split of two leaves: it has one more of these than of `open`
  double open = 0;            ///< splits without a leaf, with one split of two leaves each
  double one = 0;             ///< splits with one leaf
  double half = 0, word = 0;  ///< splits that compare integers of two bytes, and of four
  double fpu = 0;             ///< splits of floats that an FPU compares
  double soft = 0;            ///< splits of floats that soft float compares
  double known = 0;           ///< loads into a register that a split on the way did before
  double again = 0;           ///< leaves that are equal to one of their tree, but 0
  double zero = 0;            ///< leaves that add 0
  double wide_row = 0;        ///< leaves that name a row beyond 255
  double row_tree = 0;        ///< trees whose rows are added
  double row_loop = 0;        ///< 1: rows are added
  double clean = 0;           ///< 1: floats are compared as integers, after a look for NaN
  double vote = 0;            ///< votes, different ones of each tree
  double win = 0;             ///< of these, the ones that may decide
  double contested = 0;       ///< of these, the ones against which another class may hold out
  double rivals = 0;          ///< words of counters that these look at
  double classes = 0;         ///< classes, where more than 15 trees vote
  double few_classes = 0;     ///< classes, where up to 15 trees vote
  double distant = 0;         ///< splits, by the share of the code that is beyond a short jump
  double learnt = 0;          ///< splits of integers, by the share of the features that a way through a tree asks for
  double crowd = 0;           ///< splits per feature, of integers: how often a tree may know what the last one asked
  double kept = 0;            ///< loads into a register, by the share of the features that registers hold
};

struct InlineTerm {
  std::string_view name;
  double InlineTerms::*member;
};
/// Every member.
std::span<const InlineTerm> all_inline_terms();

InlineTerms count_inline_terms(const TreeCode& code, const Processor& processor);

}  // namespace emlc::c
