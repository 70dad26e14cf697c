#include "codegen/signal/spectrum/fixed_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/spectrum/fixed.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

constexpr double ln2 = 0x1.62e42fefa39efp-1, ln10 = 0x1.26bb1bbb55516p+1, one = 65536.0;

std::span<const std::uint32_t> bins_of(const SpectrumPart& part, std::span<const std::uint32_t> power) {
  return power.subspan(static_cast<std::size_t>(part.first_bin),
                       static_cast<std::size_t>(part.last_bin - part.first_bin + 1));
}

std::uint32_t sum_of(std::span<const std::uint32_t> bins) {
  std::uint32_t sum = 0;
  for (const std::uint32_t power : bins) sum += power;
  return sum;
}

float frequency(const SpectrumPart& part, std::size_t place) {
  return static_cast<float>(part.first_bin + static_cast<std::int32_t>(place)) * bin_width(part);
}

/// Both sums lose as many bits as the moment has more than 32.
float centroid_of(const SpectrumPart& part, std::span<const std::uint32_t> bins) {
  std::uint32_t sum = sum_of(bins);
  std::uint64_t moment = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    moment += std::uint64_t{bins[i]} * static_cast<std::uint64_t>(part.first_bin + static_cast<std::int32_t>(i));
  }
  if (sum == 0) return 0.0F;
  for (; moment >> 32 != 0; moment >>= 1) sum >>= 1;
  return static_cast<float>(static_cast<std::uint32_t>(moment)) / static_cast<float>(sum) * bin_width(part);
}

float rolloff_of(const SpectrumPart& part, std::span<const std::uint32_t> bins) {
  const auto limit = static_cast<std::uint32_t>((std::uint64_t{sum_of(bins)} * fixed_share(part)) >> 16);
  std::uint32_t sum = 0;
  std::size_t place = 0;
  for (; place + 1 < bins.size(); ++place) {
    sum += bins[place];
    if (sum >= limit) break;
  }
  return frequency(part, place);
}

}  // namespace

std::array<std::uint16_t, 64> fixed_log_table() {
  std::array<std::uint16_t, 64> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<std::uint16_t>(std::floor(one * logarithm(1.0 + static_cast<double>(i) / 64.0) / ln2 + 0.5));
  }
  return table;
}

std::int32_t fixed_log2(float x) {
  static const std::array<std::uint16_t, 64> table = fixed_log_table();
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t place = (bits >> 17) & 63U, rest = bits & 0x1ffffU;
  const std::uint32_t low = table[place], step = (table[(place + 1) % 64] - low) & 0xffffU;
  const auto exponent = static_cast<std::int32_t>(bits >> 23) - 127;
  return exponent * 65536 + static_cast<std::int32_t>(low + ((step * rest) >> 17));
}

float fixed_log_unit(PowerScale scale) {
  return static_cast<float>((scale == PowerScale::log ? ln2 : 10.0 * ln2 / ln10) / one);
}

float fixed_factor(const SpectrumPart& part) {
  const int half_bits = std::countr_zero(static_cast<unsigned>(part.form.n_fft)) - 1;
  return std::ldexp(power_factor(part), 2 * (half_bits + fixed_headroom(part) - 1));
}

std::vector<float> fixed_mel_factors(const SpectrumPart& part, const MelTable& table) {
  const float more = fixed_factor(part) / power_factor(part);  // a power of two
  std::vector<float> factors;
  for (const float factor : table.factors) factors.push_back(factor * more);
  return factors;
}

float spared(float factor, int spare) { return std::ldexp(factor, -2 * spare); }

std::vector<std::uint16_t> fixed_rising(const SpectrumPart& part) {
  std::vector<std::uint16_t> rising;
  for (const double share : mel_shares(part)) {
    rising.push_back(static_cast<std::uint16_t>(std::min(std::floor(share * one + 0.5), one - 1)));
  }
  return rising;
}

void fixed_mel_sums(const MelTable& table, std::span<const std::uint16_t> rising, std::span<const std::uint32_t> power,
                    std::span<std::uint32_t> bands) {
  const auto first = static_cast<std::size_t>(table.first_bin);
  std::size_t bin = first;
  std::uint32_t before = 0;
  for (std::size_t segment = 0; segment <= bands.size(); ++segment) {
    std::uint64_t up = 0;
    std::uint32_t all = 0;
    for (; bin < static_cast<std::size_t>(table.ends[segment]); ++bin) {
      up += std::uint64_t{power[bin]} * rising[bin - first];
      all += power[bin];
    }
    const auto risen = static_cast<std::uint32_t>(up >> 16);
    if (segment > 0) bands[segment - 1] = before + (all - risen);
    before = risen;
  }
}

std::uint32_t fixed_share(const SpectrumPart& part) {
  return static_cast<std::uint32_t>(std::floor(part.share * one + 0.5));
}

std::int32_t fixed_cepstrum(std::span<const std::int32_t> logs, std::span<const std::int16_t> cosines,
                            std::size_t index) {
  std::int64_t sum = 0;
  std::size_t place = index;
  for (const std::int32_t log : logs) {
    sum += std::int64_t{log} * cosines[place];
    place += 2 * index;
    if (place >= cosines.size()) place -= cosines.size();
  }
  return static_cast<std::int32_t>(sum >> 15);
}

float fixed_value(const SpectrumPart& part, const FixedView& view) {
  const auto power = [&](std::uint32_t sum) { return scaled_power(static_cast<float>(sum) * view.factor, part); };
  const auto index = static_cast<std::size_t>(part.index);
  if (part.take == Spectral::mel) return scaled_power(view.bands[index], part);
  if (part.take == Spectral::mfcc) {
    const float factor = fixed_log_unit(part.scale) * cepstral_factor(view.logs.size(), index);
    return static_cast<float>(fixed_cepstrum(view.logs, view.cosines, index)) * factor;
  }
  const std::span<const std::uint32_t> bins = bins_of(part, view.power);
  switch (part.take) {
    case Spectral::band:
      return power(sum_of(bins));
    case Spectral::tone:
      return power(bins[0]);
    case Spectral::dominant:
      return frequency(part, static_cast<std::size_t>(std::max_element(bins.begin(), bins.end()) - bins.begin()));
    case Spectral::centroid:
      return centroid_of(part, bins);
    case Spectral::rolloff:
      return rolloff_of(part, bins);
    default:
      throw std::logic_error("something of a spectrum that has no form in integers");
  }
}

}  // namespace emlc::signal
