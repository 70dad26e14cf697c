#include "codegen/signal/features.hpp"

#include <algorithm>
#include <type_traits>

#include "codegen/signal/parts.hpp"
#include "codegen/signal/sorting.hpp"
#include "codegen/signal/spectrum/windows.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::signal {
namespace {

/// So many windows are sorted before their features are taken: few enough to stay in the cache.
constexpr std::size_t windows_at_once = 64;

constexpr Needs any_order = need_order | need_sorted;

/// What a signal with features needs, and its windows of now.
template <class Sum>
struct Track {
  std::vector<SampleOf<Sum>> own;     ///< the samples of the windows one after the other, of a signal of the window
  std::vector<SampleOf<Sum>> sorted;  ///< windows, each `step` samples behind the one before
  std::size_t step = 0;
  Parts<Sum> parts;
  View<Sum> view;
};

struct Observed {
  Needs needs = 0;
  bool is_used = false;
  std::int64_t largest = 0;         ///< no sample of integers is larger in magnitude
  std::size_t length = 0, hop = 0;  ///< samples
  Track<Wide> integers;
  Track<float> reals;
};

std::vector<Observed> observe(const Plan& plan) {
  std::vector<Observed> all(plan.signals.size());
  for (std::size_t index = 0; index < all.size(); ++index) {
    const Signal& signal = plan.signals[index];
    all[index].largest = static_cast<std::int64_t>(magnitude(signal.range));
    all[index].length = window_samples(plan, signal);
    all[index].hop = static_cast<std::size_t>(plan.window.hop / signal.stride);
  }
  for (const Feature& feature : plan.features) {
    for (const std::int32_t index : {feature.of, feature.other}) {
      if (index < 0) continue;
      Observed& observed = all[static_cast<std::size_t>(index)];
      observed.needs |= info(feature.statistic).needs;
      observed.is_used = true;
    }
  }
  return all;
}

const std::vector<std::int64_t>& samples_of(const Column& column, Wide /*kind*/) { return column.integers; }
const std::vector<float>& samples_of(const Column& column, float /*kind*/) { return column.reals; }

/// The samples of windows [first, first + n) of a signal of the stream.
template <class Sum>
std::span<const SampleOf<Sum>> stretch(const Observed& observed, const Column& column, std::size_t first,
                                       std::size_t n) {
  return std::span(samples_of(column, Sum{})).subspan(first * observed.hop, (n - 1) * observed.hop + observed.length);
}

/// Makes the windows of a signal of the window, and sorts.
template <class Sum>
void begin_signal_of_window(Track<Sum>& track, const Observed& observed, std::size_t n) {
  if ((observed.needs & any_order) == 0) return;
  track.step = observed.length;
  track.sorted.resize(n * observed.length);
  sort_windows(track.own, observed.length, observed.length, track.sorted);
}

template <class Sum>
void append_windows(const Signal& signal, Observed& observed, const Column& operand, std::size_t first, std::size_t n) {
  for (std::size_t w = first; w < first + n; ++w) {
    const Column column = of_window(signal, stretch<Sum>(observed, operand, w, 1));
    observed.integers.own.insert(observed.integers.own.end(), column.integers.begin(), column.integers.end());
    observed.reals.own.insert(observed.reals.own.end(), column.reals.begin(), column.reals.end());
  }
}

/// Where windows are two hops long and nothing needs all samples in order, hops stay sorted runs.
bool keeps_runs(const Observed& observed) {
  return (observed.needs & need_sorted) == 0 && observed.length == 2 * observed.hop;
}

template <class Sum>
void sort_stream(Track<Sum>& track, const Observed& observed, const Column& column, std::size_t first, std::size_t n) {
  if ((observed.needs & any_order) == 0) return;
  const bool has_runs = keeps_runs(observed);
  track.view.n_runs = has_runs ? 2 : 1;
  track.step = has_runs ? observed.hop : observed.length;
  track.sorted.resize((n - 1) * track.step + observed.length);
  sort_windows(stretch<Sum>(observed, column, first, n), track.step, observed.hop, track.sorted);
}

void begin_windows(const Plan& plan, std::vector<Observed>& all, const std::vector<Column>& columns, std::size_t first,
                   std::size_t n) {
  for (std::size_t index = 0; index < all.size(); ++index) {
    Observed& observed = all[index];
    const Signal& signal = plan.signals[index];
    if (!observed.is_used) continue;
    if (!signal.is_of_window) {
      if (signal.is_integer) {
        sort_stream(observed.integers, observed, columns[index], first, n);
      } else {
        sort_stream(observed.reals, observed, columns[index], first, n);
      }
      continue;
    }
    observed.integers.own.clear();
    observed.reals.own.clear();
    const Column& operand = columns[static_cast<std::size_t>(signal.from.front())];
    if (operand.integers.empty()) {
      append_windows<float>(signal, observed, operand, first, n);
    } else {
      append_windows<Wide>(signal, observed, operand, first, n);
    }
    if (signal.is_integer) {
      begin_signal_of_window(observed.integers, observed, n);
    } else {
      begin_signal_of_window(observed.reals, observed, n);
    }
  }
}

/// @param at  the first sample of the window
template <class Sum>
void look(Track<Sum>& track, const Observed& observed, const std::vector<SampleOf<Sum>>& samples, std::size_t at,
          std::size_t window) {
  track.view.samples = std::span(samples).subspan(at, observed.length);
  track.view.sorted = std::span(track.sorted);
  if (!track.sorted.empty()) track.view.sorted = track.view.sorted.subspan(window * track.step, observed.length);
  track.view.parts = &track.parts;
  if constexpr (std::is_same_v<Sum, float>) {
    if ((observed.needs & ~any_order) != 0) track.parts = parts_of(track.view.samples, observed.needs);
  } else {
    const bool is_in_order = !track.sorted.empty() && (observed.needs & need_place) == 0;
    const Needs needs = observed.needs & ~any_order & ~(is_in_order ? need_extremes : Needs{0});
    if (needs != 0) track.parts = parts_of(track.view.samples, needs, observed.largest);
    if (!is_in_order) return;
    const auto& sorted = track.view.sorted;
    const std::size_t run = observed.length / track.view.n_runs;
    track.parts.lowest = std::min(sorted.front(), sorted[observed.length - run]);
    track.parts.highest = std::max(sorted.back(), sorted[run - 1]);
  }
}

/// @param window  among those that begin_windows() made, of which `first` is the first
void look_at_window(const Plan& plan, std::vector<Observed>& all, const std::vector<Column>& columns, std::size_t first,
                    std::size_t window) {
  for (std::size_t index = 0; index < all.size(); ++index) {
    Observed& observed = all[index];
    if (!observed.is_used) continue;
    const bool is_own = plan.signals[index].is_of_window;
    const std::size_t at = is_own ? window * observed.length : (first + window) * observed.hop;
    if (plan.signals[index].is_integer) {
      look(observed.integers, observed, is_own ? observed.integers.own : columns[index].integers, at, window);
    } else {
      look(observed.reals, observed, is_own ? observed.reals.own : columns[index].reals, at, window);
    }
  }
}

/// The windows of a block: that of now is the `window`-th of n, and `first` the first one of them.
struct Place {
  std::size_t first = 0, window = 0, n = 0;
};

template <class Sum>
WindowsAhead<SampleOf<Sum>> ahead(const Observed& observed, const Track<Sum>& track, const Column& column, bool is_own,
                                  const Place& place) {
  const std::size_t step = is_own ? observed.length : observed.hop, left = place.n - place.window;
  const std::size_t at = (is_own ? place.window : place.first + place.window) * step;
  const std::vector<SampleOf<Sum>>& samples = is_own ? track.own : samples_of(column, Sum{});
  return {.samples = std::span(samples).subspan(at, (left - 1) * step + observed.length),
          .length = observed.length,
          .step = step,
          .n = left};
}

double spectral_value(const Plan& plan, const std::vector<Observed>& all, const std::vector<Column>& columns,
                      const Place& place, std::size_t feature, Spectra& spectra) {
  if (spectra.is_made(feature)) return spectra.value(plan, feature);
  const auto of = static_cast<std::size_t>(plan.features[feature].of);
  const Signal& signal = plan.signals[of];
  const Observed& observed = all[of];
  if (signal.is_integer) {
    spectra.make(feature, ahead(observed, observed.integers, columns[of], signal.is_of_window, place));
  } else {
    spectra.make(feature, ahead(observed, observed.reals, columns[of], signal.is_of_window, place));
  }
  return spectra.value(plan, feature);
}

double value_of(const Plan& plan, std::vector<Observed>& all, const Feature& feature, const StatisticInfo& row) {
  Observed& observed = all[static_cast<std::size_t>(feature.of)];
  Observed* other = feature.other < 0 ? nullptr : &all[static_cast<std::size_t>(feature.other)];
  if (plan.signals[static_cast<std::size_t>(feature.of)].is_integer) {
    observed.integers.view.other = other == nullptr ? nullptr : &other->integers.view;
    return row.of_integers(observed.integers.view, feature);
  }
  observed.reals.view.other = other == nullptr ? nullptr : &other->reals.view;
  return row.of_reals(observed.reals.view, feature);
}

}  // namespace

std::size_t n_windows(const Plan& plan, std::size_t n_frames) {
  const auto length = static_cast<std::size_t>(plan.window.length), hop = static_cast<std::size_t>(plan.window.hop);
  return n_frames < length ? 0 : (n_frames - length) / hop + 1;
}

std::vector<double> features_of(const Plan& plan, std::vector<Column> channels) {
  const std::size_t n = n_windows(plan, channels.empty() ? 0 : channels.front().size());
  std::vector<double> rows;
  if (n == 0) return rows;
  rows.resize(n * plan.features.size());
  const std::vector<Column> columns = stream(plan, std::move(channels));
  std::vector<Observed> all = observe(plan);
  std::vector<const StatisticInfo*> taken;  // looked up once
  for (const Feature& feature : plan.features) taken.push_back(&info(feature.statistic));
  Spectra spectra(plan);
  auto row = rows.begin();
  for (std::size_t first = 0; first < n; first += windows_at_once) {
    const std::size_t n_here = std::min(windows_at_once, n - first);
    begin_windows(plan, all, columns, first, n_here);
    for (std::size_t window = 0; window < n_here; ++window) {
      look_at_window(plan, all, columns, first, window);
      spectra.begin_window();
      for (std::size_t i = 0; i < taken.size(); ++i) {
        const bool is_spectral = plan.features[i].statistic == Statistic::spectral;
        *row++ = is_spectral ? spectral_value(plan, all, columns, {first, window, n_here}, i, spectra)
                             : value_of(plan, all, plan.features[i], *taken[i]);
      }
    }
  }
  return rows;
}

}  // namespace emlc::signal
