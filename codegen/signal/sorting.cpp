#include "codegen/signal/sorting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <utility>
#include <vector>

namespace emlc::signal {
namespace {

/// Stretches that go through one sorting network side by side, so that a compiler makes few operations of them.
constexpr std::size_t n_lanes = 16;
/// Longer stretches are sorted one by one: a network grows faster than they do.
constexpr std::size_t longest_in_network = 512;

/// NaN, which reals beyond float32 may lead to, comes last: an order that std::sort can rely on.
template <class Sample>
bool comes_before(Sample a, Sample b) {
  if constexpr (std::is_same_v<Sample, float>) return a < b || (std::isnan(b) && !std::isnan(a));
  return a < b;
}

template <class Sample>
using Row = std::array<Sample, n_lanes>;

template <class Sample>
void compare_rows(Row<Sample>& low, Row<Sample>& high) {
  const Row<Sample> a = low, b = high;  // copies, which cannot be the same row for all that a compiler knows
  Row<Sample> smaller, larger;
  for (std::size_t lane = 0; lane < n_lanes; ++lane) {
    smaller[lane] = b[lane] < a[lane] ? b[lane] : a[lane];
    larger[lane] = b[lane] < a[lane] ? a[lane] : b[lane];
  }
  low = smaller;
  high = larger;
}

/// Batcher's odd-even merge sort, for any number of rows.
template <class Sample>
void sort_rows(std::span<Row<Sample>> rows) {
  const std::size_t n = rows.size();
  for (std::size_t p = 1; p < n; p *= 2) {
    for (std::size_t k = p; k >= 1; k /= 2) {
      for (std::size_t j = k % p; j + k < n; j += 2 * k) {
        for (std::size_t i = 0; i < k && i + j + k < n; ++i) {
          const std::size_t low = i + j, high = low + k;
          if ((low ^ high) < 2 * p) compare_rows(rows[low], rows[high]);  // both in one stretch of 2 p rows
        }
      }
    }
  }
}

/// Each stretch [begin + i * step, ... + length) of the samples, sorted, to sorted[i * length].
template <class Sample>
void sort_stretches(std::span<const Sample> samples, std::size_t length, std::size_t step, std::span<Sample> sorted) {
  const std::size_t n = sorted.size() / length;
  if (length > longest_in_network) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::span<Sample> into = sorted.subspan(i * length, length);
      std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(i * step), length, into.begin());
      std::sort(into.begin(), into.end(), comes_before<Sample>);
    }
    return;
  }
  std::vector<Row<Sample>> rows(length);
  for (std::size_t first = 0; first < n; first += n_lanes) {
    const std::size_t n_here = std::min(n_lanes, n - first);
    for (std::size_t lane = 0; lane < n_lanes; ++lane) {  // lanes that are left over repeat the last one
      const Sample* from = samples.data() + (first + std::min(lane, n_here - 1)) * step;
      for (std::size_t i = 0; i < length; ++i) rows[i][lane] = from[i];
    }
    sort_rows<Sample>(rows);
    for (std::size_t lane = 0; lane < n_here; ++lane) {
      Sample* into = sorted.data() + (first + lane) * length;
      for (std::size_t i = 0; i < length; ++i) into[i] = rows[i][lane];
    }
  }
}

/// A merge without a branch that depends on the samples.
template <class Sample>
void merge(std::span<const Sample> a, std::span<const Sample> b, Sample* into) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const bool takes_b = b[j] < a[i];
    *into++ = takes_b ? b[j] : a[i];
    j += takes_b ? 1 : 0;
    i += takes_b ? 0 : 1;
  }
  into = std::copy(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), into);
  std::copy(b.begin() + static_cast<std::ptrdiff_t>(j), b.end(), into);
}

/// Runs of `length` sorted samples, pairwise until there is one.
template <class Sample>
void merge_runs(std::span<const Sample> runs, std::size_t length, std::span<Sample> into,
                std::vector<Sample>& scratch) {
  if (runs.size() == length) {
    std::copy(runs.begin(), runs.end(), into.begin());
    return;
  }
  if (runs.size() == 2 * length) return merge(runs.first(length), runs.last(length), into.data());
  std::vector<Sample> current(runs.begin(), runs.end());
  for (; length < runs.size(); length *= 2) {
    scratch.resize(runs.size());
    for (std::size_t at = 0; at < runs.size(); at += 2 * length) {
      const std::span<const Sample> rest = std::span<const Sample>(current).subspan(at);
      const std::size_t left = std::min(length, rest.size()), right = std::min(length, rest.size() - left);
      merge(rest.first(left), rest.subspan(left, right), scratch.data() + at);
    }
    std::swap(current, scratch);
  }
  std::copy(current.begin(), current.end(), into.begin());
}

template <class Sample>
void sort_all(std::span<const Sample> samples, std::size_t length, std::size_t hop, std::span<Sample> sorted) {
  const std::size_t n_windows = sorted.size() / length;
  const bool has_panes = hop < length && length % hop == 0 && hop > 1;
  if (!has_panes) return sort_stretches(samples, length, hop, sorted);
  const std::size_t in_window = length / hop;
  std::vector<Sample> panes((n_windows - 1 + in_window) * hop), scratch;
  sort_stretches<Sample>(samples, hop, hop, panes);
  for (std::size_t w = 0; w < n_windows; ++w) {
    merge_runs<Sample>(std::span<const Sample>(panes).subspan(w * hop, length), hop, sorted.subspan(w * length, length),
                       scratch);
  }
}

/// Does every sample fit? Short ones go through the network many at a time.
template <class Short>
bool all_fit(std::span<const std::int64_t> samples) {
  const auto is_outside = [](std::int64_t x) { return x != static_cast<Short>(x); };
  return std::none_of(samples.begin(), samples.end(), is_outside);
}

template <class Short>
void sort_as(std::span<const std::int64_t> samples, std::size_t length, std::size_t hop,
             std::span<std::int64_t> sorted) {
  std::vector<Short> narrow(samples.size()), narrow_sorted(sorted.size());
  std::transform(samples.begin(), samples.end(), narrow.begin(), [](std::int64_t x) { return static_cast<Short>(x); });
  sort_all<Short>(narrow, length, hop, narrow_sorted);
  std::copy(narrow_sorted.begin(), narrow_sorted.end(), sorted.begin());
}

}  // namespace

void sort_windows(std::span<const std::int64_t> samples, std::size_t length, std::size_t hop,
                  std::span<std::int64_t> sorted) {
  if (sorted.empty()) return;
  if (all_fit<std::int16_t>(samples)) return sort_as<std::int16_t>(samples, length, hop, sorted);
  if (all_fit<std::int32_t>(samples)) return sort_as<std::int32_t>(samples, length, hop, sorted);
  sort_all(samples, length, hop, sorted);
}

void sort_windows(std::span<const float> samples, std::size_t length, std::size_t hop, std::span<float> sorted) {
  if (!sorted.empty()) sort_all(samples, length, hop, sorted);
}

}  // namespace emlc::signal
