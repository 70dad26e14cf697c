#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/compile/project.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/console/command_line.hpp"
#include "cli/console/files.hpp"
#include "cli/gate/formats.hpp"

namespace emlc::cli {

/// A file that tells what was found, and how.
struct FormatFile {
  const CheckFormat* format;
  std::string path;
};

struct CheckOptions {
  std::vector<std::string> models;  ///< empty: those of the project
  Job like;                         ///< what the models of the command line have in common
  std::string project = default_project;
  const Option* project_option = nullptr;
  std::string baseline;  ///< empty when not given
  std::optional<Growth> growth;
  bool update = false;
  TargetOptions targets;
  const CheckFormat* format = &all_check_formats().front();
  std::string output_path = std::string(standard_stream);
  std::vector<FormatFile> also;
  std::vector<const Option*> of_models;  ///< options that a project has an own place for
};

/// All that `emlc check` understands. The options have to outlive the line.
void add_check_options(CommandLine& line, CheckOptions& options);

}  // namespace emlc::cli
