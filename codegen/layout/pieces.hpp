#pragma once

#include <cstdint>
#include <functional>

namespace emlc::layout {

/// A function of integers in three pieces: `low` up to and with `last`, `high` from `first` on, and maybe something
/// else between them. Where `low` and `high` are the same it is that everywhere, and both bounds are the highest
/// integer.
struct Pieces {
  std::int32_t low = 0, high = 0;
  std::int64_t last = 0, first = 0;
};

/// The pieces of such a function from `lowest` to `highest`, by bisection.
Pieces find_pieces(std::int64_t lowest, std::int64_t highest,
                   const std::function<std::int32_t(std::int64_t)>& function);

}  // namespace emlc::layout
