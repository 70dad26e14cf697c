#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace emlc::cli {

/// Targets of layout::CodeEstimate whose frames are not those of a Cortex-M0+.
inline constexpr std::array<std::string_view, 3> frame_targets = {"Cortex-M4", "ATmega328P", "RV32IMC"};

/// What code of one form has on the stack, in bytes more than on a Cortex-M0+: at -Os and at -O2 on the first target,
/// on the second...
struct FrameBytes {
  std::string_view form;  ///< `scaler`, `filter`, `network`, `codes` (a network of integers), `trees`, `combination`
  std::array<int, 2 * frame_targets.size()> more;
};
std::span<const FrameBytes> all_frame_bytes();

}  // namespace emlc::cli
