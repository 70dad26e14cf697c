#pragma once

#include <string>
#include <string_view>

#include "codegen/c/signal/look.hpp"

namespace emlc::c {

/// Can the first stage of a transform take its samples from the array of their signal, so that no loop puts them in
/// order? They are kept, and as many as the transform has.
bool can_gather(const Look& look, const signal::SpectrumPart& part);
/// The call of the function that does: of the array of samples and of x.
std::string gather_call(Look& look, const signal::SpectrumPart& part);
/// That function.
/// @param asked  what the call has left among the helpers, behind `spectral gather `
std::string gather_function(Making& making, std::string_view asked);

}  // namespace emlc::c
