#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/features/signal_document.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::cli {

/// What is in a signal document, as `emlc inspect --json` prints it: channels, signals and features with the numbers
/// that they are, the bytes of a window, and the integers of filters.
nlohmann::ordered_json signal_facts(const SignalDocument& document);

/// What becomes of answers about windows: the keys of the document, and `hold_windows`.
nlohmann::ordered_json decision_facts(const signal::DecisionFilter& filter, const signal::Plan& plan);

}  // namespace emlc::cli
