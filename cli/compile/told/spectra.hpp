#pragma once

#include <string>

#include "cli/compile/pipeline.hpp"

namespace emlc::cli {

/// Puts the spectra of the signal of a source into the integers that --arithmetic asks for: the plan and a report go to
/// `lowered`. How far features and answers are from those in float is measured on the recordings among the test vectors
/// and on --data. Does nothing where nothing is asked for.
void lower_spectra(const Source& source, const CompileOptions& options, Lowered& lowered);

/// How far the answers about features of a device are from those about the trained ones. Without windows it is of none.
model::Distance distance_between(const model::Model& trained, const model::Model& device, const BothFeatures& both);

/// The signal as the device will have it.
inline const signal::Plan* plan_of(const Source& source, const Lowered& lowered) {
  if (lowered.signal) return &*lowered.signal;
  return source.signal ? &*source.signal : nullptr;
}

}  // namespace emlc::cli
