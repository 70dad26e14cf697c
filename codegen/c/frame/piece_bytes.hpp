#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "codegen/c/frame/preprocess.hpp"

namespace emlc::c {

/// The targets of estimates, in this order: a Cortex-M0+, a Cortex-M4 with FPU, an ATmega328P and RV32IMC.
inline constexpr std::size_t n_estimated_targets = 4;
/// Functions of a piece, statements, functions called once for one value, calls beyond the first, see Survey::terms.
inline constexpr std::size_t n_piece_counts = 4;

/// What a compiler makes of a piece: bytes [target][count].
using CountBytes = std::array<double, n_estimated_targets * n_piece_counts>;

struct PieceBytes {
  std::string_view name;   ///< without what Survey::terms has behind it
  CountBytes small, fast;  ///< at -Os and at -O2
};
std::span<const PieceBytes> all_piece_bytes();

/// What a term takes in code of a kind that is no network: bytes at -Os and at -O2 on the first target, on the
/// second...
struct TermBytes {
  std::string_view kind;  ///< as Core::code_kind
  std::string_view name;  ///< as in Survey::terms; `1` is in all code
  std::array<double, 2 * n_estimated_targets> bytes;
};
std::span<const TermBytes> all_term_bytes();

/// Parts of libraries that come along with any of some operations.
struct LibraryBytes {
  std::string_view operations;  ///< as in Survey::operations
  std::size_t bytes;
};

struct EstimatedTarget {
  std::string_view name;                    ///< as layout::CodeEstimate calls it
  std::span<const Macro> predefined;        ///< macros that choose between the texts of a header
  std::span<const LibraryBytes> libraries;  ///< each function of a library once
  bool has_double = true;                   ///< of 64 bits
};
std::span<const EstimatedTarget, n_estimated_targets> all_estimated_targets();

}  // namespace emlc::c
