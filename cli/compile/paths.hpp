#pragma once

#include <span>
#include <string>
#include <string_view>

namespace emlc::cli {

/// A file to write, and the option that names it.
struct Written {
  std::string_view flag;
  std::string path;  ///< empty when the option is not given
};

/// Before any work: no file that is read may be written, nothing may be written twice, and what is known to be in the
/// way of writing is said. A file is the same under all of its names. Takes time linear in the number of paths.
/// Throws Error; std::system_error for a directory that is not there, or where nothing may be written.
void check_paths(std::span<const Written> written, std::span<const std::string> read);

}  // namespace emlc::cli
