#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::layout {

/// The body of a .tmdl layer of type 64 (trees), what emlc/trees.h walks; docs/tmdl.md has it byte by byte.
struct TreeLayer {
  std::vector<std::uint8_t> body{};  ///< a multiple of 8 bytes
  std::vector<Part> parts{};         ///< of the body; they add up to its size
  std::size_t ram = 0;               ///< working memory besides the outputs: none
};

/// Lays out the model's tree ensemble. Its features are compared in float32, which holds every value of the input's
/// type; an int32 decides like the float32 nearest to it.
/// Throws Error when a threshold is beyond float32 or lies between two int32 that are one float32, or the ensemble is
/// too large.
TreeLayer lay_out_tree_layer(const model::Model& model);

/// What every layer of trees asks of a model. Throws Error as lay_out_tree_layer does for thresholds between two int32
/// that are one float32, which emlc_run could not tell apart, and for too many outputs.
void check_tree_layer(const model::Model& model);

/// `value` as a float32 of a layer; throws Error naming `field` where it is not finite.
float narrow(double value, const char* field);

/// The ensemble that a body holds: the same decisions, leaf values as the device has them, sums in float32.
/// Throws Error (without a place) when the body is not valid.
model::TreeEnsemble read_tree_layer(std::span<const std::uint8_t> body);

}  // namespace emlc::layout
