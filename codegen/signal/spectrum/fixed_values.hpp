#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/signal/spectrum/mel.hpp"
#include "codegen/signal/spectrum/spectrum.hpp"

/// What features take of powers in integers, as fixed_power() gives them.
namespace emlc::signal {

/// log2(1 + i / 64) in 1 / 65536 for i up to 63.
std::array<std::uint16_t, 64> fixed_log_table();
/// log2 x in 1 / 65536, between the numbers of the table straight: within 7e-5, and never falling. Of infinity 128.
/// @param x  a normal float32 above 0, or infinity
std::int32_t fixed_log2(float x);
/// What a step of fixed_log2() is, as natural logarithm or in dB.
float fixed_log_unit(PowerScale scale);

/// From sums of powers of a window with no bit to spare to powers; the part is inferred.
float fixed_factor(const SpectrumPart& part);
/// The same of each Mel band.
std::vector<float> fixed_mel_factors(const SpectrumPart& part, const MelTable& table);
/// The factor of a window with bits to spare.
float spared(float factor, int spare);

/// MelTable::rising in 1 / 65536, at most 65535.
std::vector<std::uint16_t> fixed_rising(const SpectrumPart& part);
/// Sums of powers by the triangles; of what rises each product is cut to an integer.
/// @param bands  [n_bands]
void fixed_mel_sums(const MelTable& table, std::span<const std::uint16_t> rising, std::span<const std::uint32_t> power,
                    std::span<std::uint32_t> bands);

/// Of one window.
struct FixedView {
  std::span<const std::uint32_t> power;
  float factor = 0.0F;                      ///< spared() of fixed_factor()
  std::span<const float> bands{};           ///< Mel bands as powers
  std::span<const std::int32_t> logs{};     ///< fixed_log2() of these, of mfcc
  std::span<const std::int16_t> cosines{};  ///< of mfcc: fixed_cosines()
};
/// @param part  of a take with SpectralInfo::has_integers
float fixed_value(const SpectrumPart& part, const FixedView& view);

/// Of rolloff: the share in 1 / 65536.
std::uint32_t fixed_share(const SpectrumPart& part);
/// The sum of logarithms times cosines, in steps of the logarithms.
std::int32_t fixed_cepstrum(std::span<const std::int32_t> logs, std::span<const std::int16_t> cosines,
                            std::size_t index);

}  // namespace emlc::signal
