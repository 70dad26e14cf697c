#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "codegen/signal/folded.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::c {

/// What becomes of a signal in generated code. Samples of a window are in an array for as long as the window lasts, or
/// they are computed from the arrays of other signals when the window is complete.
struct SignalUse {
  bool is_observed = false;  ///< by a feature, or by a signal of the window
  bool is_streamed = false;  ///< computed for each frame
  bool is_kept = false;      ///< in an array of the state
  bool is_late = false;      ///< computed from what is kept; neither: nobody asks for its windows
  std::int32_t back = 0;     ///< samples before the window that are asked for
};

/// [n_signals of the plan]. The bytes of the state are what decides between an array of a signal and those of its
/// operands. What no key needs takes no instruction of a frame and no array, where it can be computed of others when
/// somebody asks for the features.
std::vector<SignalUse> uses_of(const signal::Joined& joined);

/// The C type that samples of a signal are stored in: the narrowest one.
std::string stored_type(const signal::Signal& signal);
/// The bytes of that type.
std::size_t stored_bytes(const signal::Signal& signal);
/// The C type that samples are computed in: `int32_t`, where that is too short `uint32_t` or `int64_t`, or
/// `float`.
std::string sample_type(const signal::Signal& signal);

/// Samples in the array of a kept signal: the window, and what is asked for before it.
std::size_t kept_samples(const signal::Plan& plan, const signal::Signal& signal, const SignalUse& use);

/// `signals[index]`, for indices as plans have them.
template <class List>
const auto& at(const List& list, std::int32_t index) {
  return list[static_cast<std::size_t>(index)];
}

}  // namespace emlc::c
