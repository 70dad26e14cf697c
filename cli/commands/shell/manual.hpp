#pragma once

#include <string>

#include "cli/commands/shell/command_tree.hpp"

namespace emlc::cli {

/// The page that `man emlc` shows, in roff.
std::string manual_page(const CommandTree& tree);

}  // namespace emlc::cli
