#pragma once

#include "cli/sizes/target_sizes.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// What a header was made from, as far as its frames on the stack depend on it.
struct HeaderForm {
  const model::Model& model;  ///< after the passes
  c::Optimize optimize = c::Optimize::balanced;
  bool use_runtime = false;
};

/// What a header takes on a target, if there is an estimate of it: estimate(), with the RAM of that target instead of a
/// Cortex-M0+'s.
TargetSizes estimate_on(const Target& target, const layout::Artifact& header, const HeaderForm& form);

}  // namespace emlc::cli
