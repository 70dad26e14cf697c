#include "cli/compile/convert_all.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

#include "cli/compile/fitting.hpp"
#include "cli/compile/job_sizes.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/project.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/compile/told/summarise.hpp"
#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

void check_paths(const Project& project) {
  std::vector<Written> written;
  std::vector<std::string> read = {project.file, project.baseline};
  for (const FitRecord& fit : project.fits) read.push_back(fit.file);
  for (const Job& job : project.jobs) {
    const std::vector<std::string> paths = artifact_paths(job);
    written.push_back({"output", paths[0]});
    if (paths.size() > 1) written.push_back({job.compile.source_path.empty() ? "output" : "source", paths[1]});
    read.insert(read.end(), {job.model.path, job.compile.data_path, job.compile.data_labels_path, job.scored_path,
                             job.labels_path});
  }
  check_paths(written, read);
}

}  // namespace

int convert_all(const std::string& path, const Terminal& terminal) {
  const Project project = read_project(path);
  check_paths(project);
  std::vector<OutputFile> files;
  std::set<std::string> titles;
  std::vector<ModelNote> notes;
  bool all_fit = true;
  Progress progress(terminal);
  for (std::size_t index = 0; index < project.jobs.size(); ++index) {
    const Job& job = project.jobs[index];
    progress.begin_task(job.model.path, index, project.jobs.size());
    Converted converted = convert(job, progress);
    compare_with_fit(project, job, converted);
    add_title(titles, title_of(job, converted.source), converted.source.file);
    const std::vector<TargetSizes> targets = sizes_on_targets(project.measuring, job, converted, progress);
    converted.targets = targets;
    for (TargetSizes& sizes : converted.targets) {  // said once for all models, see below
      const std::string problem = std::exchange(sizes.problem, {});
      if (!problem.empty()) notes.push_back({job.model.path, fmt::format("{}: {}", sizes.target, problem)});
    }
    summarise(terminal, job, converted);
    converted.targets = targets;
    const std::string subject = job.model.path + ": ";
    if (!fits(terminal, subject, job, converted)) {
      say_what_fits(terminal, subject, job, converted, project.measuring, progress);
      all_fit = false;
    }
    for (OutputFile& file : artifact_files(job, converted.artifact)) files.push_back(std::move(file));
  }
  say_notes(terminal, notes);
  if (!all_fit) return 1;
  write_files(files);
  return 0;
}

}  // namespace emlc::cli
