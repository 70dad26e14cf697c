#include "codegen/c/signal/spectrum/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/signal/spectrum/fixed_values.hpp"
#include "codegen/signal/spectrum/mel.hpp"

namespace emlc::c {
namespace {

/// Prints a table of which there may be several of a name: those are told apart by what is in them.
template <class Literal>
std::string numbered_table(Making& making, std::string_view base, std::string_view type, std::size_t bytes,
                           std::size_t n, std::string_view comment, Literal literal) {
  Printer out;
  print_table(out, making.names, type, "@", n, literal);
  std::string text = out.text();
  for (std::size_t number = 0;; ++number) {
    std::string name = fmt::format("{}{}_{}_", making.names.symbol, base, number);
    const std::string marker = fmt::format("numbered {} ", name);
    const auto found = making.helpers.lower_bound(marker);
    const bool is_taken = found != making.helpers.end() && found->starts_with(marker);
    if (is_taken && found->substr(marker.size()) == text) return name;
    if (is_taken) continue;
    making.helpers.insert(marker + text);
    text.replace(text.find('@'), 1, name);
    making.tables += fmt::format("/* {} */\n{}", comment, text);
    making.table_bytes += n * bytes;
    return name;
  }
}

/// Prints a table where it is new.
template <class Literal>
void add_table(Making& making, const std::string& name, std::string_view type, std::size_t bytes, std::size_t n,
               std::string_view comment, Literal literal) {
  if (!making.helpers.insert("table " + name).second) return;
  Printer out;
  out.line("/* {} */", comment);
  print_table(out, making.names, type, name, n, literal);
  making.tables += out.text();
  making.table_bytes += n * bytes;
}

std::string mel_ends_table(Making& making, const signal::MelTable& table) {
  return numbered_table(making, "mel_ends", "uint16_t", 2, table.ends.size(), "The bins behind those between two tops.",
                        [&](std::size_t i) { return integer_literal(table.ends[i]); });
}

}  // namespace

std::string groups_table(Making& making, const signal::TransformShape& shape) {
  std::string name = fmt::format("{}groups_{}_", making.names.symbol, shape.n);
  const std::vector<std::uint8_t> groups = signal::transform_groups(shape);
  add_table(making, name, "uint8_t", 1, groups.size(),
            fmt::format("The group of {} pairs of samples that a pair is in.", shape.radix),
            [&](std::size_t i) { return integer_literal(groups[i]); });
  return name;
}

std::string taper_table(Making& making, signal::Taper taper, std::size_t n) {
  if (taper == signal::Taper::rectangular) return {};
  std::string name = fmt::format("{}{}_{}_", making.names.symbol, signal::name(taper), n);
  const std::vector<float> half = signal::taper_half(taper, n);
  add_table(making, name, "float", 4, half.size(), fmt::format("A window of {} samples, as far as its middle.", n),
            [&](std::size_t i) { return float_literal(half[i]); });
  return name;
}

std::string taper_text(Making& making, signal::Taper taper, std::size_t n) {
  const std::string name = taper_table(making, taper, n);
  if (name.empty()) return {};
  return fmt::format("{}READ_F32(&{}[i < {} ? i : {} - i])", making.names.macro, name, n - n / 2, n);
}

std::string mel_arguments(Making& making, const signal::SpectrumPart& part) {
  const signal::MelTable table = signal::mel_table(part);
  const std::string rising = numbered_table(making, "mel_rising", "float", 4, table.rising.size(),
                                            "What of a bin goes into the Mel band that rises.",
                                            [&](std::size_t i) { return float_literal(table.rising[i]); });
  return fmt::format("{}, {}, {}", rising, mel_ends_table(making, table), table.first_bin);
}

std::string mel_factors_table(Making& making, std::span<const float> factors) {
  return numbered_table(making, "mel_factors", "float", 4, factors.size(), "Of the sums of Mel bands.",
                        [&](std::size_t i) { return float_literal(factors[i]); });
}

std::string cosines_table(Making& making, std::size_t n) {
  std::string name = fmt::format("{}cosines_{}_", making.names.symbol, n);
  const std::vector<float> cosines = signal::cosine_table(n);
  add_table(making, name, "float", 4, cosines.size(), fmt::format("cos(pi j / {}).", 2 * n),
            [&](std::size_t j) { return float_literal(cosines[j]); });
  return name;
}

std::size_t longest_transform(const signal::Joined& joined, signal::SpectrumArithmetic arithmetic) {
  std::size_t longest = 0;
  for (const auto* features : {&joined.plan.features, &joined.key_features}) {
    for (const signal::Feature& feature : *features) {
      const signal::SpectrumForm& form = feature.spectrum.form;
      const bool is_transformed =
          feature.statistic == signal::Statistic::spectral && form.method == signal::SpectrumMethod::transform;
      if (is_transformed && form.arithmetic == arithmetic)
        longest = std::max(longest, static_cast<std::size_t>(form.n_fft));
    }
  }
  return longest;
}

std::string sines_table(Making& making, std::size_t n) {
  std::string name = fmt::format("{}sines_{}_", making.names.symbol, n);
  const std::vector<float> sines = signal::sine_table(n);
  add_table(making, name, "float", 4, n, fmt::format("sin(2 pi j / {}).", n),
            [&](std::size_t j) { return float_literal(sines[j]); });
  return name;
}

std::string fixed_groups_table(Making& making, const signal::FixedShape& shape) {
  std::string name = fmt::format("{}groups_q15_{}_", making.names.symbol, shape.n);
  const std::vector<std::uint16_t> groups = signal::fixed_groups(shape);
  const bool is_byte = groups.size() <= 256;
  add_table(making, name, is_byte ? "uint8_t" : "uint16_t", is_byte ? 1 : 2, groups.size(),
            fmt::format("The group of {} pairs of samples that a pair is in.", shape.radix),
            [&](std::size_t i) { return integer_literal(groups[i]); });
  return name;
}

std::string fixed_taper_table(Making& making, signal::Taper taper, std::size_t n) {
  const std::vector<std::int16_t> half = signal::fixed_taper_half(taper, n);
  if (half.empty()) return {};
  std::string name = fmt::format("{}{}_q15_{}_", making.names.symbol, signal::name(taper), n);
  add_table(making, name, "int16_t", 2, half.size(),
            fmt::format("A window of {} samples, as far as its middle, in 1 / 32768.", n),
            [&](std::size_t i) { return integer_literal(half[i]); });
  return name;
}

std::string fixed_mel_arguments(Making& making, const signal::SpectrumPart& part) {
  const signal::MelTable table = signal::mel_table(part);
  const std::vector<std::uint16_t> shares = signal::fixed_rising(part);
  const std::string rising = numbered_table(making, "mel_rising_q15", "uint16_t", 2, shares.size(),
                                            "What of a bin goes into the Mel band that rises, in 1 / 65536.",
                                            [&](std::size_t i) { return integer_literal(shares[i]); });
  return fmt::format("{}, {}, {}", rising, mel_ends_table(making, table), table.first_bin);
}

std::string fixed_cosines_table(Making& making, std::size_t n) {
  std::string name = fmt::format("{}cosines_q15_{}_", making.names.symbol, n);
  const std::vector<std::int16_t> cosines = signal::fixed_cosines(n);
  add_table(making, name, "int16_t", 2, cosines.size(), fmt::format("cos(pi j / {}) in 1 / 32768.", 2 * n),
            [&](std::size_t j) { return integer_literal(cosines[j]); });
  return name;
}

std::string fixed_sines_table(Making& making, std::size_t n) {
  std::string name = fmt::format("{}sines_q15_{}_", making.names.symbol, n);
  const std::vector<std::int16_t> sines = signal::fixed_sines(n);
  add_table(making, name, "int16_t", 2, n, fmt::format("sin(2 pi j / {}) in 1 / 32768.", n),
            [&](std::size_t j) { return integer_literal(sines[j]); });
  return name;
}

void log_table(Making& making) {
  const auto table = signal::fixed_log_table();
  add_table(making, fmt::format("{}log2_table_", making.names.symbol), "uint16_t", 2, table.size(),
            "log2(1 + i / 64) in 1 / 65536.", [&](std::size_t i) { return integer_literal(table[i]); });
}

std::size_t band_bytes(const Subject& subject) {
  std::size_t bands = 0;
  std::vector<const signal::SpectrumPart*> made;
  for (const signal::Feature* feature : subject.features) {
    const signal::SpectrumPart& one = feature->spectrum;
    const auto is_same = [&](const signal::SpectrumPart* other) { return signal::has_bands_of(*other, one); };
    if (std::any_of(made.begin(), made.end(), is_same)) continue;
    made.push_back(&one);
    bands += static_cast<std::size_t>(one.mel.n_bands);
  }
  return bands * 4;
}

}  // namespace emlc::c
