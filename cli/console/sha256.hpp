#pragma once

#include <string>
#include <string_view>

namespace emlc::cli {

/// SHA-256 (FIPS 180-4) of `content` as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view content);

}  // namespace emlc::cli
