#pragma once

#include <string_view>

#include "formats/reading.hpp"

namespace emlc::formats {

/// CatBoost's save_model(path, format="json"): an object with `features_info` and trees.
bool is_catboost_json(std::string_view content);

/// Oblivious, depthwise and lossguide trees over float features, see docs/formats.md. Guarantees what memory safety
/// needs; model::check has to prove the rest. Throws Error with file, line and path; categorical, text and embedding
/// features are refused by name.
Reading read_catboost_json(std::string_view content, std::string_view file, const Supplement& supplement);

/// CatBoost's save_model(path): `CBM1` and a FlatBuffer.
bool is_cbm(std::string_view content);
/// The same models in that form. Errors name the byte, or the path that the JSON form would have.
Reading read_cbm(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
