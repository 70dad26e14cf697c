#include "formats/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace emlc::formats {
namespace {

constexpr std::string_view blanks = " \t\r";

/// The finite number that is the whole cell but for blanks around it, or nothing.
std::optional<double> finite_number(std::string_view cell) {
  std::string_view text = trim(cell);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = status == std::errc() && end == text.data() + text.size();
  if (!is_whole || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::vector<Line> split_lines(std::string_view content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  while (true) {  // also behind blanks, as the device has it
    const std::size_t first = std::min(content.find_first_not_of(blanks), content.size());
    if (!content.substr(first).starts_with(byte_order_mark)) break;
    content.remove_prefix(first + byte_order_mark.size());
  }
  std::vector<Line> lines;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    std::string_view text = content.substr(0, end);
    while (text.ends_with('\r')) text.remove_suffix(1);
    lines.push_back({lines.size() + 1, text});
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return lines;
}

Where end_of(std::string_view content, std::string_view file) {
  const std::size_t line_ends = static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n'));
  return {.file = std::string(file), .line = line_ends + (content.empty() || content.ends_with('\n') ? 0 : 1)};
}

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = line.find(separator);
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

char cell_separator(std::string_view line) {
  for (const char separator : {';', '\t', ','}) {
    if (line.find(separator) != std::string_view::npos) return separator;
  }
  return trim(line).find(' ') == std::string_view::npos ? ',' : ' ';
}

std::vector<std::string_view> split_cells(std::string_view line, char separator) {
  if (separator != ' ') return split_fields(line, separator);
  std::vector<std::string_view> cells;
  for (line = trim(line); !line.empty(); line = trim(line)) {
    const std::size_t end = std::min(line.find(' '), line.size());
    cells.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return cells;
}

std::vector<std::string_view> split_anywhere(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t end = line.find_first_of(",;");
    std::string_view field = trim(line.substr(0, end));
    while (true) {
      const std::size_t blank = std::min(field.find_first_of(blanks), field.size());
      cells.push_back(field.substr(0, blank));
      if (blank == field.size()) break;
      field = trim(field.substr(blank));
    }
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

double parse_number(std::string_view cell, const Where& where) {
  const std::optional<double> value = finite_number(cell);
  if (!value) throw Error(where, fmt::format("not a finite number: '{}'", printable(cell)));
  return *value;
}

std::int64_t parse_integer(std::string_view cell, std::int64_t lowest, std::int64_t highest, const Where& where) {
  const std::string_view text = trim(cell);
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || value < lowest || value > highest) {
    throw Error(where, fmt::format("expected an integer from {} to {}, found '{}'", lowest, highest, printable(cell)));
  }
  return value;
}

bool is_missing(std::string_view cell) {
  const std::string_view text = trim(cell);
  return text.empty() || text == "nan" || text == "NaN" || text == "NAN";
}

bool is_number(std::string_view cell) { return finite_number(cell).has_value(); }

bool has_no_number(std::span<const std::string_view> cells) {
  return std::none_of(cells.begin(), cells.end(), is_number) && !std::all_of(cells.begin(), cells.end(), is_missing);
}

}  // namespace emlc::formats
