#pragma once

#include <string>

#include "codegen/model/sos/sos_response.hpp"
#include "codegen/passes/sos/design.hpp"

namespace emlc::passes {

/// What a filter in integers is asked for.
struct FilterRequest {
  model::Arithmetic arithmetic = model::Arithmetic::q15;
  double largest_input = 1.0;  ///< in magnitude, 1 is full scale
  int headroom = 0;            ///< see model::FixedPoint
};

/// A cascade in integers, and what is to be known about it.
struct Candidate {
  model::SosCascade cascade{};
  SosBound bound = SosBound::any_input;
  double noise = 0.0;  ///< RMS, in steps of the samples
  model::Deviation deviation{};
  std::string problem{};  ///< why it is of no use; empty when it is
};

/// A filter whose response is further off, where its gain is within this range of its peak, is of no use.
inline constexpr double deviation_range = 40.0, largest_deviation = 0.5;  ///< dB

/// The best of the ways to compute `cascade` in integers that are tried: first the order of sections with the least
/// noise by `order_sections`, and where that is of no use others. Where the output can saturate and would be wrong for
/// long after it, the last section has a lift, if noise allows. `cascade` is stable and settles within 2^21 samples.
Candidate design_filter(const model::SosCascade& cascade, const FilterRequest& request);

/// `0.12 dB at 440 Hz`
std::string describe(const model::Deviation& deviation, const model::SosCascade& cascade);

/// The largest output there can be at the end of the sections, in full scale of its samples before the lift.
double largest_output(const model::SosCascade& cascade, double largest_input);

/// Bits that make room for `largest` times full scale; 0 when it fits.
int bits_of_room(double largest);

}  // namespace emlc::passes
