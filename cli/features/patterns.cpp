#include "cli/features/patterns.hpp"

#include <fmt/format.h>
#include <glob.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// What glob() found, for as long as it is looked at.
struct Found {
  glob_t paths{};
  Found() = default;
  ~Found() { globfree(&paths); }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;
};

}  // namespace

std::vector<std::string> matching_files(const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos || access(pattern.c_str(), F_OK) == 0) return {pattern};
  Found found;
  const int status = glob(pattern.c_str(), 0, nullptr, &found.paths);
  if (status == GLOB_NOSPACE) throw std::bad_alloc();
  if (status == GLOB_ABORTED) throw std::system_error(errno, std::generic_category(), pattern);
  if (status == GLOB_NOMATCH) {
    throw Error({}, fmt::format("no file matches '{}'", printable(pattern)));
  }
  return {found.paths.gl_pathv, found.paths.gl_pathv + found.paths.gl_pathc};
}

}  // namespace emlc::cli
