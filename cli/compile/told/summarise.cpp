#include "cli/compile/told/summarise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/compile/told/distance.hpp"
#include "cli/gate/targets.hpp"
#include "cli/trial/score.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/c/trees/trees.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/comparisons.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {
namespace {

/// Whose code the part of the estimate is, and what it is elsewhere: `Cortex-M0+; 1290 Cortex-M4, 1620 ATmega328P`.
std::string targets_text(const std::vector<layout::CodeEstimate>& estimates) {
  std::string text;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    if (i > 0) text += fmt::format("{} {} ", i == 1 ? ";" : ",", estimates[i].bytes);
    text += estimates[i].target;
  }
  return text;
}

/// One line per pass that changed something, or per pass when verbose: its name, whether it is exact, what it changed
/// and how far that is from the model before it, then its notes. When verbose also the time it took.
std::string pass_table(const Lowered& lowered, Verbosity verbosity) {
  const bool is_verbose = verbosity == Verbosity::verbose;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t index = 0; index < lowered.reports.size(); ++index) {
    const passes::PassReport& report = lowered.reports[index];
    if (report.result.changes == 0 && !is_verbose) continue;
    rows.push_back(
        {std::string(report.pass), report.distance ? "approximate" : "exact", count(report.result.changes, "change")});
    if (is_verbose) rows.back().push_back(fmt::format("{:.1f} ms", 1e3 * lowered.seconds[index]));
    rows.back().push_back(report.distance ? describe(*report.distance, lowered.model.output) : "");
  }
  std::string text = table(rows, {});
  for (const passes::PassReport& report : lowered.reports) {
    for (const std::string& found : report.result.notes) text += fmt::format("  {}\n", found);
  }
  return text;
}

/// How many comparisons an input takes in all trees, on average over the test vectors; empty for other models.
std::string comparison_text(const model::Model& model) {
  const auto comparisons = model::count_comparisons(model, model.test_vectors.inputs);
  if (!comparisons) return "";
  const std::string worst = fmt::format("{} at worst", comparisons->worst);
  return comparisons->mean ? fmt::format("{:.1f} on average, {}", *comparisons->mean, worst) : worst;
}

/// Bytes of each part, of all, and RAM.
std::string size_table(const layout::Artifact& artifact) {
  std::vector<std::vector<std::string>> rows;
  for (const layout::Part& part : artifact.parts) {
    const bool is_code = part.name == c::code_part;
    rows.push_back({part.name, fmt::to_string(part.bytes), is_code ? targets_text(artifact.code_estimates) : ""});
  }
  rows.push_back({"total flash", fmt::to_string(layout::flash(artifact))});
  rows.push_back({"RAM", fmt::to_string(artifact.ram)});
  return table(rows, {Align::left, Align::right});
}

std::string target_table(const std::vector<TargetSizes>& targets) {
  std::vector<std::vector<std::string>> rows = {{"", "flash", "RAM", "stack", ""}};
  const auto cell = [](std::optional<std::size_t> bytes) { return bytes ? fmt::to_string(*bytes) : std::string("-"); };
  for (const TargetSizes& sizes : targets) {
    const std::string_view source = sizes.source == SizeSource::none ? "not known" : label(sizes);
    const std::string without = library_remark(sizes.library_functions);
    rows.push_back({sizes.target, cell(sizes.flash), cell(sizes.ram), cell(sizes.stack),
                    fmt::format("{}{}{}", source, without.empty() ? "" : "; stack ", without)});
  }
  return table(rows, {Align::left, Align::right, Align::right, Align::right});
}

/// May outputs that are off by `error` before the post-transform decide otherwise? Of several, where the best two are
/// closer than twice that.
bool is_undecided(const model::Model& model, const model::TreeEnsemble& ensemble, const std::vector<double>& x,
                  double error) {
  std::vector<double> raw = model::predict_raw(model, x);
  if (raw.size() > 1) {
    std::nth_element(raw.begin(), raw.begin() + 1, raw.end(), std::greater<>());
    return raw[0] - raw[1] < 2.0 * error;
  }
  const auto decision = [&](double output) {
    model::apply_post_transform(ensemble.post_transform, std::span(&output, 1));
    return model::decide(model.output, std::span(&output, 1));
  };
  return decision(raw.front() - error) != decision(raw.front() + error);
}

/// How far the sums of a header's leaves may be off, what float32 would do, and at how many rows (of --data or the test
/// vectors) that may change the decision; empty where sums do not round.
std::string sum_text(const Lowered& lowered) {
  const model::Model& model = lowered.model;
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  const std::optional<c::SumError> error = ensemble != nullptr ? c::sum_error(model, *ensemble) : std::nullopt;
  if (!error) return "";
  std::string text = fmt::format("off by at most {:.2g}, where adding in float32 may be off by {:.2g}", error->rounding,
                                 error->float32);
  const auto& rows = lowered.data.empty() ? model.test_vectors.inputs : lowered.data;
  if (rows.empty() || model.output.rule == model::DecisionRule::none) return text;
  const auto n_close = std::count_if(rows.begin(), rows.end(), [&](const std::vector<double>& x) {
    return is_undecided(model, *ensemble, x, error->rounding);
  });
  return fmt::format("{}; of {} {} may be decided otherwise", text, count(rows.size(), "row"), n_close);
}

}  // namespace

void summarise(const Terminal& terminal, const Job& job, const Converted& converted) {
  for (const std::string& text : warnings(converted)) warning(terminal, text);
  heading(terminal, fmt::format("{} -> {} ({})", converted.source.file, fmt::join(artifact_paths(job), " and "),
                                job.output->name));
  if (converted.scores) {
    const Scores& scores = *converted.scores;
    note(terminal,
         fmt::format("labels, {} of {}\n{}", count(scores.device.n_inputs, "row"), scores.inputs,
                     score_text(converted.source.model, std::vector<NamedScore>{{"trained", scores.trained},
                                                                                {"on the device", scores.device}})));
  }
  const std::string passes = pass_table(converted.lowered, terminal.verbosity);
  if (!passes.empty()) note(terminal, "passes\n" + passes);
  if (job.output->language) {
    for (const passes::PassReport& report : converted.lowered.signal_reports) {
      for (const std::string& text : report.result.notes) note(terminal, fmt::format("{}: {}", report.pass, text));
    }
  }
  if (has_own_arithmetic(*job.output, converted.lowered.model)) {
    note(terminal,
         "TinyMaix's arithmetic, against the model as trained\n  " +
             artifact_distance(converted.source, converted.lowered, *job.output, converted.artifact, job.compile) +
             "\n");
  }
  note(terminal, "bytes\n" + size_table(converted.artifact));
  for (const TargetSizes& sizes : converted.targets) {
    if (!sizes.problem.empty()) warning(terminal, fmt::format("{}: {}", sizes.target, sizes.problem));
  }
  if (!converted.targets.empty()) note(terminal, "bytes on targets\n" + target_table(converted.targets));
  const std::string comparisons = comparison_text(converted.lowered.model);
  if (!comparisons.empty()) note(terminal, "comparisons: " + comparisons);
  for (const std::string& text : converted.artifact.notes) note(terminal, text);
  if (converted.source.signal && job.output->stream == nullptr) {
    note(terminal, fmt::format("{}: left out, a {} holds the model alone and takes features",
                               converted.source.decision ? "signal and decision" : "signal", job.output->name));
  }
  if (converted.source.decision && job.output->stream != nullptr) {
    note(terminal, "decision: " + signal::description(*converted.source.decision, *converted.source.signal));
  }
  const std::string sums = job.output->language ? sum_text(converted.lowered) : "";
  if (!sums.empty()) note(terminal, "sums: " + sums);
}

}  // namespace emlc::cli
