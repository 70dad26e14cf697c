#include "formats/tmdl/view.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "codegen/model/error.hpp"

namespace emlc::formats {

void TmdlView::fail(std::size_t at, std::string_view field, std::string_view problem) const {
  throw Error({.file = std::string(file_), .field = fmt::format("byte {} ({})", at, field)}, problem);
}

const std::uint8_t* TmdlView::bytes(std::size_t at, std::size_t count, std::string_view field) const {
  if (at > content_.size() || count > content_.size() - at) {
    fail(at, field, fmt::format("the file is cut off: it has {} bytes, {} are needed here", content_.size(), count));
  }
  return reinterpret_cast<const std::uint8_t*>(content_.data()) + at;
}

double TmdlView::f32(std::size_t at, std::string_view field) const {
  const float value = emlc_read_f32(bytes(at, 4, field));
  if (!std::isfinite(value)) fail(at, field, "not a finite number");
  return static_cast<double>(value);
}

double TmdlView::f64(std::size_t at, std::string_view field) const {
  const std::uint8_t* low = bytes(at, 8, field);
  const auto value = std::bit_cast<double>(std::uint64_t{emlc_read_u32(low + 4)} << 32 | emlc_read_u32(low));
  if (!std::isfinite(value)) fail(at, field, "not a finite number");
  return value;
}

TmdlLayerView::TmdlLayerView(const TmdlView& file, std::size_t at, std::size_t index)
    : header(), file_(file), at_(at), index_(index) {
  header = emlc_tmdl_layer_at(file.bytes(at, EMLC_LAYER_HEADER_SIZE, fmt::format("layers[{}]", index)));
  if (header.size < EMLC_LAYER_HEADER_SIZE || header.size % EMLC_TMDL_ALIGN != 0) {
    fail(EMLC_LAYER_AT_SIZE, "size",
         fmt::format("expected a multiple of 8 from {} on, found {}", +EMLC_LAYER_HEADER_SIZE, header.size));
  }
  if (header.size > file.size() - at) {
    fail(EMLC_LAYER_AT_SIZE, "size",
         fmt::format("the file is cut off: the layer has {} bytes, the file only {} more", header.size,
                     file.size() - at));
  }
}

std::string TmdlLayerView::named(std::string_view field) const {
  return field.empty() ? fmt::format("layers[{}]", index_) : fmt::format("layers[{}].{}", index_, field);
}

void TmdlLayerView::fail(std::size_t oft, std::string_view field, std::string_view problem) const {
  file_.fail(at_ + oft, named(field), problem);
}

std::uint8_t TmdlLayerView::u8(std::size_t oft, std::string_view field) const {
  return file_.u8(at_ + oft, named(field));
}
std::uint16_t TmdlLayerView::u16(std::size_t oft, std::string_view field) const {
  return file_.u16(at_ + oft, named(field));
}
std::uint32_t TmdlLayerView::u32(std::size_t oft, std::string_view field) const {
  return file_.u32(at_ + oft, named(field));
}
double TmdlLayerView::f32(std::size_t oft, std::string_view field) const { return file_.f32(at_ + oft, named(field)); }
double TmdlLayerView::f64(std::size_t oft, std::string_view field) const { return file_.f64(at_ + oft, named(field)); }

const std::uint8_t* TmdlLayerView::bytes(std::size_t oft, std::size_t count, std::string_view field) const {
  if (oft > header.size || count > header.size - oft) {
    fail(oft, field, fmt::format("{} bytes are needed here, the layer ends after {}", count, header.size));
  }
  return file_.bytes(at_ + oft, count, named(field));
}

std::vector<double> TmdlLayerView::floats(std::size_t oft, std::size_t count, std::string_view field) const {
  std::vector<double> values = any_floats(oft, count, field);
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) {
      fail(oft + i * sizeof(float), fmt::format("{}[{}]", field, i), "not a finite number");
    }
  }
  return values;
}

std::vector<double> TmdlLayerView::any_floats(std::size_t oft, std::size_t count, std::string_view field) const {
  const std::uint8_t* first = bytes(oft, count * sizeof(float), field);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(emlc_read_f32(first + i * sizeof(float)));
  return values;
}

}  // namespace emlc::formats
