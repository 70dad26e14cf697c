#include "codegen/c/common/names.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "codegen/model/error.hpp"
#include "codegen/model/names.hpp"

namespace emlc::c {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

Names names_of(const model::Model& model, const EmitConfig& config) {
  const bool is_c = config.language == Language::c;
  Names names;
  names.symbol = is_c ? config.name + "_" : "";
  names.macro = upper_case(config.name) + "_";
  names.function = is_c ? "static inline" : "inline";
  names.feature = names.symbol + "feature";
  names.quantized = names.symbol + "quantized";
  names.input = model.scalers.empty() ? names.feature : "float";
  // The runtime has no code for networks in integers: they carry their own, which reads flash.
  if (config.use_runtime && model::integers_of(model) == nullptr) names.tables = Tables::in_memory;
  return names;
}

std::string identifier_part(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_lower(c) || is_digit(c)) {
      result += c;
    } else if (is_upper(c)) {
      result += static_cast<char>(c - 'A' + 'a');
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  result.resize(std::min(result.size(), model::longest_name));
  if (!result.empty() && result.back() == '_') result.pop_back();
  return result;
}

std::vector<std::string> unique_identifiers(const std::vector<std::string>& texts) {
  std::vector<std::string> result;
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, int> counts;  // the next number of each text: no number is tried twice
  for (const std::string& text : texts) {
    std::string part = identifier_part(text);
    if (part.empty()) part = fmt::to_string(result.size());
    std::string candidate = part;
    for (int& count = counts.try_emplace(part, 2).first->second; !taken.insert(candidate).second; ++count) {
      candidate = fmt::format("{}_{}", part, count);
    }
    result.push_back(candidate);
  }
  return result;
}

std::string comment_text(std::string_view text) {
  std::string result;
  for (const char c : printable(text, text.size())) {
    const char last = result.empty() ? ' ' : result.back();
    const bool is_mark =
        (last == '*' && c == '/') || (last == '/' && (c == '*' || c == '/')) || (last == '?' && c == '?');
    if (is_mark) result += ' ';
    result += c;
  }
  return result;
}

}  // namespace emlc::c
