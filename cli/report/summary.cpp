#include "cli/compile/job_sizes.hpp"
#include "cli/compile/told/distance.hpp"
#include "cli/console/json_file.hpp"
#include "cli/gate/baseline.hpp"
#include "cli/inspection/signal_facts.hpp"
#include "cli/report/report.hpp"
#include "cli/report/score_json.hpp"
#include "codegen/model/predict/comparisons.hpp"

namespace emlc::cli::report {
namespace {

using Json = nlohmann::ordered_json;

/// What stands for a distance on no inputs: it was not measured.
Json distance_json(const model::Distance& distance, bool decides) {
  if (distance.n_inputs == 0) return {};
  Json object = {{"largest", distance.largest}, {"mean", distance.mean}, {"inputs", distance.n_inputs}};
  if (decides) object["changed_decisions"] = distance.changed_decisions;
  return object;
}

Json passes_json(const Converted& converted) {
  const bool decides = converted.lowered.model.output.rule != model::DecisionRule::none;
  Json list = Json::array();
  for (const passes::PassReport& report : converted.lowered.reports) {
    Json pass = {{"name", report.pass},
                 {"effect", report.distance ? "approximate" : "exact"},
                 {"changes", report.result.changes}};
    if (report.distance) pass["error"] = distance_json(*report.distance, decides);
    if (!report.result.notes.empty()) pass["notes"] = report.result.notes;
    list.push_back(std::move(pass));
  }
  return list;
}

Json parts_json(const layout::Artifact& artifact) {
  Json list = Json::array();
  for (const layout::Part& part : artifact.parts) list.push_back({{"name", part.name}, {"bytes", part.bytes}});
  return list;
}

Json targets_of(const Converted& converted) {
  Json targets = targets_json(converted.targets);
  for (const TargetSizes& sizes : converted.targets) {
    if (!sizes.problem.empty()) targets[sizes.target]["problem"] = sizes.problem;
  }
  return targets;
}

Json comparisons_json(const model::Model& model) {
  const auto comparisons = model::count_comparisons(model, model.test_vectors.inputs);
  if (!comparisons) return {};
  Json object = {{"worst", comparisons->worst}};
  if (comparisons->mean) object["mean"] = *comparisons->mean;
  return object;
}

}  // namespace

std::string summary(const Job& job, const Converted& converted) {
  const layout::Artifact& artifact = converted.artifact;
  const model::Model& trained = converted.source.model;
  Json estimates = Json::object();
  for (const layout::CodeEstimate& estimate : artifact.code_estimates) estimates[estimate.target] = estimate.bytes;
  Json object = {{"schema", "emlc.summary/1"},
                 {"emlc", EMLC_VERSION},
                 {"model_sha256", converted.source.sha256},
                 {"format", converted.source.format},
                 {"name", choose_name(converted.source, job.compile)},
                 {"output", job.output->name},
                 {"options", job.given},
                 {"passes", passes_json(converted)},
                 {"parts", parts_json(artifact)},
                 {"flash", layout::flash(artifact)},
                 {"ram", artifact.ram},
                 {"code_estimates", std::move(estimates)},
                 {"targets", targets_of(converted)},
                 {"comparisons", comparisons_json(converted.lowered.model)},
                 {"notes", artifact.notes},
                 {"warnings", warnings(converted)}};
  if (const auto total = total_distance(converted.source, converted.lowered)) {
    object["error"] = distance_json(*total, trained.output.rule != model::DecisionRule::none);
  }
  if (has_own_arithmetic(*job.output, converted.lowered.model)) {
    object["own_arithmetic"] =
        artifact_distance(converted.source, converted.lowered, *job.output, artifact, job.compile);
  }
  if (converted.source.decision) {
    object["decision"] = decision_facts(*converted.source.decision, *converted.source.signal);
  }
  if (converted.scores) {
    object["labels"] = {{"inputs", converted.scores->device.n_inputs},
                        {"trained", score_json(trained, converted.scores->trained)},
                        {"device", score_json(trained, converted.scores->device)}};
  }
  return json_text(object);
}

}  // namespace emlc::cli::report
