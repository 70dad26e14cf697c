#include "codegen/c/common/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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
  names.shared = is_c ? config.name + "_" : "";
  names.symbol = names.shared + config.part;
  names.macro = upper_case(config.name + "_" + config.part);
  names.function = is_c ? "static inline" : "inline";
  // A part takes what is around it has: features, or floats that are computed from them.
  names.feature = config.part.empty() ? names.symbol + "feature" : std::string(model::info(model.input.type).c_name);
  names.quantized = names.symbol + "quantized";
  names.input = takes_inputs(model) ? names.feature : "float";
  names.section = config.section;
  // The runtime has no code for networks in integers: they carry their own, which reads flash.
  if (config.use_runtime && model::integers_of(model) == nullptr) names.tables = Tables::in_memory;
  return names;
}

std::string section_problem(std::string_view section) {
  constexpr std::size_t longest = 64;
  constexpr std::array<std::string_view, 3> taken = {".text", ".data", ".bss"};
  const auto is_odd = [](char c) { return !is_lower(c) && !is_upper(c) && !is_digit(c) && c != '.' && c != '_'; };
  const std::string shown = printable(section, longest);
  if (section.empty() || section.size() > longest || std::any_of(section.begin(), section.end(), is_odd) ||
      is_digit(section.front())) {
    return fmt::format("'{}' is no section: expected 1 to {} letters, digits, dots and underscores, no digit first",
                       shown, longest);
  }
  if (std::find(taken.begin(), taken.end(), section) == taken.end()) return "";
  return fmt::format("compilers put no constants into {}: expected a section of its own, such as .flash_models", shown);
}

std::string file_name_problem(std::string_view file) {
  const auto is_odd = [](char c) {
    return !is_lower(c) && !is_upper(c) && !is_digit(c) && std::string_view("._+-").find(c) == std::string_view::npos;
  };
  if (!file.empty() && std::none_of(file.begin(), file.end(), is_odd)) return "";
  return fmt::format("the name '{}' stands in an #include: expected letters, digits, '.', '_', '+' and '-'",
                     printable(file));
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
