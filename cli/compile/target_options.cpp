#include "cli/compile/target_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <map>
#include <utility>

#include "cli/compile/options.hpp"
#include "cli/console/words.hpp"
#include "cli/sizes/measured_sizes.hpp"
#include "cli/sizes/target_estimate.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// Why the numbers of a target that was to be measured are not.
std::string no_compiler(const Target& target, const Output& output, const TargetSizes& instead) {
  const std::string where = target.packages.empty() ? "" : fmt::format(" (Debian packages: {})", target.packages);
  return fmt::format("{}{} is not in PATH{}, {}", target.prefix, compiler_name(*output.language), where,
                     instead.problem.empty() ? "so this is an estimate" : "and " + instead.problem);
}

TargetSizes sizes_on(const Target& target, const Measuring& measuring, const Job& job, const Converted& converted) {
  if (measuring.measure) {
    const HeaderText header{
        .model = converted.lowered.model,
        .name = choose_name(converted.source, job.compile),
        .language = *job.output->language,
        .optimize = job.compile.optimize.value_or(c::Optimize::balanced),
        .text = converted.artifact.bytes,
        .header_file = emit_config(converted.source, converted.lowered, *job.output, job.compile, {}).header_file,
        .source = converted.artifact.beside};
    if (auto measured = measure_on(target, header, measuring.include_directories)) return std::move(*measured);
  }
  TargetSizes sizes = estimate_on(target, converted.artifact,
                                  {.model = converted.lowered.model,
                                   .optimize = job.compile.optimize.value_or(c::Optimize::balanced),
                                   .use_runtime = job.compile.use_runtime});
  sizes.is_fallback = measuring.measure;
  if (measuring.measure) sizes.problem = no_compiler(target, *job.output, sizes);
  return sizes;
}

}  // namespace

void add_target_options(CommandLine& line, TargetOptions& options, const std::string& group) {
  std::vector<std::string_view> names;
  for (const Target& target : all_targets()) names.push_back(target.name);
  add_parsed_list(
      line, "--target",
      [&options](const std::vector<std::string>& lists) {
        for (const std::string& list : lists) append_targets(options.targets, list);
      },
      "what headers take on this device too, and what --max-flash and --max-ram are for; several: A,B")
      ->takes(joined(names))
      ->in(group);
  add_flag(line, "--measure", options.measuring.measure,
           "compile for the targets; without a compiler, or this, they are estimated")
      ->in(group);
  add_texts(line, "--include", options.measuring.include_directories,
            "directory with <emlc/...>, to measure headers made with --use-runtime")
      ->takes("DIR")
      ->in(group);
}

void check_target_options(const TargetOptions& options, bool has_targets) {
  const auto refuse = [](const char* option, const std::string& problem) {
    throw Error({.file = {}, .line = 0, .field = option}, problem);
  };
  for (const std::string& directory : options.measuring.include_directories) {
    if (!std::filesystem::is_directory(directory)) {
      refuse("--include", fmt::format("there is no directory '{}'", printable(directory)));
    }
  }
  if (has_targets) return;
  if (!options.targets.empty())
    refuse("--target", "is for headers; a csv, a tmdl or a tmdl-c takes its own bytes on every device");
  if (options.measuring.measure) refuse("--measure", "needs --target NAME, or targets in the project");
}

void say_notes(const Terminal& terminal, const std::vector<ModelNote>& notes) {
  std::map<std::string, std::size_t> uses;
  for (const ModelNote& note : notes) ++uses[note.text];
  for (const ModelNote& note : notes) {
    const std::size_t n = std::exchange(uses[note.text], 0);
    if (n == 1) warning(terminal, fmt::format("{}: {}", note.model, note.text));
    if (n > 1) warning(terminal, note.text);
  }
}

std::vector<TargetSizes> sizes_on_targets(const Measuring& measuring, const Job& job, const Converted& converted,
                                          Progress& progress) {
  std::vector<TargetSizes> sizes;
  for (const Target* target : job.targets) {
    if (measuring.measure) progress.begin_step(fmt::format("compiling for {}", target->name));
    sizes.push_back(sizes_on(*target, measuring, job, converted));
  }
  progress.pause();
  return sizes;
}

}  // namespace emlc::cli
