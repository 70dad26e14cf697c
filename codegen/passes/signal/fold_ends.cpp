#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>
#include <tuple>

#include "codegen/passes/passes.hpp"
#include "codegen/passes/signal/ranking.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/passes/trees/columns.hpp"

namespace emlc::passes {
namespace {

using model::Split;
using model::TreeEnsemble;
using signal::Folded;
using signal::Key;
using signal::Link;
using signal::Operation;

template <class Number>
std::size_t place_among(const std::vector<Number>& thresholds, Number threshold) {
  return static_cast<std::size_t>(std::lower_bound(thresholds.begin(), thresholds.end(), threshold) -
                                  thresholds.begin());
}

template <class Number>
void sort_distinct(std::vector<Number>& thresholds) {
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
}

/// The keys with all thresholds that the splits of an ensemble have.
std::vector<Key> ranked_keys(TreeEnsemble& ensemble, Ranking& ranking) {
  std::vector<Cut> cuts;
  for_each_split(ensemble, [&](Split& split) { cuts.push_back(ranking.cut_of(split)); });
  if (cuts.empty()) ranking.any_key(0);
  std::vector<Key> keys = ranking.keys();
  for (const Cut& cut : cuts) {
    Key& key = keys[cut.key];
    if (cut.kind != Cut::Kind::at) continue;
    if (key.is_integer) {
      key.thresholds.push_back(cut.integer);
    } else {
      key.real_thresholds.push_back(cut.real);
    }
  }
  for (Key& key : keys) {
    sort_distinct(key.thresholds);
    sort_distinct(key.real_thresholds);
  }
  return keys;
}

/// `rank < threshold` is `key < the threshold before it`.
double rank_threshold(const Key& key, const Cut& cut) {
  if (cut.kind == Cut::Kind::nothing) return model::infinity;
  if (cut.kind == Cut::Kind::all) return -model::infinity;
  const std::size_t place =
      key.is_integer ? place_among(key.thresholds, cut.integer) : place_among(key.real_thresholds, cut.real);
  return static_cast<double>(place + 1);
}

void compare_ranks(TreeEnsemble& ensemble, Ranking& ranking, const std::vector<Key>& keys) {
  for_each_split(ensemble, [&](Split& split) {
    const Cut cut = ranking.cut_of(split);
    split.feature = static_cast<std::int32_t>(cut.key);
    split.threshold = rank_threshold(keys[cut.key], cut);
    if (cut.falls) std::swap(split.left, split.right);
    split.default_child = split.right;  // integers are not missing
  });
}

/// What the model takes, of the keys.
void set_input(model::Model& model, TreeEnsemble& ensemble, const std::vector<Key>& keys) {
  model::Input input{.n_features = static_cast<std::int32_t>(keys.size()), .type = signal::rank_type(keys)};
  for (const Key& key : keys) {
    input.feature_names.push_back(key.name);
    input.minimum.push_back(0.0);
    input.maximum.push_back(static_cast<double>(key.n_thresholds()));
  }
  model.input = std::move(input);
  ensemble.n_features = model.input.n_features;
  ensemble.feature_type = model.input.type;
}

template <class Number>
void keep_places(std::vector<Number>& thresholds, const std::set<std::size_t>& places) {
  std::vector<Number> kept;
  for (const std::size_t place : places) kept.push_back(thresholds[place]);
  thresholds = std::move(kept);
}

/// Drops thresholds that no split has any more, and keys without one.
void drop_thresholds(TreeEnsemble& ensemble, std::vector<Key>& keys) {
  std::vector<std::set<std::size_t>> places(keys.size());
  const auto place_of = [](const Split& split) {
    if (!(split.threshold >= 1.0 && split.threshold < model::infinity))
      throw std::logic_error("a split of no rank is left");
    return static_cast<std::size_t>(split.threshold) - 1;
  };
  for_each_split(ensemble,
                 [&](Split& split) { places[static_cast<std::size_t>(split.feature)].insert(place_of(split)); });
  std::vector<std::int32_t> numbers;
  std::vector<Key> kept;
  for (std::size_t index = 0; index < keys.size(); ++index) {
    const bool is_last = kept.empty() && index + 1 == keys.size();  // a model without an input is none
    numbers.push_back(static_cast<std::int32_t>(kept.size()));
    if (places[index].empty() && !is_last) continue;
    if (keys[index].is_integer) {
      keep_places(keys[index].thresholds, places[index]);
    } else {
      keep_places(keys[index].real_thresholds, places[index]);
    }
    kept.push_back(std::move(keys[index]));
  }
  for_each_split(ensemble, [&](Split& split) {
    const std::set<std::size_t>& own = places[static_cast<std::size_t>(split.feature)];
    split.threshold = static_cast<double>(std::distance(own.begin(), own.find(place_of(split))) + 1);
  });
  renumber(ensemble, numbers);
  keys = std::move(kept);
}

/// Keys come signal by signal, so that who looks at a signal gives all that is of it; behind the others those that take
/// its samples in order.
void sort_keys(const signal::Plan& plan, TreeEnsemble& ensemble, std::vector<Key>& keys) {
  const auto place = [&](std::size_t index) {
    const Key& key = keys[index];
    const bool is_feature = key.part == signal::Part::feature;
    const signal::Feature* feature = is_feature ? &plan.features[static_cast<std::size_t>(key.of)] : nullptr;
    return std::tuple{is_feature ? feature->of : key.of,
                      is_feature ? feature->other : -1,
                      is_feature ? feature->spectrum.form : signal::SpectrumForm{},
                      signal::is_of_order(plan.features, key),
                      is_feature,
                      key.part,
                      is_feature ? key.of : key.place,
                      index};
  };
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  std::vector<std::int32_t> numbers(keys.size());
  std::vector<Key> sorted;
  for (const std::size_t index : order) {
    numbers[index] = static_cast<std::int32_t>(sorted.size());
    sorted.push_back(std::move(keys[index]));
  }
  keys = std::move(sorted);
  renumber(ensemble, numbers);
}

/// The plan keeps the features that are keys themselves.
void keep_features(Folded& folded) {
  std::vector<signal::Feature> kept;
  std::vector<std::int32_t> numbers(folded.plan.features.size(), -1);
  for (Key& key : folded.keys) {
    if (key.part != signal::Part::feature) continue;
    std::int32_t& number = numbers[static_cast<std::size_t>(key.of)];
    if (number < 0) {
      number = static_cast<std::int32_t>(kept.size());
      kept.push_back(std::move(folded.plan.features[static_cast<std::size_t>(key.of)]));
    }
    key.of = number;
  }
  folded.plan.features = std::move(kept);
}

/// How many thresholds the features that are counted have.
std::size_t distinct_thresholds(TreeEnsemble& ensemble, const std::function<bool(std::size_t)>& is_counted) {
  std::set<std::pair<std::int32_t, double>> found;
  for_each_split(ensemble, [&](Split& split) {
    if (is_counted(static_cast<std::size_t>(split.feature))) found.insert({split.feature, split.threshold});
  });
  return found.size();
}

/// Operations on each sample of the signals of a plan.
std::size_t count_signals(const signal::Plan& plan, Operation operation) {
  return static_cast<std::size_t>(
      std::count_if(plan.signals.begin(), plan.signals.end(),
                    [&](const signal::Signal& signal) { return signal.operation == operation; }));
}

/// The ends of features; those of samples in front of an order statistic are counted with the signals.
void count_ends(const signal::Plan& plan, const std::vector<std::optional<Route>>& routes, SignalFigures& figures) {
  for (std::size_t index = 0; index < routes.size(); ++index) {
    if (!routes[index]) continue;
    ++figures.features_folded;
    using enum signal::Statistic;
    const signal::Statistic statistic = plan.features[index].statistic;
    const bool has_root = statistic == rms || statistic == deviation;
    const bool has_division = has_root || statistic == mean || statistic == variance || statistic == mean_absolute;
    figures.window_roots += has_root ? 1 : 0;
    figures.window_divisions += has_division ? 1 : 0;
  }
}

void count_logs(const std::vector<std::optional<LogEnd>>& logs, SignalFigures& figures) {
  const auto n = std::count_if(logs.begin(), logs.end(), [](const auto& log) { return log.has_value(); });
  figures.window_logarithms = static_cast<std::size_t>(n);
  figures.features_folded += figures.window_logarithms;
}

/// On what keys may be, more may be pruned than on what float32 may be.
void simplify(model::Model& model) {
  for (const auto& run : {prune_unreachable, merge_equal_leaves, dedupe_leaves, share_subtrees}) run(model, {});
}

std::vector<std::string> notes_of(const SignalFigures& figures) {
  return {
      fmt::format("{} of {} features are compared in front of their ends, with {} of {} thresholds",
                  figures.features_folded, figures.n_features - figures.features_dropped, figures.thresholds_folded,
                  figures.thresholds_before),
      fmt::format("{} roots, {} divisions and {} logarithms less for a window, {} roots and {} divisions for a sample",
                  figures.window_roots, figures.window_divisions, figures.window_logarithms, figures.sample_roots,
                  figures.sample_divisions),
      fmt::format("ranks of {} keys among {} thresholds; {} features are computed to their end", figures.keys,
                  figures.thresholds_after, figures.features_left)};
}

void fold(Folded& folded, TreeEnsemble& ensemble, SignalFigures& figures) {
  const std::size_t n_roots = count_signals(folded.plan, Operation::norm2);
  const std::size_t n_divisions = count_signals(folded.plan, Operation::moving_average);
  const std::size_t n_signals = folded.plan.signals.size();
  const std::vector<char> is_used = used_columns(ensemble, folded.plan.features.size());
  const std::vector<std::optional<Route>> routes = routes_of(folded.plan, is_used);
  const std::vector<std::optional<LogEnd>> logs = fold_logs(folded.plan, is_used);
  figures.thresholds_before = distinct_thresholds(ensemble, [](std::size_t /*feature*/) { return true; });
  figures.thresholds_folded =
      distinct_thresholds(ensemble, [&](std::size_t feature) { return routes[feature] || logs[feature]; });
  count_ends(folded.plan, routes, figures);
  count_logs(logs, figures);
  Ranking ranking(folded.plan, routes, logs, ensemble.feature_type);
  folded.keys = ranked_keys(ensemble, ranking);
  compare_ranks(ensemble, ranking, folded.keys);
  set_input(folded.model, ensemble, folded.keys);
  folded.model.test_vectors = {};
  simplify(folded.model);
  drop_thresholds(ensemble, folded.keys);
  sort_keys(folded.plan, ensemble, folded.keys);
  set_input(folded.model, ensemble, folded.keys);
  keep_features(folded);
  drop_signals(folded);
  figures.signals_dropped += n_signals > folded.plan.signals.size() ? n_signals - folded.plan.signals.size() : 0;
  figures.sample_roots = n_roots - count_signals(folded.plan, Operation::norm2);
  figures.sample_divisions = n_divisions - count_signals(folded.plan, Operation::moving_average);
  figures.keys = folded.keys.size();
  figures.features_left = folded.plan.features.size();
  figures.reals_left = static_cast<std::size_t>(std::count_if(folded.plan.features.begin(), folded.plan.features.end(),
                                                              [](const auto& feature) { return !feature.is_integer; }));
  for (const Key& key : folded.keys) figures.thresholds_after += key.n_thresholds();
}

}  // namespace

PassResult fold_ends(Folded& folded, SignalFigures& figures) {
  auto* ensemble = std::get_if<TreeEnsemble>(&folded.model.predictor);
  const bool is_plain = takes_inputs(folded.model) && folded.model.input.grid.empty() && folded.keys.empty();
  if (ensemble == nullptr || !is_plain) return {};
  fold(folded, *ensemble, figures);
  return {.changes = figures.features_folded + figures.keys, .notes = notes_of(figures)};
}

}  // namespace emlc::passes
