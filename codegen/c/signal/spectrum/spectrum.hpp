#pragma once

#include <cstddef>
#include <string>

#include "codegen/c/signal/look.hpp"

/// The C of spectra: float32, one operation after the other in the order of codegen/signal/spectrum.
namespace emlc::c {

/// Prints the body of a function that looks at the spectrum of a window: samples times the taper, their transform where
/// there is one, values.
void print_spectrum(Look& look);

/// The bytes of its arrays.
std::size_t spectrum_stack(const Making& making, const Subject& subject);

/// The functions that the bodies call, once all are printed; empty where there are none. Tables go to those of
/// `making`.
std::string spectrum_functions(Making& making);

}  // namespace emlc::c
