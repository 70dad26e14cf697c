#include "codegen/passes/signal/signal_pass.hpp"

#include <array>

#include "codegen/model/check/check.hpp"

namespace emlc::passes {
namespace {

constexpr std::array signal_passes = {
    SignalPass{"drop-unused", "drops features that no split and no weight looks at, then signals", drop_unused},
    SignalPass{"fold-ends",
               "monotone ends of features go into the thresholds of trees: no root, division or logarithm in front",
               fold_ends},
};

}  // namespace

std::span<const SignalPass> all_signal_passes() { return signal_passes; }

SignalReport run_signal_passes(signal::Folded& folded) {
  SignalReport report;
  report.figures.n_features = folded.plan.features.size();
  report.figures.n_signals = folded.plan.signals.size() - folded.plan.input.channels.size();
  report.figures.features_left = report.figures.n_features;
  for (const SignalPass& pass : signal_passes) {
    report.passes.push_back({.pass = pass.name, .result = pass.run(folded, report.figures)});
    if (report.passes.back().result.changes != 0) model::check(folded.model, pass.name);
  }
  return report;
}

}  // namespace emlc::passes
