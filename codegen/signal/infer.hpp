#pragma once

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// Finds out what kind of numbers each signal and feature of a plan is, and proves that nothing overflows: ranges from
/// the channels down. Throws Error with the path in the document: for what needs more bits than there are, with the
/// range of the channels that would fit, and for signals that cannot be joined.
void infer(Plan& plan);

}  // namespace emlc::signal
