#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codegen/model/sos/float_trial.hpp"

/// Which structure each section of a filter in float32 needs.
namespace emlc::passes {

/// What helps a filter that no arithmetic and no structure computes: the end of a refusal.
inline constexpr std::string_view easier_filter = "take fewer sections, or a lower sample rate";

/// A cascade with structures, and what is to be known about it.
struct FloatDesign {
  model::SosCascade cascade{};
  model::Deviation deviation{};  ///< of the response with rounded coefficients, within deviation_range of the peak
  std::optional<double> dc_decibel{};  ///< of the gain at DC; nothing where that is further below the peak
  model::FloatErrors errors{};
  std::string problem{};  ///< why it is of no use; empty when it is
};

/// Can it be measured? Signals through an unstable filter grow without end.
bool is_stable(const model::SosCascade& cascade);

/// Measured with the structures that the cascade names, of a stable filter.
FloatDesign measure_float(const model::SosCascade& cascade);

/// The cascade with structures that cost little of those that are good enough, with what is wrong with the direct form;
/// where none is, the best with its problem. For a stable filter.
struct FloatChoice {
  FloatDesign design;
  std::string problem_of_direct{};  ///< empty when it is all direct
};
FloatChoice choose_structures(const model::SosCascade& cascade);

/// `delta in section 0, direct in sections 1 to 3`.
std::string structures_text(const model::SosCascade& cascade);

}  // namespace emlc::passes
