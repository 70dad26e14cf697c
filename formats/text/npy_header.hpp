#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codegen/model/error.hpp"

namespace emlc::formats {

enum class NpyKind { floating, signed_integer, unsigned_integer, boolean };

struct NpyType {
  std::string_view descr{};  ///< as the header has it: `<i2`
  NpyKind kind = NpyKind::floating;
  std::size_t bytes = 0;
};

/// An array of one or two dimensions in NPY version 1 or 2.
struct NpyArray {
  NpyType type{};
  bool is_fortran = false;
  std::size_t n_rows = 0, n_columns = 1;  ///< as the header says; one column where there is one dimension
  std::size_t start = 0;                  ///< byte of the file where the data begins
  std::string_view data{};                ///< what follows the header, whether that is all or not
};

/// Reads the header. Throws Error for one that is cut off, wrong, or of a type that emlc does not read.
NpyArray open_npy(std::string_view content, std::string_view file);

/// Does the data have as many bytes as the header says?
bool is_whole(const NpyArray& array);

Where at_byte(std::string_view file, std::size_t byte, std::string_view field);
/// At most 8 bytes as a number, the lowest first.
inline std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

}  // namespace emlc::formats
