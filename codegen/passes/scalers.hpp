#pragma once

#include <optional>
#include <vector>

#include "codegen/model/scaler.hpp"

namespace emlc::passes {

/// gain * x + shift, which is what a scaler does before it clips.
struct Affine {
  double gain = 1.0, shift = 0.0;
};
Affine affine(const model::Scaler& scaler, std::size_t feature);

/// x - offset. A device that computes it in float32, with offsets that are float32 values, loses nothing near them.
model::Scaler subtraction(std::vector<double> offset);
/// True for a scaler that is such a subtraction.
bool only_subtracts(const model::Scaler& scaler);

/// Neighbours without a clip between them that compute one line become one scaler. Returns how many are gone.
std::size_t join_neighbours(std::vector<model::Scaler>& scalers);

/// Scalers whose float32 form on the device would lose digits of the result become two: a far offset is taken off
/// first, as a float32, and what it lacks later.
/// @return how many scalers came of it
std::size_t keep_digits(std::vector<model::Scaler>& scalers);

}  // namespace emlc::passes
