#pragma once

#include <string>

#include "codegen/c/signal/stream.hpp"

namespace emlc::c {

/// The functions of all signals that features look at, and `window_features_(state, y)`, which calls them for a
/// complete window: y [n_features], in the type of the model's features.
std::string window_text(Making& making);

/// About the bytes that a look at a window has on the stack: arrays, and what is fitted to frames on a Cortex-M0+.
std::size_t window_stack(const Making& making);

}  // namespace emlc::c
