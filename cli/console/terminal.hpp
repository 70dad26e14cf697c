#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::cli {

enum class Colour { automatic, always, never };
enum class Verbosity { quiet, normal, verbose };

/// How the program talks to its user. Messages go to stderr; stdout belongs to the product.
struct Terminal {
  Colour colour = Colour::automatic;
  Verbosity verbosity = Verbosity::normal;
};

/// Colour in `automatic` is for a terminal only, and off when NO_COLOR is set or TERM is `dumb`; CLICOLOR_FORCE turns
/// it on.
bool uses_colour(const Terminal& terminal);

/// Writes to stderr. Where that is full or closed nothing happens: a run does not depend on who listens to its
/// messages. Takes no memory.
void say(std::string_view text) noexcept;

// Names and words of files may be part of `text`: it is shown as for_terminal() has it.
void error(const Terminal& terminal, std::string_view text);    ///< `emlc: error: text`
void warning(const Terminal& terminal, std::string_view text);  ///< `emlc: warning: text`, also when quiet
void note(const Terminal& terminal, std::string_view text);     ///< `text` and a line end, unless quiet
void heading(const Terminal& terminal, std::string_view text);  ///< `text` in bold, unless quiet

enum class Align { left, right };

/// Rows of cells in columns two blanks apart, every line behind `indent` blanks. `columns` aligns the first ones, the
/// rest is left; the last column is never padded. Bytes count as characters, so cells are ASCII.
std::string table(const std::vector<std::vector<std::string>>& rows, const std::vector<Align>& columns,
                  std::size_t indent = 2);

/// `1 split`, `12 splits`.
std::string count(std::size_t number, std::string_view noun);

}  // namespace emlc::cli
