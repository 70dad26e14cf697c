#include "cli/console/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "codegen/model/error.hpp"

namespace emlc::cli {

std::string joined(std::span<const std::string_view> names) { return fmt::format("{}", fmt::join(names, "|")); }

std::size_t index_of(std::string_view word, std::span<const std::string_view> names, std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) throw Error({}, unknown_name(what, word, names));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace emlc::cli
