#pragma once

#include "formats/onnx/file/graph.hpp"

namespace emlc::formats::onnx {

/// Takes the choice off a softplus that its writer had made safe: `Where(s > t, x, softplus(s) / beta)` with s = beta x
/// and t >= 17 is the second everywhere, in float32, where exp(-17) is less than half a unit in the last place of 17.
/// What torch.export writes for torch.nn.Softplus.
void plain_softplus(Graph& graph);

}  // namespace emlc::formats::onnx
