#include "codegen/passes/signal/fold_logs.hpp"

#include <algorithm>
#include <bit>

#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::passes {
namespace {

using signal::Feature;
using signal::PowerScale;
using signal::Spectral;
using signal::SpectrumPart;

bool is_log(const Feature& feature) {
  const SpectrumPart& part = feature.spectrum;
  const bool is_power = part.take == Spectral::band || part.take == Spectral::tone || part.take == Spectral::mel;
  return feature.statistic == signal::Statistic::spectral && is_power && part.scale != PowerScale::power;
}

/// Does a cepstrum that is used take the logarithms of these bands?
bool is_taken(const signal::Plan& plan, const std::vector<char>& is_used, const Feature& feature) {
  if (feature.spectrum.take != Spectral::mel) return false;
  for (std::size_t index = 0; index < plan.features.size(); ++index) {
    const Feature& other = plan.features[index];
    if (is_used[index] == 0 || other.statistic != signal::Statistic::spectral) continue;
    if (other.spectrum.take != Spectral::mfcc || other.of != feature.of) continue;
    if (other.spectrum.form == feature.spectrum.form && has_bands_of(other.spectrum, feature.spectrum)) return true;
  }
  return false;
}

bool is_same_power(const Feature& a, const Feature& b) {
  const SpectrumPart &x = a.spectrum, &y = b.spectrum;
  if (a.statistic != signal::Statistic::spectral) return false;
  return a.of == b.of && x.scale == y.scale && x.take == y.take && x.form == y.form && x.low_hz == y.low_hz &&
         x.high_hz == y.high_hz && x.mel == y.mel && x.index == y.index;
}

constexpr std::int32_t infinite = 0x7f800000;

/// Floats in their order: from -infinity at -infinite to infinity.
float at_place(std::int32_t place) {
  const auto magnitude = static_cast<std::uint32_t>(place < 0 ? -place : place);
  return std::bit_cast<float>(magnitude | (place < 0 ? 0x80000000U : 0U));
}

}  // namespace

std::vector<std::optional<LogEnd>> fold_logs(signal::Plan& plan, const std::vector<char>& is_used) {
  std::vector<std::optional<LogEnd>> ends(plan.features.size());
  for (std::size_t index = 0; index < ends.size(); ++index) {
    Feature& feature = plan.features[index];
    if (is_used[index] == 0 || !is_log(feature) || is_taken(plan, is_used, feature)) continue;
    ends[index] = {.logged = feature.spectrum};
    feature.spectrum.scale = PowerScale::power;
    feature.name += "_power";
  }
  // One that was a power before comes first: it is compared itself.
  std::vector<std::size_t> powers;
  for (const bool is_folded : {false, true}) {
    for (std::size_t index = 0; index < ends.size(); ++index) {
      if (is_used[index] != 0 && ends[index].has_value() == is_folded) powers.push_back(index);
    }
  }
  for (std::size_t index = 0; index < ends.size(); ++index) {
    if (!ends[index]) continue;
    const auto found = std::find_if(powers.begin(), powers.end(), [&](std::size_t power) {
      return is_same_power(plan.features[power], plan.features[index]);
    });
    ends[index]->power = static_cast<std::int32_t>(*found);
  }
  return ends;
}

float first_power(const SpectrumPart& logged, double threshold) {
  std::int32_t first = -infinite, last = infinite;
  while (first < last) {
    const auto middle = static_cast<std::int32_t>((std::int64_t{first} + last) >> 1);
    if (double{signal::scaled_power(at_place(middle), logged)} < threshold) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return at_place(last);
}

}  // namespace emlc::passes
