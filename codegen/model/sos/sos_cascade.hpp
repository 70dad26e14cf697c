#pragma once

#include <array>
#include <complex>
#include <optional>
#include <vector>

#include "codegen/model/sos/fixed_point.hpp"

namespace emlc::model {

/// y[n] = (b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]) / a0
struct SosSection {
  double b0 = 1.0, b1 = 0.0, b2 = 0.0, a0 = 1.0, a1 = 0.0, a2 = 0.0;
};

/// How a section computes in float32 (float_sections.hpp); the cheaper ones first.
enum class SosStructure {
  direct,       ///< transposed direct form II
  delta,        ///< the same in powers of d = z - 1, for poles near z = 1
  compensated,  ///< delta, where the second state keeps what its sum rounds off
  pairs,        ///< delta, where both states do
};

/// Second-order sections in processing order.
struct SosCascade {
  std::vector<SosSection> sections{};
  std::optional<double> sample_rate{};                 ///< Hz
  std::vector<std::array<double, 2>> initial_state{};  ///< empty (all 0), or [n_sections] z1, z2 of the form below
  std::optional<FixedPoint> fixed{};                   ///< integers; coefficients are what they say, a0 is 1
  std::vector<SosStructure> structures{};              ///< [n_sections] in float32; empty: all direct
};

/// The coefficients of a cascade that has `fixed`.
std::vector<SosIntegers> integers(const SosCascade& cascade);

/// The larger pole radius of the section; below 1 is stable.
double pole_radius(const SosSection& section);

/// Roots in the z plane, at most two, a conjugate pair with the upper one first. A coefficient of 0 in front takes
/// roots away.
std::vector<std::complex<double>> poles(const SosSection& section);
std::vector<std::complex<double>> zeros(const SosSection& section);

/// |H| of the whole cascade at `frequency`, in cycles per sample: 0 is DC, 0.5 half the sample rate. In integers with
/// what lift and headroom make of the samples.
double gain(const SosCascade& cascade, double frequency);

}  // namespace emlc::model
