#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
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
/// What a header has that its text does not show.
struct SurveyHints {
  std::string_view shape{};       ///< see SurveyOptions
  std::string_view operations{};  ///< in float, beside those of known functions
};
/// A row for each target that has an estimate of this model.
std::vector<TargetSurvey> survey_targets(std::string_view text, const model::Model& model, const Names& names,
                                         const SurveyHints& hints);

/// What the instructions behind one call take on each target, functions of libraries included, for all code but if/else
/// code of trees: at -O2 for Optimize::speed, else at -Os. docs/architecture.md says how far off it is.
/// @param definitions  of the core and of helpers
std::vector<layout::CodeEstimate> estimate_code(const Core& core, std::string_view definitions,
                                                const model::Model& model, const Names& names, Optimize optimize);

/// Adds them to a core that has none; the first one is a part of the core then.
void add_code_estimates(Core& core, const model::Model& model, const Names& names, Optimize optimize);

/// Those of the parts of a combination together, with each function of a library once; what makes one answer of theirs
/// is not counted. Replaces what the core has.
void add_part_estimates(Core& core, std::span<const Core> parts);

/// The definitions of the core behind those of the helpers that it calls.
std::string definitions_text(const Core& core, const Names& names);

}  // namespace emlc::c
