#pragma once

#include <cstdint>
#include <vector>

#include "formats/tmdl/layers.hpp"

namespace emlc::formats {

/// How the layers of a blob share the buffer.
struct TmdlBuffer {
  std::vector<std::uint32_t> out_oft{};  ///< [n_layers] place of each output in it
  std::uint32_t size = 0;
};

/// Float layers, as TinyMaix's converter does it: the buffer holds the input and the output of any layer, one at each
/// end.
TmdlBuffer plan_tinymaix_buffer(const std::vector<TmdlLayer>& layers);
/// The same for int8 layers.
TmdlBuffer plan_int8_buffer(const std::vector<TmdlLayer>& layers);
/// Outputs take turns in two places, but for layers that work in place; the first layer reads the caller's x and the
/// last writes the caller's y.
TmdlBuffer plan_own_buffer(const std::vector<TmdlLayer>& layers);

/// What emlc's runtime uses of the buffer of an int8 network: the input and every output.
std::uint32_t int8_work_size(const std::vector<TmdlLayer>& layers, const TmdlBuffer& buffer);

/// Bytes of n floats, padded.
std::uint32_t float_bytes(std::int32_t n_values);

}  // namespace emlc::formats
