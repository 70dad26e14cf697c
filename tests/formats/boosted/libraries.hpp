#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/format.hpp"
#include "formats/text/matrix.hpp"

/// Files that boosting libraries wrote, with what they answered.
namespace emlc::formats::libraries {

inline std::filesystem::path folder() { return std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/boosted"; }

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline Reading read_file(const std::filesystem::path& path, const Supplement& supplement = {}) {
  const std::string content = content_of(path);
  return recognise(content, path.filename().string()).read(content, path.filename().string(), supplement);
}

/// [n][columns]
inline std::vector<std::vector<double>> read_rows(const std::filesystem::path& path) {
  return read_matrix(content_of(path), path.string()).rows;
}

/// What the reader of a text says against it; empty when it is content.
inline std::string refusal(std::string_view content, const Supplement& supplement = {}) {
  try {
    recognise(content, "m").read(content, "m", supplement);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The text with one piece of it replaced.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "not there: " + std::string(from);
  return text.replace(at, from.size(), to);
}

}  // namespace emlc::formats::libraries
