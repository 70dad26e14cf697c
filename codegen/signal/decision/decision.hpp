#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/signal/plan.hpp"

/// From what a model says about each window to what a product does: an answer that is not sure says nothing, the
/// answers of the last windows are one, and what is decided stays for a while. docs/signals.md writes down the meaning;
/// all of it is integers but the comparison of a margin.
namespace emlc::signal {

/// How the votes of the last windows become one.
enum class Smoothing {
  none,         ///< the vote of this window
  majority,     ///< a count over the last windows
  exponential,  ///< weights that fall from window to window
};

/// What a model document declares under `decision`.
struct DecisionFilter {
  std::optional<double> reject_below{};  ///< a vote with a smaller margin is none, see margin(); above 0
  Smoothing smoothing = Smoothing::none;
  std::int32_t n_votes = 1;   ///< of smoothing: 1 to most_votes
  double hold_seconds = 0.0;  ///< a decision stays for at least that long
};

inline constexpr std::int32_t most_votes = 255;
inline constexpr std::int32_t most_hold = 65535;  ///< windows
/// The vote of a window that is rejected, and the decision before the first window.
inline constexpr std::int32_t no_class = -1;

/// The windows that a decision stays for: the least whose time is at least hold_seconds; 0 where there is none.
/// @return more than most_hold where there is no such number that fits
std::int32_t hold_windows(const DecisionFilter& filter, const Plan& plan);

/// What it does, half a line: `a margin below 0.25 votes for no class, the majority of 3 votes, held for 4 windows`.
std::string description(const DecisionFilter& filter, const Plan& plan);

/// What exponential smoothing moves a weight by, in 1/65536: 2 / (n_votes + 1), rounded to nearest.
std::uint32_t smoothing_step(std::int32_t n_votes);

/// How sure outputs are: of several the largest less the second largest, of one the distance to the threshold; as
/// float32. NaN where an output is.
/// @param outputs  [n_outputs] of one target with a rule
float margin(const model::Output& output, std::span<const double> outputs);

/// The class that the model's rule gives, or no_class where the margin is below reject_below, or NaN.
std::int32_t vote_of(const DecisionFilter& filter, const model::Output& output, std::span<const double> outputs);

/// What is known after some windows.
struct DecisionState {
  std::int32_t decision = no_class;
  std::int32_t held = 0;                 ///< windows that the decision is there for, up to hold
  std::vector<std::int32_t> votes{};     ///< of majority: the last ones, the oldest first, at most n_votes
  std::vector<std::uint32_t> weights{};  ///< [n_classes + 1]; the last one is that of no_class

  friend bool operator==(const DecisionState&, const DecisionState&) = default;
};

/// Before the first window.
DecisionState begin_decisions(std::int32_t n_classes, std::int32_t hold);

/// Takes the vote of the next window; returns the decision.
/// @param vote  a class, or no_class
/// @param hold  as hold_windows() gives it
std::int32_t decide(const DecisionFilter& filter, std::int32_t hold, DecisionState& state, std::int32_t vote);

/// The decision behind each window of one recording.
/// @param outputs  [n_windows] of one target with a rule
std::vector<std::int32_t> decisions_of(const DecisionFilter& filter, const Plan& plan, const model::Model& model,
                                       std::span<const std::vector<double>> outputs);

}  // namespace emlc::signal
