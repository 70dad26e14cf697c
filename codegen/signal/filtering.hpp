#pragma once

#include "codegen/signal/stream.hpp"

namespace emlc::signal {

/// A signal through its filter, which has seen the first sample for ever before it begins.
Column filter_column(const Signal& signal, const Column& operand);

/// The constant that the words of a section's state in float32 are multiples of: of what the state is after an input of
/// 1 for ever, with the gain of the sections before; of a filter that a blob had, what it says. [n_sections]
std::vector<std::array<float, 2>> settled_words(const model::SosCascade& filter);

}  // namespace emlc::signal
