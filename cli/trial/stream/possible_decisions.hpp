#pragma once

#include <cstdint>
#include <vector>

#include "cli/trial/answers.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::cli {

/// The decisions that can follow from a device's answers, window by window of one recording. Where a margin is what the
/// filter asks for but for the rounding of float32, the window may have voted either way, and both are gone after.
class PossibleDecisions {
 public:
  PossibleDecisions(const signal::DecisionFilter& filter, const signal::Plan& plan, const model::Model& model);

  /// Takes the next window. True where `decided` can follow; else what does is in expected().
  /// @param answer   of the device, as its predict functions say it
  /// @param decided  a class or signal::no_class
  bool take(const Answer& answer, std::int32_t decided);
  [[nodiscard]] std::int32_t expected() const { return expected_; }

 private:
  const signal::DecisionFilter& filter_;
  const model::Output& output_;
  std::int32_t hold_;
  std::int32_t expected_ = signal::no_class;
  std::vector<signal::DecisionState> states_;
};

}  // namespace emlc::cli
