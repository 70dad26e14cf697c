#include "codegen/model/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace emlc {
namespace {

std::string message(const Where& where, std::string_view problem) {
  constexpr std::size_t longest_place = 5000, longest_problem = 1000;  // a path is shown whole, a text of a file is not
  const std::string place = printable(where.text(), longest_place), text = printable(problem, longest_problem);
  return place.empty() ? text : fmt::format("{}: {}", place, text);
}

/// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string Where::text() const {
  std::string text = file;
  if (line != 0) text += fmt::format("{}{}", text.empty() ? "line " : ":", line);
  if (!field.empty()) text += fmt::format("{}{}", text.empty() ? "" : ": ", field);
  return text;
}

Error::Error(const Where& where, std::string_view problem)
    : std::runtime_error(message(where, problem)),
      parts_(std::make_shared<const Parts>(Parts{where, std::string(problem)})) {}

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte <= 0x7e) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", byte);
    }
  }
  return text.size() > limit ? result + "..." : result;
}

namespace {

/// The only one of the names that goes on where `start` ends; nullptr when none or several do.
const std::string_view* continued(std::string_view start, std::span<const std::string_view> names) {
  const auto goes_on = [start](std::string_view name) { return !start.empty() && name.starts_with(start); };
  const auto found = std::find_if(names.begin(), names.end(), goes_on);
  if (found == names.end() || std::find_if(found + 1, names.end(), goes_on) != names.end()) return nullptr;
  return &*found;
}

}  // namespace

std::string unknown_name(std::string_view what, std::string_view name, std::span<const std::string_view> known) {
  const std::string start = fmt::format("unknown {} '{}'", what, printable(name));
  constexpr std::size_t longest_compared = 100;  // the distance takes time in the length of both
  if (name.size() > longest_compared) return fmt::format("{}, expected one of {}", start, fmt::join(known, ", "));
  if (const std::string_view* whole = continued(name, known))
    return fmt::format("{}, did you mean '{}'?", start, *whole);
  const auto nearest = std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
    return edit_distance(name, a) < edit_distance(name, b);
  });
  if (nearest != known.end() && edit_distance(name, *nearest) <= 1 + nearest->size() / 4) {
    return fmt::format("{}, did you mean '{}'?", start, *nearest);
  }
  return fmt::format("{}, expected one of {}", start, fmt::join(known, ", "));
}

}  // namespace emlc
