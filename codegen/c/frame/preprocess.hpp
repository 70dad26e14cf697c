#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::c {

/// A macro that a compiler defines by itself, and its number.
struct Macro {
  std::string_view name;
  long value = 1;
};

/// The lines of C that a compiler goes on with, without directives, comments and empty ones. Macros that the text
/// defines count in the conditions after them; what no condition here has (strings, calls) makes one false.
std::vector<std::string> compiled_lines(std::string_view text, std::span<const Macro> predefined);

}  // namespace emlc::c
