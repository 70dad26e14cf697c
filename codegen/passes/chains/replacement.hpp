#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "codegen/model/steps/step.hpp"
#include "codegen/passes/chains/origins.hpp"

namespace emlc::passes {

/// What takes the place of a step that jumps.
struct Replacement {
  std::vector<model::Step> steps;
  std::vector<Place> gone;  ///< what steps in front of it do no longer
};

/// Adds what a step makes of missing values, where its columns pass them: NaN stays NaN.
/// @param missing  [columns of the run of `step`]
void append_missing(std::vector<model::Step>& steps, const model::Step& step, std::vector<double> missing);

/// Nothing where the step may stay.
/// @param origins  of the columns of its run
std::optional<Replacement> over_levels(const model::Step& step, std::span<const std::optional<Origin>> origins);
std::optional<Replacement> over_quantiles(const model::Step& step, const model::Quantile& quantile,
                                          std::span<const std::optional<Origin>> origins);

}  // namespace emlc::passes
