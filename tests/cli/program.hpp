#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/console/process.hpp"

namespace emlc::cli_test {

/// Runs the emlc that was just built, in `directory`.
inline cli::Finished run_emlc(std::vector<std::string> arguments, const std::string& input = {},
                              const std::string& directory = {}, std::vector<std::string> environment = {}) {
  arguments.insert(arguments.begin(), EMLC_PROGRAM);
  return cli::run_process({.arguments = std::move(arguments),
                           .input = input,
                           .directory = directory,
                           .environment = std::move(environment)});
}

/// An empty directory for one test.
class Scratch {
 public:
  explicit Scratch(const std::string& name) : path_(std::filesystem::path(EMLC_BINARY_DIR) / "scratch" / name) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// The names in it, sorted.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::filesystem::path path_;
};

inline std::string model_file(const std::string& name) {
  return std::string(EMLC_SOURCE_DIR "/tests/data/models/") + name;
}

}  // namespace emlc::cli_test
