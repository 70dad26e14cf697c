#include "codegen/signal/spectrum/spectrum_cost.hpp"

#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

constexpr double an_add = 75, a_product = 65, a_quotient = 180, a_conversion = 60, a_step = 5;
constexpr double a_logarithm = a_quotient + 6 * a_product + 9 * an_add;

}  // namespace

double form_instructions(const Signal& signal, const SpectrumPart& part) {
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
