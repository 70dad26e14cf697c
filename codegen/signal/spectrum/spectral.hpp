#pragma once

#include <span>
#include <string_view>

#include "codegen/signal/spectrum/spectrum.hpp"

namespace emlc::signal {

/// The key that a document has it under, in an entry of `take`.
enum class SpectralKey {
  name,          ///< its own name, as a text
  bands,         ///< a list of bands, each a feature
  frequencies,   ///< a list of frequencies, each a feature
  share,         ///< a share of the power; or its name as a text
  bands_of_mel,  ///< how many bands, each a feature
  coefficients,  ///< how many coefficients, each a feature
};

/// Of one window; `power` is as transform_power() gives it, empty where the method is Goertzel's.
struct SpectrumView {
  std::span<const float> power;
  std::span<const float> samples;    ///< times the taper
  float factor = 0.0F;               ///< power_factor() of the part
  std::span<const float> bands{};    ///< Mel bands, as mel_bands() makes them
  std::span<const float> cosines{};  ///< of mfcc
};

struct SpectralInfo {
  Spectral take = Spectral::none;
  std::string_view name{};  ///< in documents
  SpectralKey key = SpectralKey::name;
  bool is_power = false;  ///< of a few bins; what is not looks at all bins of a range
  bool has_scale = false;
  bool has_integers = false;  ///< has a form in q15
  float (*evaluate)(const SpectrumPart& part, const SpectrumView& view) = nullptr;
  std::string_view summary{};  ///< half a line, for people
};

/// Of a natural logarithm of a power: 10 / ln 10.
inline constexpr float decibels = 0x1.15f2cep+2F;

std::span<const SpectralInfo> all_spectral();
const SpectralInfo& info(Spectral take);

/// From sums of transform_power() or goertzel_power() to powers: the part is inferred. Bins are scaled so that all of
/// them together are the mean square of the samples, a tone so that a sine has half the square of its amplitude.
float power_factor(const SpectrumPart& part);
/// The power in its scale, as it goes out; in q15 a logarithm is that of fixed_log2().
float scaled_power(float power, const SpectrumPart& part);

/// The floor of a feature that takes logarithms of bins, over the factor.
float bin_floor(const SpectrumPart& part);
/// Hertz from one bin to the next, as features have them.
float bin_width(const SpectrumPart& part);

/// The frequency of a bin, or of a tone between two, over the rate.
double turn_of(const SpectrumPart& part, std::int32_t bin);
double turn_of(const SpectrumPart& part);
/// 0, and half the rate: they have no mirror image, and half of a power that has one.
inline bool is_end(double turn) { return turn == 0.0 || turn == 0.5; }
/// Is a tone on a bin?
inline bool is_on_bin(const SpectrumPart& part) { return part.first_bin <= part.last_bin; }

}  // namespace emlc::signal
