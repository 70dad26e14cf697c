#pragma once

#include <doctest/doctest.h>
#include <emlc/tmdl.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace emlc::test {

/// The bytes of a blob. A vector's storage comes from operator new: aligned to 16, and a sanitizer sees its exact end.
using Blob = std::vector<std::uint8_t>;

inline Blob to_blob(const std::string& bytes) { return {bytes.begin(), bytes.end()}; }

/// A file of tests/data/tmdl.
inline Blob read_blob(const std::string& name) {
  std::ifstream in(std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/tmdl" / (name + ".tmdl"), std::ios::binary);
  REQUIRE(in.good());
  return to_blob({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
}

inline void put_u16(Blob& blob, std::size_t at, std::uint16_t value) {
  for (int i = 0; i < 2; ++i) blob.at(at++) = static_cast<std::uint8_t>(value >> (8 * i));
}

inline void put_u32(Blob& blob, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) blob.at(at++) = static_cast<std::uint8_t>(value >> (8 * i));
}

inline void put_f32(Blob& blob, std::size_t at, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  put_u32(blob, at, bits);
}

/// Puts the checksum right after a change, so that what was changed is looked at.
inline void reseal(Blob& blob) {
  const auto at = blob.begin() + EMLC_AT_CRC;
  Blob covered(at + 4, blob.end());
  if (emlc_read_u16(&blob.at(EMLC_AT_VERSION)) == 1) {
    covered.assign(blob.begin() + EMLC_TMDL_HEADER_SIZE, blob.end());
  } else {
    covered.insert(covered.begin(), blob.begin(), at);
  }
  put_u32(blob, EMLC_AT_CRC, emlc_crc32(covered.data(), covered.size()));
}

inline emlc_status open(const Blob& blob) {
  emlc_model model;
  return emlc_tmdl_open(blob.data(), blob.size(), &model);
}

/// One prediction with memory of exactly the size that the model asks for.
inline std::vector<float> run(const Blob& blob, const std::vector<float>& x) {
  emlc_model model;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
  REQUIRE(x.size() == model.n_features);
  std::vector<float> y(model.n_outputs);
  Blob work(model.work_size);
  REQUIRE(emlc_run(&model, x.data(), y.data(), work.data()) == EMLC_OK);
  return y;
}

}  // namespace emlc::test
