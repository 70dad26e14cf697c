#pragma once

#include <nlohmann/json.hpp>

#include "cli/trial/score.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli::report {

/// Accuracy and confusion per target, or the errors of a regression, as the schemas of summary and verify have them.
nlohmann::ordered_json score_json(const model::Model& model, const Score& score);

}  // namespace emlc::cli::report
