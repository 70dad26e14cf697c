#pragma once

#include <emlc/tmdl_format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/layout/tmdl_profile.hpp"
#include "codegen/model/model.hpp"
#include "formats/tmdl/buffer.hpp"
#include "formats/tmdl/layers.hpp"

namespace emlc::formats {

/// The layers of a blob, and how they share the buffer.
struct TmdlPlan {
  std::uint8_t mdl_type = EMLC_TMDL_EMLC;
  std::vector<TmdlLayer> layers{};
  TmdlBuffer buffer{};
  std::uint32_t work_size = 0;       ///< bytes that emlc_run or emlc_filter asks for
  std::string input_type = "float";  ///< see layout::Artifact
  std::string sum_type{};            ///< see layout::Artifact
  std::vector<std::string> warnings{};
  std::vector<std::string> notes{};  ///< see layout::Artifact
};

/// The layers that a model of each kind becomes: those of TinyMaix where they can say it, else emlc's own, with a
/// warning. Throws Error for a model that no layers can say.
TmdlPlan make_plan(const model::Model& model, layout::TmdlForm form);

}  // namespace emlc::formats
