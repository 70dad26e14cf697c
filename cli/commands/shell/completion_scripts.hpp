#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/commands/shell/command_tree.hpp"

namespace emlc::cli {

/// A shell, and the script that makes it complete the command line of emlc.
struct Shell {
  std::string_view name;
  std::string (*script)(const CommandTree& tree);
};
std::span<const Shell> all_shells();

}  // namespace emlc::cli
