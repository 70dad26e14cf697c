#include <numeric>

#include "codegen/signal/parts.hpp"
#include "codegen/signal/stream.hpp"

namespace emlc::signal {

Column of_window(const Signal& signal, std::span<const std::int64_t> x) {
  Column column;
  if (signal.operation == Operation::cumulative_sum) {
    column.integers.resize(x.size());
    std::partial_sum(x.begin(), x.end(), column.integers.begin());
    return column;
  }
  // (n * x - sum) / n: only the quotient rounds.
  const auto n = static_cast<Wide>(x.size());
  const Wide sum = std::accumulate(x.begin(), x.end(), Wide{0});
  for (const std::int64_t value : x) {
    column.reals.push_back(static_cast<float>(n * value - sum) / static_cast<float>(n));
  }
  return column;
}

Column of_window(const Signal& signal, std::span<const float> x) {
  Column column{.reals = std::vector<float>(x.begin(), x.end())};
  if (signal.operation == Operation::cumulative_sum) {
    std::partial_sum(x.begin(), x.end(), column.reals.begin());
    return column;
  }
  const float mean = parts_of(x, need_sum).mean;
  for (float& value : column.reals) value -= mean;
  return column;
}

}  // namespace emlc::signal
