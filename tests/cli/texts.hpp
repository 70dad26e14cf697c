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

}  // namespace emlc::cli_test
