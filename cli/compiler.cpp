#include "cli/compiler.hpp"

#include <filesystem>

#include "codegen/model/error.hpp"
#include "formats/text.hpp"

namespace emlc::cli {

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
  std::string_view first;
  for (const formats::Line& line : formats::split_lines(messages)) {
    if (first.empty()) first = line.text;
    if (line.text.find("error") != std::string_view::npos) return printable(line.text, most_characters);
  }
  return printable(first, most_characters);
}

}  // namespace emlc::cli
