#pragma once

#include <optional>
#include <vector>

#include "codegen/model/sos/sos_cascade.hpp"
#include "codegen/signal/level/level.hpp"

namespace emlc::signal {

/// The gain of a weighting at a frequency in Hz, above 0; 1 at 1 kHz. The formulae of IEC 61672-1, annex E.
double curve_gain(Curve curve, double hertz);

/// Rates in Hz that weightings are designed for.
inline constexpr double least_weighting_rate = 2000.0, most_weighting_rate = 200000.0;

/// A weighting for one rate: (1 - 1/z) / (1 - p/z) for each pole p, lowest frequency first, and a section that is
/// fitted to what is left of the curve.
struct WeightingDesign {
  std::vector<double> poles{};
  model::SosSection last{};
};

/// Curve A or C at a rate in Hz between the two above; nothing where no section has the gains that are left, which is
/// at none of the rates that the tests try.
std::optional<WeightingDesign> design_weighting(Curve curve, double rate);

/// In float32: three sections, in each but the last poles that lie apart, which float32 keeps in place.
model::SosCascade cascade_of(const WeightingDesign& design);

/// In integers; nothing where coefficients are too large for sums of 32 bits, or a pole is above a tenth of the rate.
std::optional<WeightingIntegers> integers_of(const WeightingDesign& design);
/// What the integers are in real numbers.
model::SosCascade cascade_of(const WeightingIntegers& integers);

/// Sums of magnitudes of impulse responses of a weighting in integers: no sample is larger than the largest of the
/// input times that.
struct WeightingGains {
  double largest = 1.0;  ///< of all sections
  double last = 1.0;     ///< of the last one
};
WeightingGains gains_of(const WeightingIntegers& integers);

/// The share that is nearest to a number above 0 and below 1.
Share nearest_share(double value);

}  // namespace emlc::signal
