#pragma once

#include <cstddef>

#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::passes {

/// Makes the spectra of a plan those of integers, approximately: how many features are taken of one that changed.
/// Throws Error, of the option --arithmetic for an arithmetic that spectra have not and a plan without one, of a
/// feature for samples and for what is taken of them that have no form in integers.
/// @param plan  inferred, and it is again
std::size_t quantize_spectra(signal::Plan& plan, model::Arithmetic arithmetic);

}  // namespace emlc::passes
