#include "formats/text/matrix.hpp"

#include <fmt/format.h>

#include <limits>
#include <string>

#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::vector<double> parse_row(const Line& line, char separator, std::string_view file) {
  std::vector<double> row;
  Where where{.file = std::string(file), .line = line.number};
  for (const std::string_view cell : split_cells(line.text, separator)) {
    if (is_missing(cell)) {
      row.push_back(missing);
      continue;
    }
    where.field = fmt::format("column {}", row.size() + 1);
    row.push_back(parse_number(cell, where));
  }
  return row;
}

}  // namespace

Matrix read_matrix(std::string_view content, std::string_view file) {
  return content.starts_with("\x93NUMPY") ? read_npy(content, file) : read_matrix_csv(content, file);
}

Matrix read_matrix_csv(std::string_view content, std::string_view file) {
  std::vector<Line> lines = split_lines(content);
  std::erase_if(lines, [](const Line& line) { return line.text.starts_with('#'); });
  // A blank line is an empty cell of a single column, except at the end.
  while (!lines.empty() && trim(lines.back().text).empty()) lines.pop_back();
  Matrix matrix;
  if (lines.empty()) throw Error({.file = std::string(file)}, "no row of numbers found");
  const char separator = cell_separator(lines.front().text);
  const std::size_t first = has_no_number(split_cells(lines.front().text, separator)) ? 1 : 0;
  for (std::size_t i = first; i < lines.size(); ++i) {
    matrix.rows.push_back(parse_row(lines[i], separator, file));
    const std::size_t expected = matrix.rows.front().size();
    if (matrix.rows.back().size() == expected) continue;
    throw Error({.file = std::string(file), .line = lines[i].number},
                fmt::format("has {} columns, the rows before have {}", matrix.rows.back().size(), expected));
  }
  if (matrix.rows.empty()) throw Error({.file = std::string(file)}, "no row of numbers found");
  return matrix;
}

}  // namespace emlc::formats
