#pragma once

#include <array>
#include <span>
#include <vector>

#include "codegen/model/sos/float_sections.hpp"
#include "codegen/model/sos/sos_response.hpp"

/// How far a filter in float32 is from the same filter in double: measured, on signals that make rounding errors large.
namespace emlc::model {

/// From silence a step, noise, square waves with the period of the slowest poles and one much longer; then constants,
/// after ones that were a little smaller or larger for ever: small steps in a state that is not small are what sums in
/// float32 lose, and the output stops on its way. All of at most 1, as long as four time constants of the slowest pole
/// and 8 192 samples, but 2^18 at most.
struct TrialSignals {
  std::vector<Lanes<double>> samples{};  ///< float32 values
  Lanes<double> before{};                ///< the input before the first sample, for ever; 0 is silence
  /// What errors are multiplied by where the signals end before the slowest pole has settled: they go on growing.
  double growth = 1.0;
};
TrialSignals trial_signals(const SosCascade& cascade);

/// What float32 is off by, relative to the largest output of each signal, or of the step for the constants. A signal
/// that the filter all but stops, so that less than a hundredth of the largest gain is left, counts as one of which a
/// hundredth is.
struct FloatErrors {
  Lanes<double> largest{};    ///< of each signal
  double rms_of_noise = 0.0;  ///< of the noise

  [[nodiscard]] double worst() const;
};
/// Of the whole cascade, with the structures that it names.
FloatErrors float_errors(const SosCascade& cascade, const TrialSignals& signals);

/// What each structure adds to the error of the output where one section alone has it, about: the largest error behind
/// the section times the largest gain of those after it, in the unit of FloatErrors.
using StructureErrors = std::array<double, 4>;  ///< in the order of all_sos_structures()
std::vector<StructureErrors> section_errors(const SosCascade& cascade, const TrialSignals& signals);

}  // namespace emlc::model
