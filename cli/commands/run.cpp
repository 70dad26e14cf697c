#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/commands/command.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/compile/told/spectra.hpp"
#include "cli/console/files.hpp"
#include "cli/trial/answers.hpp"
#include "cli/trial/recorded_inputs.hpp"
#include "cli/trial/score.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

struct RunOptions {
  ModelOptions model;
  std::string input_path;
  std::string output_path = std::string(standard_stream);
  Columns columns = Columns::both;
  std::string labels_path;  ///< empty when not given
  bool as_emitted = false;
  const Output* output = nullptr;  ///< --to
  CompileOptions compile;
  CompilerOptions compiler;
};

/// The answers of what convert would write with the same options.
std::vector<Answer> emitted_answers(const Source& source, const RunOptions& options, const Inputs& given) {
  const Output& output = options.output != nullptr ? *options.output : output_called("tmdl");
  check_header_options(output, options.compile);
  const Lowered lowered = lower(source, options.compile);
  // Features of a device that has them in integers are others.
  const Inputs inputs = lowered.signal ? recorded_inputs(options.input_path, *lowered.signal) : given;
  check_inputs(inputs, lowered.model, options.input_path);
  const layout::Artifact artifact = emit(source, lowered, output, options.compile, {});
  return output.run({.file = fmt::format("{} as {}", source.file, output.name),
                     .bytes = artifact.bytes,
                     .name = choose_name(source, options.compile),
                     .include_directories = options.compiler.include_directories,
                     .header_file = emit_config(source, lowered, output, options.compile, {}).header_file,
                     .source = artifact.beside},
                    lowered.model, inputs);
}

std::vector<Answer> find_answers(const Source& source, const RunOptions& options, const Inputs& inputs) {
  const bool is_raw = options.columns == Columns::raw;
  if (options.as_emitted && is_raw) {
    throw Error({.file = {}, .line = 0, .field = "--outputs"}, "raw is for the trained model, not for --as-emitted");
  }
  if (options.as_emitted) return emitted_answers(source, options, inputs);
  return is_raw ? raw_answers(source.model, inputs) : reference_answers(source.model, inputs);
}

/// What the filter of a document makes of answers about windows; empty where there is none.
std::vector<std::int32_t> decisions_about(const Source& source, std::span<const Answer> answers) {
  if (!source.decision) return {};
  std::vector<std::vector<double>> outputs;
  for (const Answer& answer : answers) outputs.push_back(answer.outputs);
  return signal::decisions_of(*source.decision, *source.signal, source.model, outputs);
}

void check_stdin(const RunOptions& options) {
  if (options.model.path != standard_stream || options.input_path != standard_stream) return;
  throw Error({.file = "-"}, "the model and its inputs cannot both be stdin");
}

/// How good the answers are, on stderr: stdout may have them.
void say_score(const model::Model& model, const RunOptions& options, std::span<const Answer> answers,
               const Terminal& terminal) {
  if (options.columns == Columns::raw) {
    throw Error({.file = {}, .line = 0, .field = "--labels"}, "are compared with answers, not with raw outputs");
  }
  const Labels labels = read_labels(options.labels_path, model, answers.size(), options.input_path);
  const Score score = score_of(model, labels, answers);
  const std::string_view who = options.as_emitted ? "on the device" : "trained";
  note(terminal, fmt::format("labels, {} of {}\n{}", count(answers.size(), "row"), options.input_path,
                             score_text(model, std::vector<NamedScore>{{std::string(who), score}})));
}

int run(const RunOptions& options, const Terminal& terminal) {
  check_stdin(options);
  check_paths(std::array{Written{"-o", options.output_path}},
              std::array{options.model.path, options.input_path, options.compile.data_path,
                         options.compile.data_labels_path, options.labels_path});
  const Source source = read_source(options.model);
  for (const std::string& text : source.warnings) warning(terminal, text);
  const Inputs inputs = read_rows(source, options.input_path);
  const std::vector<Answer> answers = find_answers(source, options, inputs);
  if (!options.labels_path.empty()) say_score(source.model, options, answers, terminal);
  const std::string csv = answers_csv(source.model, answers, options.columns, decisions_about(source, answers));
  write_files(std::vector<OutputFile>{{options.output_path, csv}});
  return 0;
}

}  // namespace

Action declare_run(CommandLine& line) {
  const auto options = std::make_shared<RunOptions>();
  add_model_options(line, options->model);
  constexpr const char* group = "Data";
  add_text(line, "-i,--input", options->input_path,
           "inputs as CSV or NPY: an example per row, for a filter a signal per column; - is stdin")
      ->takes("X")
      ->required()
      ->in(group);
  add_labels_option(line, options->labels_path, find_option(line, "--input"))->in(group);
  add_text(line, "-o,--output", options->output_path, "the CSV to write; default: stdout")->takes("Y")->in(group);
  add_choice(
      line, "--outputs", options->columns, "choice of columns",
      std::vector<Choice<Columns>>{
          {"labels", Columns::labels}, {"values", Columns::values}, {"both", Columns::both}, {"raw", Columns::raw}},
      "columns to write; raw: values before the post-transform; default: both where the model decides")
      ->in(group);
  Option* as_emitted = add_flag(line, "--as-emitted", options->as_emitted,
                                "run what convert would write with the options below, not the trained model");
  as_emitted->in(group);
  add_output_choice(line, options->output, "the output to run; default: tmdl")->needs(as_emitted)->in(group);
  for (Option* option : add_compile_options(line, options->compile)) option->needs(as_emitted);
  add_compiler_options(line, options->compiler);
  return [options](const Terminal& terminal) { return run(*options, terminal); };
}

}  // namespace emlc::cli
