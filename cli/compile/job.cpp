#include "cli/compile/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/compile/leaf_costs.hpp"
#include "cli/gate/targets.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/c/trees/trees.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {
namespace {

bool is_within(const Terminal& terminal, const std::string& what, std::size_t bytes, std::optional<std::size_t> limit,
               std::string_view flag) {
  if (!limit || bytes <= *limit) return true;
  error(terminal, fmt::format("{} is {} bytes, {} more than {} {} allows; nothing was written", what, bytes,
                              bytes - *limit, flag, *limit));
  return false;
}

/// A number of bytes on a target, which may not be known, or not all of it.
struct TargetBytes {
  const TargetSizes& target;
  std::string what;
  std::optional<std::size_t> bytes;
  bool may_be_more = false;
};

bool is_within(const Terminal& terminal, const TargetBytes& number, std::optional<std::size_t> limit,
               std::string_view flag) {
  const TargetSizes& target = number.target;
  const std::string source = target.source == SizeSource::none ? "" : fmt::format(" ({})", label(target));
  const std::string subject = fmt::format("{} on {}{}", number.what, target.target, source);
  if (!limit) return true;
  if (number.bytes && (!number.may_be_more || *number.bytes > *limit)) {
    return is_within(terminal, subject, *number.bytes, limit, flag);
  }
  const std::string known = number.bytes ? fmt::format("at least {} bytes", *number.bytes) : "not known";
  error(terminal, fmt::format("{} is {}, so {} {} is not checked: {}; nothing was written", subject, known, flag,
                              *limit, target.problem));
  return false;
}

/// The place of a pass in the order of all.
std::size_t index_of(const passes::Pass& pass) { return static_cast<std::size_t>(&pass - passes::all_passes().data()); }

/// The step of the next pass from place `first` on that has something to do.
void begin_pass(Progress& progress, const model::Model& model, const passes::PassConfig& config, std::size_t first) {
  for (const passes::Pass& pass : passes::all_passes().subspan(first)) {
    if (passes::is_wanted(pass, model, config)) return progress.begin_step(std::string(pass.name));
  }
}

bool is_csv(const Output& output) { return output.name == "csv"; }
bool is_blob(const Output& output) { return output.run == run_tmdl; }
bool is_module(const Output& output) { return output.run == run_py; }

void check_arithmetic(const Output& output, model::Arithmetic arithmetic) {
  if (arithmetic == model::Arithmetic::float32) return;
  if (is_csv(output) && arithmetic != model::Arithmetic::q15_cmsis) {
    throw Error({.field = "--arithmetic"}, "a CSV holds filters in float, or with q15-cmsis those of emlearn_iir_q15");
  }
  if (is_module(output) && model::info(arithmetic).sample_bits != 16) {
    throw Error({.field = "--arithmetic"},
                "a MicroPython module holds filters of 16-bit samples; use q15 or q15-cmsis");
  }
}

void check_weights(const Output& output, std::optional<model::IntegerWidth> weights) {
  if (!weights) return;
  if (is_csv(output)) throw Error({.field = "--weights"}, "a CSV holds float networks only; write a header or a .tmdl");
  if (is_module(output) && *weights == model::IntegerWidth::bits16) {
    throw Error({.field = "--weights"}, "a MicroPython module holds networks in int8 only; use int8");
  }
  if (is_blob(output) && *weights == model::IntegerWidth::bits16) {
    throw Error({.field = "--weights"}, "int16 networks are not in the .tmdl format that TinyMaix runs; use int8");
  }
}

/// What the output cannot hold is refused before the passes look for a way to make it, with the words of its writer:
/// what they say would do has to be something that the output takes.
void check_output(const Output& output, const model::Model& model, const passes::PassConfig& config) {
  switch (kind(model)) {
    case model::Kind::sos:
      return check_arithmetic(output, config.arithmetic);
    case model::Kind::dense:
      return check_weights(output, config.weights);
    case model::Kind::trees:
    case model::Kind::scaler:
    case model::Kind::combine:
      return;
  }
}

/// Where devices say infinity, as far as the test vectors tell: exp and squares leave float32 soon.
std::optional<std::string> warning_beyond_float32(const model::Model& trained) {
  const double largest = model::info(model::NumberType::float32).highest;
  const auto is_beyond = [&](const std::vector<double>& x) {
    const std::vector<double> outputs = model::predict(trained, x);
    return std::any_of(outputs.begin(), outputs.end(), [&](double value) { return std::abs(value) > largest; });
  };
  const auto& vectors = trained.test_vectors.inputs;
  const auto n_beyond = static_cast<std::size_t>(std::count_if(vectors.begin(), vectors.end(), is_beyond));
  if (n_beyond == 0) return std::nullopt;
  return fmt::format("{} of {} has an output beyond float32: devices say infinity", n_beyond,
                     count(vectors.size(), "test vector"));
}

/// Nothing for a job without labels.
std::optional<Scores> scores_of(const Job& job, const Converted& converted) {
  if (job.labels_path.empty()) return std::nullopt;
  const model::Model& trained = converted.source.model;
  const bool is_data = job.scored_path.empty();
  const std::string& path = is_data ? job.compile.data_path : job.scored_path;
  Inputs inputs = is_data && !job.compile.split_seed ? converted.lowered.data : read_rows(converted.source, path);
  Scores scores{.trained = {}, .device = {}, .inputs = is_data ? "--data" : job.scored_path};
  Labels labels = read_labels(job.labels_path, trained, inputs.size(), scores.inputs);
  if (is_data && job.compile.split_seed) {  // what passes have seen says too little
    const RowSplit split = split_of(job.compile, inputs.size());
    inputs = rows_at(inputs, split.validation);
    labels = labels_at(labels, split.validation);
    scores.inputs = "--data that no pass has seen";
  }
  scores.trained = score_of(trained, labels, reference_answers(trained, inputs));
  scores.device = score_of(trained, labels, reference_answers(converted.lowered.model, inputs));
  return scores;
}

/// True when the decision about x, or the answer where there is none, is another one with the features in float32.
bool changes_in_float32(const model::Model& trained, const std::vector<double>& x) {
  std::vector<double> rounded = x;
  for (double& value : rounded) value = model::round_to(model::NumberType::float32, value);
  const std::vector<double> before = model::predict(trained, x), after = model::predict(trained, rounded);
  if (trained.output.rule == model::DecisionRule::none) return before != after;
  return model::decide(trained.output, before) != model::decide(trained.output, after);
}

/// What a float32 in the place of a float64 feature changes, as far as the data tells.
std::optional<std::string> warning_of_rounded_features(const Converted& converted, const Output& output) {
  const model::Model& trained = converted.source.model;
  // Networks and scalers compute in float32 anyway, which is near enough; a threshold has two sides.
  const bool is_rounded = trained.input.type == model::NumberType::float64 &&
                          converted.lowered.model.input.type == model::NumberType::float32 &&
                          std::holds_alternative<model::TreeEnsemble>(trained.predictor);
  if (!is_rounded) return std::nullopt;
  const bool has_data = !converted.lowered.data.empty();
  const Inputs& rows = has_data ? converted.lowered.data : trained.test_vectors.inputs;
  const auto n_changed = std::count_if(rows.begin(), rows.end(),
                                       [&](const std::vector<double>& x) { return changes_in_float32(trained, x); });
  if (n_changed == 0) return std::nullopt;
  return fmt::format("rounding the features from float64 to float32 changes the {} of {} of {} ({:.2g} %); {}",
                     trained.output.rule == model::DecisionRule::none ? "answers" : "decisions", n_changed,
                     count(rows.size(), has_data ? "row" : "test vector"),
                     100.0 * static_cast<double>(n_changed) / static_cast<double>(rows.size()),
                     output.language ? "--features double keeps them" : "a header with --features double keeps them");
}

}  // namespace

Converted convert(const Job& job, Progress& progress, const passes::Observer& observer) {
  check_header_options(*job.output, job.compile);
  progress.begin_step("reading");
  Converted converted{.source = read_source(job.model), .lowered = {}, .artifact = {}};
  CompileOptions options = job.compile;
  check_output(*job.output, converted.source.model, options.passes);
  options.passes.watch = [&progress](double share) { progress.advance(share); };
  begin_pass(progress, converted.source.model, options.passes, 0);
  converted.lowered = lower(converted.source, options, [&](const passes::Pass& pass, const model::Model& model) {
    if (observer) observer(pass, model);
    begin_pass(progress, model, options.passes, index_of(pass) + 1);
  });
  progress.begin_step("emitting");
  converted.artifact = emit(converted.source, converted.lowered, *job.output, job.compile, job.given);
  if (auto beyond = warning_beyond_float32(converted.source.model)) {
    converted.artifact.warnings.push_back(std::move(*beyond));
  }
  if (auto rounded = warning_of_rounded_features(converted, *job.output)) {
    converted.artifact.warnings.push_back(std::move(*rounded));
  }
  if (auto costly = warning_of_costly_leaves(job, converted)) converted.artifact.warnings.push_back(std::move(*costly));
  converted.scores = scores_of(job, converted);
  progress.pause();
  return converted;
}

std::vector<std::string> artifact_paths(const Job& job) {
  std::vector<std::string> paths = {job.output_path};
  if (!job.output->header_extension.empty()) paths.push_back(header_path(*job.output, job.output_path));
  if (!job.compile.source_path.empty()) paths.push_back(job.compile.source_path);
  return paths;
}

std::vector<OutputFile> artifact_files(const Job& job, layout::Artifact& artifact) {
  const std::vector<std::string> paths = artifact_paths(job);
  std::vector<OutputFile> files;
  files.push_back({paths[0], std::move(artifact.bytes)});
  if (paths.size() > 1) files.push_back({paths[1], std::move(artifact.beside)});
  return files;
}

std::vector<std::string> warnings(const Converted& converted) {
  std::vector<std::string> all = converted.source.warnings;
  for (const passes::PassReport& report : converted.lowered.reports) {
    all.insert(all.end(), report.result.warnings.begin(), report.result.warnings.end());
  }
  all.insert(all.end(), converted.artifact.warnings.begin(), converted.artifact.warnings.end());
  return all;
}

bool fits(const Terminal& terminal, const std::string& subject, const Job& job, const Converted& converted) {
  const Budget& budget = job.budget;
  bool all_fit = true;
  for (const TargetSizes& sizes : converted.targets) {
    const TargetBytes flash_bytes = {sizes, subject + "flash", sizes.flash, sizes.is_incomplete};
    const bool flash = is_within(terminal, flash_bytes, budget.flash, "--max-flash");
    const bool ram = is_within(terminal, {sizes, subject + "RAM", sizes.ram}, budget.ram, "--max-ram");
    all_fit = all_fit && flash && ram;
  }
  if (!converted.targets.empty()) return all_fit;
  const std::size_t bytes = layout::flash(converted.artifact);
  const bool flash = is_within(terminal, subject + "flash", bytes, budget.flash, "--max-flash");
  const bool ram = is_within(terminal, subject + "RAM", converted.artifact.ram, budget.ram, "--max-ram");
  return flash && ram;
}

}  // namespace emlc::cli
