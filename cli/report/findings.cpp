#include "cli/report/findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "cli/console/json_file.hpp"
#include "cli/console/terminal.hpp"
#include "cli/report/score_json.hpp"

namespace emlc::cli::report {
namespace {

using Json = nlohmann::ordered_json;

bool decides(const model::Model& model) { return model.output.rule != model::DecisionRule::none; }

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

std::string comparison_table(const Compared& compared, const std::vector<InputSet>& sets) {
  std::vector<std::vector<std::string>> rows = {{"inputs", "tried"}};
  if (decides(compared.model)) rows[0].emplace_back("same decision");
  rows[0].emplace_back("largest difference");
  for (std::size_t index = 0; index < sets.size(); ++index) {
    const Comparison& comparison = compared.comparisons[index];
    rows.push_back({sets[index].name, fmt::to_string(comparison.n_inputs)});
    if (decides(compared.model)) rows.back().push_back(fmt::to_string(comparison.n_same_decision));
    rows.back().push_back(fmt::format("{:.3g}", comparison.largest_difference));
    rows.back().push_back(remarks(compared.model, sets[index], comparison));
  }
  return table(rows, {Align::left, Align::right, Align::right, Align::right});
}

std::string labels_text(const Findings& found) {
  if (!found.labels) return "";
  const std::vector<NamedScore> scores = {{"trained", found.labels->trained}, {"on the device", found.labels->device}};
  return fmt::format("labels of {}\n{}", found.labels->file, score_text(found.source.model, scores));
}

std::string leaves_text(const Findings& found) {
  const std::optional<ReachedLeaves> leaves = reached_leaves(found.lowered.model, found.sets);
  return leaves ? fmt::format("leaves reached: {} of {}\n", leaves->n_reached, leaves->n_leaves) : "";
}

/// JSON has no NaN and no infinity.
Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json comparisons_json(const Compared& compared, const std::vector<InputSet>& sets) {
  Json list = Json::array();
  for (std::size_t index = 0; index < sets.size(); ++index) {
    const Comparison& comparison = compared.comparisons[index];
    Json row = {{"inputs", sets[index].name},
                {"tried", comparison.n_inputs},
                {"left_out", sets[index].n_left_out},
                {"largest_difference", finite_or_null(comparison.largest_difference)}};
    if (decides(compared.model)) {
      row["same_decision"] = comparison.n_same_decision;
      row["ties"] = comparison.n_ties;
    }
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace

std::string findings_text(const Findings& found) {
  std::string text = fmt::format("{} ({}) against {}{}\n", found.artifact, found.output, found.source.file,
                                 found.trained ? " after its approximate passes" : "");
  text += comparison_table(found.reference, found.sets);
  // What the approximate passes changed; nothing fails because of it.
  if (found.trained) text += "against the model as trained\n" + comparison_table(*found.trained, found.sets);
  text += labels_text(found) + leaves_text(found);
  if (found.proof) text += proof_text(*found.proof) + "\n";
  return text + (found.problems.empty() ? "faithful\n" : "not faithful\n");
}

std::string findings_json(const Findings& found) {
  Json object = {{"schema", "emlc.verify/1"},
                 {"emlc", EMLC_VERSION},
                 {"model_sha256", found.source.sha256},
                 {"artifact", found.artifact},
                 {"output", found.output},
                 {"faithful", found.problems.empty()},
                 {"problems", found.problems},
                 {"comparisons", comparisons_json(found.reference, found.sets)}};
  if (found.trained) object["against_trained"] = comparisons_json(*found.trained, found.sets);
  if (found.labels) {
    object["labels"] = {{"inputs", found.labels->device.n_inputs},
                        {"trained", score_json(found.source.model, found.labels->trained)},
                        {"device", score_json(found.source.model, found.labels->device)}};
  }
  if (const std::optional<ReachedLeaves> leaves = reached_leaves(found.lowered.model, found.sets)) {
    object["leaves"] = {{"reached", leaves->n_reached}, {"all", leaves->n_leaves}};
  }
  if (found.proof) {
    object["proof"] = {{"verdict", verdict_word(found.proof->verdict)}, {"text", found.proof->text}};
  }
  return json_text(object);
}

}  // namespace emlc::cli::report
