#include "codegen/signal/spectrum/spectrum_cost.hpp"

#include <cmath>

#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

constexpr double an_add = 75, a_product = 65, a_quotient = 180, a_conversion = 60, a_step = 5;
constexpr double a_logarithm = a_quotient + 6 * a_product + 9 * an_add;

/// In integers, as a Cortex-M0+ was measured: of samples and of the transform, and of what is taken of powers.
double integer_form(const SpectrumPart& part) {
  constexpr double a_sample = 20, a_share = 12;
  const auto n = static_cast<double>(part.form.n_fft);
  return n * a_sample + a_share * n * std::log2(n);
}
double integer_taken(const SpectrumPart& part, double n_bins) {
  constexpr double a_bin = 6, a_weight = 14, a_table = 60;
  const double end = an_add / 2 + a_product + (part.scale == PowerScale::power ? 0 : a_table + an_add / 2 + a_product);
  if (part.take == Spectral::mel) return end + a_weight * (n_bins / part.mel.n_bands + 1);
  if (part.take == Spectral::mfcc) return end + part.mel.n_bands * an_add / 2;
  return end + n_bins * a_bin + (part.take == Spectral::centroid ? a_quotient + n_bins * an_add / 2 : 0);
}

}  // namespace

double form_instructions(const Signal& signal, const SpectrumPart& part) {
  if (part.form.arithmetic == SpectrumArithmetic::q15) return integer_form(part);
  const double of_sample =
      a_step + (signal.is_integer ? a_conversion : 0) + (part.form.taper == Taper::rectangular ? 0 : a_product);
  const double transform =
      part.form.method == SpectrumMethod::transform
          ? transform_operations(static_cast<std::size_t>(part.form.n_fft)) * (an_add + a_product) / 2
          : 0;
  return part.n_samples * of_sample + transform;
}

double taken_instructions(const SpectrumPart& part) {
  const double n_bins = is_on_bin(part) ? part.last_bin - part.first_bin + 1 : 1;
  if (part.form.arithmetic == SpectrumArithmetic::q15) return integer_taken(part, n_bins);
  const double end = a_product + (part.scale == PowerScale::power ? 0 : a_logarithm);
  switch (part.take) {
    case Spectral::band:
    case Spectral::tone:
      if (part.form.method == SpectrumMethod::transform) return end + n_bins * (a_step + an_add);
      return end + n_bins * part.n_samples * (a_step + a_product + 3 * an_add);
    case Spectral::dominant:
      return end + n_bins * (a_step + a_conversion);
    case Spectral::centroid:
      return end + a_quotient + n_bins * (a_step + a_conversion + a_product + 2 * an_add);
    case Spectral::rolloff:
      return end + 2 * n_bins * (a_step + an_add);
    case Spectral::flatness:
    case Spectral::entropy:
      return 2 * a_logarithm + n_bins * (a_logarithm + a_product + 2 * an_add);
    case Spectral::mel:
      return end + (n_bins / part.mel.n_bands + 1) * (a_step + 2 * an_add + a_product);
    case Spectral::mfcc:
      return end + part.mel.n_bands * (a_step + an_add + a_product);
    case Spectral::none:
      break;
  }
  return 0;
}

}  // namespace emlc::signal
