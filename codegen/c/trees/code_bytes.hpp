#pragma once

#include <span>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/trees/inline_terms.hpp"

namespace emlc::c {

/// The loop over the trees of a table at -Os on the target of code_part_target, with what it takes to decide.
struct WalkBytes {
  double bytes, scan, jumps, links;  ///< of each encoding
  double float_order;                ///< to make an integer of a float
  double row_loop;                   ///< to add a row of leaf values
  double narrow_moves, wide_moves;   ///< to add a row of moves, with sums of one or two bytes and of four
  double leads, bounds;              ///< to look at several sums, or at one, in stages
  double split_stream, leaf_stream;  ///< to read splits, or leaf values, from a stream of bits
  double levels;                     ///< the walk of levels
  double perfect;                    ///< the walk of perfect trees, and each level of
  double level, float_level;         ///< integers, or of floats with thresholds above 0,
  double key_level;                  ///< or of any thresholds
};

/// If/else code by its form.
struct InlineBytes {
  InlineTerms sum{}, functions{}, votes{};
};

/// Functions of soft float, once in a program, or the instructions of an FPU.
struct FloatBytes {
  double power_of_two;  ///< a number from an integer sum whose unit is one
  double conversion;    ///< of any other integer sum
  double multiplication, division, addition, comparison;
  double subtraction;  ///< beside an addition
};

/// What a compiler makes of the code of trees for one target, in bytes.
struct CodeBytes {
  std::string_view target;  ///< as layout::CodeEstimate calls it
  Processor processor;
  FloatBytes floats;
  InlineBytes small_code{}, fast_code{};  ///< at -Os, and at -O2 for Optimize::speed
};

inline constexpr WalkBytes walk_of_tables = {156, 152, 168, 92, 12, 25, 83, 139, 92, 60, 104, 36, 150, 76, 22, 32, 42};

/// A row for each target, that of code_part_target first.
std::span<const CodeBytes> all_code_bytes();

}  // namespace emlc::c
