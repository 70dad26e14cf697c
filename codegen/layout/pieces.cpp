#include "codegen/layout/pieces.hpp"

namespace emlc::layout {

Pieces find_pieces(std::int64_t lowest, std::int64_t highest,
                   const std::function<std::int32_t(std::int64_t)>& function) {
  Pieces pieces{function(lowest), function(highest), highest, highest};
  if (pieces.low == pieces.high) return pieces;
  std::int64_t beyond = highest;
  for (pieces.last = lowest; beyond - pieces.last > 1;) {
    const std::int64_t middle = pieces.last + (beyond - pieces.last) / 2;
    (function(middle) == pieces.low ? pieces.last : beyond) = middle;
  }
  for (std::int64_t before = pieces.last; pieces.first - before > 1;) {
    const std::int64_t middle = before + (pieces.first - before) / 2;
    (function(middle) == pieces.high ? pieces.first : before) = middle;
  }
  return pieces;
}

}  // namespace emlc::layout
