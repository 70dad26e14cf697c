#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emlc::py {

/// The lines of a module with the blank lines between definitions that are usual in Python.
std::string spaced(std::string_view text);

/// What a .mpy takes besides the tables of a module, in bytes: an estimate, from how much text there is in viper and
/// around it. Within a sixth of what mpy-cross 1.25 makes of the bundled models for armv6m, which says the same for
/// other architectures of 32 bits to a tenth.
std::size_t estimated_code(std::string_view module);

}  // namespace emlc::py
