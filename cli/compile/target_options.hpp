#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/console/command_line.hpp"
#include "cli/console/progress.hpp"
#include "cli/sizes/target_sizes.hpp"

namespace emlc::cli {

/// How the sizes on a target are found.
struct Measuring {
  bool measure = false;                            ///< by its compiler, if that is there
  std::vector<std::string> include_directories{};  ///< with <emlc/...>, for headers that include it
};

/// --target, --measure and --include.
struct TargetOptions {
  std::vector<const Target*> targets;
  Measuring measuring;
};
void add_target_options(CommandLine& line, TargetOptions& options, const std::string& group);

/// Throws Error for options that mean nothing where no model has a target.
void check_target_options(const TargetOptions& options, bool has_targets);

/// What a converted header takes on each target of its job: measured or else the estimate.
std::vector<TargetSizes> sizes_on_targets(const Measuring& measuring, const Job& job, const Converted& converted,
                                          Progress& progress);

/// Something to know of one model.
struct ModelNote {
  std::string model;
  std::string text;
};
/// Warns of each, with the model's name; of what several models have in common once, without.
void say_notes(const Terminal& terminal, const std::vector<ModelNote>& notes);

}  // namespace emlc::cli
