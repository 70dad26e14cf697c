#include "codegen/signal/statistic.hpp"

#include <array>
#include <stdexcept>

#include "codegen/signal/evaluators.hpp"

namespace emlc::signal {
namespace {

using enum Statistic;

using Rule = Numbers (*)(const Range&, double, const Feature&);
using Bound = double (*)(double, double);

Numbers real(const Range& /*x*/, double /*n*/, const Feature& /*f*/) { return {.is_integer = false}; }
Numbers same(const Range& x, double /*n*/, const Feature& /*f*/) { return {.range = x}; }
Numbers distance(const Range& x, double /*n*/, const Feature& /*f*/) { return {.range = {0, x.highest - x.lowest}}; }
Numbers count(const Range& /*x*/, double n, const Feature& /*f*/) {
  return {.range = {0, static_cast<Wide>(n) > 0 ? static_cast<Wide>(n) - 1 : 0}};
}
Numbers sum_rule(const Range& x, double n, const Feature& /*f*/) {
  return {.range = {x.lowest * static_cast<Wide>(n), x.highest * static_cast<Wide>(n)}};
}
Numbers energy_rule(const Range& x, double n, const Feature& /*f*/) {
  // A sum that is too long was refused before; one of more than 53 bits leaves as a float32.
  const Wide most = magnitude(x);
  return most < (Wide{1} << 50) ? Numbers{.range = {0, most * most * static_cast<Wide>(n)}}
                                : Numbers{.is_integer = false};
}
Numbers waveform_rule(const Range& x, double n, const Feature& /*f*/) {
  return {.range = {0, (x.highest - x.lowest) * (static_cast<Wide>(n) - 1)}};
}
Numbers quantile_rule(const Range& x, double /*n*/, const Feature& f) {
  return {.is_integer = !f.is_linear, .range = x};
}

constexpr Bound plain = [](double m, double n) { return 2 * n * m; };
constexpr Bound squares = [](double m, double n) { return 2 * n * n * m * m; };
constexpr Bound cubes = [](double m, double n) { return 6 * n * n * n * m * m * m; };
constexpr Bound fourths = [](double m, double n) { return 14 * n * n * n * n * m * m * m * m; };
constexpr Bound jumps = [](double m, double n) { return 8 * n * n * m * m; };
constexpr Bound bends = [](double m, double n) { return 32 * n * n * m * m; };
constexpr Bound lagged = [](double m, double n) { return 4 * n * n * n * m * m; };

/// A row; `evaluate` takes windows of integers and of reals.
template <class Evaluate>
StatisticInfo row(Statistic statistic, std::string_view name, Needs needs, Rule numbers, Bound bound, Evaluate evaluate,
                  std::string_view summary) {
  return {.statistic = statistic,
          .name = name,
          .needs = needs,
          .numbers = numbers,
          .counts = numbers == count,
          .largest_sum = bound,
          .of_integers = evaluate,
          .of_reals = evaluate,
          .summary = summary};
}

StatisticInfo with(StatisticInfo row, Parameter parameter) {
  row.parameter = parameter;
  return row;
}

StatisticInfo of_two(StatisticInfo row) {
  row.n_signals = 2;
  return row;
}

const std::array statistics = {
    row(
        mean, "mean", need_sum, real, plain, [](const auto& w, const Feature&) { return double{w.parts->mean}; },
        "sum / n"),
    row(
        sum, "sum", need_sum, sum_rule, plain, [](const auto& w, const Feature& f) { return result(w.parts->sum, f); },
        "of the samples"),
    row(
        minimum, "min", need_extremes, same, plain,
        [](const auto& w, const Feature& f) { return result(w.parts->lowest, f); }, "the smallest sample"),
    row(
        maximum, "max", need_extremes, same, plain,
        [](const auto& w, const Feature& f) { return result(w.parts->highest, f); }, "the largest sample"),
    row(
        range, "range", need_extremes, distance, plain,
        [](const auto& w, const Feature& f) { return result(w.parts->highest - w.parts->lowest, f); },
        "max - min, peak to peak"),
    row(
        median, "median", need_order, same, plain,
        [](const auto& w, const Feature& f) { return result(order_statistic(w, 0.5), f); }, "sorted[floor(n / 2)]"),
    with(row(
             quantile, "quantile", need_order, quantile_rule, plain,
             [](const auto& w, const Feature& f) {
               return f.is_linear ? double{linear_quantile(w, f.quantile)} : result(order_statistic(w, f.quantile), f);
             },
             "sorted[floor(q * n)], or between two samples"),
         Parameter::quantile),
    row(
        iqr, "iqr", need_order, distance, plain,
        [](const auto& w, const Feature& f) { return result(order_statistic(w, 0.75) - order_statistic(w, 0.25), f); },
        "q75 - q25"),
    row(
        variance, "variance", need_variance, real, squares,
        [](const auto& w, const Feature&) { return double{w.parts->variance}; }, "of the population"),
    row(
        deviation, "std", need_variance, real, squares,
        [](const auto& w, const Feature&) { return double{std::sqrt(w.parts->variance)}; }, "the root of the variance"),
    row(
        rms, "rms", need_energy, real, squares, [](const auto& w, const Feature&) { return double{rms_of(w)}; },
        "the root of energy / n"),
    row(
        energy, "energy", need_energy, energy_rule, squares,
        [](const auto& w, const Feature& f) { return result(w.parts->energy, f); }, "the sum of x * x"),
    row(
        mean_absolute, "mean_abs", need_absolutes, real, plain,
        [](const auto& w, const Feature&) { return double{to_float(w.parts->absolutes) / w.n()}; }, "the mean of |x|"),
    row(
        mad, "mad", need_sorted, distance, plain,
        [](const auto& w, const Feature& f) { return result(median_distance(w), f); }, "the median of |x - median|"),
    row(
        skewness, "skewness", need_variance | need_third, real, cubes,
        [](const auto& w, const Feature&) { return double{skewness_of(w)}; }, "third moment / std^3"),
    row(
        kurtosis, "kurtosis", need_variance | need_third | need_fourth, real, fourths,
        [](const auto& w, const Feature&) { return double{kurtosis_of(w)}; }, "fourth moment / variance^2 - 3"),
    row(
        zero_crossings, "zero_crossings", need_counts, count, plain,
        [](const auto& w, const Feature&) { return double(w.parts->zero_crossings); },
        "changes between x < 0 and x >= 0"),
    row(
        mean_crossings, "mean_crossings", need_counts | need_sum, count, plain,
        [](const auto& w, const Feature&) { return double(w.parts->mean_crossings); }, "the same of x - mean"),
    row(
        slope_sign_changes, "slope_sign_changes", need_counts, count, plain,
        [](const auto& w, const Feature&) { return double(w.parts->slope_changes); },
        "samples above both neighbours, or below"),
    row(
        waveform_length, "waveform_length", need_jumps, waveform_rule, jumps,
        [](const auto& w, const Feature& f) { return result(w.parts->jumps, f); }, "the sum of |x[i] - x[i-1]|"),
    row(
        crest_factor, "crest_factor", need_extremes | need_energy, real, squares,
        [](const auto& w, const Feature&) { return double{crest_of(w)}; }, "largest |x| / rms"),
    row(
        argmax, "argmax", need_extremes | need_place, count, plain,
        [](const auto& w, const Feature&) { return double(w.parts->highest_at); },
        "the first place of the largest sample"),
    of_two(row(
        correlation, "correlation", need_variance | need_sum, real, squares,
        [](const auto& w, const Feature&) { return double{correlation_of(w)}; }, "of two signals, Pearson's")),
    with(row(
             autocorrelation, "autocorrelation", need_variance | need_sum, real, lagged,
             [](const auto& w, const Feature& f) {
               return double{autocorrelation_of(w, static_cast<std::size_t>(f.lag))};
             },
             "at a lag, 1 at lag 0"),
         Parameter::lag),
    row(
        mobility, "mobility", need_variance | need_jump_variance, real, jumps,
        [](const auto& w, const Feature&) { return double{mobility_of(w)}; }, "Hjorth's: std of differences / std"),
    row(
        complexity, "complexity", need_variance | need_jump_variance | need_bend_variance, real, bends,
        [](const auto& w, const Feature&) { return double{complexity_of(w)}; },
        "Hjorth's: mobility of differences / mobility"),
    with(row(
             entropy, "entropy", 0, real, plain,
             [](const auto& w, const Feature& f) { return double{entropy_of(w, f.edges)}; },
             "of a histogram with fixed edges, in nats"),
         Parameter::edges),
    row(
        level, "level", 0, real, plain,
        [](const auto& w, const Feature& f) { return double{level_of(to_float(w.samples.back()), f.level)}; },
        "of the last power, in dB"),
    row(
        level_max, "level_max", need_extremes, real, plain,
        [](const auto& w, const Feature& f) { return double{level_of(to_float(w.parts->highest), f.level)}; },
        "of the largest power, in dB"),
    row(
        level_min, "level_min", need_extremes, real, plain,
        [](const auto& w, const Feature& f) { return double{level_of(to_float(w.parts->lowest), f.level)}; },
        "of the smallest power, in dB"),
    row(
        leq, "leq", need_sum, real, plain,
        [](const auto& w, const Feature& f) { return double{level_of(w.parts->mean, f.level)}; },
        "of the mean power, in dB"),
};

/// What all that is taken of spectra has in common.
const StatisticInfo of_spectra{.statistic = spectral,
                               .name = "spectrum",
                               .numbers = real,
                               .largest_sum = [](double /*m*/, double /*n*/) { return 0.0; },
                               .summary = "something of its spectrum"};

}  // namespace

std::span<const StatisticInfo> all_statistics() { return statistics; }

const StatisticInfo& info(Statistic statistic) {
  for (const StatisticInfo& row : statistics) {
    if (row.statistic == statistic) return row;
  }
  if (statistic == spectral) return of_spectra;
  throw std::logic_error("a statistic without a row in the table");
}

}  // namespace emlc::signal
