#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::formats {

/// A table of numbers: inputs or predictions, one example per row.
struct Matrix {
  std::vector<std::vector<double>> rows;  ///< all of the same length, finite; NaN is a missing value
  std::vector<std::size_t> lines{};       ///< [rows] of a text, 1-based; empty: the file has none
  std::vector<std::string> names{};       ///< cells of a text's header, perhaps not as many as columns; empty: none
};

/// Reads numeric CSV or NPY, recognised by content; see docs/formats.md. `file` is only for messages.
/// Throws Error naming the line (CSV) or the element (NPY).
Matrix read_matrix(std::string_view content, std::string_view file);

/// Cells separated by commas, semicolons, tabs or blanks. A first line without a single number is a header; lines that
/// start with `#` are comments; an empty cell or `nan` is missing, in a table of one column a blank line too. In others
/// blank lines mean nothing, as before the first line and after the last one.
Matrix read_matrix_csv(std::string_view content, std::string_view file);

/// NPY version 1 or 2 with one or two dimensions (one is a single column), types f4 f8 i1 u1 i2 i4 i8 b1,
/// little-endian, C or Fortran order.
Matrix read_npy(std::string_view content, std::string_view file);

}  // namespace emlc::formats
