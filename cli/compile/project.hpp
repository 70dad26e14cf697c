#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

constexpr const char* default_project = "emlc.json";

/// What `emlc fit --json` found for a model, as far as builds compare with it.
struct FitRecord {
  std::string file{};  ///< where it is written; empty: the model has none
  std::string version{}, model_sha256{};
  std::string sha256{};  ///< of what the chosen point's command made
  double flash = 0.0;    ///< bytes it had
};

/// A file that lists the models of a project (schema emlc.project/1, see docs/cli.md). Paths in it are relative to its
/// directory, here already joined with that.
struct Project {
  std::string file;
  std::string baseline;          ///< empty when it names none
  std::optional<Growth> growth;  ///< max_growth
  Measuring measuring{};         ///< for the targets of the jobs
  std::vector<Job> jobs{};
  std::vector<FitRecord> fits{};  ///< as many as jobs
};

/// Adds a warning to what a job of the project made, where that is no longer what its search found: the bytes are
/// others.
void compare_with_fit(const Project& project, const Job& job, Converted& converted);

/// Throws Error with file, line and field, also for options that convert would refuse.
Project read_project(const std::string& path);

/// Adds the title of a model and its output (Sizes::title), which comes from `file`. Throws Error when another model
/// has it already: headers of one name exclude each other, and a baseline has one entry for it.
void add_title(std::set<std::string>& titles, const std::string& title, const std::string& file);

}  // namespace emlc::cli
