#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/signal/level/level.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/parts.hpp"
#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::c {
namespace {

using namespace signal;

std::string root(std::string_view x) { return fmt::format("(float)sqrtf({})", x); }

/// What is 0 where its divisor would be.
std::string unless_zero(std::string_view divisor, const std::string& value) {
  return fmt::format("{} > 0.0f ? {} : 0.0f", divisor, value);
}

/// The values of one signal.
struct Values {
  Look& look;
  const Signal& signal;
  IntegerParts parts;
  std::size_t n;

  [[nodiscard]] const Names& names() const { return look.names(); }
  [[nodiscard]] Exact sample(const std::string& variable) const { return sample_of(signal, variable); }
  /// An integer or a real as it goes out: what is too long for an integer, as the float nearest to it.
  [[nodiscard]] std::string result(const Feature& feature, const Exact& value) const {
    if (!signal.is_integer) return fmt::format("{} + 0.0f", value.text);  // no -0
    return feature.is_integer ? value.text : float_of(names(), value);
  }
  [[nodiscard]] std::string real(const Exact& value) const {
    return signal.is_integer ? float_of(names(), value) : value.text;
  }
  [[nodiscard]] std::string over_n(const std::string& value) const {
    return fmt::format("{} / {}", value, count_literal(n));
  }
  /// a - b, of samples.
  [[nodiscard]] Exact distance(const std::string& a, const std::string& b) const {
    if (!signal.is_integer) return {fmt::format("({} - {})", a, b), 0};
    return minus(names(), sample(a), sample(b));
  }
  [[nodiscard]] std::string in_order(double q) const { return ranked(look, rank_of(q, n)); }
};

std::string linear_quantile(const Values& v, double q) {
  const double place = q * static_cast<double>(v.n - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::string low = ranked(v.look, below);
  if (below + 1 >= v.n) return v.real(v.sample(low));
  const std::string share = float_literal(static_cast<float>(place - std::floor(place)));
  const std::string step = v.real(v.distance(ranked(v.look, below + 1), low));
  return fmt::format("{} + {}", v.real(v.sample(low)), rounded_product(v.names(), step, share));
}

std::string crest(Values& v) {
  const std::string rms = root(v.over_n(v.real(v.parts.energy)));
  const std::string peak =
      v.signal.is_integer
          ? v.real({fmt::format("({0} > {1} ? {0} : {1})", v.sample("highest").text, "-" + v.sample("lowest").text),
                    v.sample("highest").bound})
          : "(highest < -lowest ? -lowest : highest)";
  v.look.out.line("{{");
  v.look.out.line("  const float rms = {};", rms);
  return unless_zero("rms", peak + " / rms");
}

/// A table of c ln c for counts up to n, and the counts of the bins.
void print_entropy(Values& v, std::size_t index, const Feature& feature) {
  const std::string table = fmt::format("{}times_logarithm_{}_", v.names().symbol, v.n);
  if (v.look.making.helpers.insert("table " + table).second) {
    Printer out;
    out.line("/* c ln c of counts up to {}. */", v.n);
    print_table(out, v.names(), "float", table, v.n + 1, [](std::size_t c) {
      const auto count = static_cast<double>(c);
      return float_literal(c == 0 ? 0.0F : static_cast<float>(count * logarithm(count)));
    });
    v.look.making.tables += out.text();
  }
  const std::size_t n_bins = feature.edges.size() + 1;
  std::string bin = "0";
  for (const float edge : feature.edges) {
    if (!v.signal.is_integer) {
      bin += fmt::format(" + !(x[i] < {})", float_literal(edge));
      continue;
    }
    const double least = std::ceil(static_cast<double>(edge));  // the first integer that is not below the edge
    if (least > static_cast<double>(v.signal.range.highest)) continue;
    const bool is_always = least <= static_cast<double>(v.signal.range.lowest);
    bin += is_always ? std::string(" + 1")
                     : fmt::format(" + (x[i] >= {})", integer_literal(static_cast<long long>(least)));
  }
  Printer& out = v.look.out;
  out.line("{{");
  out.line("  uint32_t counts[{}] = {{0}};", n_bins);
  out.line("  float bits = {}READ_F32(&{}[{}]);", v.names().macro, table, v.n);
  if (bin.find('x') == std::string::npos) out.line("  (void)x;");  // all samples are in one bin
  out.line("  for (i = 0; i < {}; ++i) ++counts[{}];", v.n, bin);
  out.line("  for (i = 0; i < {}; ++i) {{", n_bins);
  out.line("    if (counts[i] > 1) bits -= {}READ_F32(&{}[counts[i]]);", v.names().macro, table);
  out.line("  }}");
  print_value(v.look, index, v.over_n("bits"));
  out.line("}}");
}

void print_autocorrelation(Values& v, std::size_t index, const Feature& feature) {
  const auto lag = static_cast<std::size_t>(feature.lag), n = v.n;
  Printer& out = v.look.out;
  const Names& names = v.names();
  out.line("{{");
  if (!v.signal.is_integer) {
    out.line("  float products = 0.0f;");
    out.line("  for (i = {0}; i < {1}; ++i) products += {2};", lag, n,
             rounded_product(names, "(x[i] - x[0] - offset)", fmt::format("(x[i - {}] - x[0] - offset)", lag)));
    print_value(v.look, index, unless_zero("variance", v.over_n("products") + " / variance"));
    out.line("}}");
    return;
  }
  const auto size = constant(static_cast<std::int64_t>(n));
  const double m = v.sample("x").bound, count = static_cast<double>(n);
  const Exact products = {"products", count * m * m}, ends = {"ends", 2 * count * m};
  const auto declare = [&](const Exact& sum) {
    out.line("  {} {} = {};", type_of(names, sum.bound), sum.text, width_of(sum.bound) == 128 ? "{0, 0}" : "0");
  };
  const auto sample = [&](const std::string& place) { return v.sample(fmt::format("x[{}]", place)); };
  declare(products);
  declare(ends);
  out.line("  for (i = {}; i < {}; ++i) {}", lag, n,
           add_text(names, products, times(names, sample("i"), sample(fmt::format("i - {}", lag)))));
  out.line("  for (i = 0; i < {}; ++i) {{", n);
  out.line("    if (i < {}) {}", n - lag, add_text(names, ends, sample("i")));
  out.line("    if (i >= {}) {}", lag, add_text(names, ends, sample("i")));
  out.line("  }}");
  const auto product = [&](const Exact& a, const Exact& b) { return times(names, a, b); };
  const Exact first = product(product(size, size), products), second = product(product(size, v.parts.sum), ends);
  const Exact third = product(constant(static_cast<std::int64_t>(n - lag)), product(v.parts.sum, v.parts.sum));
  const std::string numerator = float_of(names, plus(names, minus(names, first, second), third));
  print_value(v.look, index,
              unless_zero("variance", fmt::format("{} / {} / variance", numerator, count_literal(n, 3))));
  out.line("}}");
}

Exact median_distance(const Values& v) {
  const std::string type = sample_type(v.signal);
  v.look.making.helpers.insert("median_distance " + type);
  const double bound = 2 * v.sample("x").bound;
  const std::string cast =
      v.signal.is_integer ? fmt::format("({})", width_of(bound) == 32 ? "int32_t" : "int64_t") : "";
  return {fmt::format("{}{}median_distance_{}_(x, {})", cast, v.names().symbol, type, v.n), bound};
}

std::string integer_or_real(const Values& v, const Feature& feature) {
  switch (feature.statistic) {
    case Statistic::sum:
      return v.result(feature, v.parts.sum);
    case Statistic::energy:
      return v.result(feature, v.parts.energy);
    case Statistic::minimum:
      return v.result(feature, v.sample("lowest"));
    case Statistic::maximum:
      return v.result(feature, v.sample("highest"));
    case Statistic::range:
      return v.result(feature, v.distance("highest", "lowest"));
    case Statistic::median:
      return v.result(feature, v.sample(v.in_order(0.5)));
    case Statistic::quantile:
      return feature.is_linear ? linear_quantile(v, feature.quantile)
                               : v.result(feature, v.sample(v.in_order(feature.quantile)));
    case Statistic::iqr:
      return v.result(feature, v.distance(v.in_order(0.75), v.in_order(0.25)));
    case Statistic::mad:
      return v.result(feature, median_distance(v));
    case Statistic::waveform_length:
      return v.result(feature, v.parts.jumps);
    case Statistic::zero_crossings:
      return "zero_crossings";
    case Statistic::mean_crossings:
      return "mean_crossings";
    case Statistic::slope_sign_changes:
      return "slope_changes";
    case Statistic::argmax:
      return "highest_at";
    default:
      throw std::logic_error("a statistic that is neither of integers nor of parts");
  }
}

std::string value_text(const Values& v, const Feature& feature) {
  if (is_level(feature.statistic)) return level_value(v.look, feature, v.parts.sum);
  const std::string mobility = unless_zero("variance", root("jump_variance / variance"));
  switch (feature.statistic) {
    case Statistic::mean:
      return v.signal.is_integer ? v.over_n(v.real(v.parts.sum)) : "mean";
    case Statistic::mean_absolute:
      return v.over_n(v.real(v.parts.absolutes));
    case Statistic::variance:
      return "variance";
    case Statistic::deviation:
      return root("variance");
    case Statistic::rms:
      return root(v.over_n(v.real(v.parts.energy)));
    case Statistic::skewness:
      return unless_zero("variance", "third / variance / " + root("variance"));
    case Statistic::kurtosis:
      return unless_zero("variance", "fourth / variance / variance - 3.0f");
    case Statistic::mobility:
      return mobility;
    default:
      return integer_or_real(v, feature);
  }
}

void print_feature(Values& v, std::size_t index, const Feature& feature) {
  switch (feature.statistic) {
    case Statistic::entropy:
      return print_entropy(v, index, feature);
    case Statistic::autocorrelation:
      return print_autocorrelation(v, index, feature);
    case Statistic::crest_factor: {
      print_value(v.look, index, crest(v));
      return v.look.out.line("}}");
    }
    case Statistic::complexity: {
      v.look.out.line("{{");
      v.look.out.line("  const float mobility = {};", unless_zero("variance", root("jump_variance / variance")));
      print_value(v.look, index, unless_zero("mobility", root("bend_variance / jump_variance") + " / mobility"));
      return v.look.out.line("}}");
    }
    default:
      return print_value(v.look, index, value_text(v, feature));
  }
}

/// What is taken by the place of a sample comes before they are sorted.
bool is_of_order(const Feature& feature) { return (info(feature.statistic).needs & any_order) != 0; }

}  // namespace

void print_value(Look& look, std::size_t index, const std::string& value) {
  if (!look.subject.keys.empty()) {
    for (const Key* key : look.subject.keys) {
      const bool is_own =
          key->part == Part::feature &&
          &look.making.joined.key_features[static_cast<std::size_t>(key->of)] == look.subject.features[index];
      if (is_own) print_rank(look, *key, value);
    }
    return;
  }
  look.out.line("y[{}] = ({})({});", look.subject.places[index], look.names().feature, value);
}

bool has_zero_crossings(const Look& look) {
  return asks(look.subject, Statistic::zero_crossings) && sample_type(look.signal()) != "uint32_t";
}

void print_sign_changes(Look& look, const std::string& sample, std::string_view zero) {
  if (has_zero_crossings(look)) {
    look.out.line("  zero_crossings += (before < {0}) != ({1} < {0});", zero, sample);
  }
  if (!asks(look.subject, Statistic::slope_sign_changes)) return;
  look.out.line(
      "  if (i > 1) slope_changes += (before_that < before && {0} < before) || (before < before_that && before < {0});",
      sample);
  look.out.line("  before_that = before;");
}

void print_values(Look& look) {
  Values values{look, look.signal(), integer_parts(look.signal(), look.n()), look.n()};
  const auto print_features = [&](bool of_order) {
    for (std::size_t i = 0; i < look.subject.features.size(); ++i) {
      const Feature& feature = *look.subject.features[i];
      if (is_of_order(feature) == of_order) print_feature(values, i, feature);
    }
  };
  const bool has_late_extremes = extremes_of_order(look);
  print_ranks(look, RankedParts::sums);
  if (has_late_extremes) print_order(look);
  print_ranks(look, RankedParts::extremes);
  print_features(false);
  if (!has_late_extremes) print_order(look);
  print_ranks(look, RankedParts::order);
  print_features(true);
}

}  // namespace emlc::c
