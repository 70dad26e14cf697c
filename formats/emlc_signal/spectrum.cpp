#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "codegen/signal/spectrum/spectral.hpp"
#include "formats/emlc_signal/build.hpp"

namespace emlc::formats::emlc_signal {
namespace {

using signal::Spectral;
using signal::SpectralInfo;
using signal::SpectralKey;
using signal::SpectrumPart;

constexpr double default_share = 0.85;

/// Where an entry of `take` stands, and what it says.
struct Entry {
  const json::Source& source;
  const FeaturePart& feature;
  const TakePart& take;
  std::string path;
};

/// 0.5 is `0_5`.
std::string digits_of(double number) {
  std::string digits = fmt::format("{:.6g}", number);
  std::replace(digits.begin(), digits.end(), '.', '_');
  std::replace(digits.begin(), digits.end(), '-', 'm');
  digits.erase(std::remove(digits.begin(), digits.end(), '+'), digits.end());
  return digits;
}

std::pair<double, double> range_of(const json::Source& source, const std::vector<double>& range,
                                   const std::string& path) {
  if (range.size() != 2) source.fail(path, fmt::format("has {} numbers, expected 2: from, to", range.size()));
  if (range[0] < 0.0) source.fail(path + "[0]", fmt::format("is {}, expected 0 or more", range[0]));
  if (range[1] > range[0]) return {range[0], range[1]};
  source.fail(path + "[1]", fmt::format("is {}, expected more than {}", range[1], range[0]));
}

Taken taken(const Entry& entry, const SpectralInfo& row, SpectrumPart part, std::string name) {
  const SpectrumSettings& settings = entry.feature.spectrum;
  part.take = row.take;
  part.form = {.n_fft = settings.n_fft, .taper = settings.taper, .arithmetic = settings.arithmetic};
  part.floor = settings.floor;
  part.scale = entry.take.spectral.scale;
  if (part.scale != signal::PowerScale::power) name += fmt::format("_{}", signal::name(part.scale));
  Taken made{{.statistic = signal::Statistic::spectral, .path = entry.path}, std::move(name)};
  made.feature.spectrum = part;
  return made;
}

/// What looks at a range of bins: that of the settings, or all.
Taken over_range(const Entry& entry, const SpectralInfo& row, double share, std::string name) {
  const SpectrumSettings& settings = entry.feature.spectrum;
  SpectrumPart part{.low_hz = 0.0, .high_hz = signal::half_the_rate, .share = share};
  if (has(settings.keys, "range_hz")) std::tie(part.low_hz, part.high_hz) = settings.checked_range;
  return taken(entry, row, part, std::move(name));
}

std::vector<Taken> bands_of(const Entry& entry, const SpectralInfo& row) {
  std::vector<Taken> all;
  const auto& bands = entry.take.spectral.bands;
  for (std::size_t index = 0; index < bands.size(); ++index) {
    const auto [low, high] = range_of(entry.source, bands[index], fmt::format("{}.bands_hz[{}]", entry.path, index));
    all.push_back(
        taken(entry, row, {.low_hz = low, .high_hz = high}, fmt::format("{}_{}hz", digits_of(low), digits_of(high))));
    all.back().feature.path = fmt::format("{}.bands_hz[{}]", entry.path, index);
  }
  if (all.empty()) entry.source.fail(entry.path + ".bands_hz", "has no band, expected at least one");
  return all;
}

std::vector<Taken> tones_of(const Entry& entry, const SpectralInfo& row) {
  std::vector<Taken> all;
  const auto& frequencies = entry.take.spectral.frequencies;
  for (std::size_t index = 0; index < frequencies.size(); ++index) {
    const double hertz = frequencies[index];
    const std::string place = fmt::format("{}.goertzel_hz[{}]", entry.path, index);
    if (hertz < 0.0) entry.source.fail(place, fmt::format("is {}, expected 0 or more", hertz));
    all.push_back(taken(entry, row, {.low_hz = hertz, .high_hz = hertz}, fmt::format("{}hz", digits_of(hertz))));
    all.back().feature.path = place;
  }
  if (all.empty()) entry.source.fail(entry.path + ".goertzel_hz", "has no frequency, expected at least one");
  return all;
}

std::vector<Taken> named_spectral(const Entry& entry) {
  std::vector<std::string_view> names;
  for (const SpectralInfo& row : signal::all_spectral()) {
    const bool is_text = row.key == SpectralKey::name || row.key == SpectralKey::share;
    if (is_text) names.push_back(row.name);
    if (row.name != entry.take.name) continue;
    if (is_text) return {over_range(entry, row, default_share, entry.take.name)};
    entry.source.fail(entry.path, fmt::format("'{0}' needs a value, expected {{\"{0}\": ...}}", row.name));
  }
  entry.source.fail(entry.path, unknown_name("feature of a spectrum", entry.take.name, names));
}

/// The row of the only key that says what is taken.
const SpectralInfo& row_of_key(const Entry& entry) {
  const SpectralInfo* found = nullptr;
  std::size_t n = 0;
  for (const SpectralInfo& row : signal::all_spectral()) {
    if (row.key == SpectralKey::name || !has(entry.take.keys, row.name)) continue;
    if (row.take == Spectral::mel && has(entry.take.keys, "mfcc")) continue;  // how many bands the cepstrum is of
    found = &row;
    ++n;
  }
  if (n != 1)
    entry.source.fail(entry.path, "expected one of the keys 'bands_hz', 'goertzel_hz', 'rolloff', 'mel' and 'mfcc'");
  for (const std::string_view key : {"formula", "norm"}) {
    if (!has(entry.take.keys, key) || has(entry.take.keys, "mel")) continue;
    entry.source.fail(fmt::format("{}.{}", entry.path, key), "is of Mel bands, expected the key 'mel'");
  }
  if (has(entry.take.keys, "scale") && !found->has_scale) {
    entry.source.fail(entry.path + ".scale", fmt::format("is for powers, '{}' is a frequency", found->name));
  }
  return *found;
}

/// Mel bands, or coefficients of their cepstrum, which is of logarithms if nothing else is said.
std::vector<Taken> mel_features(const Entry& entry, const SpectralInfo& row) {
  const SpectralTake& take = entry.take.spectral;
  const bool is_cepstrum = row.take == Spectral::mfcc;
  if (take.n_bands == 0) entry.source.fail(entry.path, "'mfcc' needs the key 'mel', the number of bands");
  const std::int32_t n = is_cepstrum ? take.n_coefficients : take.n_bands;
  if (n > take.n_bands) {
    entry.source.fail(entry.path + ".mfcc", fmt::format("is {}, expected at most the {} bands", n, take.n_bands));
  }
  std::vector<Taken> all;
  for (std::int32_t index = 0; index < n; ++index) {
    Taken one = over_range(entry, row, 0.0, fmt::format("{}_{}", row.name, index));
    SpectrumPart& part = one.feature.spectrum;
    part.mel = {.n_bands = take.n_bands, .formula = take.formula, .norm = take.norm};
    part.index = index;
    if (is_cepstrum && !has(entry.take.keys, "scale")) part.scale = signal::PowerScale::log;
    all.push_back(std::move(one));
  }
  return all;
}

void refuse_keys_of_samples(const Entry& entry) {
  for (const std::string_view key : {"quantile", "method", "autocorrelation", "entropy"}) {
    if (!has(entry.take.keys, key)) continue;
    entry.source.fail(fmt::format("{}.{}", entry.path, key), "is of samples, not of their spectrum");
  }
}

}  // namespace

void check_spectrum(const json::Source& source, FeaturePart& part, const std::string& path) {
  if (!has(part.spectrum.keys, "range_hz")) return;
  part.spectrum.checked_range = range_of(source, part.spectrum.range, path + ".spectrum.range_hz");
}

void refuse_spectral_keys(const json::Source& source, const TakePart& take, const std::string& path) {
  for (const std::string_view key : {"bands_hz", "goertzel_hz", "rolloff", "scale", "mel", "mfcc", "formula", "norm"}) {
    if (!has(take.keys, key)) continue;
    source.fail(fmt::format("{}.{}", path, key),
                "is of a spectrum, expected the key 'spectrum' beside 'of' and 'take'");
  }
}

std::vector<Taken> spectral(const json::Source& source, const FeaturePart& feature, const TakePart& take,
                            const std::string& path) {
  const Entry entry{source, feature, take, path};
  if (!take.name.empty()) return named_spectral(entry);
  refuse_keys_of_samples(entry);
  const SpectralInfo& row = row_of_key(entry);
  switch (row.key) {
    case SpectralKey::bands:
      return bands_of(entry, row);
    case SpectralKey::frequencies:
      return tones_of(entry, row);
    case SpectralKey::bands_of_mel:
    case SpectralKey::coefficients:
      return mel_features(entry, row);
    case SpectralKey::share:
    case SpectralKey::name:
      break;
  }
  const double share = take.spectral.share;
  return {over_range(entry, row, share, fmt::format("{}_{}", row.name, digits_of(share * 100.0)))};
}

}  // namespace emlc::formats::emlc_signal
