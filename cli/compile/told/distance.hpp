#pragma once

#include <optional>
#include <string>

#include "cli/compile/pipeline.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::cli {

/// Errors and changed decisions in half a line.
std::string describe(const model::Distance& distance, const model::Output& output);

/// How far all passes together are from the trained model, on --data or the test vectors: nothing when there are no
/// inputs, 0 on none when all passes are exact.
std::optional<model::Distance> total_distance(const Source& source, const Lowered& lowered);

/// True for an artifact that computes in its own way what the model says: an int8 network in TinyMaix's arithmetic.
bool has_own_arithmetic(const Output& output, const model::Model& lowered);

/// How far the artifact's answers are from those of the trained model, on --data or the test vectors. One line.
std::string artifact_distance(const Source& source, const Lowered& lowered, const Output& output,
                              const layout::Artifact& artifact, const CompileOptions& options);

}  // namespace emlc::cli
