#pragma once

#include "codegen/signal/plan.hpp"

namespace emlc::passes {

/// Makes the integers of the filters of a plan that compute with integers, as quantize-sos does for a model. Throws
/// Error with the path of the signal for a filter that is not stable, and for one that its arithmetic is not good
/// enough for.
void design_filters(signal::Plan& plan);

}  // namespace emlc::passes
