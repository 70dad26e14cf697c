#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codegen/c/signal/look.hpp"

/// The C of spectra in integers, in the order of codegen/signal/spectrum/fixed.
namespace emlc::c {

/// The body of a function that looks at such a spectrum, see print_spectrum().
void print_fixed_spectrum(Look& look);
/// The bytes of its arrays.
std::size_t fixed_spectrum_stack(const Making& making, const Subject& subject);

/// The function that one of the calls left among the helpers: its first stage, its transform, or how far samples may be
/// shifted.
/// @param asked    behind `spectral fixed `
/// @param longest  of longest_transform()
std::string fixed_function(Making& making, std::string_view asked, std::size_t longest);

}  // namespace emlc::c
