#include "codegen/signal/stream.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "codegen/signal/filtering.hpp"
#include "codegen/signal/level/columns.hpp"

namespace emlc::signal {
namespace {

template <class Sample>
using Operands = std::vector<const std::vector<Sample>*>;

template <class Sample>
Sample absolute(Sample x) {
  return x < 0 ? -x : x;
}

template <class Sample, class Function>
std::vector<Sample> mapped(const std::vector<Sample>& x, Function function) {
  std::vector<Sample> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), function);
  return y;
}

/// Term by term, from the first operand to the last.
template <class Sample, class Term>
std::vector<Sample> summed(const Operands<Sample>& operands, std::size_t n_terms, Term term) {
  std::vector<Sample> sum(operands[0]->size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = term(0, i);
  for (std::size_t operand = 1; operand < n_terms; ++operand) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += term(operand, i);
  }
  return sum;
}

template <class Sample>
std::vector<Sample> norm1(const Operands<Sample>& operands) {
  return summed<Sample>(operands, operands.size(),
                        [&](std::size_t k, std::size_t i) { return absolute((*operands[k])[i]); });
}

template <class Sample>
std::vector<Sample> squared(const Operands<Sample>& operands) {
  return summed<Sample>(operands, operands.size(),
                        [&](std::size_t k, std::size_t i) { return (*operands[k])[i] * (*operands[k])[i]; });
}

template <class Sample>
std::vector<Sample> dot(const Operands<Sample>& operands) {
  const std::size_t n = operands.size() / 2;
  return summed<Sample>(operands, n,
                        [&](std::size_t k, std::size_t i) { return (*operands[k])[i] * (*operands[n + k])[i]; });
}

template <class Sample>
std::vector<Sample> differences(const std::vector<Sample>& x) {
  std::vector<Sample> y(x.size());
  for (std::size_t i = 1; i < x.size(); ++i) y[i] = x[i] - x[i - 1];
  return y;
}

template <class Sample>
Sample median_of_3(Sample a, Sample b, Sample c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

template <class Sample>
std::vector<Sample> medians_of_3(const std::vector<Sample>& x) {
  std::vector<Sample> y = x;  // the first two have the first one two times and more
  for (std::size_t i = 2; i < x.size(); ++i) y[i] = median_of_3(x[i - 2], x[i - 1], x[i]);
  if (x.size() > 1) y[1] = x[0];
  return y;
}

template <class Sample>
std::vector<Sample> medians_of_5(const std::vector<Sample>& x) {
  std::vector<Sample> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::array<Sample, 5> last;
    for (std::size_t k = 0; k < last.size(); ++k) last[k] = x[i < k ? 0 : i - k];
    std::nth_element(last.begin(), last.begin() + 2, last.end());
    y[i] = last[2];
  }
  return y;
}

/// Of integers a running sum, of reals from the oldest to the newest.
std::vector<std::int64_t> moving_sums(const std::vector<std::int64_t>& x, std::size_t n) {
  std::vector<std::int64_t> y(x.size());
  std::int64_t sum = static_cast<std::int64_t>(n) * x[0];
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = sum += x[i] - x[i < n ? 0 : i - n];
  return y;
}

/// Each sum in its own order, many sums side by side: a compiler makes vectors of them, and none waits for another.
std::vector<float> moving_sums(const std::vector<float>& x, std::size_t n) {
  constexpr std::size_t side_by_side = 1024;  // few enough to stay in the cache
  std::vector<float> before(n - 1, x[0]);
  before.insert(before.end(), x.begin(), x.end());
  std::vector<float> y(x.size(), 0.0F);
  for (std::size_t first = 0; first < y.size(); first += side_by_side) {
    const std::size_t n_here = std::min(side_by_side, y.size() - first);
    float* sums = y.data() + first;
    for (std::size_t k = 0; k < n; ++k) {
      const float* samples = before.data() + first + k;
      for (std::size_t i = 0; i < n_here; ++i) sums[i] += samples[i];
    }
  }
  return y;
}

template <class Sample>
std::vector<float> over(const std::vector<Sample>& x, std::int32_t n) {
  std::vector<float> y(x.size());
  const auto divisor = static_cast<float>(n);
  std::transform(x.begin(), x.end(), y.begin(), [=](Sample sum) { return static_cast<float>(sum) / divisor; });
  return y;
}

template <class Sample>
std::vector<Sample> clipped(const Signal& signal, const std::vector<Sample>& x) {
  std::vector<Sample> y = x;
  for (Sample& value : y) {
    if (signal.minimum) value = std::max(value, static_cast<Sample>(*signal.minimum));
    if (signal.maximum) value = std::min(value, static_cast<Sample>(*signal.maximum));
  }
  return y;
}

template <class Sample>
std::vector<Sample> every(const std::vector<Sample>& x, std::int32_t n) {
  std::vector<Sample> y;
  for (std::size_t i = 0; i < x.size(); i += static_cast<std::size_t>(n)) y.push_back(x[i]);
  return y;
}

template <class Sample>
std::vector<float> roots(const std::vector<Sample>& x) {
  std::vector<float> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), [](Sample square) { return std::sqrt(static_cast<float>(square)); });
  return y;
}

Column column_of(std::vector<std::int64_t> samples) { return {.integers = std::move(samples)}; }
Column column_of(std::vector<float> samples) { return {.reals = std::move(samples)}; }

template <class Sample>
Column scaled_column(const Signal& signal, const std::vector<Sample>& x) {
  if (signal.is_integer) {
    const auto gain = static_cast<std::int64_t>(signal.gain), offset = static_cast<std::int64_t>(signal.offset);
    return column_of(
        mapped(x, [=](Sample value) { return static_cast<Sample>(static_cast<std::int64_t>(value) * gain + offset); }));
  }
  const auto gain = static_cast<float>(signal.gain), offset = static_cast<float>(signal.offset);
  std::vector<float> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(),
                 [=](Sample value) { return scaled(static_cast<float>(value), gain, offset); });
  return column_of(std::move(y));
}

template <class Sample>
Column apply(const Signal& signal, const Operands<Sample>& operands) {
  const std::vector<Sample>& x = *operands.front();
  const auto length = static_cast<std::size_t>(signal.length);
  switch (signal.operation) {
    case Operation::difference:
      return column_of(differences(x));
    case Operation::absolute:
    case Operation::norm1:
      return column_of(norm1(operands));
    case Operation::square:
    case Operation::norm2_squared:
      return column_of(squared(operands));
    case Operation::norm2:
      return column_of(roots(squared(operands)));
    case Operation::dot:
      return column_of(dot(operands));
    case Operation::scale:
      return scaled_column(signal, x);
    case Operation::clip:
      return column_of(clipped(signal, x));
    case Operation::median3:
      return column_of(medians_of_3(x));
    case Operation::median5:
      return column_of(medians_of_5(x));
    case Operation::moving_average:
      return column_of(over(moving_sums(x, length), signal.length));
    case Operation::moving_sum:
      return column_of(moving_sums(x, length));
    case Operation::decimate:
      return column_of(every(x, signal.length));
    case Operation::channel:
    case Operation::sos:
    case Operation::remove_mean:
    case Operation::cumulative_sum:
    case Operation::weighting:
    case Operation::mean_square:
    case Operation::time_weighting:
      break;
  }
  throw std::logic_error("an operation that is not of the stream");
}

Column apply_to_integers(const Signal& signal, const std::vector<Column>& columns) {
  Operands<std::int64_t> operands;
  for (const std::int32_t index : signal.from) operands.push_back(&columns[static_cast<std::size_t>(index)].integers);
  return apply<std::int64_t>(signal, operands);
}

/// Integers among reals become float32 first.
Column apply_to_reals(const Signal& signal, const std::vector<Column>& columns) {
  std::vector<std::vector<float>> converted;
  converted.reserve(signal.from.size());
  Operands<float> operands;
  for (const std::int32_t index : signal.from) {
    const Column& column = columns[static_cast<std::size_t>(index)];
    if (column.integers.empty()) {
      operands.push_back(&column.reals);
      continue;
    }
    converted.emplace_back(column.integers.begin(), column.integers.end());
    operands.push_back(&converted.back());
  }
  return apply<float>(signal, operands);
}

}  // namespace

std::vector<Column> stream(const Plan& plan, std::vector<Column> channels) {
  std::vector<Column> columns = std::move(channels);
  columns.resize(plan.signals.size());
  for (std::size_t index = plan.input.channels.size(); index < columns.size(); ++index) {
    const Signal& signal = plan.signals[index];
    if (signal.is_of_window) continue;
    const Column& operand = columns[static_cast<std::size_t>(signal.from.front())];
    if (is_filter(signal)) {
      columns[index] = filter_column(signal, operand);
      continue;
    }
    if (is_of_levels(signal.operation)) {
      columns[index] = level_column(signal, operand);
      continue;
    }
    const bool are_integers = std::all_of(signal.from.begin(), signal.from.end(), [&](std::int32_t from) {
      return plan.signals[static_cast<std::size_t>(from)].is_integer;
    });
    columns[index] = are_integers ? apply_to_integers(signal, columns) : apply_to_reals(signal, columns);
  }
  return columns;
}

}  // namespace emlc::signal
