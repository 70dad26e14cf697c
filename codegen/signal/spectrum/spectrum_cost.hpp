#pragma once

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// Instructions of a Cortex-M0+ at -Os, float32 in software: of what all features of one signal and form share, and of
/// what is taken of it for one feature.
double form_instructions(const Signal& signal, const SpectrumPart& part);
double taken_instructions(const SpectrumPart& part);

}  // namespace emlc::signal
