#pragma once

#include <string>
#include <string_view>

namespace emlc::formats::keras {

/// A file of a zip archive, by libzip, from memory. Throws Error where there is none or more than one of the name, and
/// where it would become more than most_growth times as long as the archive.
std::string unzipped(std::string_view archive, std::string_view file, const std::string& name);

constexpr std::size_t most_growth = 16;

}  // namespace emlc::formats::keras
