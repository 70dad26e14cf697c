#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include "cli/commands/check_baseline.hpp"
#include "cli/commands/check_options.hpp"
#include "cli/commands/command.hpp"
#include "cli/compile/fitting.hpp"
#include "cli/compile/job_sizes.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/project.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/console/files.hpp"
#include "cli/gate/baseline.hpp"
#include "cli/gate/formats.hpp"
#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

/// What is to be checked, from the command line or from a project.
Project jobs_of(const CheckOptions& options, const std::string& given) {
  if (options.models.empty()) {
    for (const Option* option : options.of_models) {
      if (!is_given(*option)) continue;
      throw Error({.file = {}, .line = 0, .field = option->name},
                  fmt::format("is for a MODEL of the command line; for a project it is in {}", options.project));
    }
    return read_project(options.project);
  }
  if (is_given(*options.project_option)) {
    throw Error({.file = {}, .line = 0, .field = "--project"}, "lists its own models; give it or a MODEL");
  }
  Project project{.file = {}, .baseline = {}, .growth = {}, .jobs = {}};
  for (const std::string& path : options.models) {
    project.jobs.push_back(options.like);
    project.jobs.back().model.path = path;
    project.jobs.back().given = given;
  }
  return project;
}

/// What the command line says of targets goes before what the project does.
void choose_targets(Project& project, const TargetOptions& options) {
  bool has_targets = false;
  for (Job& job : project.jobs) {
    if (!options.targets.empty() && job.output->language) job.targets = options.targets;
    has_targets = has_targets || !job.targets.empty();
  }
  if (!project.file.empty() && project.measuring.measure && !has_targets) {
    throw Error({.file = project.file, .line = 0, .field = "measure"}, "needs targets, and a header to measure");
  }
  check_target_options(options, has_targets);
  if (!options.measuring.include_directories.empty() && !options.measuring.measure && !project.measuring.measure) {
    throw Error({.file = {}, .line = 0, .field = "--include"}, "is for --measure");
  }
  if (options.measuring.measure) project.measuring.measure = true;
  if (!options.measuring.include_directories.empty()) {
    project.measuring.include_directories = options.measuring.include_directories;
  }
}

/// The file that Markdown is appended to; empty when there is none.
std::string summary_path(const CheckOptions& options) {
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  const bool has_markdown =
      options.format->name == "md" || std::any_of(options.also.begin(), options.also.end(),
                                                  [](const FormatFile& file) { return file.format->name == "md"; });
  return has_markdown && summary != nullptr ? summary : "";
}

/// Without --update a baseline is read only.
void check_paths(const CheckOptions& options, const Project& project, const std::string& baseline) {
  std::vector<Written> written = {{"-o", options.output_path}, {"GITHUB_STEP_SUMMARY", summary_path(options)}};
  std::vector<std::string> read = {project.file};
  for (const FitRecord& fit : project.fits) read.push_back(fit.file);
  for (const Job& job : project.jobs)
    read.insert(read.end(), {job.model.path, job.compile.data_path, job.compile.data_labels_path, job.scored_path,
                             job.labels_path});
  for (const FormatFile& file : options.also) written.push_back({"--also", file.path});
  if (options.update) {
    written.push_back({"--baseline", baseline});
  } else {
    read.push_back(baseline);
  }
  check_paths(written, read);
}

/// The models of the baseline; none when it is about to be made.
std::vector<Sizes> recorded(const CheckOptions& options, const std::string& baseline) {
  if (baseline.empty()) {
    if (options.update) throw Error({.file = {}, .line = 0, .field = "--update"}, "needs --baseline FILE to write to");
    return {};
  }
  if (options.update && !std::filesystem::exists(baseline)) return {};
  if (!std::filesystem::exists(baseline)) {
    throw std::system_error(ENOENT, std::generic_category(),
                            fmt::format("cannot read the baseline '{}', which --update writes", baseline));
  }
  return read_baseline(baseline);
}

/// Where there are several models, an error names the one that it is about.
Converted convert_one(const Project& project, const Job& job, Progress& progress) {
  try {
    return convert(job, progress);
  } catch (const Error& refused) {
    const std::string_view problem = refused.what();
    if (project.jobs.size() == 1 || problem.starts_with(job.model.path)) throw;
    throw Error({.file = job.model.path}, problem);
  }
}

/// What a model is compared with.
struct Reference {
  std::vector<Sizes> before;
  std::optional<Growth> growth;
};

ModelCheck check_job(const Project& project, const Job& job, const Reference& reference, Progress& progress,
                     const Terminal& terminal) {
  Converted converted = convert_one(project, job, progress);
  compare_with_fit(project, job, converted);
  for (const std::string& text : warnings(converted)) warning(terminal, text);
  converted.targets = sizes_on_targets(project.measuring, job, converted, progress);
  Sizes sizes = sizes_of(job, converted);
  sizes.targets = converted.targets;
  const Sizes* before = find_entry(reference.before, sizes);
  ModelCheck model = check_model(job.model.path, sizes, before, job.budget, reference.growth);
  if (terminal.verbosity != Verbosity::quiet) {
    model.fitting = options_that_fit(job, converted, project.measuring, progress);
  }
  return model;
}

void write_result(const CheckOptions& options, const CheckResult& result) {
  std::vector<OutputFile> files = {{options.output_path, options.format->write(result)}};
  for (const FormatFile& file : options.also) files.push_back({file.path, file.format->write(result)});
  write_files(files);
  const std::string summary = summary_path(options);
  if (!summary.empty()) append_to_file(summary, check_markdown(result));
}

std::vector<ModelNote> notes_of(const CheckResult& result) {
  std::vector<ModelNote> notes;
  for (const ModelCheck& model : result.models) {
    for (const std::string& note : model.notes) notes.push_back({model.now.title(), note});
  }
  return notes;
}

void say_exceeded(const Terminal& terminal, const CheckResult& result) {
  for (const ModelCheck& model : result.models) {
    for (const Message& message : messages(model)) {
      if (message.keeps != Keeps::yes) error(terminal, fmt::format("{}: {}", model.now.title(), message.text));
    }
    for (const std::string& option : model.fitting) {
      note(terminal, fmt::format("{}: would fit: {}", model.now.title(), option));
    }
  }
}

int check(const CheckOptions& options, const std::string& given, const Terminal& terminal) {
  Project project = jobs_of(options, given);
  choose_targets(project, options.targets);
  const std::string baseline = options.baseline.empty() ? project.baseline : options.baseline;
  check_paths(options, project, baseline);
  Reference reference{recorded(options, baseline), options.growth ? options.growth : project.growth};
  if (reference.growth && baseline.empty()) {
    throw Error({.file = options.growth ? "" : project.file, .field = options.growth ? "--max-growth" : "max_growth"},
                "needs a baseline to compare with");
  }
  if (options.update) reference.growth.reset();  // it accepts the growth, budgets stay

  std::vector<Sizes> now;
  std::set<std::string> titles;
  CheckResult result;
  Progress progress(terminal);
  for (const Job& job : project.jobs) {
    progress.begin_task(job.model.path, now.size(), project.jobs.size());
    result.models.push_back(check_job(project, job, reference, progress, terminal));
    now.push_back(result.models.back().now);
    add_title(titles, now.back().title(), job.model.path);
  }
  result.unused = unused(project, reference.before, now);
  write_result(options, result);
  say_notes(terminal, notes_of(result));
  say_exceeded(terminal, result);
  if (is_exceeded(result)) return 1;
  if (!options.update) return 0;
  for (Sizes& sizes : now) sizes = with_recorded_targets(sizes, find_entry(reference.before, sizes), terminal);
  write_files(std::vector<OutputFile>{{baseline, baseline_text(updated(project, reference.before, now))}});
  return 0;
}

}  // namespace

Action declare_check(CommandLine& line) {
  const auto options = std::make_shared<CheckOptions>();
  add_check_options(line, *options);
  return [options, &line](const Terminal& terminal) { return check(*options, given_compile_options(line), terminal); };
}

}  // namespace emlc::cli
