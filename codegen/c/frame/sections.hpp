#pragma once

#include <string>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

/// The parts of a header that say something of the model and are no code, as lines.
namespace emlc::c {

/// The type of the values that the caller passes: features, or the samples of a filter.
std::string input_c_type(const model::Model& model);

/// The comment at the top, without its marks.
std::string banner_text(const model::Model& model, const EmitConfig& config, const Core& core);
/// What the header defines about the model: NAME_N_FEATURES and the like.
std::string constants_text(const model::Model& model, const Core& core, const Names& names, Language language);
/// NAME_feature and its kin.
std::string types_text(const model::Model& model, const Names& names, Language language);

}  // namespace emlc::c
