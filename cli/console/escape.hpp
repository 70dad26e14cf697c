#pragma once

#include <string>
#include <string_view>

/// Text from a file, or the name of one, for where it goes. What is not UTF-8 becomes U+FFFD where the place asks for
/// UTF-8.
namespace emlc::cli {

/// As one line of Markdown, or a cell of a table, that shows it as it is.
std::string markdown_escaped(std::string_view text);

/// For XML or HTML, in an element or in an attribute. Control characters, which XML cannot hold, become blanks.
std::string xml_escaped(std::string_view text);

/// In single quotes, for a shell: nothing inside is special.
std::string in_quotes(std::string_view text);

/// As one word of a shell's command line, on one line; in quotes where it needs some.
std::string shell_word(std::string_view text);
/// The same for the path of a file: one that begins with `-` is neither an option nor a stream.
std::string shell_file(std::string_view path);

/// With control characters and bytes above 0x7e as \xNN, but for line ends: nothing that a terminal would obey.
std::string for_terminal(std::string_view text);

}  // namespace emlc::cli
