#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

namespace emlc::formats {

/// One line of a text file, without its line end (LF, CR LF or CR CR LF).
struct Line {
  std::size_t number = 0;  ///< 1-based
  std::string_view text;
};

/// All lines of a file; a byte order mark is skipped and a missing final line end is accepted. The views point into
/// `content`.
std::vector<Line> split_lines(std::string_view content);
std::vector<std::string_view> split_fields(std::string_view line, char separator);
std::string_view trim(std::string_view text);  ///< spaces and tabs off both ends

/// A finite decimal number with nothing around it but blanks; independent of the locale.
/// Throws `not a finite number: 'x0.2'`.
double parse_number(std::string_view cell, const Where& where);
/// An integer in [lowest, highest]; a fraction, even .0, is refused. Throws Error with the range.
std::int64_t parse_integer(std::string_view cell, std::int64_t lowest, std::int64_t highest, const Where& where);

}  // namespace emlc::formats
