#include "formats/text/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string>

#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Refuses `1,5` where it can only be meant as a number.
void refuse_decimal_comma(std::string_view cell, char separator, const Where& where) {
  std::string with_point(cell);
  const std::size_t comma = with_point.find(',');
  if (separator == ',' || comma == std::string::npos) return;
  with_point[comma] = '.';
  if (!is_number(with_point)) return;
  throw Error(where, fmt::format("'{}' has a decimal comma, expected a point: '{}'", printable(trim(cell)),
                                 printable(trim(with_point))));
}

std::vector<double> parse_row(const Line& line, char separator, std::string_view file) {
  std::vector<double> row;
  Where where{.file = std::string(file), .line = line.number};
  for (const std::string_view cell : split_cells(line.text, separator)) {
    if (is_missing(cell)) {
      row.push_back(missing);
      continue;
    }
    where.field = fmt::format("column {}", row.size() + 1);
    refuse_decimal_comma(cell, separator, where);
    row.push_back(parse_number(cell, where));
  }
  return row;
}

bool is_blank(const Line& line) { return trim(line.text).empty(); }

/// The lines of the table, from the first one that says something to the last one.
std::vector<Line> table_lines(std::string_view content) {
  std::vector<Line> lines = split_lines(content);
  std::erase_if(lines, [](const Line& line) { return line.text.starts_with('#'); });
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  lines.erase(lines.begin(), std::find_if_not(lines.begin(), lines.end(), is_blank));
  return lines;
}

/// Judged by the first line that is surely no header, unless it has a single cell.
char separator_of(const std::vector<Line>& lines) {
  const auto second = std::find_if_not(lines.begin() + 1, lines.end(), is_blank);
  const std::string_view line = second == lines.end() ? lines.front().text : second->text;
  const bool is_single = split_cells(line, cell_separator(line)).size() == 1;
  return cell_separator(is_single ? lines.front().text : line);
}

}  // namespace

Matrix read_matrix(std::string_view content, std::string_view file) {
  return content.starts_with("\x93NUMPY") ? read_npy(content, file) : read_matrix_csv(content, file);
}

Matrix read_matrix_csv(std::string_view content, std::string_view file) {
  const Where end = end_of(content, file);
  if (content.empty()) throw Error(end, "the file is empty");
  const std::vector<Line> lines = table_lines(content);
  if (lines.empty()) throw Error(end, "no row of numbers found");
  const char separator = separator_of(lines);
  const std::vector<std::string_view> first_cells = split_cells(lines.front().text, separator);
  Matrix matrix;
  if (has_no_number(first_cells)) matrix.names.assign(first_cells.begin(), first_cells.end());
  for (const Line& line : std::span(lines).subspan(matrix.names.empty() ? 0 : 1)) {
    if (is_blank(line) && first_cells.size() != 1) continue;
    matrix.rows.push_back(parse_row(line, separator, file));
    matrix.lines.push_back(line.number);
    const std::size_t expected = matrix.rows.front().size();
    if (matrix.rows.back().size() == expected) continue;
    throw Error({.file = std::string(file), .line = line.number},
                fmt::format("has {} columns, the rows before have {}", matrix.rows.back().size(), expected));
  }
  if (matrix.rows.empty()) throw Error(end, "no row of numbers found");
  return matrix;
}

}  // namespace emlc::formats
