#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

namespace emlc::formats {

/// One line of a text file, without its line end (LF, CR LF or CR CR LF).
struct Line {
  std::size_t number = 0;  ///< 1-based
  std::string_view text;
};

/// All lines of a file; byte order marks at its start are skipped and a missing final line end is accepted. The views
/// point into `content`.
std::vector<Line> split_lines(std::string_view content);
/// The last line of a file, for what is known to be missing only there; line 0 of an empty one.
Where end_of(std::string_view content, std::string_view file);
std::vector<std::string_view> split_fields(std::string_view line, char separator);
/// What separates the cells of a table, judged by one of its lines: a semicolon or a tab if there is one, since
/// commas are in numbers then; else a comma; a space when there are only blanks; a comma when there is a single cell.
char cell_separator(std::string_view line);
/// As split_fields; for a space, any run of blanks separates.
std::vector<std::string_view> split_cells(std::string_view line, char separator);
/// The cells of a line between commas, semicolons and runs of blanks.
std::vector<std::string_view> split_anywhere(std::string_view line);
std::string_view trim(std::string_view text);  ///< spaces, tabs and carriage returns off both ends

/// A finite decimal number with nothing around it but blanks; independent of the locale.
/// Throws `not a finite number: 'x0.2'`.
double parse_number(std::string_view cell, const Where& where);
/// An integer in [lowest, highest]; a fraction, even .0, is refused. Throws Error with the range.
std::int64_t parse_integer(std::string_view cell, std::int64_t lowest, std::int64_t highest, const Where& where);

/// A cell without a value: empty, or `nan`.
bool is_missing(std::string_view cell);
bool is_number(std::string_view cell);  ///< what parse_number accepts
/// True for the cells of a header line: at least one is a word, and none is a finite number.
bool has_no_number(std::span<const std::string_view> cells);

}  // namespace emlc::formats
