#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "codegen/signal/statistic.hpp"
#include "formats/emlc_signal/build.hpp"

namespace emlc::formats::emlc_signal {
namespace {

using signal::Feature;
using signal::Parameter;
using signal::Statistic;
using signal::StatisticInfo;

/// The percentage of `q25`, or nothing.
std::optional<int> percent_of(std::string_view name) {
  if (name.size() < 2 || name.size() > 3 || name.front() != 'q') return std::nullopt;
  int percent = 0;
  for (const char digit : name.substr(1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    percent = 10 * percent + (digit - '0');
  }
  return percent;
}

std::vector<std::string_view> names_of_statistics() {
  std::vector<std::string_view> names;
  for (const StatisticInfo& row : signal::all_statistics()) {
    if (row.parameter == Parameter::none) names.push_back(row.name);
  }
  names.emplace_back("q25");
  names.emplace_back("q75");
  return names;
}

Taken named(const json::Source& source, const TakePart& part, const std::string& path) {
  if (const std::optional<int> percent = percent_of(part.name)) {
    return {{.statistic = Statistic::quantile, .quantile = *percent / 100.0, .path = path}, part.name};
  }
  for (const StatisticInfo& row : signal::all_statistics()) {
    if (row.name != part.name) continue;
    if (row.parameter == Parameter::none) return {{.statistic = row.statistic, .path = path}, part.name};
    source.fail(path, fmt::format("'{0}' needs a number, expected {{\"{0}\": ...}}", row.name));
  }
  source.fail(path, unknown_name("statistic", part.name, names_of_statistics()));
}

std::vector<float> edges_of(const json::Source& source, const TakePart& part, const std::string& path) {
  std::vector<float> edges;
  for (std::size_t index = 0; index < part.edges.size(); ++index) {
    const auto edge = static_cast<float>(part.edges[index]);
    const std::string place = fmt::format("{}.entropy[{}]", path, index);
    if (!std::isfinite(edge)) source.fail(place, fmt::format("{} is beyond float32", part.edges[index]));
    if (!edges.empty() && edge <= edges.back()) {
      source.fail(place, fmt::format("{} is not above the edge before, expected rising edges", part.edges[index]));
    }
    edges.push_back(edge);
  }
  if (edges.empty()) source.fail(path + ".entropy", "has no edge, expected at least one");
  return edges;
}

/// 0.9 is `q90`, 0.125 is `q12_5`.
std::string quantile_name(const TakePart& part) {
  std::string digits = fmt::format("{:.6g}", part.quantile * 100.0);
  std::replace(digits.begin(), digits.end(), '.', '_');
  std::replace(digits.begin(), digits.end(), '-', 'm');
  return fmt::format("q{}{}", digits, part.is_linear ? "_linear" : "");
}

Taken with_parameter(const json::Source& source, const TakePart& part, const std::string& path) {
  refuse_spectral_keys(source, part, path);
  const bool is_quantile = has(part.keys, "quantile");
  const bool is_lagged = has(part.keys, "autocorrelation"), is_entropy = has(part.keys, "entropy");
  if (int{is_quantile} + int{is_lagged} + int{is_entropy} != 1) {
    source.fail(path, "expected one of the keys 'quantile', 'autocorrelation' and 'entropy'");
  }
  if (has(part.keys, "method") && !is_quantile) source.fail(path + ".method", "is for 'quantile'");
  Taken taken{{.path = path}, {}};
  if (is_quantile) {
    taken.feature.statistic = Statistic::quantile;
    taken.feature.quantile = part.quantile;
    taken.feature.is_linear = part.is_linear;
    taken.name = quantile_name(part);
  } else if (is_lagged) {
    taken.feature.statistic = Statistic::autocorrelation;
    taken.feature.lag = part.lag;
    taken.name = fmt::format("autocorrelation_{}", part.lag);
  } else {
    taken.feature.statistic = Statistic::entropy;
    taken.feature.edges = edges_of(source, part, path);
    taken.name = "entropy";
  }
  return taken;
}

/// What a feature looks at: one signal, or two.
struct Subject {
  std::int32_t of = 0, other = -1;
  std::string name;
};

std::int32_t one_signal(const Scope& scope, const std::string& name, const std::string& path) {
  const Group& group = scope.find(name, path);
  if (group.members.size() == 1) return group.members.front();
  scope.source().fail(path, fmt::format("'{}' is {} signals, expected one", printable(name), group.members.size()));
}

std::vector<Subject> subjects_of(const Scope& scope, const signal::Plan& plan, const Names& of,
                                 const std::string& path) {
  std::vector<Subject> subjects;
  const auto name = [&](std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)].name; };
  if (of.items.empty()) scope.source().fail(path, "is empty, expected the name of a signal");
  for (std::size_t item = 0; item < of.items.size(); ++item) {
    const std::string place = item_path(of, item, path);
    if (of.is_list[item] == 0) {
      for (const std::int32_t member : scope.find(of.items[item].front(), place).members) {
        subjects.push_back({member, -1, name(member)});
      }
      continue;
    }
    const std::vector<std::string>& pair = of.items[item];
    if (pair.size() != 2) {
      scope.source().fail(place, fmt::format("has {} names, expected two for 'correlation'", pair.size()));
    }
    const std::int32_t first = one_signal(scope, pair[0], place + "[0]"),
                       second = one_signal(scope, pair[1], place + "[1]");
    subjects.push_back({first, second, fmt::format("{}_{}", name(first), name(second))});
  }
  return subjects;
}

/// All that the entries of `take` say, in order.
std::vector<Taken> all_taken(const json::Source& source, FeaturePart& part, const std::string& path) {
  const bool is_of_spectrum = has(part.keys, "spectrum");
  if (is_of_spectrum) check_spectrum(source, part, path);
  std::vector<Taken> all;
  for (std::size_t index = 0; index < part.take.size(); ++index) {
    const std::string place = part.is_list ? fmt::format("{}.take[{}]", path, index) : path + ".take";
    const TakePart& one = part.take[index];
    if (is_of_spectrum) {
      for (Taken& taken : spectral(source, part, one, place)) all.push_back(std::move(taken));
    } else {
      all.push_back(one.name.empty() ? with_parameter(source, one, place) : named(source, one, place));
    }
  }
  if (all.empty()) source.fail(path + ".take", "is empty, expected the name of a statistic");
  return all;
}

}  // namespace

void build_features(const Scope& scope, signal::Plan& plan, FeaturePart& part, const std::string& path) {
  const json::Source& source = scope.source();
  const std::vector<Taken> all = all_taken(source, part, path);
  for (const Subject& subject : subjects_of(scope, plan, part.of, path + ".of")) {
    for (const Taken& taken : all) {
      const StatisticInfo& row = signal::info(taken.feature.statistic);
      if ((row.n_signals == 2) != (subject.other >= 0)) {
        source.fail(taken.feature.path, fmt::format("'{}' takes {}", row.name,
                                                    row.n_signals == 2 ? "pairs, as \"of\": [[\"x\", \"y\"]]"
                                                                       : "single signals, found a pair"));
      }
      Feature feature = taken.feature;
      feature.of = subject.of;
      feature.other = subject.other;
      feature.name = fmt::format("{}_{}", subject.name, taken.name);
      if (plan.features.size() >= static_cast<std::size_t>(signal::most_features)) {
        source.fail(path, fmt::format("has more than the {} features that emlc takes", signal::most_features));
      }
      plan.features.push_back(std::move(feature));
    }
  }
}

}  // namespace emlc::formats::emlc_signal
