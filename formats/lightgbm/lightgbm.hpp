#pragma once

#include <string_view>

#include "formats/reading.hpp"

/// What LightGBM writes, 2.1 to 4.x, see docs/formats.md. Both guarantee what memory safety needs; model::check has to
/// prove the rest. Both throw Error with file, line and field.
namespace emlc::formats {

/// The text of save_model: a first line `tree`, then `key=value`.
bool is_lightgbm_text(std::string_view content);
Reading read_lightgbm_text(std::string_view content, std::string_view file, const Supplement& supplement);

/// The JSON of dump_model: an object with `tree_info`.
bool is_lightgbm_json(std::string_view content);
Reading read_lightgbm_json(std::string_view content, std::string_view file, const Supplement& supplement);

}  // namespace emlc::formats
