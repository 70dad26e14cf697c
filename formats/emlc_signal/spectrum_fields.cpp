#include "formats/emlc_signal/spectrum_fields.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace emlc::formats::emlc_signal {
namespace {

using json::Fields;
using json::Presence;
using json::Shape;
using signal::MelFormula;
using signal::MelNorm;
using signal::PowerScale;
using signal::SpectrumArithmetic;
using signal::Taper;

Shape power_of_two(std::int32_t& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::integer_of(value, at, signal::least_transform, signal::most_transform);
    if ((into & (into - 1)) != 0) at.refuse(value, "a power of two");
  }};
}

Shape floor_of_powers(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    const auto floor = static_cast<float>(into);
    if (!(floor >= std::numeric_limits<float>::min()) || !std::isfinite(floor)) {
      at.refuse(value, "a number above 0 that float32 has");
    }
  }};
}

Shape share(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (!(into > 0.0) || into > 1.0) at.refuse(value, "a number above 0, at most 1");
  }};
}

}  // namespace

Fields spectrum_fields(SpectrumSettings& into) {
  return {
      .fields = {{"n_fft", Presence::optional, power_of_two(into.n_fft)},
                 {"window", Presence::optional,
                  json::choice(into.taper, json::named({Taper::hann, Taper::hamming, Taper::rectangular}))},
                 {"arithmetic", Presence::optional,
                  json::choice(into.arithmetic, json::named({SpectrumArithmetic::float32, SpectrumArithmetic::q15}))},
                 {"range_hz", Presence::optional, json::numbers(into.range)},
                 {"floor", Presence::optional, floor_of_powers(into.floor)}},
      .found = &into.keys};
}

void add_spectral_fields(SpectralTake& into, Fields& fields) {
  fields.fields.push_back({"bands_hz", Presence::optional, json::matrix(into.bands)});
  fields.fields.push_back({"goertzel_hz", Presence::optional, json::numbers(into.frequencies)});
  fields.fields.push_back({"rolloff", Presence::optional, share(into.share)});
  fields.fields.push_back({"mel", Presence::optional, json::integer(into.n_bands, 1, signal::most_mel_bands)});
  fields.fields.push_back({"mfcc", Presence::optional, json::integer(into.n_coefficients, 1, signal::most_mel_bands)});
  fields.fields.push_back(
      {"formula", Presence::optional, json::choice(into.formula, json::named({MelFormula::htk, MelFormula::slaney}))});
  fields.fields.push_back(
      {"norm", Presence::optional, json::choice(into.norm, json::named({MelNorm::none, MelNorm::area}))});
  fields.fields.push_back(
      {"scale", Presence::optional,
       json::choice(into.scale, json::named({PowerScale::power, PowerScale::log, PowerScale::decibel}))});
}

}  // namespace emlc::formats::emlc_signal
