#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/signal/spectrum/lanes.hpp"
#include "codegen/signal/spectrum/spectrum.hpp"

/// Mel bands: triangles between frequencies that are as far from each other on the Mel scale, and cepstra of them.
namespace emlc::signal {

/// Between two neighbouring frequencies a bin is in two triangles, one that rises and one that falls by as much: a
/// segment is what lies between.
struct MelTable {
  std::int32_t first_bin = 0;
  std::vector<std::int32_t> ends{};  ///< [n_bands + 1] behind the last bin of each segment
  std::vector<float> rising{};       ///< of each bin from the first one on, what goes into the band that rises
  std::vector<float> factors{};      ///< [n_bands] of the sums of a transform
};
MelTable mel_table(const SpectrumPart& part);
/// MelTable::rising in float64.
std::vector<double> mel_shares(const SpectrumPart& part);

/// The frequencies that triangles begin, have their tops and end at: [n_bands + 2]
std::vector<double> mel_frequencies(const MelForm& form);

/// Sums of a transform's powers by the triangles, without factors.
/// @param bands  [n_bands]
void mel_sums(const MelTable& table, std::span<const float> power, std::span<float> bands);
void mel_sums(const MelTable& table, std::span<const Lanes> power, std::span<Lanes> bands);

/// cos(pi j / (2 n)): [4 n]
std::vector<float> cosine_table(std::size_t n);
/// Coefficient `index` of the orthonormal DCT-II of the bands.
/// @param cosines  cosine_table(n)
float cepstral_coefficient(std::span<const float> bands, std::span<const float> cosines, std::size_t index);
/// The root of 1 / n, or of 2 / n.
float cepstral_factor(std::size_t n, std::size_t index);

}  // namespace emlc::signal
