#pragma once

#include <cstdint>
#include <vector>

/// Walks a tree layer as docs/tmdl.md describes it: written apart from the runtime and from the layout, in double.
/// Only the post-transforms identity and softmax.
std::vector<std::vector<float>> walk_tree_layer(const std::vector<std::uint8_t>& body,
                                                const std::vector<std::vector<double>>& inputs);
