#include "formats/lightgbm/text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "formats/text/text.hpp"

namespace emlc::formats::lightgbm {
namespace {

template <class T>
bool is_any(T /*number*/) {
  return true;
}

/// @param is_right  what a number has to be besides one of its type, as `what` calls it
template <class T>
std::vector<T> read_list(std::string_view value, std::size_t expected, const Where& where, std::string_view what,
                         bool (*is_right)(T) = is_any<T>) {
  std::vector<T> list;
  list.reserve(std::min(expected, value.size() / 2 + 1));
  const char* at = value.data();
  const char* const end = at + value.size();
  while (true) {
    while (at != end && (*at == ' ' || *at == '\t')) ++at;
    if (at == end) break;
    T number{};
    const auto [behind, status] = std::from_chars(at, end, number);
    const bool is_number = status == std::errc() && (behind == end || *behind == ' ' || *behind == '\t');
    if (!is_number || !is_right(number)) {
      const char* const stop = std::find(at, end, ' ');
      throw Error({where.file, where.line, fmt::format("{}[{}]", where.field, list.size())},
                  fmt::format("expected {}, found '{}'", what, printable({at, static_cast<std::size_t>(stop - at)})));
    }
    list.push_back(number);
    at = behind;
  }
  if (list.size() == expected) return list;
  throw Error(where, fmt::format("has {} entries, expected {}", list.size(), expected));
}

}  // namespace

bool Lines::next() {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find('\n');
    const std::string_view text = trim(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++n_lines_;
    if (text.empty()) continue;
    const std::size_t equals = text.find('=');
    line_ = {.key = text.substr(0, equals),
             .value = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1),
             .number = n_lines_};
    return true;
  }
  return false;
}

std::vector<double> numbers_of(std::string_view value, std::size_t expected, const Where& where) {
  return read_list<double>(value, expected, where, "a finite number", [](double x) { return std::isfinite(x); });
}

std::vector<double> thresholds_of(std::string_view value, std::size_t expected, const Where& where) {
  return read_list<double>(value, expected, where, "a number", [](double x) { return !std::isnan(x); });
}

std::vector<std::int32_t> integers_of(std::string_view value, std::size_t expected, const Where& where) {
  return read_list<std::int32_t>(value, expected, where, "an integer");
}

std::vector<std::uint32_t> words_of(std::string_view value, std::size_t expected, const Where& where) {
  return read_list<std::uint32_t>(value, expected, where, "an integer from 0 to 4294967295");
}

}  // namespace emlc::formats::lightgbm
