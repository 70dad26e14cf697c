#include "codegen/signal/spectrum/windows.hpp"

#include <algorithm>

#include "codegen/signal/spectrum/fixed_values.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {

Spectra::Spectra(const Plan& plan)
    : group_of_(plan.features.size(), 0), factors_(plan.features.size(), 0.0F), bands_of_(plan.features.size(), 0) {
  for (std::size_t index = 0; index < plan.features.size(); ++index) {
    const Feature& feature = plan.features[index];
    if (feature.statistic != Statistic::spectral) continue;
    const SpectrumForm& form = feature.spectrum.form;
    const auto is_same = [&](const Group& group) { return group.of == feature.of && group.form == form; };
    const auto found = std::find_if(groups_.begin(), groups_.end(), is_same);
    group_of_[index] = static_cast<std::size_t>(found - groups_.begin());
    const bool is_fixed = form.arithmetic == SpectrumArithmetic::q15;
    factors_[index] = is_fixed ? fixed_factor(feature.spectrum) : power_factor(feature.spectrum);
    if (found == groups_.end()) add_group(feature);
    Group& group = groups_[group_of_[index]];
    const Signal& signal = plan.signals[static_cast<std::size_t>(feature.of)];
    group.is_short = signal.is_integer && bits_of(signal.range) <= 32;
    group.has_only_bands = group.has_only_bands && feature.spectrum.mel.n_bands != 0;
    if (feature.spectrum.mel.n_bands != 0) add_bands(index, feature.spectrum);
  }
}

void Spectra::add_group(const Feature& feature) {
  const SpectrumForm& form = feature.spectrum.form;
  const auto n = static_cast<std::size_t>(feature.spectrum.n_samples), n_fft = static_cast<std::size_t>(form.n_fft);
  Group group{.of = feature.of, .form = form};
  if (form.arithmetic == SpectrumArithmetic::q15) {
    group.fixed.emplace(feature.spectrum);
    group.bins.resize(n_fft / 2 + 1);
    return groups_.push_back(std::move(group));
  }
  const std::vector<float> half = taper_half(form.taper, n);
  for (std::size_t i = 0; i < n; ++i) group.taper.push_back(taper_at(half, n, i));
  group.samples.resize(n);
  if (form.method == SpectrumMethod::transform) {
    group.transform.emplace(n_fft);
    group.samples.assign(n_lanes * n_fft, 0.0F);
    group.scratch.resize(n_fft);
    group.side_by_side.resize(n_fft / 2 + 1);
    group.power.resize(n_lanes * (n_fft / 2 + 1));
  }
  groups_.push_back(std::move(group));
}

void Spectra::add_bands(std::size_t feature, const SpectrumPart& part) {
  std::vector<Bands>& all = groups_[group_of_[feature]].bands;
  const auto is_same = [&](const Bands& bands) { return has_bands_of(bands.part, part); };
  const auto found = std::find_if(all.begin(), all.end(), is_same);
  bands_of_[feature] = static_cast<std::size_t>(found - all.begin());
  if (found != all.end()) return;
  const auto n = static_cast<std::size_t>(part.mel.n_bands);
  all.push_back({.part = part,
                 .table = mel_table(part),
                 .cosines = cosine_table(n),
                 .values = std::vector<float>(n_lanes * n),
                 .sums = std::vector<Lanes>(n)});
  if (part.form.arithmetic != SpectrumArithmetic::q15) return;
  all.back().fixed = {.rising = fixed_rising(part),
                      .factors = fixed_mel_factors(part, all.back().table),
                      .cosines = fixed_cosines(n),
                      .sums = std::vector<std::uint32_t>(n),
                      .logs = std::vector<std::int32_t>(n)};
}

void Spectra::make_bands(Bands& bands, const Group& group) {
  if (bands.is_made) return;
  bands.is_made = true;
  mel_sums(bands.table, group.side_by_side, bands.sums);
  const std::size_t n = bands.sums.size();
  for (std::size_t i = 0; i < n; ++i) {
    const Lanes powers = bands.sums[i] * bands.table.factors[i];
    for (std::size_t lane = 0; lane < group.n; ++lane)
      bands.values[lane * n + i] = scaled_power(powers.of[lane], bands.part);
  }
}

void Spectra::begin_window() {
  for (Group& group : groups_) {
    if (++group.lane < group.n) continue;
    group.lane = group.n = 0;
    for (Bands& bands : group.bands) bands.is_made = false;
  }
}

/// Puts the samples of a window times the taper into its lane.
template <class Sample>
void Spectra::taper(Group& group, const WindowsAhead<Sample>& windows, std::size_t lane) {
  const std::span<const Sample> window = windows.window(lane);
  const std::size_t n = window.size(), n_fft = static_cast<std::size_t>(group.form.n_fft);
  float* const tapered = &group.samples[lane * n_fft];
  if (group.is_short) {  // several at once
    for (std::size_t i = 0; i < n; ++i) {
      tapered[i] = static_cast<float>(static_cast<std::int32_t>(window[i])) * group.taper[i];
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) tapered[i] = to_float(window[i]) * group.taper[i];
  }
}

/// A transform is made of the windows that come next too.
template <class Sample>
void Spectra::transform(Group& group, const WindowsAhead<Sample>& windows) {
  group.n = group.transform ? std::min(n_lanes, windows.n) : 1;
  for (std::size_t lane = 0; lane < group.n; ++lane) taper(group, windows, lane);
  if (!group.transform) return;
  transform_powers(*group.transform, group.samples, group.scratch, group.side_by_side);
  if (group.has_only_bands) return;
  const std::size_t n_bins = group.side_by_side.size();
  for (std::size_t lane = 0; lane < group.n; ++lane) {
    for (std::size_t k = 0; k < n_bins; ++k) group.power[lane * n_bins + k] = group.side_by_side[k].of[lane];
  }
}

void Spectra::make(std::size_t feature, const WindowsAhead<std::int64_t>& windows) {
  Group& group = groups_[group_of_[feature]];
  if (group.fixed) return transform_integers(group, windows.window(0));
  transform(group, windows);
}
void Spectra::make(std::size_t feature, const WindowsAhead<float>& windows) {
  transform(groups_[group_of_[feature]], windows);
}

double Spectra::value(const Plan& plan, std::size_t feature) {
  const SpectrumPart& part = plan.features[feature].spectrum;
  Group& group = groups_[group_of_[feature]];
  if (group.fixed) return fixed_value_of(part, feature);
  Bands* const bands = part.mel.n_bands != 0 ? &group.bands[bands_of_[feature]] : nullptr;
  if (bands != nullptr) make_bands(*bands, group);
  if (part.take == Spectral::mel) {  // many features, each a number that is there
    return bands->values[group.lane * bands->sums.size() + static_cast<std::size_t>(part.index)];
  }
  const std::size_t n_bins = group.side_by_side.size();
  SpectrumView view{.power = std::span(group.power).subspan(group.lane * n_bins, n_bins),
                    .samples = std::span(group.samples).first(group.taper.size()),
                    .factor = factors_[feature]};
  if (bands != nullptr) {
    view.bands = std::span(bands->values).subspan(group.lane * bands->sums.size(), bands->sums.size());
    view.cosines = bands->cosines;
  }
  return info(part.take).evaluate(part, view);
}

void Spectra::make_fixed_bands(Bands& bands, const Group& group) {
  if (bands.is_made) return;
  bands.is_made = true;
  FixedBands& fixed = bands.fixed;
  fixed_mel_sums(bands.table, fixed.rising, group.bins, fixed.sums);
  const auto floor = static_cast<float>(bands.part.floor);
  for (std::size_t i = 0; i < fixed.sums.size(); ++i) {
    bands.values[i] = static_cast<float>(fixed.sums[i]) * spared(fixed.factors[i], group.spare);
    if (bands.part.scale == PowerScale::power) continue;
    fixed.logs[i] = fixed_log2(bands.values[i] < floor ? floor : bands.values[i]);
  }
}

void Spectra::transform_integers(Group& group, std::span<const std::int64_t> samples) {
  group.n = 1;
  group.spare = spare_bits(samples);
  fixed_power(*group.fixed, samples, group.spare, group.bins);
}

double Spectra::fixed_value_of(const SpectrumPart& part, std::size_t feature) {
  Group& group = groups_[group_of_[feature]];
  FixedView view{.power = group.bins, .factor = spared(factors_[feature], group.spare)};
  if (part.mel.n_bands != 0) {
    Bands& bands = group.bands[bands_of_[feature]];
    make_fixed_bands(bands, group);
    view.bands = bands.values;
    view.logs = bands.fixed.logs;
    view.cosines = bands.fixed.cosines;
  }
  return fixed_value(part, view);
}

}  // namespace emlc::signal
