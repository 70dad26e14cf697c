#pragma once

#include <string>
#include <string_view>

namespace emlc::cli {

/// Text as one line of Markdown, or a cell of a table, that shows it as it is.
std::string markdown_escaped(std::string_view text);

/// Text for XML or HTML, in an element or in an attribute. Control characters, which XML cannot hold, become blanks.
std::string xml_escaped(std::string_view text);

}  // namespace emlc::cli
