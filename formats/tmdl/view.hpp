#pragma once

#include <emlc/tmdl.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::formats {

/// The bytes of a .tmdl file. Every read names its field and is checked against the end of the file; every message
/// starts with `byte 10 (layer_cnt)`.
class TmdlView {
 public:
  /// Both have to outlive the view.
  TmdlView(std::string_view content, std::string_view file) : content_(content), file_(file) {}

  [[nodiscard]] std::uint8_t u8(std::size_t at, std::string_view field) const { return *bytes(at, 1, field); }
  [[nodiscard]] std::uint16_t u16(std::size_t at, std::string_view field) const {
    return emlc_read_u16(bytes(at, 2, field));
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at, std::string_view field) const {
    return emlc_read_u32(bytes(at, 4, field));
  }
  [[nodiscard]] std::int32_t i32(std::size_t at, std::string_view field) const {
    return emlc_read_i32(bytes(at, 4, field));
  }
  [[nodiscard]] double f32(std::size_t at, std::string_view field) const;  ///< finite
  [[nodiscard]] double f64(std::size_t at, std::string_view field) const;  ///< finite

  /// `count` bytes; throws Error when the file ends before.
  [[nodiscard]] const std::uint8_t* bytes(std::size_t at, std::size_t count, std::string_view field) const;

  [[nodiscard]] std::size_t size() const { return content_.size(); }
  [[nodiscard]] std::string_view file() const { return file_; }
  [[noreturn]] void fail(std::size_t at, std::string_view field, std::string_view problem) const;

 private:
  std::string_view content_;
  std::string_view file_;
};

/// One layer that is inside the file, whole. Offsets count from its first byte; fields are named `layers[1].act`.
class TmdlLayerView {
 public:
  TmdlLayerView(const TmdlView& file, std::size_t at, std::size_t index);

  [[nodiscard]] std::uint8_t u8(std::size_t oft, std::string_view field) const;
  [[nodiscard]] std::uint16_t u16(std::size_t oft, std::string_view field) const;
  [[nodiscard]] std::uint32_t u32(std::size_t oft, std::string_view field) const;
  [[nodiscard]] double f32(std::size_t oft, std::string_view field) const;
  [[nodiscard]] double f64(std::size_t oft, std::string_view field) const;
  [[nodiscard]] std::vector<double> floats(std::size_t oft, std::size_t count, std::string_view field) const;
  /// NaN and infinities too.
  [[nodiscard]] std::vector<double> any_floats(std::size_t oft, std::size_t count, std::string_view field) const;
  [[nodiscard]] const std::uint8_t* bytes(std::size_t oft, std::size_t count, std::string_view field) const;
  [[noreturn]] void fail(std::size_t oft, std::string_view field, std::string_view problem) const;

  emlc_tmdl_layer header;  ///< decoded; header.size bytes are in the file

 private:
  [[nodiscard]] std::string named(std::string_view field) const;

  const TmdlView& file_;
  std::size_t at_;
  std::size_t index_;
};

}  // namespace emlc::formats
