#pragma once

#include <string>
#include <string_view>

/// NaN, Infinity and -Infinity in JSON, which the parser does not know. A copy of the text has short texts of the same
/// length in their place, so that all places stay what they are; the byte in the document tells such a text from one
/// that is really there.
namespace emlc::formats::json {

/// False, and nothing in `masked`, when the text has no such number.
bool mask_non_finite(std::string_view text, std::string& masked);

/// The number whose place a text took.
double non_finite_value(std::string_view masked);

}  // namespace emlc::formats::json
