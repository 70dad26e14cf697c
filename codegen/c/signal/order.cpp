#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/parts.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::c {
namespace {

using signal::Feature;
using signal::Statistic;

/// Does the feature look at samples again, or at their order?
bool needs_array_alone(const Feature& feature) {
  const signal::Needs needs = signal::info(feature.statistic).needs;
  const bool looks_again = feature.statistic == Statistic::entropy || feature.statistic == Statistic::autocorrelation ||
                           feature.statistic == Statistic::mean_crossings;
  return looks_again || (needs & (any_order | signal::need_jump_variance | signal::need_bend_variance)) != 0;
}

/// With more ranks than these all samples are sorted.
constexpr std::size_t most_selected = 6;

/// Prints the selections of ranks [first, last) among the samples [low, high]: the one in the middle first, so that the
/// others look at one side of it.
void print_selections(Look& look, const std::vector<std::size_t>& ranks) {
  struct Part {
    std::size_t first, last, low, high;
  };
  const std::string type = array_type(look);
  std::vector<Part> parts = {{0, ranks.size(), 0, look.n() - 1}};
  while (!parts.empty()) {
    const Part part = parts.back();
    parts.pop_back();
    if (part.first == part.last || part.low >= part.high) continue;
    const std::size_t middle = part.first + (part.last - part.first) / 2, rank = ranks[middle];
    look.out.line("{}select_{}_(x, {}, {}, {});", look.names().symbol, type, part.low, part.high, rank);
    if (rank > part.low) parts.push_back({part.first, middle, part.low, rank - 1});
    if (rank < part.high) parts.push_back({middle + 1, part.last, rank + 1, part.high});
  }
}

/// The samples behind the words that were selected, as `at_<rank>`.
void print_behind_words(Look& look, const std::vector<std::size_t>& ranks) {
  const OrderWords& words = look.words;
  if (words.shift == 0) {
    for (const std::size_t rank : ranks) {
      look.out.line("const int64_t at_{0} = (int64_t)x[{0}] + {1};", rank,
                    integer_literal(static_cast<std::int64_t>(words.lowest)));
    }
    return;
  }
  for (const std::size_t rank : ranks) {
    look.out.line("int64_t at_{0} = (shift != 0 ? (int64_t)x[{0}] * 2 : (int64_t)x[{0}]) + lowest;", rank);
  }
  look.out.line("if (shift != 0) {{");
  {
    const auto block = look.out.indent();
    const std::string_view type = look.n() > most_in_int ? "int32_t" : "int";
    for (const std::size_t rank : ranks) look.out.line("{} before_{} = 0;", type, rank);
    print_samples(look, look.subject.of, [&](const std::string& sample) {
      for (const std::size_t rank : ranks) look.out.line("before_{0} += {1} <= at_{0};", rank, sample);
    });
    for (const std::size_t rank : ranks) look.out.line("if (before_{0} <= {0}) ++at_{0};", rank);
  }
  look.out.line("}}");
}

bool sorts(const Subject& subject, std::size_t n) {
  return (needs_of(subject) & signal::need_sorted) != 0 || ranks_of(subject, n).size() > most_selected;
}

}  // namespace

OrderWords order_words(const Making& making, const Subject& subject) {
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  const signal::Wide width = signal.range.highest - signal.range.lowest;
  const auto looks_at_samples = [](const Feature* feature) {
    const signal::Needs needs = signal::info(feature->statistic).needs;
    return (needs & any_order) == 0 && needs_array_alone(*feature);
  };
  // A second walk finds one bit, further ones would take further walks.
  constexpr int most_bits = 33;
  const bool suits = sample_type(signal) == "int64_t" && subject.other < 0 && !signal.is_of_window &&
                     (needs_of(subject) & any_order) != 0 && width < signal::Wide{1} << most_bits &&
                     !sorts(subject, signal::window_samples(making.plan, signal)) &&
                     std::none_of(subject.features.begin(), subject.features.end(), looks_at_samples);
  if (!suits) return {};
  return {.is_used = true, .lowest = signal.range.lowest, .shift = width < signal::Wide{1} << 32 ? 0 : 1};
}

std::string array_type(const Look& look) { return look.words.is_used ? "uint32_t" : sample_type(look.signal()); }

std::string ranked(const Look& look, std::size_t rank) {
  return look.words.is_used ? fmt::format("at_{}", rank) : fmt::format("x[{}]", rank);
}

signal::Needs needs_of(const Subject& subject) {
  signal::Needs needs = 0;
  for (const Feature* feature : subject.features) needs |= signal::info(feature->statistic).needs;
  for (const signal::Key* key : subject.keys) needs |= signal::needs_of(key->part);
  return needs;
}

bool asks(const Subject& subject, Statistic statistic) {
  return std::any_of(subject.features.begin(), subject.features.end(),
                     [&](const Feature* feature) { return feature->statistic == statistic; });
}

bool needs_array(const Making& making, const Subject& subject) {
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  const bool has_moments = !signal.is_integer && (needs_of(subject) & signal::need_variance) != 0;
  if (subject.other >= 0 || signal.is_of_window || has_moments) return true;
  return (needs_of(subject) & any_order) != 0 ||
         std::any_of(subject.features.begin(), subject.features.end(),
                     [](const Feature* feature) { return needs_array_alone(*feature); });
}

std::size_t rank_of(double quantile, std::size_t n) {
  return std::min(static_cast<std::size_t>(quantile * static_cast<double>(n)), n - 1);
}

std::vector<std::size_t> ranks_of(const Subject& subject, std::size_t n) {
  std::vector<std::size_t> ranks;
  for (const signal::Key* key : subject.keys) {
    if (key->part == signal::Part::order) ranks.push_back(static_cast<std::size_t>(key->place));
  }
  for (const Feature* feature : subject.features) {
    if (feature->statistic == Statistic::median) ranks.push_back(rank_of(0.5, n));
    if (feature->statistic == Statistic::iqr) {
      ranks.push_back(rank_of(0.25, n));
      ranks.push_back(rank_of(0.75, n));
    }
    if (feature->statistic != Statistic::quantile) continue;
    if (!feature->is_linear) {
      ranks.push_back(rank_of(feature->quantile, n));
      continue;
    }
    const auto below = static_cast<std::size_t>(std::floor(feature->quantile * static_cast<double>(n - 1)));
    ranks.push_back(below);
    if (below + 1 < n) ranks.push_back(below + 1);
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return ranks;
}

void print_words(Look& look) {
  look.out.line("const int shift = (highest - lowest) >> 32 != 0;");
  print_samples(look, look.subject.of, [&](const std::string& sample) {
    const std::string above = fmt::format("({} - lowest)", sample);
    look.out.line("x[i] = shift != 0 ? (uint32_t)({0} >> 1) : (uint32_t){0};", above);
  });
}

void print_order(Look& look) {
  if ((needs_of(look.subject) & any_order) == 0) return;
  const std::vector<std::size_t> ranks = ranks_of(look.subject, look.n());
  const std::string type = array_type(look);
  const bool is_sorted = sorts(look.subject, look.n());
  look.making.helpers.insert(fmt::format("{} {}", is_sorted ? "sort" : "select", type));
  if (is_sorted) return look.out.line("{}sort_{}_(x, {});", look.names().symbol, type, look.n());
  print_selections(look, ranks);
  if (look.words.is_used) print_behind_words(look, ranks);
}

}  // namespace emlc::c
