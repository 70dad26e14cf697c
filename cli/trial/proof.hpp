#pragma once

#include <optional>
#include <string>

#include "cli/trial/artifact_run.hpp"
#include "codegen/model/model.hpp"
#include "codegen/model/trees/equivalence.hpp"

namespace emlc::cli {

/// What reading an artifact back shows for all inputs.
struct Proof {
  model::Verdict verdict = model::Verdict::undecided;
  std::string text;  ///< one sentence
};

/// Compares the trees that `artifact` (CSV or .tmdl) holds with those of `reference`, path by path, for every input of
/// `input`. Nothing for a reference that is not made of trees. Throws Error when the artifact is damaged.
std::optional<Proof> prove(const WrittenFile& artifact, const model::Model& reference, const model::Input& input);

}  // namespace emlc::cli
