#include "codegen/model/ranges.hpp"

#include <algorithm>
#include <cstddef>

namespace emlc::model {

std::vector<Interval> declared_ranges(const Input& input, NumberType type) {
  std::vector<Interval> ranges(static_cast<std::size_t>(input.n_features), {info(type).lowest, info(type).highest});
  for (std::size_t f = 0; f < input.minimum.size(); ++f) {
    ranges[f].low = std::max(ranges[f].low, smallest_at_least(type, input.minimum[f]));
  }
  for (std::size_t f = 0; f < input.maximum.size(); ++f) {
    ranges[f].high = std::min(ranges[f].high, largest_at_most(type, input.maximum[f]));
  }
  return ranges;
}

}  // namespace emlc::model
