#include "cli/trial/compiler.hpp"

#include <filesystem>

#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

/// A header of the runtime that the compiler does not find: `fatal error: emlc/dense.h: No such file or directory`.
bool lacks_runtime(std::string_view line) {
  const bool is_missing = line.find("No such file") != std::string_view::npos ||  // gcc
                          line.find("file not found") != std::string_view::npos;  // clang
  return is_missing && line.find("emlc/") != std::string_view::npos;
}

}  // namespace

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const std::string_view word : formats::split_fields(text, ' ')) {
    if (!word.empty()) result.emplace_back(word);
  }
  return result;
}

std::vector<std::string> include_flags(const std::vector<std::string>& directories) {
  std::vector<std::string> flags;
  flags.reserve(directories.size());
  for (const std::string& directory : directories) {
    flags.push_back("-I" + std::filesystem::absolute(directory).string());
  }
  return flags;
}

std::string first_error(std::string_view messages) {
  constexpr std::size_t most_characters = 300;
  std::string_view told;
  for (const formats::Line& line : formats::split_lines(messages)) {
    const bool is_error = line.text.find("error") != std::string_view::npos;
    if (told.empty() || is_error) told = line.text;
    if (is_error) break;
  }
  return printable(told, most_characters) + (lacks_runtime(told) ? " (--include DIR names where that is)" : "");
}

}  // namespace emlc::cli
