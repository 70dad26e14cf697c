#include <fmt/format.h>

#include <algorithm>
#include <array>
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
    look.out.line("{}select_{}{}_(x, {}{}, {}, {});", look.names().symbol, look.words.has_parts ? "parted_" : "", type,
                  look.words.has_parts ? "n_below, " : "", part.low, part.high, rank);
    if (rank > part.low) parts.push_back({part.first, middle, part.low, rank - 1});
    if (rank < part.high) parts.push_back({middle + 1, part.last, rank + 1, part.high});
  }
}

std::string literal_of(signal::Wide value) { return integer_literal(static_cast<std::int64_t>(value)); }

/// The sample behind a word.
/// @param is_below  is it of those that come first?
std::string behind_word(const Look& look, const std::string& word, const std::string& is_below) {
  const OrderWords& words = look.words;
  std::string text = fmt::format("(int64_t){}", word);
  if (words.base != 0) text += fmt::format(" + {}", literal_of(words.base));
  if (words.has_parts) text += fmt::format(" - ({} ? {} : 0)", is_below, literal_of(signal::Wide{1} << 32));
  return text;
}

/// The samples behind the words that were selected, as `at_<rank>`.
void print_behind_words(Look& look, const std::vector<std::size_t>& ranks) {
  for (const std::size_t rank : ranks) {
    const std::string text = behind_word(look, fmt::format("x[{}]", rank), fmt::format("{} < n_below", rank));
    look.out.line("const int64_t at_{} = {};", rank, text);
  }
}

/// Does a feature look at the samples in the order in which they came, behind the loop over them?
bool looks_at_samples(const Subject& subject) {
  return std::any_of(subject.features.begin(), subject.features.end(), [](const Feature* feature) {
    return (signal::info(feature->statistic).needs & any_order) == 0 && needs_array_alone(*feature);
  });
}

bool sorts(const Subject& subject, std::size_t n) {
  return (needs_of(subject) & signal::need_sorted) != 0 || ranks_of(subject, n).size() > most_selected;
}

/// The smallest sample is among those up to the first one in order, the largest among those from the last one on.
struct Extreme {
  std::string_view variable, helper;
  signal::Part part;
  signal::Statistic other;  ///< what asks for extremes, but not for this one
};

constexpr std::array extremes = {
    Extreme{"lowest", "least", signal::Part::lowest, Statistic::maximum},
    Extreme{"highest", "most", signal::Part::highest, Statistic::minimum},
};

bool is_asked(const Subject& subject, const Extreme& extreme) {
  const auto is_key = [&](const signal::Key* key) { return key->part == extreme.part; };
  const auto is_feature = [&](const Feature* feature) {
    return (signal::info(feature->statistic).needs & signal::need_extremes) != 0 && feature->statistic != extreme.other;
  };
  return std::any_of(subject.keys.begin(), subject.keys.end(), is_key) ||
         std::any_of(subject.features.begin(), subject.features.end(), is_feature);
}

/// The words of the other part say nothing of its samples.
std::string extreme_word(Look& look, const Extreme& extreme, const std::vector<std::size_t>& ranks) {
  const bool is_lowest = extreme.part == signal::Part::lowest;
  const std::string helper = fmt::format("{}{}_{}_", look.names().symbol, extreme.helper, array_type(look));
  const std::size_t n = look.n(), first = is_lowest ? 0 : ranks.back(), last = is_lowest ? ranks.front() : n - 1;
  if (!look.words.has_parts) return fmt::format("{}(x + {}, {})", helper, first, last - first + 1);
  if (is_lowest) {
    return fmt::format("{0}(x, n_below > 0 && n_below <= {1} ? n_below : {2})", helper, last, last + 1);
  }
  look.out.line("const {0} upper = n_below > {1} && n_below < {2} ? n_below : {1};", index_type(look), first, n);
  return fmt::format("{}(x + upper, {} - upper)", helper, n);
}

void print_extremes(Look& look, const std::vector<std::size_t>& ranks, bool is_sorted) {
  const std::string type = array_type(look);
  for (const Extreme& extreme : extremes) {
    if (!is_asked(look.subject, extreme)) continue;
    const bool is_lowest = extreme.part == signal::Part::lowest;
    if (is_sorted) {
      look.out.line("const {} {} = x[{}];", type, extreme.variable, is_lowest ? 0 : look.n() - 1);
      continue;
    }
    look.making.helpers.insert(fmt::format("extremes {}", type));
    const std::string word = extreme_word(look, extreme, ranks);
    if (!look.words.is_used) {
      look.out.line("const {} {} = {};", type, extreme.variable, word);
      continue;
    }
    const std::string is_below = is_lowest ? "n_below > 0" : fmt::format("n_below == {}", look.n());
    look.out.line("const int64_t {} = {};", extreme.variable, behind_word(look, word, is_below));
  }
}

}  // namespace

OrderWords order_words(const Making& making, const Subject& subject) {
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  const signal::Wide word = signal::Wide{1} << 32, lowest = signal.range.lowest, highest = signal.range.highest;
  // The two parts have a word each.
  const bool suits = sample_type(signal) == "int64_t" && subject.other < 0 && !signal.is_of_window &&
                     (needs_of(subject) & any_order) != 0 && highest - lowest < 2 * word &&
                     !sorts(subject, signal::window_samples(making.plan, signal)) && !looks_at_samples(subject);
  if (!suits) return {};
  if (highest - lowest < word) return {.is_used = true, .base = lowest};
  const bool is_around_zero = -word <= lowest && highest < word;
  return {.is_used = true, .base = is_around_zero ? 0 : lowest + word, .has_parts = true};
}

std::string index_type(const Look& look) { return look.n() > most_in_int ? "int32_t" : "int"; }

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

bool extremes_of_order(const Look& look) {
  const signal::Needs needs = needs_of(look.subject);
  return look.signal().is_integer && (needs & signal::need_extremes) != 0 && (needs & signal::need_place) == 0 &&
         (needs & any_order) != 0 && look.subject.other < 0 && !looks_at_samples(look.subject);
}

void print_order(Look& look) {
  if ((needs_of(look.subject) & any_order) == 0) return;
  const std::vector<std::size_t> ranks = ranks_of(look.subject, look.n());
  const std::string type = array_type(look);
  const bool is_sorted = sorts(look.subject, look.n());
  look.making.helpers.insert(fmt::format("{} {}", is_sorted ? "sort" : "select", type));
  if (look.words.has_parts) look.making.helpers.insert(fmt::format("select_parted {}", type));
  if (is_sorted) {
    look.out.line("{}sort_{}_(x, {});", look.names().symbol, type, look.n());
  } else {
    print_selections(look, ranks);
  }
  if (look.words.is_used) print_behind_words(look, ranks);
  if (extremes_of_order(look)) print_extremes(look, ranks, is_sorted);
}

}  // namespace emlc::c
