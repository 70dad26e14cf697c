#pragma once

#include <string_view>

#include "codegen/model/error.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::formats {

/// Does the content say that it is a signal document, and not that it is a model?
bool is_emlc_signal(std::string_view content);

/// Reads a signal document (docs/signals.md, docs/emlc-signal.schema.json) and infers its numbers; filters in integers
/// still have their sections as they were written. Throws Error with file, line and path.
signal::Plan read_emlc_signal(std::string_view content, std::string_view file);

/// What was refused of a plan that was read from `content`, with the line of its field.
Error located_in_signal(std::string_view content, std::string_view file, const Error& refused);

}  // namespace emlc::formats
