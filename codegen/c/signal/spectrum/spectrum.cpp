#include "codegen/c/signal/spectrum/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/spectrum/fixed.hpp"
#include "codegen/c/signal/spectrum/gather.hpp"
#include "codegen/c/signal/spectrum/tables.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/mel.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::c {
namespace {

using signal::Spectral;
using signal::SpectrumMethod;
using signal::SpectrumPart;

struct Powers {
  Look& look;
  const SpectrumPart& part;
  std::string factor;  ///< power_factor(), as a literal
  std::string bands;   ///< the array of its Mel bands

  /// A call of a helper, which is written once.
  [[nodiscard]] std::string call(std::string_view helper, std::string_view arguments) const {
    look.making.helpers.insert(fmt::format("spectral {}", helper));
    return fmt::format("{}{}_({})", look.names().symbol, helper, arguments);
  }
  /// Of the bins that are looked at.
  [[nodiscard]] std::string over_bins(std::string_view helper, const std::string& rest = "") const {
    return call(helper, fmt::format("x, {}, {}{}", part.first_bin, part.last_bin, rest));
  }
  [[nodiscard]] std::string in_hertz(const std::string& bin) const {
    return fmt::format("{} * {}", bin, float_literal(signal::bin_width(part)));
  }
};

std::string recursion_text(const Powers& p, double turn) {
  const std::string power =
      p.call(signal::is_low_turn(turn) ? "goertzel_low" : "goertzel_high",
             fmt::format("x, {}, {}", p.part.n_samples, float_literal(signal::goertzel_factor(turn))));
  return signal::is_end(turn) ? "0.5f * " + power : power;
}

/// A band by its bins, or a tone: as a sum that is still to be scaled.
std::string sum_text(const Powers& p) {
  if (p.part.form.method == SpectrumMethod::transform) {
    return p.part.take == Spectral::tone ? fmt::format("x[{}]", 2 * p.part.first_bin) : p.over_bins("power_sum");
  }
  if (p.part.take == Spectral::tone) return recursion_text(p, signal::turn_of(p.part));
  std::string sum = "0.0f";
  for (std::int32_t bin = p.part.first_bin; bin <= p.part.last_bin; ++bin) {
    sum += " + " + recursion_text(p, signal::turn_of(p.part, bin));
  }
  return fmt::format("({})", sum);
}

/// A power in its scale.
std::string scaled_text(const Powers& p, const std::string& power) {
  if (p.part.scale == signal::PowerScale::power) return power;
  const std::string floor = float_literal(static_cast<float>(p.part.floor));
  const std::string log = p.call("log_power", fmt::format("{}, {}", power, floor));
  return p.part.scale == signal::PowerScale::log ? log : fmt::format("{} * {}", log, float_literal(signal::decibels));
}

std::string cepstrum_text(const Powers& p) {
  const auto n = static_cast<std::size_t>(p.part.mel.n_bands);
  const std::string sum =
      p.call("cepstrum", fmt::format("{}, {}, {}, {}", p.bands, n, cosines_table(p.look.making, n), p.part.index));
  return fmt::format("{} * {}", sum, float_literal(signal::cepstral_factor(n, static_cast<std::size_t>(p.part.index))));
}

std::string value_text(const Powers& p) {
  switch (p.part.take) {
    case Spectral::band:
    case Spectral::tone:
      return scaled_text(p, fmt::format("{} * {}", sum_text(p), p.factor));
    case Spectral::mel:
      return fmt::format("{}[{}]", p.bands, p.part.index);
    case Spectral::mfcc:
      return cepstrum_text(p);
    case Spectral::dominant:
      return p.in_hertz("(float)" + p.over_bins("power_peak"));
    case Spectral::centroid:
      return p.in_hertz(p.over_bins("power_centre"));
    case Spectral::rolloff:
      return p.in_hertz("(float)" +
                        p.over_bins("power_rolloff", ", " + float_literal(static_cast<float>(p.part.share))));
    case Spectral::flatness:
      return p.over_bins("power_flatness", ", " + float_literal(signal::bin_floor(p.part)));
    case Spectral::entropy:
      return p.over_bins("power_entropy");
    case Spectral::none:
      break;
  }
  return {};
}

/// Where the sample i goes: for a transform its pair is in the group that its tables say.
std::string place_text(Look& look, const signal::SpectrumForm& form) {
  if (form.method == SpectrumMethod::goertzel) return "i";
  const signal::TransformShape shape = signal::transform_shape(static_cast<std::size_t>(form.n_fft));
  const std::string pair = shape.n_groups == 1 ? "0"
                                               : fmt::format("{}READ_U8(&{}[(i >> 1) & {}])", look.names().macro,
                                                             groups_table(look.making, shape), shape.n_groups - 1);
  return fmt::format("2 * ({} * {} + (i >> 1) / {}) + (i & 1)", shape.radix, pair, shape.n_groups);
}

/// The samples, as floats times the taper.
void print_tapered(Look& look, const SpectrumPart& part) {
  const signal::Signal& signal = look.signal();
  const std::string place = place_text(look, part.form);
  const std::string taper = taper_text(look.making, part.form.taper, look.n());
  const auto body = [&](const std::string& sample) {
    const std::string real = signal.is_integer ? "(float)" + sample : sample;
    look.out.line("x[{}] = {}{};", place, real, taper.empty() ? "" : " * " + taper);
  };
  if (!signal.is_of_window) return print_samples(look, look.subject.of, body);
  look.out.line("{{");
  {
    const auto block = look.out.indent();
    look.out.line("{} u[{}];", sample_type(signal), look.n());
    print_window(look, look.subject.of, "u", body);
  }
  look.out.line("}}");
}

/// Prints the Mel bands that features look at, each form and scale once: the array that they are in.
/// @param made  what was printed already
std::string print_bands(Look& look, const SpectrumPart& part, std::vector<const SpectrumPart*>& made) {
  const auto is_same = [&](const SpectrumPart* other) { return signal::has_bands_of(*other, part); };
  const auto found = std::find_if(made.begin(), made.end(), is_same);
  std::string bands = fmt::format("mel_{}", found - made.begin());
  if (found != made.end()) return bands;
  made.push_back(&part);
  const Powers p{look, part, {}, bands};
  const std::int32_t n = part.mel.n_bands;
  const std::vector<float> factors = signal::mel_table(part).factors;
  look.out.line("float {}[{}];", bands, n);
  look.out.line("{};", p.call("mel", fmt::format("x, {}, {}, {}", mel_arguments(look.making, part), n, bands)));
  std::string factor = float_literal(factors.front());
  if (part.mel.norm == signal::MelNorm::area) {
    factor = fmt::format("{}READ_F32(&{}[i])", look.names().macro, mel_factors_table(look.making, factors));
  }
  look.out.line("for (i = 0; i < {}; ++i) {}[i] = {};", n, bands,
                scaled_text(p, fmt::format("{}[i] * {}", bands, factor)));
  return bands;
}

/// The first stage, of samples that are in the order of their groups.
void print_first_stage(Look& look, const SpectrumPart& part) {
  const bool is_four = signal::transform_shape(static_cast<std::size_t>(part.form.n_fft)).radix == 4;
  look.out.line("{}{}_(x, {}{});", look.names().symbol, is_four ? "four" : "eight", part.form.n_fft,
                is_four ? ", 2" : "");
}

/// Numbers of the array x.
std::size_t array_size(const SpectrumPart& part) {
  return part.form.method == SpectrumMethod::transform ? static_cast<std::size_t>(part.form.n_fft) + 1
                                                       : static_cast<std::size_t>(part.n_samples);
}

}  // namespace

void print_spectrum(Look& look) {
  if (look.subject.form.arithmetic == signal::SpectrumArithmetic::q15) return print_fixed_spectrum(look);
  const SpectrumPart& part = look.subject.features.front()->spectrum;
  look.out.line("float x[{}];", array_size(part));
  const bool is_transformed = part.form.method == SpectrumMethod::transform;
  if (is_transformed && part.n_samples < part.form.n_fft) look.out.line("memset(x, 0, sizeof x);");
  if (is_transformed && can_gather(look, part)) {
    look.out.line("{};", gather_call(look, part));
  } else {
    print_tapered(look, part);
    if (is_transformed) print_first_stage(look, part);
  }
  if (is_transformed) {
    look.making.helpers.insert(fmt::format("spectral transform {}", part.form.n_fft));
    look.out.line("{}transform_{}_(x);", look.names().symbol, part.form.n_fft);
  }
  std::vector<const SpectrumPart*> made;
  for (std::size_t index = 0; index < look.subject.features.size(); ++index) {
    const SpectrumPart& one = look.subject.features[index]->spectrum;
    const std::string bands = one.mel.n_bands == 0 ? "" : print_bands(look, one, made);
    print_value(look, index, value_text({look, one, float_literal(signal::power_factor(one)), bands}));
  }
}

std::size_t spectrum_stack(const Making& making, const Subject& subject) {
  if (subject.form.arithmetic == signal::SpectrumArithmetic::q15) return fixed_spectrum_stack(making, subject);
  const signal::Signal& signal = at(making.plan.signals, subject.of);
  const SpectrumPart& part = subject.features.front()->spectrum;
  const std::size_t own = signal.is_of_window ? (sample_type(signal) == "int64_t" ? 8U : 4U) : 0U;
  return array_size(part) * 4 + band_bytes(subject) + own * signal::window_samples(making.plan, signal);
}

}  // namespace emlc::c
