#pragma once

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// Finds out what features take of spectra: bins, and by which method. Signals are inferred already. Throws Error with
/// the path of a feature for a window that is longer than its transform, and for frequencies that are beyond half the
/// rate or have no bin between them.
void infer_spectra(Plan& plan);

}  // namespace emlc::signal
