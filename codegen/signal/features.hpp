#pragma once

#include <cstddef>
#include <vector>

#include "codegen/signal/plan.hpp"
#include "codegen/signal/stream.hpp"

namespace emlc::signal {

/// Windows that are complete in a recording of that many frames.
std::size_t n_windows(const Plan& plan, std::size_t n_frames);

/// The features of every complete window, row after row: [n_windows][n_features]; integers, or float32. The plan has
/// been through infer(), and its filters in integers are designed.
/// @param channels  as stream() takes them; fewer frames than a window are no row
std::vector<double> features_of(const Plan& plan, std::vector<Column> channels);

}  // namespace emlc::signal
