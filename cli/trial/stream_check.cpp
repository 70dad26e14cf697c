#include "cli/trial/stream_check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cli/console/terminal.hpp"
#include "cli/trial/recorded_inputs.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

bool are_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What decide says where the header predicts this.
std::vector<double> said_by_decide(const Answer& answer) {
  if (answer.classes.empty()) return answer.outputs;
  return {answer.classes.begin(), answer.classes.end()};
}

std::string row_problem(const signal::Plan& plan, std::size_t window, const StreamRow& found,
                        const std::vector<double>& features, const std::vector<double>& answers) {
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (are_same(found.features[i], features[i])) continue;
    return fmt::format("window {}: the feature '{}' is {}, expected {}", window, printable(plan.features[i].name),
                       found.features[i], features[i]);
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i < found.answers.size() && are_same(found.answers[i], answers[i])) continue;
    return fmt::format("window {}: decide says otherwise than predict about the same features", window);
  }
  return "";
}

}  // namespace

StreamCheck check_stream(const WrittenFile& artifact, c::Language language, const model::Model& model,
                         const signal::Plan& plan, const std::string& recording) {
  Inputs rows = recorded_inputs(recording, plan);
  for (std::vector<double>& row : rows) {
    for (double& value : row) value = model::round_to(model.input.type, value);
  }
  const std::vector<StreamRow> found = run_stream(artifact, language, model, plan, read_recorded(recording, plan).runs);
  const std::vector<Answer> predicted =
      language == c::Language::c ? run_c_header(artifact, model, rows) : run_cpp_header(artifact, model, rows);
  StreamCheck check{.text = fmt::format("{} frame by frame: {}", recording, count(rows.size(), "window")),
                    .problem = {}};
  if (found.size() != rows.size()) {
    check.problem = fmt::format("{}: {} windows, expected {}", recording, found.size(), rows.size());
    return check;
  }
  for (std::size_t i = 0; i < rows.size() && check.problem.empty(); ++i) {
    check.problem = row_problem(plan, i, found[i], rows[i], said_by_decide(predicted[i]));
  }
  if (check.problem.empty()) check.text += ", features and decisions the same";
  return check;
}

}  // namespace emlc::cli
