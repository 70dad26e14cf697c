#pragma once

#include <string_view>

#include "formats/catboost/document.hpp"

namespace emlc::formats::catboost {

/// What a .cbm file has, as the JSON form of the same model would have it. Throws Error with the byte in the file for
/// what is not as CatBoost writes it.
Document read_cbm(std::string_view content, std::string_view file);

}  // namespace emlc::formats::catboost
