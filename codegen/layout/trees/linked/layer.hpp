#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "codegen/layout/trees/layer.hpp"
#include "codegen/model/model.hpp"

namespace emlc::layout {

/// A layer of trees laid out for speed, or why there is none.
struct LinkedLayer {
  std::optional<TreeLayer> layer{};
  std::string problem{};  ///< where there is none: what it cannot hold, as the end of a sentence
};

/// The body of a .tmdl layer of type 71, what emlc/linked_trees.h walks; docs/tmdl.md has it byte by byte. It decides
/// as the model does, and its sums are the model's as far as integers of 31 bits go, as in generated headers. Throws
/// Error as lay_out_tree_layer does.
LinkedLayer lay_out_linked_layer(const model::Model& model);

/// The ensemble that a body holds: the same decisions, leaf values as the device has them.
/// Throws Error (without a place) when the body is not valid.
model::TreeEnsemble read_linked_layer(std::span<const std::uint8_t> bytes);

/// Whether what the body says of deciding on sums is what the rule of a model with its trees makes of them: empty, or
/// what is wrong. `model` holds the ensemble as read.
std::string linked_decision_problem(std::span<const std::uint8_t> bytes, const model::Model& model);

}  // namespace emlc::layout
