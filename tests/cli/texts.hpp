#pragma once

#include <string>
#include <vector>

#include "cli/console/files.hpp"

namespace emlc::cli_test {

/// Writes a file, as the program writes its outputs.
inline void put(const std::string& path, const std::string& bytes) {
  cli::write_files(std::vector<cli::OutputFile>{{path, bytes}});
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace emlc::cli_test
