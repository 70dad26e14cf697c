#pragma once

#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/decision/recorded.hpp"
#include "formats/emlc_signal/document.hpp"

/// What a model document has beside its signals: the key `decision`, and recordings among its test vectors.
namespace emlc::formats::emlc_signal {

struct DecisionPart {
  Keys keys;
  double reject_below = 0.0, hold_seconds = 0.0;
  std::int32_t majority = 1, exponential = 1;
};
json::Fields decision_fields(DecisionPart& into);

/// Throws Error for what contradicts itself, and for a model whose answers are not one class.
signal::DecisionFilter build_decision(const json::Source& source, const DecisionPart& part, const signal::Plan& plan,
                                      const model::Model& model);

/// One label per row, or a list of one per target; numbers are taken as they are written.
json::Shape label_rows(std::vector<std::vector<std::string>>& into);
json::Fields recording_fields(signal::RecordedWindows& into);

}  // namespace emlc::formats::emlc_signal
