#pragma once

#include <string_view>

#include "formats/reading.hpp"

namespace emlc::formats {

/// A signal document without a model: its answers about a window are the features, in float32. Throws Error.
Reading read_signal_alone(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
