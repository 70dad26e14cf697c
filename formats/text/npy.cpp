#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "codegen/model/error.hpp"
#include "formats/text/matrix.hpp"
#include "formats/text/npy_header.hpp"

namespace emlc::formats {
namespace {

/// One number of the array, for messages.
struct Element {
  std::string_view file;
  std::size_t byte = 0, row = 0, column = 0;

  [[noreturn]] void fail(std::string_view problem) const {
    throw Error(at_byte(file, byte, fmt::format("[{}][{}]", row, column)), problem);
  }
};

double decode(const NpyType& dtype, std::string_view bytes, const Element& element) {
  const std::uint64_t bits = little_endian(bytes);
  switch (dtype.kind) {
    case NpyKind::floating: {
      const double value = dtype.bytes == 4
                               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                               : std::bit_cast<double>(bits);
      if (std::isinf(value)) element.fail("is infinite");
      return value;
    }
    case NpyKind::signed_integer: {
      const std::size_t unused = 64 - 8 * dtype.bytes;
      const std::int64_t integer = static_cast<std::int64_t>(bits << unused) >> unused;
      constexpr std::int64_t exact = std::int64_t{1} << 53;
      if (integer < -exact || integer > exact) element.fail(fmt::format("{} is not exact in float64", integer));
      return static_cast<double>(integer);
    }
    case NpyKind::boolean:
      if (bits > 1) element.fail(fmt::format("a truth value is 0 or 1, found {}", bits));
      [[fallthrough]];
    case NpyKind::unsigned_integer:
      break;
  }
  return static_cast<double>(bits);
}

}  // namespace

Matrix read_npy(std::string_view content, std::string_view file) {
  const NpyArray array = open_npy(content, file);
  const std::size_t n_rows = array.n_rows, n_columns = array.n_columns, bytes = array.type.bytes;
  const Where where = at_byte(file, array.start, "data");
  if (!is_whole(array)) {
    throw Error(where, fmt::format("a {} x {} array of {}-byte numbers does not have {} bytes", n_rows, n_columns,
                                   bytes, array.data.size()));
  }
  if (n_rows == 0 || n_columns == 0) throw Error(where, "no row of numbers found");
  Matrix matrix;
  matrix.rows.assign(n_rows, std::vector<double>(n_columns));
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (std::size_t column = 0; column < n_columns; ++column) {
      const std::size_t index = array.is_fortran ? column * n_rows + row : row * n_columns + column;
      matrix.rows[row][column] =
          decode(array.type, array.data.substr(index * bytes, bytes), {file, array.start + index * bytes, row, column});
    }
  }
  return matrix;
}

}  // namespace emlc::formats
