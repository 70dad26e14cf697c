#pragma once

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// What levels need to know of a signal whose operands and stride are inferred: its unit, whether it is a power, and
/// the numbers of a weighting, of mean_square and of time_weighting. Throws Error.
void infer_level(const Plan& plan, Signal& signal);

/// The scale of a feature that is a level. Throws Error where its signal is no power.
void infer_level(const Plan& plan, Feature& feature);

}  // namespace emlc::signal
