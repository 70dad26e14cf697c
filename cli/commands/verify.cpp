#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/commands/artifact_origin.hpp"
#include "cli/commands/command.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/compile/told/distance.hpp"
#include "cli/compile/told/spectra.hpp"
#include "cli/console/escape.hpp"
#include "cli/console/files.hpp"
#include "cli/console/progress.hpp"
#include "cli/report/findings.hpp"
#include "cli/trial/comparison.hpp"
#include "cli/trial/proof.hpp"
#include "cli/trial/score.hpp"
#include "cli/trial/stream/stream_check.hpp"
#include "cli/trial/verify_inputs.hpp"
#include "codegen/model/error.hpp"
#include "formats/tmdl/c_array.hpp"

namespace emlc::cli {
namespace {

struct VerifyOptions {
  ModelOptions model;
  std::string artifact_path;
  const Output* output = nullptr;  ///< --to; nothing: what the name of the artifact means
  std::optional<std::string> input_path;
  std::string labels_path;  ///< empty when not given
  bool json = false;
  CompileOptions compile;
  CompilerOptions compiler;
};

bool is_approximate(const Lowered& lowered) {
  return std::any_of(lowered.reports.begin(), lowered.reports.end(),
                     [](const passes::PassReport& report) { return report.distance.has_value(); });
}

/// The artifact's answers to all sets, in order.
std::vector<Answer> artifact_answers(const Output& output, const WrittenFile& artifact, const model::Model& lowered,
                                     const std::vector<InputSet>& sets) {
  Inputs all;
  for (const InputSet& set : sets) all.insert(all.end(), set.inputs.begin(), set.inputs.end());
  return output.run(artifact, lowered, all);
}

/// The comparison of each set with `reference`.
std::vector<Comparison> compare_sets(const model::Model& reference, const std::vector<InputSet>& sets,
                                     std::span<const Answer> found) {
  std::vector<Comparison> comparisons;
  for (const InputSet& set : sets) {
    std::vector<Answer> expected = expected_answers(reference, set.inputs);
    if (set.whose == Whose::model) forbid_jumps(reference, expected);
    comparisons.push_back(compare(reference, expected, found.first(expected.size())));
    found = found.subspan(expected.size());
  }
  return comparisons;
}

/// What is to be proved.
struct Claimed {
  const Source& source;
  const Lowered& lowered;
  const model::Model& reference;
  const Origin& origin;
};

std::optional<Proof> prove(const Output& output, const WrittenFile& artifact, const Claimed& claimed,
                           const CompileOptions& options) {
  const model::Model& lowered = claimed.lowered.model;
  // Scalers are not part of the trees; without them on one side only the thresholds are other numbers.
  const model::Model& comparable = takes_inputs(claimed.reference) ? claimed.reference : lowered;
  if (output.reads_back == ReadsBack::yes) return cli::prove(artifact, comparable, predictor_input(lowered));
  c::EmitConfig config = emit_config(claimed.source, claimed.lowered, output, options, claimed.origin.given);
  config.name = artifact.name;
  const layout::Artifact expected = output.emit(lowered, config);
  if (!output.language) return prove_module(artifact, expected, claimed.origin.claim);
  return prove_header(artifact, {comparable, lowered, config, expected, claimed.origin.claim});
}

/// What does not hold, one line each.
std::vector<std::string> problems(const std::vector<InputSet>& sets, const std::vector<Comparison>& comparisons,
                                  const std::optional<Proof>& proof) {
  std::vector<std::string> found;
  for (std::size_t index = 0; index < sets.size(); ++index) {
    if (comparisons[index].first_problem.empty()) continue;
    found.push_back(fmt::format("{}: {}", sets[index].name, comparisons[index].first_problem));
  }
  if (proof && proof->verdict == model::Verdict::different) found.push_back(proof->text);
  return found;
}

/// An artifact with an arithmetic of its own is judged by its bytes; how far it is from the model is a measurement.
std::vector<std::string> problems_of_bytes(const WrittenFile& artifact, const layout::Artifact& expected) {
  if (formats::blob_in(artifact.bytes, artifact.file) == formats::blob_in(expected.bytes, artifact.file)) return {};
  return {"is not what convert writes with these options"};
}

/// How good the model and the artifact are by the labels of the inputs of the user, the second set; nothing without
/// any.
std::optional<report::LabelScores> label_scores(const model::Model& trained, const VerifyOptions& options,
                                                const std::vector<InputSet>& sets, std::span<const Answer> found) {
  if (options.labels_path.empty()) return std::nullopt;
  const InputSet& set = sets[1];
  if (set.n_left_out != 0) {
    throw Error({.file = options.labels_path},
                fmt::format("{} of {} are left out as the device cannot hold them, so labels have no rows",
                            set.n_left_out, *options.input_path));
  }
  const Labels labels = read_labels(options.labels_path, trained, set.inputs.size(), *options.input_path);
  return report::LabelScores{
      .file = *options.input_path,
      .trained = score_of(trained, labels, reference_answers(trained, set.inputs)),
      .device = score_of(trained, labels, found.subspan(sets[0].inputs.size(), set.inputs.size()))};
}

/// The file with its definitions, and how it was made.
struct Artifact {
  WrittenFile file;
  Origin origin;
};

Artifact read_artifact(const Output& output, const Source& source, VerifyOptions& options, CommandLine& line,
                       const Terminal& terminal) {
  Artifact artifact;
  artifact.file = {.file = options.artifact_path,
                   .bytes = read_file(options.artifact_path),
                   .name = {},
                   .include_directories = options.compiler.include_directories};
  const std::string given_source = options.compile.source_path;
  artifact.origin = take_over(artifact.file, output, source, options.compile, line, terminal);
  read_definitions(artifact.file, given_source, options.compile.source_path);
  return artifact;
}

/// Frames go through an artifact that takes them; one that is no header has features in float32.
void add_stream(report::Findings& found, const Artifact& artifact, const std::optional<std::string>& path,
                const Output& output) {
  const Source& source = found.source;
  const signal::Plan& plan = *plan_of(source, found.lowered);
  const std::vector<StreamInput> inputs = stream_inputs(path, plan, source.recordings);
  if (inputs.empty()) return;
  const model::NumberType type = output.language ? found.lowered.model.input.type : model::NumberType::float32;
  const StreamCheck stream = check_stream(artifact.file, {output.run, output.stream, type},
                                          {found.lowered.model, plan, source.decision}, inputs);
  found.stream = stream.text;
  if (!stream.problem.empty()) found.problems.push_back(stream.problem);
}

/// Runs the artifact, compares its answers and reads it back.
report::Findings findings(const Source& source, const Lowered& lowered, const Output& output, const Artifact& artifact,
                          const VerifyOptions& options, Progress& progress) {
  const bool changes = is_approximate(lowered);
  const Claimed claimed = {source, lowered, changes ? lowered.model : source.model, artifact.origin};
  const std::vector<InputSet> sets =
      verify_inputs(source.model, lowered.model, options.input_path, plan_of(source, lowered));
  progress.begin_step("running the artifact");
  const std::vector<Answer> answers = artifact_answers(output, artifact.file, lowered.model, sets);
  progress.begin_step("comparing");
  report::Findings found = {
      .source = source,
      .lowered = lowered,
      .artifact = artifact.file.file,
      .output = output.name,
      .sets = sets,
      .reference = {claimed.reference, compare_sets(claimed.reference, sets, answers)},
      .trained = changes ? std::optional(report::Compared{source.model, compare_sets(source.model, sets, answers)})
                         : std::nullopt};
  found.labels = label_scores(source.model, options, sets, answers);
  progress.begin_step("proving");
  found.proof = prove(output, artifact.file, claimed, options.compile);
  found.problems =
      has_own_arithmetic(output, lowered.model)
          ? problems_of_bytes(artifact.file, emit(source, lowered, output, options.compile, artifact.origin.given))
          : problems(sets, found.reference.comparisons, found.proof);
  if (source.signal && output.stream != nullptr) add_stream(found, artifact, options.input_path, output);
  return found;
}

int verify(VerifyOptions& options, CommandLine& line, const Terminal& terminal) {
  const Output& output = options.output != nullptr ? *options.output : output_of_file(options.artifact_path);
  if (output.language) options.compile.header_file = options.artifact_path;
  check_header_options(output, options.compile);
  Progress progress(terminal);
  progress.begin_step("reading");
  const Source source = read_source(options.model);
  progress.pause();
  const Artifact artifact = read_artifact(output, source, options, line, terminal);
  progress.begin_step("passes");
  const Lowered lowered = lower(source, options.compile);

  progress.begin_step("inputs");
  const report::Findings found = findings(source, lowered, output, artifact, options, progress);
  progress.pause();
  write_stdout(options.json ? report::findings_json(found) : for_terminal(report::findings_text(found)));
  for (const std::string& problem : found.problems) {
    error(terminal, fmt::format("{}: {}", artifact.file.file, problem));
  }
  return found.problems.empty() ? 0 : 1;
}

}  // namespace

Action declare_verify(CommandLine& line) {
  const auto options = std::make_shared<VerifyOptions>();
  add_model_options(line, options->model);
  constexpr const char* group = "Artifact";
  add_text(line, "ARTIFACT", options->artifact_path, "what convert wrote: .h, .hpp, .csv, .tmdl, .c or .py")
      ->required()
      ->in(group);
  add_output_choice(line, options->output, "what ARTIFACT is; default: by its extension")->in(group);
  const Option* input = add_text(line, "-i,--input", options->input_path, "more inputs to compare on, as CSV or NPY")
                            ->takes("X")
                            ->in(group);
  add_labels_option(line, options->labels_path, input)->in(group);
  add_flag(line, "--json", options->json, "what is found as JSON (schema emlc.verify/1)")->in(group);
  add_compile_options(line, options->compile);
  add_compiler_options(line, options->compiler);
  return [options, &line](const Terminal& terminal) { return verify(*options, line, terminal); };
}

}  // namespace emlc::cli
