#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace emlc::cli {

std::string joined(std::span<const std::string_view> names);  ///< `soft|hard`

/// The place of `word` among the names; throws Error with a suggestion when it is none of them.
std::size_t index_of(std::string_view word, std::span<const std::string_view> names, std::string_view what);

}  // namespace emlc::cli
