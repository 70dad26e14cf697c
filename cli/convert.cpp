#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/depfile.hpp"
#include "cli/dump.hpp"
#include "cli/files.hpp"
#include "cli/pipeline.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

struct ConvertOptions {
  ModelOptions model;
  CompileOptions compile;
  std::string output_path;
  const Output* output = nullptr;  ///< --to; nothing: what the name of the output means
  std::optional<std::size_t> max_flash, max_ram;
  std::string depfile;
  const passes::Pass* dump_after = nullptr;
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

/// No file that is read may be written, and nothing may be written twice.
void check_paths(const ConvertOptions& options) {
  for (const std::string& written : {options.output_path, options.depfile}) {
    for (const std::string& read : {options.model.path, options.compile.data_path}) {
      if (is_same_file(written, read)) throw Error({.file = written}, "this file is read and cannot be the output too");
    }
  }
  if (options.dump_after != nullptr && options.output_path == standard_stream) {
    throw Error({}, "--dump-after writes to stdout, so -o has to name a file");
  }
  if (options.depfile.empty()) return;
  if (options.output_path == standard_stream) throw Error({}, "--depfile needs -o FILE: a rule needs a target");
  if (options.depfile == options.output_path || is_same_file(options.depfile, options.output_path)) {
    throw Error({}, "--depfile and -o name the same file");
  }
}

bool fits(const Terminal& terminal, std::string_view what, std::size_t bytes, std::optional<std::size_t> limit,
          std::string_view flag) {
  if (!limit || bytes <= *limit) return true;
  error(terminal, fmt::format("{} is {} bytes, {} more than {} {} allows; nothing was written", what, bytes,
                              bytes - *limit, flag, *limit));
  return false;
}

std::vector<OutputFile> output_files(const ConvertOptions& options, std::string bytes) {
  std::vector<OutputFile> files;
  if (!options.depfile.empty()) {
    std::vector<std::string> read = {options.model.path};
    if (!options.compile.data_path.empty()) read.push_back(options.compile.data_path);
    files.push_back({options.depfile, depfile_rule(options.output_path, read)});
  }
  files.push_back({options.output_path, std::move(bytes)});
  return files;
}

void summarise(const Terminal& terminal, const Source& source, const Lowered& lowered, const Output& output,
               const ConvertOptions& options, const layout::Artifact& artifact) {
  for (const std::string& text : source.warnings) warning(terminal, text);
  for (const passes::PassReport& report : lowered.reports) {
    for (const std::string& text : report.result.warnings) warning(terminal, text);
  }
  for (const std::string& text : artifact.warnings) warning(terminal, text);
  heading(terminal, fmt::format("{} -> {} ({})", source.file, options.output_path, output.name));
  const std::string passes = pass_table(lowered.reports, terminal.verbosity);
  if (!passes.empty()) note(terminal, "passes\n" + passes);
  if (has_own_arithmetic(output, lowered.model)) {
    note(terminal, "TinyMaix's arithmetic, against the model as trained\n  " +
                       artifact_distance(source, lowered, output, artifact, options.compile) + "\n");
  }
  note(terminal, "bytes\n" + size_table(artifact));
  const std::string comparisons = comparison_text(lowered.model);
  if (!comparisons.empty()) note(terminal, "comparisons: " + comparisons);
}

/// The model after its passes; prints it on the way where --dump-after says.
Lowered lower_and_dump(const Source& source, const ConvertOptions& options) {
  bool has_run = false;
  Lowered lowered = lower(source, options.compile, [&](const passes::Pass& pass, const model::Model& model) {
    if (options.dump_after == nullptr || pass.name != options.dump_after->name) return;
    has_run = true;
    write_stdout(dump(model));
  });
  if (has_run || options.dump_after == nullptr) return lowered;
  throw Error({.file = {}, .line = 0, .field = "--dump-after"},
              fmt::format("the pass {} has nothing to do with this model and these options", options.dump_after->name));
}

int convert(const ConvertOptions& options, const std::string& given, const Terminal& terminal) {
  const Output& output = choose_output(options);
  check_paths(options);
  const Source source = read_source(options.model);
  const Lowered lowered = lower_and_dump(source, options);
  layout::Artifact artifact = emit(source, lowered, output, options.compile, given);
  summarise(terminal, source, lowered, output, options, artifact);
  const bool fits_flash = fits(terminal, "flash", layout::flash(artifact), options.max_flash, "--max-flash");
  const bool fits_ram = fits(terminal, "RAM", artifact.ram, options.max_ram, "--max-ram");
  if (!fits_flash || !fits_ram) return 1;
  write_files(output_files(options, std::move(artifact.bytes)));
  return 0;
}

}  // namespace

Action declare_convert(CLI::App& app) {
  const auto options = std::make_shared<ConvertOptions>();
  add_model_options(app, options->model);
  constexpr const char* group = "Output";
  app.add_option("-o,--output", options->output_path, "the file to write; - is stdout")
      ->type_name("OUT")
      ->required()
      ->group(group);
  add_output_choice(app, options->output, "what to write; default: by the extension of OUT")->group(group);
  add_bytes(app, "--max-flash", options->max_flash, "exit 1 and write nothing when it takes more flash")->group(group);
  add_bytes(app, "--max-ram", options->max_ram, "exit 1 and write nothing when it takes more RAM")->group(group);
  app.add_option("--depfile", options->depfile, "write the files that were read as a rule for make or ninja")
      ->type_name("FILE")
      ->group(group);
  std::vector<Choice<const passes::Pass*>> passes;
  for (const passes::Pass& pass : passes::all_passes()) passes.push_back({pass.name, &pass});
  add_choice(app, "--dump-after", options->dump_after, "pass", passes,
             "print the model after this pass on stdout (emlc list passes)")
      ->type_name("PASS")
      ->group(group);
  add_compile_options(app, options->compile);
  return [options, &app](const Terminal& terminal) { return convert(*options, given_compile_options(app), terminal); };
}

}  // namespace emlc::cli
