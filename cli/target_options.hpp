#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/job.hpp"
#include "cli/progress.hpp"
#include "cli/project.hpp"
#include "cli/target_sizes.hpp"

namespace emlc::cli {

/// What the command line says of targets.
struct TargetOptions {
  std::vector<const Target*> targets;            ///< --target; empty: those of the project
  bool measure = false;                          ///< --measure
  std::vector<std::string> include_directories;  ///< --include
};
void add_target_options(CLI::App& app, TargetOptions& options, const std::string& group);

/// What the options say goes before what the project does. Throws Error when they ask for what no model has.
void choose_targets(Project& project, const TargetOptions& options);

/// What a converted header takes on each target of its job: measured if the project says so and the compiler is there,
/// else the estimate.
std::vector<TargetSizes> sizes_on_targets(const Project& project, const Job& job, const Converted& converted,
                                          Progress& progress);

}  // namespace emlc::cli
