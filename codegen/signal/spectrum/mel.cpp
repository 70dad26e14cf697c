#include "codegen/signal/spectrum/mel.hpp"

#include <cmath>

#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

constexpr double ln10 = 0x1.26bb1bbb55516p+1;

/// Slaney's scale: straight up to 1000 Hz, then 27 steps for a factor of 6.4.
constexpr double straight_hz = 1000.0, hz_per_mel = 200.0 / 3.0, straight_mels = straight_hz / hz_per_mel;
double slaney_step() { return logarithm(6.4) / 27.0; }

double mel_of(MelFormula formula, double hertz) {
  if (formula == MelFormula::htk) return 2595.0 * logarithm(1.0 + hertz / 700.0) / ln10;
  if (hertz < straight_hz) return hertz / hz_per_mel;
  return straight_mels + logarithm(hertz / straight_hz) / slaney_step();
}

double hertz_of(MelFormula formula, double mel) {
  if (formula == MelFormula::htk) return 700.0 * (std::exp(mel / 2595.0 * ln10) - 1.0);
  return mel < straight_mels ? mel * hz_per_mel : straight_hz * std::exp((mel - straight_mels) * slaney_step());
}

}  // namespace

std::vector<double> mel_frequencies(const MelForm& form) {
  const double low = mel_of(form.formula, form.low_hz), high = mel_of(form.formula, form.high_hz);
  std::vector<double> frequencies;
  for (std::int32_t i = 0; i <= form.n_bands + 1; ++i) {
    frequencies.push_back(hertz_of(form.formula, low + (high - low) * i / (form.n_bands + 1)));
  }
  return frequencies;
}

namespace {

/// Fills the bins of a table, and what rises of each.
std::vector<double> take_bins(const SpectrumPart& part, MelTable& table) {
  const std::vector<double> edges = mel_frequencies(part.mel);
  const auto hertz = [&](std::int32_t bin) { return bin * part.rate / part.form.n_fft; };
  std::vector<double> shares;
  std::int32_t bin = 0;
  while (bin <= part.form.n_fft / 2 && hertz(bin) < edges.front()) ++bin;
  table.first_bin = bin;
  for (std::size_t segment = 0; segment + 1 < edges.size(); ++segment) {
    const double low = edges[segment], high = edges[segment + 1];
    for (; bin <= part.form.n_fft / 2 && hertz(bin) < high; ++bin) {
      shares.push_back((hertz(bin) - low) / (high - low));
    }
    table.ends.push_back(bin);
  }
  return shares;
}

}  // namespace

std::vector<double> mel_shares(const SpectrumPart& part) {
  MelTable table;
  return take_bins(part, table);
}

MelTable mel_table(const SpectrumPart& part) {
  MelTable table;
  for (const double share : take_bins(part, table)) table.rising.push_back(static_cast<float>(share));
  const std::vector<double> edges = mel_frequencies(part.mel);
  const double factor = power_factor(part);
  for (std::size_t band = 0; band + 2 < edges.size(); ++band) {
    const double area = part.mel.norm == MelNorm::area ? 2.0 / (edges[band + 2] - edges[band]) : 1.0;
    table.factors.push_back(static_cast<float>(factor * area));
  }
  return table;
}

namespace {

template <class Number>
void sum_triangles(const MelTable& table, std::span<const Number> power, std::span<Number> bands) {
  const std::size_t first = static_cast<std::size_t>(table.first_bin);
  std::size_t bin = first;
  Number before{};
  for (std::size_t segment = 0; segment <= bands.size(); ++segment) {
    Number rising{}, all{};
    for (; bin < static_cast<std::size_t>(table.ends[segment]); ++bin) {
      rising += table.rising[bin - first] * power[bin];
      all += power[bin];
    }
    if (segment > 0) bands[segment - 1] = before + (all - rising);
    before = rising;
  }
}

}  // namespace

void mel_sums(const MelTable& table, std::span<const float> power, std::span<float> bands) {
  sum_triangles(table, power, bands);
}
void mel_sums(const MelTable& table, std::span<const Lanes> power, std::span<Lanes> bands) {
  sum_triangles(table, power, bands);
}

std::vector<float> cosine_table(std::size_t n) {
  std::vector<float> table;
  for (std::size_t j = 0; j < 4 * n; ++j) {
    table.push_back(static_cast<float>(cosine(static_cast<double>(j) / static_cast<double>(4 * n))));
  }
  return table;
}

float cepstral_coefficient(std::span<const float> bands, std::span<const float> cosines, std::size_t index) {
  float sum = 0.0F;
  std::size_t place = index;
  for (const float band : bands) {
    sum += band * cosines[place];
    place += 2 * index;
    if (place >= cosines.size()) place -= cosines.size();
  }
  return sum * cepstral_factor(bands.size(), index);
}

float cepstral_factor(std::size_t n, std::size_t index) {
  return static_cast<float>(std::sqrt((index == 0 ? 1.0 : 2.0) / static_cast<double>(n)));
}

}  // namespace emlc::signal
