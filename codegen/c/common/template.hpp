#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace emlc::c {

using TemplateValue = std::pair<std::string_view, std::string>;  ///< key, value
using TemplateValues = std::span<const TemplateValue>;

/// The template with every `@key@` replaced by its value. A placeholder without a value and a value without a
/// placeholder are both a std::logic_error; templates hold no loops and no conditions.
/// A placeholder that stands alone on its line takes the line with it when its value is empty.
std::string fill(std::string_view text, TemplateValues values);

/// Tells headers of one name apart, as a literal: 32 bits (FNV-1a) of all that fills the template. Two headers agree in
/// it by a chance of 1 in 2^32.
std::string number_of(TemplateValues values);

}  // namespace emlc::c
