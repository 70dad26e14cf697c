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
};

/// What becomes of a power.
enum class PowerScale { power, log, decibel };

/// How a power of a bin is found: of the transform, or of a recursion over the samples for that one frequency.
enum class SpectrumMethod { transform, goertzel };

/// The upper end of a range that goes as far as a rate has it.
inline constexpr double half_the_rate = std::numeric_limits<double>::infinity();
inline constexpr std::int32_t least_transform = 16, most_transform = 4096;

/// What features share: one transform serves all of a window and a form.
struct SpectrumForm {
  std::int32_t n_fft = 0;  ///< a power of two, not below the samples of the window; what is missing is 0
  Taper taper = Taper::hann;
  SpectrumMethod method = SpectrumMethod::transform;  ///< infer() decides, for the document as a whole

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

  // What infer() finds out.
  double rate = 0.0;                          ///< samples per second
  std::int32_t n_samples = 0;                 ///< of a window
  std::int32_t first_bin = 0, last_bin = -1;  ///< both included; a tone between two bins has none
};

/// `hann`
std::string_view name(Taper taper);
/// `power`, `log`, `db`
std::string_view name(PowerScale scale);

}  // namespace emlc::signal
