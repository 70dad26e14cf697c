#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/signal/plan.hpp"

namespace emlc::passes {

/// A power that a feature is the logarithm of.
struct LogEnd {
  std::int32_t power = 0;         ///< the feature that is that power now; several may have the same one
  signal::SpectrumPart logged{};  ///< what the feature was
};

/// Makes powers of those features that are logarithms of one power and that nothing else takes, as a cepstrum does of
/// Mel bands. Both the logarithm and the product with 10 / ln 10 are monotone, rounding included, so what is compared
/// behind them can be compared in front of them.
/// @param is_used  [n_features]; the others stay as they are
/// @return [n_features]; nothing for a feature that stays
std::vector<std::optional<LogEnd>> fold_logs(signal::Plan& plan, const std::vector<char>& is_used);

/// The smallest float32 whose logarithm, as a feature has it, is not below the threshold; -infinity where that of every
/// one is not. The floor that powers are raised to counts.
/// @param threshold  not NaN and not above infinity
float first_power(const signal::SpectrumPart& logged, double threshold);

}  // namespace emlc::passes
