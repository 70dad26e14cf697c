#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/commands/artifact_origin.hpp"
#include "cli/commands/command.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/console/escape.hpp"
#include "cli/console/files.hpp"
#include "cli/console/progress.hpp"
#include "cli/trial/comparison.hpp"
#include "cli/trial/proof.hpp"
#include "cli/trial/score.hpp"
#include "cli/trial/stream_check.hpp"
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
    const std::vector<Answer> expected = expected_answers(reference, set.inputs);
    comparisons.push_back(compare(reference, expected, found.first(expected.size())));
    found = found.subspan(expected.size());
  }
  return comparisons;
}

std::string remarks(const model::Model& model, const InputSet& set, const Comparison& comparison) {
  std::vector<std::string> texts;
  if (!set.origin.empty()) texts.push_back(set.origin);
  if (comparison.n_ties != 0) texts.push_back(count(comparison.n_ties, "tie") + " decided otherwise");
  if (set.n_left_out != 0) {
    texts.push_back(
        fmt::format("{} left out, {} cannot hold them", set.n_left_out, model::info(model.input.type).name));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string comparison_table(const model::Model& model, const std::vector<InputSet>& sets,
                             const std::vector<Comparison>& comparisons) {
  const bool decides = model.output.rule != model::DecisionRule::none;
  std::vector<std::vector<std::string>> rows = {{"inputs", "tried"}};
  if (decides) rows[0].emplace_back("same decision");
  rows[0].emplace_back("largest difference");
  for (std::size_t index = 0; index < sets.size(); ++index) {
    const Comparison& comparison = comparisons[index];
    rows.push_back({sets[index].name, fmt::to_string(comparison.n_inputs)});
    if (decides) rows.back().push_back(fmt::to_string(comparison.n_same_decision));
    rows.back().push_back(fmt::format("{:.3g}", comparison.largest_difference));
    rows.back().push_back(remarks(model, sets[index], comparison));
  }
  return table(rows, {Align::left, Align::right, Align::right, Align::right});
}

/// What the approximate passes changed; nothing fails because of it.
std::string trained_table(const model::Model& trained, const std::vector<InputSet>& sets,
                          const std::vector<Answer>& found) {
  return "against the model as trained\n" + comparison_table(trained, sets, compare_sets(trained, sets, found));
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

std::string leaves_text(const model::Model& lowered, const std::vector<InputSet>& sets) {
  const std::optional<ReachedLeaves> leaves = reached_leaves(lowered, sets);
  return leaves ? fmt::format("leaves reached: {} of {}\n", leaves->n_reached, leaves->n_leaves) : "";
}

/// How good the model and the artifact are by the labels of the inputs of the user, the second set; empty without any.
std::string labels_text(const model::Model& trained, const VerifyOptions& options, const std::vector<InputSet>& sets,
                        std::span<const Answer> found) {
  if (options.labels_path.empty()) return "";
  const InputSet& set = sets[1];
  if (set.n_left_out != 0) {
    throw Error({.file = options.labels_path},
                fmt::format("{} of {} are left out as the device cannot hold them, so labels have no rows",
                            set.n_left_out, *options.input_path));
  }
  const Labels labels = read_labels(options.labels_path, trained, set.inputs.size(), *options.input_path);
  const Score own = score_of(trained, labels, reference_answers(trained, set.inputs));
  const Score device = score_of(trained, labels, found.subspan(sets[0].inputs.size(), set.inputs.size()));
  return fmt::format("labels of {}\n{}", *options.input_path,
                     score_text(trained, std::vector<NamedScore>{{"trained", own}, {"on the device", device}}));
}

std::string heading(const WrittenFile& artifact, const Output& output, const Claimed& claimed) {
  return fmt::format("{} ({}) against {}{}\n", artifact.file, output.name, claimed.source.file,
                     is_approximate(claimed.lowered) ? " after its approximate passes" : "");
}

/// What stands below the comparison: the model as trained, labels, leaves; each where there is something to say.
std::string details(const Claimed& claimed, const VerifyOptions& options, const std::vector<InputSet>& sets,
                    const std::vector<Answer>& found) {
  const model::Model& trained = claimed.source.model;
  return (is_approximate(claimed.lowered) ? trained_table(trained, sets, found) : "") +
         labels_text(trained, options, sets, found) + leaves_text(claimed.lowered.model, sets);
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

  const Claimed claimed = {source, lowered, is_approximate(lowered) ? lowered.model : source.model, artifact.origin};
  progress.begin_step("inputs");
  const std::vector<InputSet> sets = verify_inputs(source.model, lowered.model, options.input_path, source.signal ? &*source.signal : nullptr);
  progress.begin_step("running the artifact");
  const std::vector<Answer> found = artifact_answers(output, artifact.file, lowered.model, sets);
  StreamCheck stream;
  if (source.signal && options.input_path && output.language) {
    stream = check_stream(artifact.file, *output.language, lowered.model, *source.signal, *options.input_path);
  }
  progress.begin_step("comparing");
  const std::vector<Comparison> comparisons = compare_sets(claimed.reference, sets, found);
  progress.begin_step("proving");
  const std::optional<Proof> proof = prove(output, artifact.file, claimed, options.compile);
  const std::string text = heading(artifact.file, output, claimed) +
                           comparison_table(claimed.reference, sets, comparisons) +
                           details(claimed, options, sets, found) + (stream.text.empty() ? "" : stream.text + "\n") +
                           (proof ? proof_text(*proof) + "\n" : "");
  progress.pause();
  std::vector<std::string> wrong =
      has_own_arithmetic(output, lowered.model)
          ? problems_of_bytes(artifact.file, emit(source, lowered, output, options.compile, artifact.origin.given))
          : problems(sets, comparisons, proof);
  if (!stream.problem.empty()) wrong.push_back(stream.problem);
  write_stdout(for_terminal(text + (wrong.empty() ? "faithful\n" : "not faithful\n")));
  for (const std::string& problem : wrong) error(terminal, fmt::format("{}: {}", artifact.file.file, problem));
  return wrong.empty() ? 0 : 1;
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
  add_compile_options(line, options->compile);
  add_compiler_options(line, options->compiler);
  return [options, &line](const Terminal& terminal) { return verify(*options, line, terminal); };
}

}  // namespace emlc::cli
