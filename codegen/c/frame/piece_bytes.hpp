#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace emlc::c {

/// The targets of estimates, in this order: a Cortex-M0+, a Cortex-M4 with FPU, an ATmega328P and RV32IMC.
inline constexpr std::size_t n_estimated_targets = 4;
/// What PieceCount counts, in its order.
inline constexpr std::size_t n_piece_counts = 4;

/// What a compiler makes of a piece: bytes [target][count].
using CountBytes = std::array<double, n_estimated_targets * n_piece_counts>;

struct PieceBytes {
  std::string_view name;   ///< as in Survey::pieces
  CountBytes small, fast;  ///< at -Os and at -O2
};
std::span<const PieceBytes> all_piece_bytes();

/// Parts of libraries that come along with any of some operations.
struct LibraryBytes {
  std::string_view operations;  ///< as in Survey::operations
  std::size_t bytes;
};

struct EstimatedTarget {
  std::string_view name;                      ///< as layout::CodeEstimate calls it
  std::span<const std::string_view> defined;  ///< macros that choose between the texts of a header
  std::span<const LibraryBytes> libraries;    ///< each function of a library once
};
std::span<const EstimatedTarget, n_estimated_targets> all_estimated_targets();

}  // namespace emlc::c
