#include "cli/sizes/byte_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

struct Unit {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<Unit, 6> units = {Unit{"", 1},           Unit{"B", 1},      Unit{"kB", 1000},
                                       Unit{"MB", 1'000'000}, Unit{"KiB", 1024}, Unit{"MiB", 1'048'576}};

}  // namespace

std::size_t parse_bytes(std::string_view text, const Where& where) {
  const std::size_t n_digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view suffix = formats::trim(text.substr(n_digits));
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& row) { return row.name == suffix; });
  if (n_digits == 0 || n_digits > 12 || unit == units.end()) {
    throw Error(where, fmt::format("expected a number of bytes such as 8192 or 8KiB, found '{}'", printable(text)));
  }
  constexpr std::int64_t highest = 999'999'999'999;  // 12 digits
  return static_cast<std::size_t>(formats::parse_integer(text.substr(0, n_digits), 0, highest, {})) * unit->bytes;
}

}  // namespace emlc::cli
