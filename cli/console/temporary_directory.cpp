#include "cli/console/temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace emlc::cli {

namespace {

std::filesystem::path place() {
  std::error_code problem;
  std::filesystem::path found = std::filesystem::temp_directory_path(problem);
  if (problem) throw std::system_error(problem, "no directory for temporary files (TMPDIR names one)");
  return found;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() : path_(place().string() + "/emlc-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a temporary directory");
  }
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace emlc::cli
