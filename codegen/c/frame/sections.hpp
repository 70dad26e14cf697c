#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

/// The parts of a header that say something of the model and are no code, as lines.
namespace emlc::c {

/// Throws Error for a name, a section or names of files that C cannot have.
void check_names(const EmitConfig& config);

/// The type of the values that the caller passes: features, or the samples of a filter.
std::string input_c_type(const model::Model& model);

/// What the comment at the top says of a file.
struct BannerFacts {
  std::string title;                     ///< what it is, half a sentence
  std::span<const layout::Part> parts;   ///< of flash
  std::size_t ram = 0;                   ///< bytes of working memory
  std::string_view memory;               ///< where that is
  std::span<const std::string> notes{};  ///< lines
};

/// The comment at the top, without its marks.
std::string banner_text(const EmitConfig& config, const BannerFacts& facts);
std::string banner_text(const model::Model& model, const EmitConfig& config, const Core& core);
/// What the header defines about the model: NAME_N_FEATURES and the like.
std::string constants_text(const model::Model& model, const Core& core, const Names& names, Language language);
/// NAME_feature and its kin.
std::string types_text(const model::Model& model, const Names& names, Language language);

}  // namespace emlc::c
