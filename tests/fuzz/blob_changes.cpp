#include "tests/fuzz/blob_changes.hpp"

#include <emlc/tmdl.h>

#include <array>
#include <cstddef>
#include <vector>

namespace emlc::fuzz {
namespace {

const std::uint8_t* bytes_of(const std::string& blob) { return reinterpret_cast<const std::uint8_t*>(blob.data()); }

void put(std::string& blob, std::size_t at, std::uint32_t value, std::size_t width) {
  for (std::size_t i = 0; i < width && at + i < blob.size(); ++i) {
    blob[at + i] = static_cast<char>(value >> (8 * i));
  }
}

/// Where a layer begins and where it ends.
struct Span {
  std::size_t begin, end;
};

/// The layers as far as their sizes are inside the blob.
std::vector<Span> layers_of(const std::string& blob) {
  std::vector<Span> layers;
  std::size_t at = EMLC_TMDL_HEADER_SIZE;
  while (at + EMLC_LAYER_HEADER_SIZE <= blob.size()) {
    const std::size_t size = emlc_read_u32(bytes_of(blob) + at + EMLC_LAYER_AT_SIZE);
    if (size < EMLC_LAYER_HEADER_SIZE || size > blob.size() - at) break;
    layers.push_back({at, at + size});
    at += size;
  }
  return layers;
}

/// A number at a limit of something: of a type, of the blob, of a list.
std::uint32_t limit(const std::string& blob, test::Random& random) {
  const auto size = static_cast<std::uint32_t>(blob.size());
  const std::array numbers = {0U,      1U,       2U,          7U,          8U,          64U,
                              0x7FU,   0x80U,    0xFFU,       0x100U,      0x7FFFU,     0x8000U,
                              0xFFFFU, 0x10000U, 0x7FFFFFFFU, 0x80000000U, size - 8,    size - 1,
                              size,    size + 8, 0xFFFFFFF8U, 0xFFFFFFFFU, 0x7F800000U, 0x7FC00000U};
  return numbers[random.below(numbers.size())];
}

/// A field of the header, of the first 48 bytes of a layer, or of its body.
void change_field(std::string& blob, const std::vector<Span>& layers, test::Random& random) {
  const std::size_t width = std::size_t{1} << random.below(3);
  const Span layer = layers[random.below(layers.size())];
  const std::array<Span, 3> places = {Span{0, EMLC_TMDL_HEADER_SIZE},
                                      Span{layer.begin, layer.begin + EMLC_LAYER_HEADER_SIZE}, layer};
  const Span place = places[random.below(places.size())];
  const std::size_t at = place.begin + random.below((place.end - place.begin) / width) * width;
  const std::uint32_t nudge = random.below(2) == 0 ? 1U : ~0U;
  const std::uint32_t now = static_cast<std::uint8_t>(blob[at]);
  put(blob, at, random.below(3) == 0 ? now + nudge : limit(blob, random), width);
}

void change_layers(std::string& blob, const std::vector<Span>& layers, test::Random& random) {
  const std::size_t index = random.below(layers.size());
  const auto [begin, end] = layers[index];
  const std::string layer = blob.substr(begin, end - begin);
  std::size_t count = layers.size();
  switch (random.below(3)) {
    case 0:
      blob.insert(end, layer);
      ++count;
      break;
    case 1:
      blob.erase(begin, layer.size());
      --count;
      break;
    default:
      if (index + 1 == layers.size()) return;
      blob.insert(layers[index + 1].end, layer);
      blob.erase(begin, layer.size());
  }
  put(blob, EMLC_AT_LAYER_CNT, static_cast<std::uint32_t>(count), 2);
}

}  // namespace

void reseal(std::string& blob) {
  const std::uint8_t* bytes = bytes_of(blob);
  if (blob.size() < EMLC_TMDL_HEADER_SIZE || emlc_read_u32(bytes + EMLC_AT_MAGIC) != EMLC_TMDL_MAGIC) return;
  put(blob, EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()), 4);
  put(blob, EMLC_AT_CRC, emlc_tmdl_checksum(bytes, blob.size(), emlc_read_u16(bytes + EMLC_AT_VERSION)), 4);
}

void change_blob(std::string& blob, test::Random& random) {
  const std::vector<Span> layers = layers_of(blob);
  if (layers.empty()) return;
  const auto change = random.below(6) == 0 ? change_layers : change_field;
  change(blob, layers, random);
}

}  // namespace emlc::fuzz
