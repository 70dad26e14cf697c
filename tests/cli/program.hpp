#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/console/process.hpp"

namespace emlc::cli_test {

/// Runs emlc with these arguments, in `directory` (empty: here) and with `environment` (`NAME=value`) on top of ours,
/// in a copy of this process: nothing is loaded and started anew, which is most of what a short command costs. `input`
/// (at most 1 MiB) comes through a pipe. What it returns, writes and does to files is what the executable's would be;
/// a signal that ends it is 128 + n as in a shell. Throws std::system_error when there is no process to be had,
/// std::logic_error when `input` does not fit.
cli::Finished run_emlc(const std::vector<std::string>& arguments, const std::string& input = {},
                       const std::string& directory = {}, const std::vector<std::string>& environment = {});

/// The same with the executable that was just built, for what only that shows.
cli::Finished run_executable(std::vector<std::string> arguments, const std::string& input = {},
                             const std::string& directory = {});

/// An empty directory for one test.
class Scratch {
 public:
  explicit Scratch(const std::string& name);
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// The names in it, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

/// The path of a file in tests/data/models.
std::string model_file(const std::string& name);

}  // namespace emlc::cli_test
