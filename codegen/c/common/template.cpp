#include "codegen/c/common/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace emlc::c {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string fill(std::string_view text, TemplateValues values) {
  std::vector<char> used(values.size(), 0);
  std::string result;
  std::size_t position = 0;
  while (true) {
    const std::size_t start = text.find('@', position);
    const std::size_t end = start == std::string_view::npos ? start : text.find('@', start + 1);
    if (end == std::string_view::npos) break;
    const std::string_view key = text.substr(start + 1, end - start - 1);
    result += text.substr(position, start - position);
    if (!is_key(key)) {
      result += '@';
      position = start + 1;
      continue;
    }
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& pair) { return pair.first == key; });
    if (value == values.end()) throw std::logic_error(fmt::format("template: no value for @{}@", key));
    used[static_cast<std::size_t>(value - values.begin())] = 1;
    result += value->second;
    position = end + 1;
    const bool starts_line = result.empty() || result.back() == '\n';
    if (value->second.empty() && starts_line && position < text.size() && text[position] == '\n') ++position;
  }
  result += text.substr(position);
  const auto unused = std::find(used.begin(), used.end(), 0);
  if (unused != used.end()) {
    throw std::logic_error(
        fmt::format("template: no place for @{}@", values[static_cast<std::size_t>(unused - used.begin())].first));
  }
  return result;
}

std::string number_of(TemplateValues values) {
  constexpr std::uint32_t basis = 2166136261U, prime = 16777619U;
  std::uint32_t number = basis;
  for (const auto& [key, text] : values) {
    for (const char c : text) number = (number ^ static_cast<unsigned char>(c)) * prime;
  }
  return fmt::format("0x{:08x}u", number);
}

}  // namespace emlc::c
