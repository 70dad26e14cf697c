#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/compile/project.hpp"
#include "cli/console/terminal.hpp"
#include "cli/sizes/sizes.hpp"

/// What `emlc check` does with the entries of a baseline.
namespace emlc::cli {

/// Titles of recorded models that a project does not list any more; none for models of the command line.
std::vector<std::string> unused(const Project& project, std::span<const Sizes> before, std::span<const Sizes> now);

/// Sizes of now with the recorded ones of targets that were not looked at, as long as they are of the same model and
/// options. What has to go is named. `before` is nullptr for a model that was not recorded.
Sizes with_recorded_targets(const Sizes& now, const Sizes* before, const Terminal& terminal);

/// What the baseline says after --update: a project replaces it, models of the command line only their own entries.
std::vector<Sizes> updated(const Project& project, std::span<const Sizes> before, std::span<const Sizes> now);

}  // namespace emlc::cli
