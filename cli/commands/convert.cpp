#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>

#include "cli/commands/command.hpp"
#include "cli/compile/convert_all.hpp"
#include "cli/compile/depfile.hpp"
#include "cli/compile/dump.hpp"
#include "cli/compile/fitting.hpp"
#include "cli/compile/job.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/project.hpp"
#include "cli/compile/size_report.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/compile/told/summarise.hpp"
#include "cli/console/files.hpp"
#include "cli/fit/hint.hpp"
#include "cli/report/report.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

struct ConvertOptions : Job {  ///< its output: --to; nothing: what the name of the output means
  std::string depfile;
  std::string size_report;
  const passes::Pass* dump_after = nullptr;
  std::string report, summary;  ///< paths, empty when not given
  bool all = false;
  std::string project = default_project;
  TargetOptions target_options;
};

const Output& choose_output(const ConvertOptions& options) {
  const bool is_stdout = options.output_path == standard_stream;
  if (is_stdout && options.output == nullptr) throw Error({}, "with -o - the output has to be named with --to");
  const Output& output = options.output != nullptr ? *options.output : output_of_file(options.output_path);
  if (is_stdout && output.content == Content::binary && isatty(STDOUT_FILENO) != 0) {
    throw Error({}, "a binary blob is not written to a terminal; give -o FILE or use a pipe");
  }
  return output;
}

/// No output is one of the files that are read: those of the options, and `companions` of the model.
void check_paths(const ConvertOptions& options, const Job& job, const std::vector<std::string>& companions = {}) {
  std::vector<std::string> read = {options.model.path, options.compile.data_path, options.compile.data_labels_path,
                                   options.compile.groups_path, options.labels_path};
  read.insert(read.end(), companions.begin(), companions.end());
  std::vector<Written> written;
  for (const std::string& path : artifact_paths(job)) {
    const bool is_source = !written.empty() && !options.compile.source_path.empty();
    written.push_back({is_source ? "--source" : "-o", path});
  }
  written.insert(written.end(), {{"--depfile", options.depfile},
                                 {"--size-report", options.size_report},
                                 {"--report", options.report},
                                 {"--summary", options.summary}});
  check_paths(written, read);
  if (options.output_path != standard_stream) return;
  if (options.dump_after != nullptr) throw Error({}, "--dump-after writes to stdout, so -o has to name a file");
  if (!options.depfile.empty()) throw Error({}, "--depfile needs -o FILE: a rule needs a target");
}

/// The files that the output was made of. A build tool may be in another directory: next to an absolute target they are
/// absolute too.
std::vector<std::string> prerequisites(const ConvertOptions& options, const Source& source) {
  const bool absolute = std::filesystem::path(options.output_path).is_absolute();
  std::vector<std::string> paths = {options.model.path, options.compile.data_path, options.compile.data_labels_path,
                                    options.compile.groups_path, options.labels_path};
  paths.insert(paths.end(), source.companions.begin(), source.companions.end());
  std::vector<std::string> read;
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    const bool is_file = path != standard_stream;
    read.push_back(absolute && is_file ? std::filesystem::absolute(path).string() : path);
  }
  return read;
}

/// What is written with the artifact: the depfile, the size report, the report.
std::vector<OutputFile> extra_files(const ConvertOptions& options, const Job& job, const Converted& converted,
                                    Progress& progress) {
  std::vector<OutputFile> files;
  if (!options.depfile.empty()) {
    files.push_back({options.depfile, depfile_rule(artifact_paths(job), prerequisites(options, converted.source))});
  }
  if (!options.size_report.empty()) {
    files.push_back({options.size_report, size_report(converted, *job.output, job.given)});
  }
  if (!options.summary.empty()) files.push_back({options.summary, report::summary(job, converted)});
  if (!options.report.empty()) {
    const report::Format& format = report::format_of_file(options.report);
    files.push_back({options.report, format.write(report::build(job, converted, options.report, progress))});
  }
  return files;
}

/// Prints the model on the way where --dump-after says.
Converted convert_and_dump(const Job& job, const passes::Pass* dump_after, Progress& progress) {
  bool has_run = false;
  Converted converted = convert(job, progress, [&](const passes::Pass& pass, const model::Model& model) {
    if (dump_after == nullptr || pass.name != dump_after->name) return;
    has_run = true;
    progress.pause();
    write_stdout(dump(model));
  });
  if (has_run || dump_after == nullptr) return converted;
  throw Error({.file = {}, .line = 0, .field = "--dump-after"},
              fmt::format("the pass {} has nothing to do with this model and these options", dump_after->name));
}

int convert(const ConvertOptions& options, const std::string& given, const Terminal& terminal) {
  if (options.all) return convert_all(options.project, terminal);
  Job job = options;
  job.output = &choose_output(options);
  job.given = given;
  job.compile.header_file = header_path(*job.output, options.output_path);
  if (job.output->language) job.targets = options.target_options.targets;
  check_target_options(options.target_options, !job.targets.empty());
  const Measuring& measuring = options.target_options.measuring;
  if (!measuring.include_directories.empty() && !measuring.measure) {
    throw Error({.file = {}, .line = 0, .field = "--include"}, "is for --measure");
  }
  check_paths(options, job);
  if (!options.report.empty()) static_cast<void>(report::format_of_file(options.report));  // refused before the work
  Progress progress(terminal);
  Converted converted = convert_and_dump(job, options.dump_after, progress);
  converted.targets = sizes_on_targets(options.target_options.measuring, job, converted, progress);
  summarise(terminal, job, converted);
  if (!fits(terminal, "", job, converted)) {
    say_what_fits(terminal, "", job, converted, measuring, progress);
    if (terminal.verbosity != Verbosity::quiet) {
      if (const auto found = fit::hint(job, converted, progress)) note(terminal, *found);
    }
    return 1;
  }
  check_paths(options, job, converted.source.companions);
  std::vector<OutputFile> files = extra_files(options, job, converted, progress);
  for (OutputFile& file : artifact_files(job, converted.artifact)) files.push_back(std::move(file));
  write_files(files);
  return 0;
}

/// --all takes the models, their outputs and their options from a project, so nothing of that may be given with it.
void add_project_options(CommandLine& line, ConvertOptions& options, const char* group) {
  std::vector<const Option*> own;
  for (const Option& option : line.options) {
    if (option.kind != OptionKind::help) own.push_back(&option);
  }
  Option* all = add_flag(line, "--all", options.all, "convert the models that a project lists")->in(group);
  all->replaced = own;
  add_text(line, "--project", options.project, "the file that lists them; default: emlc.json")
      ->takes("FILE")
      ->needs(all)
      ->in(group);
}

}  // namespace

Action declare_convert(CommandLine& line) {
  const auto options = std::make_shared<ConvertOptions>();
  add_model_options(line, options->model);
  constexpr const char* group = "Output";
  add_text(line, "-o,--output", options->output_path, "the file to write; - is stdout")
      ->takes("OUT")
      ->required()
      ->in(group);
  add_output_choice(line, options->output, "what to write; default: by the extension of OUT")->in(group);
  add_bytes(line, "--max-flash", options->budget.flash, "exit 1 and write nothing when it takes more flash")->in(group);
  add_bytes(line, "--max-ram", options->budget.ram, "exit 1 and write nothing when it takes more RAM")->in(group);
  add_text(line, "--depfile", options->depfile, "write the files that were read as a rule for make or ninja")
      ->takes("FILE")
      ->in(group);
  add_text(line, "--size-report", options->size_report, "write the bytes of each part as JSON; - is stdout")
      ->takes("FILE")
      ->in(group);
  std::vector<Choice<const passes::Pass*>> passes;
  for (const passes::Pass& pass : passes::all_passes()) passes.push_back({pass.name, &pass});
  add_choice(line, "--dump-after", options->dump_after, "pass", passes,
             "print the model after this pass on stdout (emlc list passes)")
      ->takes("PASS")
      ->in(group);
  add_text(line, "--report", options->report, "a page about the model and what it costs: .html, .md or .json")
      ->takes("FILE")
      ->in(group);
  add_text(line, "--summary", options->summary, "what is printed about the conversion, as JSON; - is stdout")
      ->takes("FILE")
      ->in(group);
  add_compile_options(line, options->compile);
  add_labels_option(line, options->labels_path, find_option(line, "--data"))->in(group);
  add_target_options(line, options->target_options, "Targets");
  add_project_options(line, *options, "Project");
  return
      [options, &line](const Terminal& terminal) { return convert(*options, given_compile_options(line), terminal); };
}

}  // namespace emlc::cli
