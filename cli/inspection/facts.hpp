#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/compile/pipeline.hpp"

namespace emlc::cli {

/// What is in a model, as `emlc inspect --json` prints it (schema emlc.inspect/1: keys are added, never changed).
nlohmann::ordered_json facts(const Source& source);
/// The key of what only models of its kind have: `tree_ensemble`.
std::string facts_key(const model::Model& model);

/// The facts for a reader: one line per fact, a table per list.
/// @param features  the table of features too, one row each
enum class Detail { normal, features };
std::string facts_text(const nlohmann::ordered_json& facts, Detail detail);

}  // namespace emlc::cli
