#pragma once

#include <span>
#include <string_view>

#include "codegen/c/common/emit.hpp"

namespace emlc::c {

enum class FloatUnit { software, hardware };

/// The loop over the trees of a table, with what it takes to decide.
struct WalkBytes {
  double bytes, scan, links;        ///< of each encoding
  double float_order;               ///< to make an integer of a float
  double row_loop;                  ///< to add a row of leaf values
  double narrow_moves, wide_moves;  ///< to add a row of moves, with sums of one or two bytes and of four
};

/// If/else code.
struct InlineBytes {
  double frame;                                            ///< what the function begins and ends with
  double nan_copy;                                         ///< to look for NaN before floats are compared as integers
  double byte_split, half_split, word_split, float_split;  ///< by the type of the features
  double soft_split;                                       ///< of float features that soft float compares
  double vote, row;                                        ///< a leaf that is a vote, or names a row
  double narrow_value, wide_value, float_value;            ///< a leaf of one or two bytes, of four, and a float
  double again;                                            ///< each further leaf that is equal to one of its tree
  double tree;                                             ///< each tree in the one body of a sum
  double call;                                             ///< each tree that is a function
};

/// Functions of soft float, once in a program, or the instructions of an FPU.
struct FloatBytes {
  double power_of_two;  ///< a number from an integer sum whose unit is one
  double conversion;    ///< of any other integer sum
  double multiplication, division, addition, comparison;
};

/// What a compiler makes of the code of trees for one target, in bytes.
struct CodeBytes {
  std::string_view target;  ///< as layout::CodeEstimate calls it
  FloatUnit float_unit;
  FloatBytes floats;
  WalkBytes small_walk, fast_walk;  ///< at -Os, and at -O2 for Optimize::speed
  InlineBytes small_code, fast_code;
};

/// A row for each target, that of code_part_target first.
std::span<const CodeBytes> all_code_bytes();

}  // namespace emlc::c
