#pragma once

#include "codegen/model/model.hpp"
#include "formats/tmdl/view.hpp"

namespace emlc::formats {

/// A model while its layers are read, one after the other.
struct TmdlDraft {
  model::Model model{};  ///< `predictor` holds what the layers so far amount to
  bool is_int8 = false;
  double scale = 1.0;  ///< int8: of what the layer read last gives
};

/// Takes one layer, already proven by the runtime's own check, into the draft. Throws Error for an order of layers that
/// a model cannot have.
void read_layer(const TmdlLayerView& layer, TmdlDraft& draft);

/// No layer has computed anything yet but scalers and steps.
bool is_only_scalers(const TmdlDraft& draft);
/// The network that layers of TinyMaix make.
const model::DenseNetwork& network_of(const TmdlDraft& draft);

/// What a layer type is called; empty when there is no such type.
std::string_view layer_name(int type);

/// Refuses, with the field at fault, what a dense network does not need: pictures, strides, padding, odd activations.
void check_supported(const TmdlLayerView& layer, bool is_int8);

}  // namespace emlc::formats
