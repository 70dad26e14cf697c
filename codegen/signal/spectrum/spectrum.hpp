#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string_view>

/// What a feature takes of the spectrum of a window: plain data, a part of a Feature (docs/signals.md, "Spectra").
namespace emlc::signal {

/// The function that a window of n samples is multiplied by: w[i] = a - b cos(2 pi i / n).
enum class Taper { rectangular, hann, hamming };

/// Rows of all_spectral().
enum class Spectral {
  none,  ///< the feature takes nothing of a spectrum
  band,
  tone,
  dominant,
  centroid,
  rolloff,
  flatness,
  entropy,
  mel,
  mfcc,
};

/// What becomes of a power.
enum class PowerScale { power, log, decibel };

/// Of hertz: 2595 log10(1 + f / 700), or Slaney's, straight up to 1000 Hz.
enum class MelFormula { htk, slaney };
/// What a triangle has: its top is 1, or its area.
enum class MelNorm { none, area };

inline constexpr std::int32_t most_mel_bands = 256;

/// Bands that are as wide as each other on the Mel scale; features of one form share them.
struct MelForm {
  std::int32_t n_bands = 0;
  MelFormula formula = MelFormula::htk;
  MelNorm norm = MelNorm::none;
  double low_hz = 0.0, high_hz = 0.0;  ///< as inferred

  friend auto operator<=>(const MelForm&, const MelForm&) = default;
};

/// How a power of a bin is found: of the transform, or of a recursion over the samples for that one frequency.
enum class SpectrumMethod { transform, goertzel };

/// What a spectrum is computed in: float32, or integers of 16 bits, of samples of 16 bits.
enum class SpectrumArithmetic { float32, q15 };

/// The upper end of a range that goes as far as a rate has it.
inline constexpr double half_the_rate = std::numeric_limits<double>::infinity();
inline constexpr std::int32_t least_transform = 16, most_transform = 4096;

/// What features share: one transform serves all of a window and a form.
struct SpectrumForm {
  std::int32_t n_fft = 0;  ///< a power of two, not below the samples of the window; what is missing is 0
  Taper taper = Taper::hann;
  SpectrumMethod method = SpectrumMethod::transform;            ///< infer() decides, for the document as a whole
  SpectrumArithmetic arithmetic = SpectrumArithmetic::float32;  ///< in q15 the method is always the transform

  friend auto operator<=>(const SpectrumForm&, const SpectrumForm&) = default;
};

struct SpectrumPart {
  Spectral take = Spectral::none;
  SpectrumForm form{};
  double low_hz = 0.0,
         high_hz = 0.0;  ///< of a band [low, high); a tone has its frequency in both; else what is looked at
  double share = 0.0;    ///< of rolloff, above 0 and at most 1
  PowerScale scale = PowerScale::power;
  double floor = 0.0;  ///< of logarithms: no power is smaller; above 0
  MelForm mel{};
  std::int32_t index = 0;  ///< of a Mel band, or of a coefficient of their cepstrum

  // What infer() finds out.
  double rate = 0.0;                          ///< samples per second
  std::int32_t n_samples = 0;                 ///< of a window
  std::int32_t first_bin = 0, last_bin = -1;  ///< both included; a tone between two bins has none
};

/// Are the bands of one feature, as they go out, those of the other?
inline bool has_bands_of(const SpectrumPart& a, const SpectrumPart& b) {
  return a.mel == b.mel && a.scale == b.scale && (a.scale == PowerScale::power || a.floor == b.floor);
}

/// `hann`
std::string_view name(Taper taper);
/// `power`, `log`, `db`
std::string_view name(PowerScale scale);
std::string_view name(MelFormula formula);
std::string_view name(MelNorm norm);
/// `float`, `q15`
std::string_view name(SpectrumArithmetic arithmetic);

}  // namespace emlc::signal
