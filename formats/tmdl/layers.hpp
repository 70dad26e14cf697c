#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/layout/artifact.hpp"
#include "codegen/layout/trees/layer.hpp"
#include "codegen/model/model.hpp"

/// The layers of a .tmdl blob under construction; docs/tmdl.md has them byte by byte.
namespace emlc::formats {

/// Little-endian numbers in a block that grows.
class ByteBlock {
 public:
  explicit ByteBlock(std::size_t size) : bytes_(size, '\0') {}

  void u8(std::size_t at, std::uint8_t value) { put(at, value, 1); }
  void u16(std::size_t at, std::uint16_t value) { put(at, value, 2); }
  void u32(std::size_t at, std::uint32_t value) { put(at, value, 4); }
  /// `value` in `count` bytes, which it fits.
  void integer(std::size_t at, std::int64_t value, std::size_t count) {
    put(at, static_cast<std::uint64_t>(value), count);
  }
  void f32(std::size_t at, float value);
  void f64(std::size_t at, double value);
  void text(std::size_t at, std::string_view value) { bytes_.replace(at, value.size(), value); }
  void append(std::string_view bytes) { bytes_ += bytes; }
  void pad_to(std::size_t multiple);

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void put(std::size_t at, std::uint64_t value, std::size_t count);

  std::string bytes_;
};

/// A whole layer. What depends on its neighbours (size, offsets, is_out) is filled in when the blob is put together.
struct TmdlLayer {
  std::uint16_t type = 0;
  std::int32_t n_in = 0, n_out = 0;
  ByteBlock block;
  std::vector<layout::Part> parts{};  ///< they add up to the block
  std::size_t ram = 0;                ///< bytes of working memory besides the buffer
  bool keeps_columns = false;         ///< each value is made of the one at its place, so it may work in place
};

/// A layer with its header and `data_at - header` bytes of body, all 0 but the type and what TinyMaix's converter
/// writes for scales and zero points in float models.
TmdlLayer new_layer(std::uint16_t type, std::int32_t n_in, std::int32_t n_out, std::size_t data_at);
TmdlLayer conv_layer(const model::DenseLayer& dense, std::string_view field);  ///< hidden, in the way of TinyMaix
TmdlLayer fc_layer(const model::DenseLayer& dense, std::string_view field);    ///< the last one
TmdlLayer softmax_layer(std::int32_t n);
TmdlLayer dense_layer(const model::DenseLayer& dense, std::string_view field);  ///< emlc's, with any activation
TmdlLayer post_transform_layer(const model::PostTransform& transform, std::int32_t n);
TmdlLayer trees_layer(const model::Model& model);
TmdlLayer linked_trees_layer(const model::Model& model, const layout::TreeLayer& trees);  ///< laid out for speed
TmdlLayer scaler_layer(const model::Scaler& scaler, std::string_view field);
/// Coefficients are divided by a0. `warnings` hears of a section that float32 makes unstable.
TmdlLayer sos_layer(const model::SosCascade& cascade, std::vector<std::string>& warnings);
TmdlLayer sos_fixed_layer(const model::SosCascade& cascade);  ///< of a cascade that has `fixed`

/// Softmax is the last that a network does, as an activation or as its post-transform.
bool ends_in_softmax(const model::DenseNetwork& network);

/// Throws Error naming `field` for more values than a blob counts.
void check_width(std::int32_t width, std::string_view field);
/// `value` rounded to float32; throws Error naming `field` when it is too large for that.
float to_float32(double value, std::string_view field);
/// The same of a number that something is divided by; throws Error when float32 makes 0 of it.
float to_divisor(double value, std::string_view field);

}  // namespace emlc::formats
