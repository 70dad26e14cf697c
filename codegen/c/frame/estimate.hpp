#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "codegen/c/common/names.hpp"
#include "codegen/c/frame/survey.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// What there is of a header on one target.
struct TargetSurvey {
  std::string_view name;  ///< as layout::CodeEstimate calls it
  Survey found;
  std::size_t library_bytes = 0;  ///< of soft float and libm
};
/// A row for each target that has estimates.
std::vector<TargetSurvey> survey_targets(std::string_view definitions, const model::Model& model, const Names& names);

/// What the instructions behind one call take on each target, functions of libraries included, for all kinds but trees:
/// at -O2 for Optimize::speed, else at -Os. docs/architecture.md says how far off it is.
/// @param definitions  of the core and of helpers
std::vector<layout::CodeEstimate> estimate_code(std::string_view definitions, const model::Model& model,
                                                const Names& names, Optimize optimize);

}  // namespace emlc::c
