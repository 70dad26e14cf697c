#include "codegen/signal/spectrum/windows.hpp"

#include <algorithm>

#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {

Spectra::Spectra(const Plan& plan) : group_of_(plan.features.size(), 0), factors_(plan.features.size(), 0.0F) {
  for (std::size_t index = 0; index < plan.features.size(); ++index) {
    const Feature& feature = plan.features[index];
    if (feature.statistic != Statistic::spectral) continue;
    const SpectrumForm& form = feature.spectrum.form;
    const auto is_same = [&](const Group& group) { return group.of == feature.of && group.form == form; };
    const auto found = std::find_if(groups_.begin(), groups_.end(), is_same);
    group_of_[index] = static_cast<std::size_t>(found - groups_.begin());
    factors_[index] = power_factor(feature.spectrum);
    if (found != groups_.end()) continue;
    const auto n = static_cast<std::size_t>(feature.spectrum.n_samples), n_fft = static_cast<std::size_t>(form.n_fft);
    Group group{.of = feature.of, .form = form, .taper = taper_half(form.taper, n)};
    group.samples.resize(n);
    if (form.method == SpectrumMethod::transform) {
      group.transform.emplace(n_fft);
      group.samples.resize(n_fft);
      group.power.resize(n_fft / 2 + 1);
    }
    groups_.push_back(std::move(group));
  }
}

void Spectra::begin_window() {
  for (Group& group : groups_) group.is_made = false;
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
  const Group& group = made(feature, samples);
  const SpectrumPart& part = plan.features[feature].spectrum;
  return info(part.take).evaluate(part, {group.power, group.samples, factors_[feature]});
}

double Spectra::value(const Plan& plan, std::size_t feature, std::span<const std::int64_t> samples) {
  return value_of(plan, feature, samples);
}
double Spectra::value(const Plan& plan, std::size_t feature, std::span<const float> samples) {
  return value_of(plan, feature, samples);
}

}  // namespace emlc::signal
