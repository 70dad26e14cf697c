#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "codegen/passes/pass.hpp"
#include "codegen/signal/folded.hpp"

/// Passes over a signal plan and the model behind it. All are exact: the model decides as before, for every recording.
namespace emlc::passes {

/// What the passes won, in numbers.
struct SignalFigures {
  std::size_t n_features = 0, n_signals = 0;  ///< before; without channels
  std::size_t features_dropped = 0, signals_dropped = 0;
  std::size_t features_folded = 0;                     ///< compared as an integer in front of their end
  std::size_t thresholds_before = 0;                   ///< distinct ones of all features
  std::size_t thresholds_folded = 0;                   ///< of these, those of features that are folded
  std::size_t thresholds_after = 0;                    ///< of all keys
  std::size_t window_roots = 0, window_divisions = 0;  ///< that a window does not take any more
  std::size_t window_logarithms = 0;                   ///< the same
  std::size_t sample_roots = 0, sample_divisions = 0;  ///< that a sample does not take any more
  std::size_t features_left = 0, reals_left = 0;       ///< computed to their end, those of them in float32
  std::size_t keys = 0;                                ///< columns of the model
};

struct SignalPass {
  std::string_view name;
  std::string_view summary;
  PassResult (*run)(signal::Folded&, SignalFigures&);
};
std::span<const SignalPass> all_signal_passes();  ///< in the order in which they run

struct SignalReport {
  std::vector<PassReport> passes{};
  SignalFigures figures{};
};

/// Runs all passes, with model::check behind each that changed something.
/// @param folded  an inferred plan with the integers of its filters, and a model of its features that has been through
///                run_passes(); no keys
SignalReport run_signal_passes(signal::Folded& folded);

/// Features that no split and no weight looks at go, then signals that nothing looks at. Channels stay: the frames have
/// them. A weight of 0 drops only what cannot be infinite or NaN.
PassResult drop_unused(signal::Folded& folded, SignalFigures& figures);

/// Monotone ends of features go into the thresholds of trees, and the model is asked for ranks: see signal::Folded.
/// Does nothing where something is computed between features and trees.
PassResult fold_ends(signal::Folded& folded, SignalFigures& figures);

/// Takes signals that no feature, no key and no signal that stays looks at. Returns how many went.
std::size_t drop_signals(signal::Folded& folded);

}  // namespace emlc::passes
