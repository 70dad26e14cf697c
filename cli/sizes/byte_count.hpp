#pragma once

#include <cstddef>
#include <string_view>

#include "codegen/model/error.hpp"

namespace emlc::cli {

/// `8192`, `8KiB`, `8 kB`, `1MiB`; anything else is an Error.
std::size_t parse_bytes(std::string_view text, const Where& where);

}  // namespace emlc::cli
