#pragma once

#include <cstddef>

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// What a part of a plan costs a device, for comparing features before there is a header: estimates for a Cortex-M0+ at
/// -Os, by operation and width, with float32 in software, and without what passes take away.
struct Cost {
  std::size_t ram = 0;
  double instructions = 0.0;
};

/// Of a signal: the bytes that it remembers between samples, the instructions of one frame. Channels are free.
Cost signal_cost(const Plan& plan, const Signal& signal);

/// Of a feature by itself: the bytes that its windows are kept in, the instructions of one window. Signals are not in
/// it, and what it shares with other features counts for each of them.
Cost feature_cost(const Plan& plan, const Feature& feature);

/// Of the plan, what features share counted once: the bytes of all; the instructions of a window with the `hop` frames
/// that lead to it.
Cost plan_cost(const Plan& plan);

}  // namespace emlc::signal
