#include "codegen/signal/spectrum/spectral.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "codegen/signal/spectrum/elementary.hpp"
#include "codegen/signal/spectrum/fixed_values.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/mel.hpp"

namespace emlc::signal {
namespace {

std::span<const float> bins_of(const SpectrumPart& part, const SpectrumView& view) {
  return view.power.subspan(static_cast<std::size_t>(part.first_bin),
                            static_cast<std::size_t>(part.last_bin - part.first_bin + 1));
}

float sum_of(std::span<const float> bins) {
  float sum = 0.0F;
  for (const float power : bins) sum += power;
  return sum;
}

float recursion(const SpectrumView& view, double turn) {
  const float power = goertzel_power(view.samples, turn);
  return is_end(turn) ? 0.5F * power : power;
}

float band_of(const SpectrumPart& part, const SpectrumView& view) {
  if (part.form.method == SpectrumMethod::transform)
    return scaled_power(sum_of(bins_of(part, view)) * view.factor, part);
  float sum = 0.0F;
  for (std::int32_t bin = part.first_bin; bin <= part.last_bin; ++bin) sum += recursion(view, turn_of(part, bin));
  return scaled_power(sum * view.factor, part);
}

float tone_of(const SpectrumPart& part, const SpectrumView& view) {
  if (part.form.method == SpectrumMethod::transform) return scaled_power(bins_of(part, view)[0] * view.factor, part);
  return scaled_power(recursion(view, turn_of(part)) * view.factor, part);
}

float frequency(const SpectrumPart& part, std::size_t place) {
  return static_cast<float>(part.first_bin + static_cast<std::int32_t>(place)) * bin_width(part);
}

float dominant_of(const SpectrumPart& part, const SpectrumView& view) {
  const std::span<const float> bins = bins_of(part, view);
  std::size_t best = 0;
  for (std::size_t i = 1; i < bins.size(); ++i) {
    if (bins[best] < bins[i]) best = i;
  }
  return frequency(part, best);
}

float centroid_of(const SpectrumPart& part, const SpectrumView& view) {
  float sum = 0.0F, moment = 0.0F;
  std::int32_t bin = part.first_bin;
  for (const float power : bins_of(part, view)) {
    sum += power;
    moment += static_cast<float>(bin++) * power;
  }
  return sum > 0.0F ? moment / sum * bin_width(part) : 0.0F;
}

float rolloff_of(const SpectrumPart& part, const SpectrumView& view) {
  const std::span<const float> bins = bins_of(part, view);
  const float limit = sum_of(bins) * static_cast<float>(part.share);
  float sum = 0.0F;
  std::size_t place = 0;
  for (; place + 1 < bins.size(); ++place) {
    sum += bins[place];
    if (!(sum < limit)) break;
  }
  return frequency(part, place);
}

float flatness_of(const SpectrumPart& part, const SpectrumView& view) {
  const std::span<const float> bins = bins_of(part, view);
  const float floor = bin_floor(part), n = static_cast<float>(bins.size());
  float logs = 0.0F, sum = 0.0F;
  for (const float power : bins) {
    const float raised = power < floor ? floor : power;
    logs += natural_log(raised);
    sum += raised;
  }
  return exponential(logs / n - natural_log(sum / n));
}

float entropy_of_bins(const SpectrumPart& part, const SpectrumView& view) {
  const std::span<const float> bins = bins_of(part, view);
  const float sum = sum_of(bins);
  if (!(sum > 0.0F)) return 0.0F;
  float entropy = 0.0F;
  for (const float power : bins) {
    const float share = power / sum;
    if (share > 0.0F) entropy -= share * natural_log(share);
  }
  return entropy;
}

float mel_of_bands(const SpectrumPart& part, const SpectrumView& view) {
  return view.bands[static_cast<std::size_t>(part.index)];
}

float mfcc_of_bands(const SpectrumPart& part, const SpectrumView& view) {
  return cepstral_coefficient(view.bands, view.cosines, static_cast<std::size_t>(part.index));
}

using enum Spectral;

constexpr std::array rows = {
    SpectralInfo{band, "bands_hz", SpectralKey::bands, true, true, true, band_of,
                 "the power from one frequency to another"},
    SpectralInfo{tone, "goertzel_hz", SpectralKey::frequencies, true, true, true, tone_of,
                 "the power at one frequency"},
    SpectralInfo{dominant, "dominant_frequency", SpectralKey::name, false, false, true, dominant_of,
                 "of the first bin with the largest power, in Hz"},
    SpectralInfo{centroid, "centroid", SpectralKey::name, false, false, true, centroid_of, "the mean frequency, in Hz"},
    SpectralInfo{rolloff, "rolloff", SpectralKey::share, false, false, true, rolloff_of,
                 "the frequency that a share of the power is up to, in Hz"},
    SpectralInfo{flatness, "flatness", SpectralKey::name, false, false, false, flatness_of,
                 "geometric over arithmetic mean of the powers"},
    SpectralInfo{entropy, "spectral_entropy", SpectralKey::name, false, false, false, entropy_of_bins,
                 "of the shares of the bins, in nats"},
    SpectralInfo{mel, "mel", SpectralKey::bands_of_mel, false, true, true, mel_of_bands, "the power in Mel bands"},
    SpectralInfo{mfcc, "mfcc", SpectralKey::coefficients, false, true, true, mfcc_of_bands,
                 "the cepstrum of Mel bands, a DCT-II"},
};

/// Sums of the taper and of its square.
struct TaperSums {
  double sum = 0.0, squares = 0.0;
};
TaperSums taper_sums(const SpectrumPart& part) {
  const auto n = static_cast<std::size_t>(part.n_samples);
  const std::vector<float> half = taper_half(part.form.taper, n);
  TaperSums sums;
  for (std::size_t i = 0; i < n; ++i) {
    const double w = taper_at(half, n, i);
    sums.sum += w;
    sums.squares += w * w;
  }
  return sums;
}

}  // namespace

std::span<const SpectralInfo> all_spectral() { return rows; }

const SpectralInfo& info(Spectral take) {
  for (const SpectralInfo& row : rows) {
    if (row.take == take) return row;
  }
  throw std::logic_error("nothing is taken of the spectrum, or it has no row in the table");
}

float power_factor(const SpectrumPart& part) {
  const TaperSums sums = taper_sums(part);
  const double raw = part.form.method == SpectrumMethod::transform ? 0.5 : 2.0;  // a transform gives 4 |X|^2
  const double whole = part.take == Spectral::tone ? sums.sum * sums.sum : sums.squares * part.form.n_fft;
  return static_cast<float>(raw / whole);
}

float bin_floor(const SpectrumPart& part) {
  const double floor = part.floor / static_cast<double>(power_factor(part));
  return static_cast<float>(std::max(floor, double{std::numeric_limits<float>::min()}));
}

float bin_width(const SpectrumPart& part) { return static_cast<float>(part.rate / part.form.n_fft); }

double turn_of(const SpectrumPart& part, std::int32_t bin) { return static_cast<double>(bin) / part.form.n_fft; }
double turn_of(const SpectrumPart& part) {
  return is_on_bin(part) ? turn_of(part, part.first_bin) : part.low_hz / part.rate;
}

float scaled_power(float power, const SpectrumPart& part) {
  if (part.scale == PowerScale::power) return power;
  const auto floor = static_cast<float>(part.floor);
  if (part.form.arithmetic == SpectrumArithmetic::q15) {
    return static_cast<float>(fixed_log2(power < floor ? floor : power)) * fixed_log_unit(part.scale);
  }
  const float log = natural_log(power < floor ? floor : power);
  return part.scale == PowerScale::log ? log : log * decibels;
}

std::string_view name(MelFormula formula) { return formula == MelFormula::htk ? "htk" : "slaney"; }
std::string_view name(MelNorm norm) { return norm == MelNorm::none ? "none" : "area"; }

std::string_view name(SpectrumArithmetic arithmetic) {
  return arithmetic == SpectrumArithmetic::float32 ? "float" : "q15";
}

std::string_view name(Taper taper) {
  switch (taper) {
    case Taper::rectangular:
      return "rectangular";
    case Taper::hann:
      return "hann";
    case Taper::hamming:
      return "hamming";
  }
  return {};
}

std::string_view name(PowerScale scale) {
  switch (scale) {
    case PowerScale::power:
      return "power";
    case PowerScale::log:
      return "log";
    case PowerScale::decibel:
      return "db";
  }
  return {};
}

}  // namespace emlc::signal
