#include "codegen/passes/signal/ranking.hpp"

#include <fmt/format.h>

namespace emlc::passes {
namespace {

using signal::Key;
using signal::Part;
using signal::Range;
using signal::Wide;

std::string name_of(const signal::Plan& plan, const Key& key) {
  if (key.part == Part::feature) {
    return plan.features[static_cast<std::size_t>(key.of)].name + (key.nan_is_low ? "_nan_is_low" : "");
  }
  const std::string& signal = plan.signals[static_cast<std::size_t>(key.of)].name;
  if (key.part == Part::order) return fmt::format("{}_order_{}", signal, key.place);
  return fmt::format("{}_{}", signal, name(key.part));
}

/// The first integer of the range for which `holds`, which stays true once it is; nothing when none does.
template <class Predicate>
std::optional<Wide> first_integer(const Range& range, const Predicate& holds) {
  if (!holds(range.highest)) return std::nullopt;
  Wide first = range.lowest, last = range.highest;
  while (first < last) {
    const Wide middle = first + (last - first) / 2;
    if (holds(middle)) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return last;
}

}  // namespace

std::size_t Ranking::key_of(std::int32_t feature, bool nan_is_low) {
  const auto index = static_cast<std::size_t>(feature);
  const std::optional<Route>& route = routes_[index];
  Key key{.part = Part::feature, .of = logs_[index] ? logs_[index]->power : feature};
  if (route) {
    key = {.part = route->part, .of = route->of, .place = route->place, .range = route->range};
  } else {
    const signal::Feature& taken = plan_.features[index];
    key.is_integer = taken.is_integer;
    key.range = taken.range;
    // What is taken of integers is never NaN.
    key.nan_is_low = nan_is_low && !plan_.signals[static_cast<std::size_t>(taken.of)].is_integer;
  }
  const auto [at, is_new] = places_.try_emplace({key.part, key.of, key.place, key.nan_is_low}, keys_.size());
  if (!is_new) return at->second;
  key.name = name_of(plan_, key);
  keys_.push_back(std::move(key));
  return at->second;
}

Cut Ranking::cut_of_integers(const std::vector<signal::Link>& links, const Range& range, double threshold) const {
  const bool falls = is_falling(links);
  // Every operation of an end is monotone and so is rounding to nearest: the side of a key changes once.
  const auto is_above = [&](Wide key) {
    const double value = model::round_to(compared_, value_behind(links, key));
    return falls ? value < threshold : !(value < threshold);
  };
  const std::optional<Wide> first = first_integer(range, is_above);
  if (!first) return {.kind = Cut::Kind::nothing, .falls = falls};
  if (*first == range.lowest) return {.kind = Cut::Kind::all, .falls = falls};
  return {.integer = *first, .falls = falls};
}

Cut Ranking::compute(const model::Split& split, std::size_t key) const {
  const std::optional<Route>& route = routes_[static_cast<std::size_t>(split.feature)];
  if (route) return cut_of_integers(route->links, route->range, split.threshold);
  if (keys_[key].is_integer) return cut_of_integers({}, keys_[key].range, split.threshold);
  if (const std::optional<LogEnd>& log = logs_[static_cast<std::size_t>(split.feature)]) {
    return {.real = first_power(log->logged, split.threshold) + 0.0F};
  }
  const double first = model::smallest_at_least(model::NumberType::float32, split.threshold);
  return {.real = static_cast<float>(first) + 0.0F};
}

Cut Ranking::cut_of(const model::Split& split) {
  const std::size_t key = key_of(split.feature, split.default_child == split.left);
  const auto [at, is_new] = cuts_.try_emplace({split.feature, split.threshold, key});
  if (is_new) {
    at->second = compute(split, key);
    at->second.key = key;
  }
  return at->second;
}

}  // namespace emlc::passes
