#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/plan.hpp"
#include "codegen/signal/stream.hpp"

namespace emlc::signal {

/// A test vector of raw frames: what a trainer had of them. Signals begin with the first frame.
struct RecordedWindows {
  std::vector<std::vector<double>> frames{};            ///< [n_frames][n_channels]
  std::vector<std::vector<double>> features{};          ///< [n_windows][n_features]
  std::vector<std::vector<std::string>> predictions{};  ///< [n_windows] labels of all targets, or numbers
  /// Empty where the document has none, or [n_windows]; nothing: no class.
  std::vector<std::optional<std::string>> decisions{};
};

/// Its frames as the plan takes them, which replay_recordings() has not refused: [n_channels].
std::vector<Column> columns_of(const Plan& plan, const RecordedWindows& recorded);

/// Takes each recording through the plan, the model and the decision filter: features have to be the same integers and
/// the same float32, labels and decisions the same names, numbers within the bounds of the model's test vectors. Throws
/// Error naming the place in the document and both values, also for frames that the plan does not take.
/// @param plan      with the integers of its filters
/// @param decision  nothing: the recordings have no decisions
void replay_recordings(const Plan& plan, const model::Model& model, const std::optional<DecisionFilter>& decision,
                       const std::vector<RecordedWindows>& recordings, std::string_view file);

}  // namespace emlc::signal
