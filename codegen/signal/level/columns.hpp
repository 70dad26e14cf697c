#pragma once

#include "codegen/signal/stream.hpp"

namespace emlc::signal {

/// Samples of a signal of levels: a weighting in integers, mean_square, time_weighting.
Column level_column(const Signal& signal, const Column& operand);

}  // namespace emlc::signal
