#pragma once

#include "codegen/c/common/printer.hpp"
#include "codegen/c/signal/look.hpp"

namespace emlc::c {

/// The sample of a weighting in integers, into `v<index>`, which is declared.
void print_weighting(Printer& out, Making& making, std::int32_t index);

/// Of a weighting in integers of a channel, in a header with blocks: what its first sample settles, in front of the
/// loop over frames, which then does not ask for it. Else empty.
std::string settled_text(const Making& making, std::int32_t index);

/// What mean_square adds to its sum for each sample of its operand; print_mean_square() makes a sample of it.
void print_square(Printer& out, Making& making, std::int32_t index);
void print_mean_square(Printer& out, Making& making, std::int32_t index);

/// The sample of time_weighting, into `v<index>`.
void print_time_weighting(Printer& out, Making& making, std::int32_t index);

/// A level as it goes out, behind print_integer_parts() or print_real_parts().
/// @param sum  of the window, of integers
std::string level_value(Look& look, const signal::Feature& feature, const Exact& sum);

}  // namespace emlc::c
