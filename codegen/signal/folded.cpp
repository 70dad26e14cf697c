#include "codegen/signal/folded.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "codegen/signal/features.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::signal {
namespace {

struct PartInfo {
  Part part;
  std::string_view name;
  Needs needs;
};

constexpr std::array part_table = {
    PartInfo{Part::feature, "feature", 0},
    PartInfo{Part::sum, "sum", need_sum},
    PartInfo{Part::energy, "energy", need_energy},
    PartInfo{Part::absolutes, "absolutes", need_absolutes},
    PartInfo{Part::spread, "spread", need_sum | need_energy},
    PartInfo{Part::jumps, "jumps", need_jumps},
    PartInfo{Part::lowest, "lowest", need_extremes},
    PartInfo{Part::highest, "highest", need_extremes},
    PartInfo{Part::order, "order", need_order},
};

const PartInfo& info(Part part) {
  for (const PartInfo& row : part_table) {
    if (row.part == part) return row;
  }
  throw std::logic_error("a part without a row in the table");
}

std::int64_t order_statistic(std::span<const std::int64_t> samples, std::int32_t place) {
  std::vector<std::int64_t> sorted(samples.begin(), samples.end());
  std::nth_element(sorted.begin(), sorted.begin() + place, sorted.end());
  return sorted[static_cast<std::size_t>(place)];
}

/// Ranks of a key of integers in all windows.
void append_ranks(const Folded& folded, const Key& key, const std::vector<Column>& columns, std::size_t column,
                  std::vector<double>& rows) {
  const Signal& signal = folded.plan.signals[static_cast<std::size_t>(key.of)];
  const std::size_t hop = static_cast<std::size_t>(folded.plan.window.hop / signal.stride), width = folded.keys.size();
  const Column& source = columns[static_cast<std::size_t>(signal.is_of_window ? signal.from.front() : key.of)];
  for (std::size_t window = 0; window * width < rows.size(); ++window) {
    auto samples = std::span(source.integers).subspan(window * hop, window_samples(folded.plan, signal));
    const Column own = signal.is_of_window ? of_window(signal, samples) : Column{};
    if (signal.is_of_window) samples = own.integers;
    rows[window * width + column] = rank_of(key, key_of(key, signal, samples));
  }
}

std::int32_t rank_of_feature(const Key& key, double value) {
  return key.is_integer ? rank_of(key, static_cast<Wide>(value)) : rank_of(key, static_cast<float>(value));
}

/// The place of the same signal among those of a plan, appended where there is none.
std::int32_t find_or_append(Plan& plan, const Signal& signal) {
  const auto same = std::find_if(plan.signals.begin(), plan.signals.end(), [&](const Signal& other) {
    return other.name == signal.name && other.operation == signal.operation && other.from == signal.from;
  });
  const auto place = static_cast<std::int32_t>(same - plan.signals.begin());
  if (same == plan.signals.end()) plan.signals.push_back(signal);
  return place;
}

}  // namespace

bool is_of_order(std::span<const Feature> features, const Key& key) {
  if (key.part != Part::feature) return key.part == Part::order;
  return (info(features[static_cast<std::size_t>(key.of)].statistic).needs & (need_order | need_sorted)) != 0;
}

model::NumberType rank_type(std::span<const Key> keys) {
  std::size_t largest = 0;
  for (const Key& key : keys) largest = std::max(largest, key.n_thresholds());
  if (largest <= 255) return model::NumberType::uint8;
  return largest <= 32767 ? model::NumberType::int16 : model::NumberType::int32;
}

Joined join(const Plan& plan, const Folded& folded) {
  Joined joined{.plan = plan, .key_features = folded.plan.features, .keys = folded.keys};
  std::vector<std::int32_t> places;  // of the folded plan's signals
  const auto move = [&](std::int32_t& index) {
    if (index >= 0) index = places[static_cast<std::size_t>(index)];
  };
  for (Signal signal : folded.plan.signals) {
    std::for_each(signal.from.begin(), signal.from.end(), move);
    places.push_back(find_or_append(joined.plan, signal));
  }
  for (Feature& feature : joined.key_features) {
    move(feature.of);
    move(feature.other);
  }
  for (Key& key : joined.keys) {
    if (key.part != Part::feature) move(key.of);
  }
  return joined;
}

std::string_view name(Part part) { return info(part).name; }
Needs needs_of(Part part) { return info(part).needs; }

std::int32_t rank_of(const Key& key, Wide value) {
  return static_cast<std::int32_t>(std::upper_bound(key.thresholds.begin(), key.thresholds.end(), value) -
                                   key.thresholds.begin());
}

std::int32_t rank_of(const Key& key, float value) {
  if (std::isnan(value)) return key.nan_is_low ? 0 : static_cast<std::int32_t>(key.real_thresholds.size());
  return static_cast<std::int32_t>(std::upper_bound(key.real_thresholds.begin(), key.real_thresholds.end(), value) -
                                   key.real_thresholds.begin());
}

Wide key_of(const Key& key, const Signal& signal, std::span<const std::int64_t> samples) {
  if (key.part == Part::order) return order_statistic(samples, key.place);
  const auto n = static_cast<Wide>(samples.size());
  const Parts<Wide> parts = parts_of(samples, needs_of(key.part), static_cast<std::int64_t>(magnitude(signal.range)));
  switch (key.part) {
    case Part::sum:
      return parts.sum;
    case Part::energy:
      return parts.energy;
    case Part::absolutes:
      return parts.absolutes;
    case Part::spread:
      return n * parts.energy - parts.sum * parts.sum;
    case Part::jumps:
      return parts.jumps;
    case Part::lowest:
      return parts.lowest;
    case Part::highest:
      return parts.highest;
    case Part::order:
    case Part::feature:
      break;
  }
  throw std::logic_error("a feature is no part of a window");
}

std::vector<double> columns_of(const Folded& folded, std::vector<Column> channels) {
  const Plan& plan = folded.plan;
  if (folded.keys.empty() && !plan.features.empty()) return features_of(plan, std::move(channels));
  const std::size_t n = n_windows(plan, channels.empty() ? 0 : channels.front().size());
  std::vector<double> rows(n * folded.keys.size());
  if (rows.empty()) return rows;
  const std::vector<double> features = plan.features.empty() ? std::vector<double>{} : features_of(plan, channels);
  const std::vector<Column> columns = stream(plan, std::move(channels));
  for (std::size_t column = 0; column < folded.keys.size(); ++column) {
    const Key& key = folded.keys[column];
    if (key.part != Part::feature) {
      append_ranks(folded, key, columns, column, rows);
      continue;
    }
    for (std::size_t window = 0; window < n; ++window) {
      const double value = features[window * plan.features.size() + static_cast<std::size_t>(key.of)];
      rows[window * folded.keys.size() + column] = rank_of_feature(key, value);
    }
  }
  return rows;
}

}  // namespace emlc::signal
