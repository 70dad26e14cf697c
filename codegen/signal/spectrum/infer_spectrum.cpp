#include "codegen/signal/spectrum/infer_spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/mel.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

[[noreturn]] void refuse_spectrum(const Feature& feature, std::string_view problem) {
  throw Error({.file = {}, .line = 0, .field = feature.path}, problem);
}

/// The smallest power of two that has all samples.
std::int32_t transform_of(std::int32_t n_samples) {
  std::int32_t n_fft = least_transform;
  while (n_fft < n_samples) n_fft *= 2;
  return n_fft;
}

void infer_form(const Feature& feature, const Signal& signal, SpectrumPart& part) {
  if (part.form.n_fft == 0 && part.n_samples <= most_transform) part.form.n_fft = transform_of(part.n_samples);
  if (part.n_samples > part.form.n_fft) {
    refuse_spectrum(feature,
                    fmt::format("a window has {} samples of '{}', expected at most {}{}", part.n_samples,
                                printable(signal.name), part.form.n_fft == 0 ? most_transform : part.form.n_fft,
                                part.form.n_fft == 0 ? "" : ", its n_fft"));
  }
}

/// In integers are samples of 16 bits, and what is taken of whole bins.
void check_integers(const Feature& feature, const Signal& signal) {
  const SpectrumPart& part = feature.spectrum;
  if (part.form.arithmetic == SpectrumArithmetic::float32) return;
  const std::string_view arithmetic = name(part.form.arithmetic);
  const auto refuse = [&](const std::string& found, std::string_view expected) {
    refuse_spectrum(feature, fmt::format("{}, expected {} for a spectrum in {}", found, expected, arithmetic));
  };
  const std::string of = printable(signal.name);
  if (!signal.is_integer) refuse(fmt::format("'{}' is real", of), "integers of at most 16 bits");
  if (const int bits = bits_of(signal.range); bits > 16) {
    refuse(fmt::format("'{}' has samples of {} bits", of, bits), "at most 16");
  }
  if (!info(part.take).has_integers) {
    refuse_spectrum(feature, fmt::format("'{}' has no form in {}, expected the arithmetic float", info(part.take).name,
                                         arithmetic));
  }
  if (part.take == Spectral::tone && !is_on_bin(part)) {
    refuse(
        fmt::format("{} Hz is between two bins, which are {:.6g} Hz apart", part.low_hz, part.rate / part.form.n_fft),
        "one on a bin");
  }
  if (part.take == Spectral::mfcc && part.scale == PowerScale::power) {
    refuse("the cepstrum is of powers", "one of logarithms");
  }
}

/// Bins of [low, high), and the one at half the rate where the band ends there.
void infer_bins(const Feature& feature, SpectrumPart& part) {
  const double most = part.rate / 2.0, high = part.high_hz == half_the_rate ? most : part.high_hz;
  if (part.low_hz > most || high > most) {
    refuse_spectrum(feature, fmt::format("goes up to {} Hz, expected at most {}, half the rate of its signal",
                                         std::max(part.low_hz, high), most));
  }
  part.first_bin = part.form.n_fft;
  part.last_bin = -1;
  for (std::int32_t bin = 0; bin <= part.form.n_fft / 2; ++bin) {
    const double hertz = bin * part.rate / part.form.n_fft;
    const bool is_in = part.take == Spectral::tone
                           ? hertz == part.low_hz
                           : hertz >= part.low_hz && (hertz < high || (high == most && hertz == most));
    if (!is_in) continue;
    part.first_bin = std::min(part.first_bin, bin);
    part.last_bin = bin;
  }
  if (part.take == Spectral::tone || part.last_bin >= 0) return;
  refuse_spectrum(feature, fmt::format("no bin is from {} to {} Hz, they are {:.6g} Hz apart", part.low_hz, high,
                                       part.rate / part.form.n_fft));
}

/// Every Mel band has a bin inside of it.
void infer_mel(const Feature& feature, SpectrumPart& part) {
  if (part.mel.n_bands == 0) return;
  part.mel.low_hz = part.low_hz;
  part.mel.high_hz = part.high_hz == half_the_rate ? part.rate / 2.0 : part.high_hz;
  const std::vector<double> edges = mel_frequencies(part.mel);
  for (std::size_t band = 0; band + 2 < edges.size(); ++band) {
    const double bin = std::floor(edges[band] * part.form.n_fft / part.rate) + 1.0;
    if (bin * part.rate / part.form.n_fft < edges[band + 2]) continue;
    refuse_spectrum(feature,
                    fmt::format("the Mel band {} of {} goes from {:.5g} to {:.5g} Hz and has no bin, they are "
                                "{:.5g} Hz apart; expected fewer bands or a longer transform",
                                band, part.mel.n_bands, edges[band], edges[band + 2], part.rate / part.form.n_fft));
  }
}

/// What features of one signal and one form need.
struct Asked {
  std::set<double> turns{};  ///< by a recursion for each
  bool asks_range = false;   ///< what looks at a range of bins takes a transform
  std::int32_t n_samples = 0;
};
using Groups = std::map<std::pair<std::int32_t, SpectrumForm>, Asked>;

bool is_tone_between_bins(const SpectrumPart& part) { return part.take == Spectral::tone && !is_on_bin(part); }

void ask(Asked& asked, const SpectrumPart& part) {
  asked.n_samples = part.n_samples;
  if (!info(part.take).is_power) asked.asks_range = true;
  if (is_tone_between_bins(part)) return;
  for (std::int32_t bin = part.first_bin; bin <= part.last_bin; ++bin) asked.turns.insert(turn_of(part, bin));
}

SpectrumMethod method_for(const Asked& asked, const SpectrumForm& form) {
  const double recursions =
      static_cast<double>(asked.turns.size()) * goertzel_operations(static_cast<std::size_t>(asked.n_samples));
  const bool is_few = recursions < transform_operations(static_cast<std::size_t>(form.n_fft));
  return is_few && !asked.asks_range ? SpectrumMethod::goertzel : SpectrumMethod::transform;
}

}  // namespace

void infer_spectra(Plan& plan) {
  Groups groups;
  for (Feature& feature : plan.features) {
    if (feature.statistic != Statistic::spectral) continue;
    const Signal& signal = plan.signals[static_cast<std::size_t>(feature.of)];
    SpectrumPart& part = feature.spectrum;
    part.rate = plan.input.sample_rate / signal.stride;
    part.n_samples = static_cast<std::int32_t>(window_samples(plan, signal));
    part.form.method = SpectrumMethod::transform;
    infer_form(feature, signal, part);
    infer_bins(feature, part);
    check_integers(feature, signal);
    infer_mel(feature, part);
    ask(groups[{feature.of, part.form}], part);
  }
  for (Feature& feature : plan.features) {
    if (feature.statistic != Statistic::spectral) continue;
    SpectrumForm& form = feature.spectrum.form;
    const Asked& asked = groups.at({feature.of, form});
    if (form.arithmetic == SpectrumArithmetic::q15) continue;
    form.method = is_tone_between_bins(feature.spectrum) ? SpectrumMethod::goertzel : method_for(asked, form);
  }
}

}  // namespace emlc::signal
