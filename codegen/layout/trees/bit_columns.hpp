#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace emlc::layout {

/// A number in a record: `bits` bits from bit `shift` of column `column`.
struct Field {
  int bits = 0, column = 0, shift = 0;
  bool is_top = true;  ///< no field lies above it in its column: a shift alone reads it
};

/// Records of bit fields. Usually cut into columns of 1, 2 or 4 bytes each, so that a device reads a column with one
/// load and no column is padded to the alignment of another.
///
/// In a stream there is one column, whose elements of `stream_bits` bits follow one another without a gap, bit 0 of the
/// first one being bit 0 of the first byte: the smallest form, and several times as slow.
struct Columns {
  std::vector<int> bytes{};                          ///< [n_columns] of one element: 4, 2 or 1, descending
  std::vector<std::vector<std::uint32_t>> values{};  ///< [n_columns][n_records]

  int stream_bits = 0;  ///< of an element; 0: no stream

  [[nodiscard]] std::size_t table_bytes() const;
  [[nodiscard]] std::size_t n_records() const { return values.empty() ? 0 : values.front().size(); }
};

/// Gives every field a place, each within one column, in as few bytes as they need; the columns have no record yet. The
/// first field gets the top bits of the last column. Only the last field may be cut in two: its low bits stay in it,
/// its high bits go to `rest`. Nothing when the fields need more than 8 bytes.
std::optional<Columns> place_fields(std::span<Field* const> fields, Field& rest);

/// Gives every field a place in a stream, the first field at the top. Nothing for records of more than max_stream_bits.
std::optional<Columns> place_in_stream(std::span<Field* const> fields);

/// An element is read from the four bytes that begin with the one where it begins.
constexpr int max_stream_bits = 25;
/// The bytes of a stream, with the ones behind the end that are read with the last element.
std::vector<std::uint8_t> stream_bytes(const Columns& columns);

void add_record(Columns& columns);  ///< of zeros
/// Sets a field of the last record, which is still 0. Throws std::logic_error for a value that does not fit.
void put_field(Columns& columns, const Field& field, std::uint64_t value);

}  // namespace emlc::layout
