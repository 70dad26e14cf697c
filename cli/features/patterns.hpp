#pragma once

#include <string>
#include <vector>

namespace emlc::cli {

/// The files that a path with `*`, `?` or `[...]` stands for, in alphabetical order, as a shell has it; any other path,
/// and one that is there under this very name, is itself. Throws Error where nothing matches; std::system_error for a
/// folder that cannot be read.
std::vector<std::string> matching_files(const std::string& pattern);

}  // namespace emlc::cli
