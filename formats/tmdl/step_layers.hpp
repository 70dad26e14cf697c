#pragma once

#include <cstdint>
#include <string_view>

#include "codegen/model/steps/step.hpp"
#include "formats/tmdl/draft.hpp"
#include "formats/tmdl/layers.hpp"

/// Layers of steps in front of a model (docs/tmdl.md, layer 72), written and read.
namespace emlc::formats {

/// @param width  columns in front of the step
/// @param field  what the step is called in messages: `steps[0]`
/// Throws Error for a number that float32 has not, and for lists longer than a layer counts.
TmdlLayer step_layer(const model::Step& step, std::size_t width, std::string_view field);

/// Takes a layer that the runtime's own check has proven into the steps of the draft. Throws Error for numbers that are
/// none, and for an order of columns that a step cannot have.
void read_step(const TmdlLayerView& layer, TmdlDraft& draft);

}  // namespace emlc::formats
