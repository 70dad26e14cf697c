#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emlc::cli {

constexpr int exit_not_started = 127;  ///< of run_process() for a program that is not there

/// The words between the blanks.
std::vector<std::string> words(std::string_view text);

/// An -I for each directory, absolute: compilers run in a directory of their own.
std::vector<std::string> include_flags(const std::vector<std::string>& directories);

/// The line of a compiler's or linker's messages that says what is wrong, printable; with a hint where <emlc/...> is
/// missing.
std::string first_error(std::string_view messages);

}  // namespace emlc::cli
