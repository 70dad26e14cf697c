#pragma once

#include <string>
#include <vector>

#include "codegen/layout/tmdl_profile.hpp"
#include "codegen/model/model.hpp"
#include "formats/tmdl/layers.hpp"

namespace emlc::formats {

/// Why TinyMaix's own layers cannot say this network; empty when they can.
std::string beyond_tinymaix(const model::Model& model, const model::DenseNetwork& network);

/// The layers of an int8 network for the arithmetic of TinyMaix, see note [saturation] in tmdl_int8.cpp. They are made
/// from the float layers and the ranges that `network.integers` has seen. Throws Error for 16 bits.
/// For emlearn-cnn there is no SOFTMAX layer: what would go into it comes out.
std::vector<TmdlLayer> int8_layers(const model::Model& model, const model::DenseNetwork& network,
                                   layout::TmdlProfile profile, std::vector<std::string>& warnings);

}  // namespace emlc::formats
