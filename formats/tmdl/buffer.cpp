#include "formats/tmdl/buffer.hpp"

#include <algorithm>
#include <array>

#include "formats/tmdl/codes.hpp"

namespace emlc::formats {
namespace {

std::uint32_t int8_bytes(std::int32_t n) {
  return (static_cast<std::uint32_t>(n) + EMLC_TMDL_ALIGN - 1) / EMLC_TMDL_ALIGN * EMLC_TMDL_ALIGN;
}

/// Bytes from the place of an int8 output on: softmax computes in float, and TinyMaix puts the real outputs behind the
/// last one.
std::uint32_t int8_output_bytes(const std::vector<TmdlLayer>& layers, const TmdlLayer& layer) {
  const bool has_floats = &layer == &layers.back() || layer.type == EMLC_LAYER_SOFTMAX;
  return int8_bytes(layer.n_out) + (has_floats ? float_bytes(layer.n_out) : 0);
}

}  // namespace

std::uint32_t float_bytes(std::int32_t n_values) {
  const auto bytes = static_cast<std::uint32_t>(n_values) * 4U;
  return (bytes + EMLC_TMDL_ALIGN - 1) / EMLC_TMDL_ALIGN * EMLC_TMDL_ALIGN;
}

TmdlBuffer plan_tinymaix_buffer(const std::vector<TmdlLayer>& layers) {
  TmdlBuffer buffer;
  for (const TmdlLayer& layer : layers) {
    buffer.size = std::max(buffer.size, float_bytes(layer.n_in) + float_bytes(layer.n_out));
  }
  std::uint32_t in_oft = 0;
  for (const TmdlLayer& layer : layers) {
    in_oft = in_oft == 0 ? buffer.size - float_bytes(layer.n_out) : 0;
    buffer.out_oft.push_back(in_oft);
  }
  return buffer;
}

TmdlBuffer plan_int8_buffer(const std::vector<TmdlLayer>& layers) {
  TmdlBuffer buffer;
  for (const TmdlLayer& layer : layers) {
    buffer.size = std::max(buffer.size, int8_bytes(layer.n_in) + int8_output_bytes(layers, layer));
  }
  std::uint32_t in_oft = 0;
  for (const TmdlLayer& layer : layers) {
    in_oft = in_oft == 0 ? buffer.size - int8_output_bytes(layers, layer) : 0;
    buffer.out_oft.push_back(in_oft);
  }
  return buffer;
}

TmdlBuffer plan_own_buffer(const std::vector<TmdlLayer>& layers) {
  TmdlBuffer buffer;
  std::array<std::uint32_t, 2> sizes = {0, 0};
  std::vector<std::size_t> places;  // of each output, 0 or 1
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
    const std::size_t before = i == 0 ? 1 : places.back();
    places.push_back(i != 0 && layers[i].keeps_columns ? before : 1 - before);
    sizes[places[i]] = std::max(sizes[places[i]], float_bytes(layers[i].n_out));
  }
  for (const std::size_t place : places) buffer.out_oft.push_back(place == 0 ? 0 : sizes[0]);
  buffer.out_oft.push_back(0);
  buffer.size = sizes[0] + sizes[1];
  return buffer;
}

std::uint32_t int8_work_size(const std::vector<TmdlLayer>& layers, const TmdlBuffer& buffer) {
  std::uint32_t size = int8_bytes(layers.front().n_in);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const TmdlLayer& layer = layers[i];
    const bool is_float = layer.type == EMLC_LAYER_SOFTMAX;
    size = std::max(size, buffer.out_oft[i] + (is_float ? float_bytes(layer.n_out) : int8_bytes(layer.n_out)));
  }
  return size;
}

}  // namespace emlc::formats
