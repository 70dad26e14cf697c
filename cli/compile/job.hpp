#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/compile/pipeline.hpp"
#include "cli/console/files.hpp"
#include "cli/console/progress.hpp"
#include "cli/sizes/sizes.hpp"
#include "cli/sizes/target_sizes.hpp"
#include "cli/trial/score.hpp"

namespace emlc::cli {

/// One model and what to make of it: a line of a project, or the command line.
struct Job {
  ModelOptions model;
  CompileOptions compile;
  std::string given;               ///< the options as the banner records them, see given_compile_options()
  const Output* output = nullptr;  ///< what to write
  std::string output_path;         ///< where to; empty when nothing is written
  std::string labels_path{};       ///< --labels, empty when not given
  std::string scored_path{};       ///< the inputs that have these labels; empty: those of --data
  Budget budget;
  std::vector<const Target*> targets{};  ///< that the budget is for and check tells about; of headers only
};

/// How good the model is by the labels.
struct Scores {
  Score trained, device;
  std::string inputs{};  ///< what has the labels, in words
};

/// A model all the way to its artifact.
struct Converted {
  Source source;
  Lowered lowered;
  layout::Artifact artifact;
  std::optional<Scores> scores{};      ///< of a job with labels
  std::vector<TargetSizes> targets{};  ///< of the job, when somebody asked: see sizes_on_targets()
};
/// @param observer  is shown the model after each pass, as in lower()
Converted convert(const Job& job, Progress& progress, const passes::Observer& observer = {});

/// The paths of the files that the artifact is: one, or two.
std::vector<std::string> artifact_paths(const Job& job);
/// These files; takes the texts of the artifact.
std::vector<OutputFile> artifact_files(const Job& job, layout::Artifact& artifact);

/// The warnings of all stages, in order.
std::vector<std::string> warnings(const Converted& converted);

/// False, with an error message for each, when flash or RAM is over the job's budget: on each target, if there are any,
/// where a number that is not known is over it too. `subject` starts the message.
bool fits(const Terminal& terminal, const std::string& subject, const Job& job, const Converted& converted);

}  // namespace emlc::cli
