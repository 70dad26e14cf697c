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
    if (feature.spectrum.mel.n_bands != 0) add_bands(index, feature.spectrum);
  }
}

void Spectra::add_group(const Feature& feature) {
  const SpectrumForm& form = feature.spectrum.form;
  const auto n = static_cast<std::size_t>(feature.spectrum.n_samples), n_fft = static_cast<std::size_t>(form.n_fft);
  Group group{.of = feature.of, .form = form, .taper = taper_half(form.taper, n)};
  if (form.arithmetic == SpectrumArithmetic::q15) {
    group.fixed.emplace(feature.spectrum);
    group.bins.resize(n_fft / 2 + 1);
    return groups_.push_back(std::move(group));
  }
  group.samples.resize(n);
  if (form.method == SpectrumMethod::transform) {
    group.transform.emplace(n_fft);
    group.samples.resize(n_fft);
    group.power.resize(n_fft / 2 + 1);
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
  all.push_back({.part = part, .table = mel_table(part), .cosines = cosine_table(n), .values = std::vector<float>(n)});
  if (part.form.arithmetic != SpectrumArithmetic::q15) return;
  all.back().fixed = {.rising = fixed_rising(part),
                      .factors = fixed_mel_factors(part, all.back().table),
                      .cosines = fixed_cosines(n),
                      .sums = std::vector<std::uint32_t>(n),
                      .logs = std::vector<std::int32_t>(n)};
}

void Spectra::make_bands(Bands& bands, std::span<const float> power) {
  if (bands.is_made) return;
  bands.is_made = true;
  mel_sums(bands.table, power, bands.values);
  for (std::size_t i = 0; i < bands.values.size(); ++i) {
    bands.values[i] = scaled_power(bands.values[i] * bands.table.factors[i], bands.part);
  }
}

void Spectra::begin_window() {
  for (Group& group : groups_) {
    group.is_made = false;
    for (Bands& bands : group.bands) bands.is_made = false;
  }
}

template <class Sample>
Spectra::Group& Spectra::made(std::size_t feature, std::span<const Sample> samples) {
  Group& group = groups_[group_of_[feature]];
  if (group.is_made) return group;
  group.is_made = true;
  const std::size_t n = samples.size();
  const bool is_flat = group.form.taper == Taper::rectangular;
  for (std::size_t i = 0; i < n; ++i) {
    const float sample = to_float(samples[i]);
    group.samples[i] = is_flat ? sample : sample * taper_at(group.taper, n, i);
  }
  if (group.transform) transform_power(*group.transform, group.samples, group.power);
  return group;
}

template <class Sample>
double Spectra::value_of(const Plan& plan, std::size_t feature, std::span<const Sample> samples) {
  Group& group = made(feature, samples);
  const SpectrumPart& part = plan.features[feature].spectrum;
  SpectrumView view{.power = group.power, .samples = group.samples, .factor = factors_[feature]};
  if (part.mel.n_bands != 0) {
    Bands& bands = group.bands[bands_of_[feature]];
    make_bands(bands, group.power);
    view.bands = bands.values;
    view.cosines = bands.cosines;
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

Spectra::Group& Spectra::made_fixed(std::size_t feature, std::span<const std::int64_t> samples) {
  Group& group = groups_[group_of_[feature]];
  if (group.is_made) return group;
  group.is_made = true;
  group.spare = spare_bits(samples);
  fixed_power(*group.fixed, samples, group.spare, group.bins);
  return group;
}

double Spectra::fixed_value_of(const Plan& plan, std::size_t feature, std::span<const std::int64_t> samples) {
  Group& group = made_fixed(feature, samples);
  const SpectrumPart& part = plan.features[feature].spectrum;
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

double Spectra::value(const Plan& plan, std::size_t feature, std::span<const std::int64_t> samples) {
  const bool is_fixed = plan.features[feature].spectrum.form.arithmetic == SpectrumArithmetic::q15;
  if (is_fixed) return fixed_value_of(plan, feature, samples);
  return value_of(plan, feature, samples);
}
double Spectra::value(const Plan& plan, std::size_t feature, std::span<const float> samples) {
  return value_of(plan, feature, samples);
}

}  // namespace emlc::signal
