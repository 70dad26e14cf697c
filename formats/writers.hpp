#pragma once

#include <string_view>

#include "codegen/layout/artifact.hpp"
#include "codegen/layout/tmdl_profile.hpp"
#include "codegen/model/model.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::formats {

/// Loadable CSV: trees in the emlearn form or its extension, a network or a filter, see docs/formats.md.
/// `model` has been through the passes. Throws Error for a model that the form cannot hold.
layout::Artifact write_csv(const model::Model& model);

/// What makes the features of samples, not owned; no plan: the caller does. No decision: nothing becomes of answers.
struct TmdlSignal {
  const signal::Plan* plan = nullptr;
  const signal::DecisionFilter* decision = nullptr;
};

/// A .tmdl blob, see docs/tmdl.md. Throws Error for a model or a signal that the blob, or what runs it, cannot hold.
layout::Artifact write_tmdl(const model::Model& model, layout::TmdlForm form = {}, TmdlSignal signal = {});

}  // namespace emlc::formats
