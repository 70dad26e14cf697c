#include "cli/trial/stream/stream_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/console/terminal.hpp"
#include "cli/trial/recorded_inputs.hpp"
#include "cli/trial/stream/possible_decisions.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

bool are_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What decide says where the artifact predicts this and nothing is made of answers.
std::vector<double> said_by_decide(const Answer& answer) {
  if (answer.classes.empty()) return answer.outputs;
  return {answer.classes.begin(), answer.classes.end()};
}

std::string feature_problem(const signal::Plan& plan, const StreamRow& found, const std::vector<double>& features) {
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (are_same(found.features[i], features[i])) continue;
    return fmt::format("the feature '{}' is {}, expected {}", printable(plan.features[i].name), found.features[i],
                       features[i]);
  }
  return "";
}

std::string answer_problem(const StreamRow& found, const Answer& predicted) {
  const std::vector<double> answers = said_by_decide(predicted);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i < found.answers.size() && are_same(found.answers[i], answers[i])) continue;
    return "decide says otherwise than predict about the same features";
  }
  return "";
}

std::string decision_word(const model::Model& model, std::int32_t decision) {
  if (decision == signal::no_class) return "no class";
  const std::vector<std::string> names = model::class_names(model, 0);
  const auto index = static_cast<std::size_t>(decision);
  return index < names.size() ? fmt::format("'{}'", printable(names[index])) : fmt::format("class {}", decision);
}

std::string decision_problem(const model::Model& model, PossibleDecisions& decisions, const StreamRow& found,
                             const Answer& predicted) {
  const auto decided = static_cast<std::int32_t>(found.answers.front());
  if (decisions.take(predicted, decided)) return "";
  return fmt::format("decides {}, expected {} of its answers so far", decision_word(model, decided),
                     decision_word(model, decisions.expected()));
}

/// Windows of one run, as the interpreter and the artifact have them.
struct Windows {
  std::span<const StreamRow> found;
  std::span<const std::vector<double>> features;
  std::span<const Answer> predicted;
};

/// The first difference of a run; empty: there is none.
std::string run_problem(const StreamMeaning& meaning, const Windows& windows) {
  std::optional<PossibleDecisions> decisions;
  if (meaning.decision) decisions.emplace(*meaning.decision, meaning.plan, meaning.model);
  for (std::size_t i = 0; i < windows.features.size(); ++i) {
    const StreamRow& found = windows.found[i];
    std::string problem = feature_problem(meaning.plan, found, windows.features[i]);
    if (problem.empty()) {
      problem = decisions ? decision_problem(meaning.model, *decisions, found, windows.predicted[i])
                          : answer_problem(found, windows.predicted[i]);
    }
    if (!problem.empty()) return fmt::format("window {}: {}", i, problem);
  }
  return "";
}

/// `walk.npy` and `test_vectors.recordings[0] and 3 more`, as far as they are known by another name.
std::string names_of(const std::vector<StreamInput>& inputs) {
  const std::string& first = inputs.front().name;
  const auto n_more =
      std::count_if(inputs.begin(), inputs.end(), [&](const StreamInput& input) { return input.name != first; });
  return n_more == 0 ? first : fmt::format("{} and {} more", first, n_more);
}

}  // namespace

std::vector<StreamInput> stream_inputs(const std::optional<std::string>& path, const signal::Plan& plan,
                                       const std::vector<signal::RecordedWindows>& recorded) {
  std::vector<StreamInput> inputs;
  if (path) {
    for (formats::Run& run : read_recorded(*path, plan).runs) inputs.push_back({*path, std::move(run)});
  }
  for (std::size_t index = 0; index < recorded.size(); ++index) {
    if (recorded[index].frames.empty()) continue;
    inputs.push_back(
        {fmt::format("test_vectors.recordings[{}]", index), {.channels = signal::columns_of(plan, recorded[index])}});
  }
  return inputs;
}

StreamCheck check_stream(const WrittenFile& artifact, const StreamForm& form, const StreamMeaning& meaning,
                         const std::vector<StreamInput>& inputs) {
  const model::Model& model = meaning.model;
  Inputs rows;
  std::vector<std::size_t> ends;  // of each run among the rows
  std::vector<formats::Run> runs;
  for (const StreamInput& input : inputs) {
    for (std::vector<double>& row : feature_rows(meaning.plan, input.run.channels)) {
      for (double& value : row) value = model::round_to(form.features, value);
      rows.push_back(std::move(row));
    }
    ends.push_back(rows.size());
    runs.push_back(input.run);
  }
  StreamCheck check{.text = fmt::format("{} frame by frame: {}", names_of(inputs), count(rows.size(), "window")),
                    .problem = {}};
  const std::vector<StreamRow> found = form.stream(artifact, model, meaning.plan, runs);
  if (found.size() != rows.size()) {
    check.problem = fmt::format("{}: {} windows, expected {}", names_of(inputs), found.size(), rows.size());
    return check;
  }
  const std::vector<Answer> predicted = form.run(artifact, model, rows);
  for (std::size_t run = 0, first = 0; run < inputs.size() && check.problem.empty(); first = ends[run++]) {
    const std::size_t n = ends[run] - first;
    const std::string problem = run_problem(
        meaning, {std::span(found).subspan(first, n), std::span<const std::vector<double>>(rows).subspan(first, n),
                  std::span(predicted).subspan(first, n)});
    if (!problem.empty()) check.problem = fmt::format("{}: {}", inputs[run].name, problem);
  }
  if (check.problem.empty()) check.text += ", features and decisions the same";
  return check;
}

}  // namespace emlc::cli
