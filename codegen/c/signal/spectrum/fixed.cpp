#include "codegen/c/signal/spectrum/fixed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/spectrum/gather.hpp"
#include "codegen/c/signal/spectrum/tables.hpp"
#include "codegen/signal/spectrum/fixed.hpp"
#include "codegen/signal/spectrum/fixed_values.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::c {
namespace {

using signal::PowerScale;
using signal::Spectral;
using signal::SpectrumPart;

struct Integers {
  Look& look;
  const SpectrumPart& part;
  std::string bands;  ///< the array of its Mel bands: powers, or logarithms

  [[nodiscard]] std::string call(std::string_view helper, std::string_view arguments) const {
    look.making.helpers.insert(fmt::format("spectral {}", helper));
    return fmt::format("{}{}_({})", look.names().symbol, helper, arguments);
  }
  [[nodiscard]] std::string over_bins(std::string_view helper, const std::string& rest = "") const {
    return call(helper, fmt::format("x, {}, {}{}", part.first_bin, part.last_bin, rest));
  }
  [[nodiscard]] std::string in_hertz(const std::string& bin) const {
    return fmt::format("{} * {}", bin, float_literal(signal::bin_width(part)));
  }
  /// A factor of sums for the bits that the window has to spare.
  [[nodiscard]] std::string spared(const std::string& factor) const {
    return call("spared", fmt::format("{}, spare", factor));
  }
  [[nodiscard]] std::string log_of(const std::string& power) const {
    log_table(look.making);
    return call("log2_q16", fmt::format("{}, {}", power, float_literal(static_cast<float>(part.floor))));
  }
  [[nodiscard]] std::string unit() const { return float_literal(signal::fixed_log_unit(part.scale)); }
};

std::string power_text(const Integers& p, const std::string& sum) {
  const std::string power = fmt::format("(float){} * {}", sum, p.spared(float_literal(signal::fixed_factor(p.part))));
  if (p.part.scale == PowerScale::power) return power;
  return fmt::format("(float){} * {}", p.log_of(power), p.unit());
}

std::string cepstrum_text(const Integers& p) {
  const auto n = static_cast<std::size_t>(p.part.mel.n_bands), index = static_cast<std::size_t>(p.part.index);
  const std::string sum = p.call(
      "cepstrum_q15", fmt::format("{}, {}, {}, {}", p.bands, n, fixed_cosines_table(p.look.making, n), p.part.index));
  const float factor = signal::fixed_log_unit(p.part.scale) * signal::cepstral_factor(n, index);
  return fmt::format("(float){} * {}", sum, float_literal(factor));
}

std::string value_text(const Integers& p) {
  switch (p.part.take) {
    case Spectral::band:
      return power_text(p, p.over_bins("sum_q15"));
    case Spectral::tone:
      return power_text(p, fmt::format("x[{}]", p.part.first_bin));
    case Spectral::mel:
      if (p.part.scale == PowerScale::power) return fmt::format("{}[{}]", p.bands, p.part.index);
      return fmt::format("(float){}[{}] * {}", p.bands, p.part.index, p.unit());
    case Spectral::mfcc:
      return cepstrum_text(p);
    case Spectral::dominant:
      return p.in_hertz("(float)" + p.over_bins("peak_q15"));
    case Spectral::centroid:
      return p.in_hertz(p.over_bins("centre_q15"));
    case Spectral::rolloff:
      return p.in_hertz("(float)" + p.over_bins("rolloff_q15", fmt::format(", {}u", signal::fixed_share(p.part))));
    default:
      throw std::logic_error("something of a spectrum that has no form in integers");
  }
}

/// Prints the Mel bands that features look at, each form and scale once: the array that they are in.
std::string print_bands(Look& look, const SpectrumPart& part, std::vector<const SpectrumPart*>& made) {
  const auto is_same = [&](const SpectrumPart* other) { return signal::has_bands_of(*other, part); };
  const auto found = std::find_if(made.begin(), made.end(), is_same);
  const auto number = found - made.begin();
  std::string bands = fmt::format("mel_{}", number);
  if (found != made.end()) return bands;
  made.push_back(&part);
  const Integers p{look, part, bands};
  const std::int32_t n = part.mel.n_bands;
  const std::vector<float> factors = signal::fixed_mel_factors(part, signal::mel_table(part));
  const bool is_one = part.mel.norm == signal::MelNorm::none, is_power = part.scale == PowerScale::power;
  look.out.line("uint32_t sums_{}[{}];", number, n);
  look.out.line("{} {}[{}];", is_power ? "float" : "int32_t", bands, n);
  const std::string arguments = fixed_mel_arguments(look.making, part);
  look.out.line("{};", p.call("mel_q15", fmt::format("x, {}, {}, sums_{}", arguments, n, number)));
  if (is_one) look.out.line("const float scale_{} = {};", number, p.spared(float_literal(factors.front())));
  const std::string scale =
      is_one ? fmt::format("scale_{}", number)
             : p.spared(fmt::format("{}READ_F32(&{}[i])", look.names().macro, mel_factors_table(look.making, factors)));
  const std::string power = fmt::format("(float)sums_{}[i] * {}", number, scale);
  look.out.line("for (i = 0; i < {}; ++i) {}[i] = {};", n, bands, is_power ? power : p.log_of(power));
  return bands;
}

/// Asks for a function of this plan.
std::string asked(Look& look, const std::string& what) {
  look.making.helpers.insert("spectral fixed " + what);
  return look.names().symbol;
}

/// Of as many samples as the transform has.
std::string spare_text(Look& look, const SpectrumPart& part, const std::string& type, const std::string& samples) {
  return fmt::format("{}spare_{}_({}, {})", asked(look, "spare " + type), type, samples, part.form.n_fft);
}

/// Samples of any signal, as 16 bits times the taper in the array u; the first stage takes them from there.
void print_tapered(Look& look, const SpectrumPart& part) {
  const signal::Signal& signal = look.signal();
  const std::size_t n = look.n();
  look.out.line("int16_t u[{}];", part.form.n_fft);
  look.out.line("int spare;");
  if (n < static_cast<std::size_t>(part.form.n_fft)) look.out.line("memset(u, 0, sizeof u);");
  const auto body = [&](const std::string& sample) { look.out.line("u[i] = (int16_t){};", sample); };
  if (signal.is_of_window) {
    look.out.line("{{");
    {
      const auto block = look.out.indent();
      look.out.line("{} w[{}];", sample_type(signal), n);
      print_window(look, look.subject.of, "w", body);
    }
    look.out.line("}}");
  } else {
    print_samples(look, look.subject.of, body);
  }
  look.out.line("spare = {};", spare_text(look, part, "int16_t", "u"));
  const int headroom = signal::fixed_headroom(part);
  const std::string table = fixed_taper_table(look.making, part.form.taper, n);
  std::string value = fmt::format("(int32_t)((uint32_t)u[i] << spare) >> {}", headroom);
  if (!table.empty()) {
    value = fmt::format(
        "(int32_t)((uint32_t)((int32_t)u[i] * {}READ_I16(&{}[i < {} ? i : {} - i]) + ({} >> spare)) << spare) >> {}",
        look.names().macro, table, n - n / 2, n, 1 << (14 + headroom), 15 + headroom);
  }
  look.out.line("for (i = 0; i < {}; ++i) u[i] = (int16_t)({});", n, value);
}

}  // namespace

void print_fixed_spectrum(Look& look) {
  const SpectrumPart& part = look.subject.features.front()->spectrum;
  look.out.line("uint32_t x[{}];", part.form.n_fft / 2 + 1);
  if (can_gather(look, part)) {
    const std::string type = stored_type(look.signal()), base = look.base(look.subject.of);
    const std::string table = fixed_taper_table(look.making, part.form.taper, look.n());
    const std::string_view taper = signal::name(part.form.taper);
    look.out.line("const int spare = {};", spare_text(look, part, type, base));
    const std::string symbol = asked(look, fmt::format("gather {} {} {} {}", part.form.n_fft, type, taper, table));
    look.out.line("{}gather_q15_{}_{}_{}_({}, spare, x);", symbol, part.form.n_fft, taper, type, base);
  } else {
    print_tapered(look, part);
    const std::string symbol = asked(look, fmt::format("gather {} int16_t plain", part.form.n_fft));
    look.out.line("{}gather_q15_{}_plain_int16_t_(u, 0, x);", symbol, part.form.n_fft);
  }
  look.out.line("{}transform_q15_{}_(x);", asked(look, fmt::format("transform {}", part.form.n_fft)), part.form.n_fft);
  std::vector<const SpectrumPart*> made;
  for (std::size_t index = 0; index < look.subject.features.size(); ++index) {
    const SpectrumPart& one = look.subject.features[index]->spectrum;
    const std::string bands = one.mel.n_bands == 0 ? "" : print_bands(look, one, made);
    print_value(look, index, value_text({look, one, bands}));
  }
}

std::size_t fixed_spectrum_stack(const Making& making, const Subject& subject) {
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  const SpectrumPart& part = subject.features.front()->spectrum;
  const std::size_t own = signal.is_of_window ? (sample_type(signal) == "int64_t" ? 8U : 4U) : 0U;
  const bool is_kept = !signal.is_of_window && !at(making.uses, subject.of).is_late;
  const bool is_gathered = is_kept && part.n_samples == part.form.n_fft;
  const auto n_fft = static_cast<std::size_t>(part.form.n_fft);
  return (n_fft / 2 + 1) * 4 + (is_gathered ? 0 : n_fft * 2) + own * signal::window_samples(making.plan, signal) +
         band_bytes(subject) * 2;
}

}  // namespace emlc::c
