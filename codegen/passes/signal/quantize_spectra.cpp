#include "codegen/passes/signal/quantize_spectra.hpp"

#include <fmt/format.h>

#include "codegen/model/error.hpp"
#include "codegen/signal/spectrum/infer_spectrum.hpp"

namespace emlc::passes {

std::size_t quantize_spectra(signal::Plan& plan, model::Arithmetic arithmetic) {
  const auto refuse = [](std::string_view problem) { throw Error({.field = "--arithmetic"}, problem); };
  if (arithmetic == model::Arithmetic::float32) return 0;
  if (arithmetic != model::Arithmetic::q15) {
    refuse(fmt::format("is {}, spectra are in float or in q15", model::info(arithmetic).name));
  }
  std::size_t n_spectral = 0, n_changed = 0;
  for (signal::Feature& feature : plan.features) {
    if (feature.statistic != signal::Statistic::spectral) continue;
    ++n_spectral;
    if (feature.spectrum.form.arithmetic != signal::SpectrumArithmetic::q15) ++n_changed;
    feature.spectrum.form.arithmetic = signal::SpectrumArithmetic::q15;
  }
  if (n_spectral == 0) refuse("is for spectra and filters, and the signal has no feature of a spectrum");
  signal::infer_spectra(plan);
  return n_changed;
}

}  // namespace emlc::passes
