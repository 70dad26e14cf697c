#pragma once

#include <string_view>

#include "formats/reading.hpp"

/// What XGBoost writes, 1.0 to 3.x, see docs/formats.md. All guarantee what memory safety needs; model::check has to
/// prove the rest. All throw Error with file, line (byte in UBJSON) and path.
namespace emlc::formats {

/// A JSON object with a `learner` that has a `gradient_booster`: save_model("x.json").
bool is_xgboost_json(std::string_view content);
Reading read_xgboost_json(std::string_view content, std::string_view file, const Supplement& supplement);

/// The same document in UBJSON: save_model("x.ubj").
bool is_xgboost_ubj(std::string_view content);
Reading read_xgboost_ubj(std::string_view content, std::string_view file, const Supplement& supplement);

/// A JSON list of nested trees, dump_model("x.json", dump_format="json"). Needs both parts of the supplement.
bool is_xgboost_dump(std::string_view content);
Reading read_xgboost_dump(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
