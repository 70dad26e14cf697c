#include "cli/compile/told/distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/compile/told/spectra.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {

std::string describe(const model::Distance& distance, const model::Output& output) {
  if (distance.n_inputs == 0) return "not measured, the model has no test vectors: give --data";
  const bool decides = output.rule != model::DecisionRule::none;
  const std::string decisions =
      decides ? fmt::format("; {:.3g} % of decisions changed", 100.0 * distance.changed_decisions) : "";
  return fmt::format("error largest {:.3g}, mean {:.3g}{}, on {}", distance.largest, distance.mean, decisions,
                     count(distance.n_inputs, "vector"));
}

std::optional<model::Distance> total_distance(const Source& source, const Lowered& lowered) {
  const auto is_approximate = [](const passes::PassReport& report) { return report.distance.has_value(); };
  if (std::none_of(lowered.reports.begin(), lowered.reports.end(), is_approximate)) return model::Distance{};
  if (lowered.signal) {
    if (lowered.both.trained.empty()) return std::nullopt;
    return distance_between(source.model, lowered.model, lowered.both);
  }
  // What share-thresholds was given as data it keeps: its changes show on other inputs.
  const auto keeps_data = [](const passes::PassReport& report) { return report.pass == "share-thresholds"; };
  const auto& vectors = source.model.test_vectors.inputs;
  const bool wants_vectors =
      lowered.data.empty() ||
      (!vectors.empty() && std::any_of(lowered.reports.begin(), lowered.reports.end(), keeps_data));
  const auto& inputs = wants_vectors ? vectors : lowered.data;
  if (inputs.empty()) return std::nullopt;
  return model::measure_distance(source.model, lowered.model, inputs);
}

bool has_own_arithmetic(const Output& output, const model::Model& lowered) {
  return output.run == run_tmdl && model::integers_of(lowered) != nullptr;
}

std::string artifact_distance(const Source& source, const Lowered& lowered, const Output& output,
                              const layout::Artifact& artifact, const CompileOptions& options) {
  const Inputs inputs =
      options.data_path.empty() ? source.model.test_vectors.inputs : read_rows(source, options.data_path);
  const std::vector<Answer> expected = reference_answers(source.model, inputs);
  const std::vector<Answer> found =
      output.run({.file = std::string(output.name), .bytes = artifact.bytes, .name = {}}, lowered.model, inputs);
  model::Distance distance{.n_inputs = inputs.size()};
  std::size_t n_values = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    if (expected[row].classes != found[row].classes) distance.changed_decisions += 1.0;
    for (std::size_t i = 0; i < expected[row].outputs.size(); ++i, ++n_values) {
      const double difference = std::abs(expected[row].outputs[i] - found[row].outputs[i]);
      distance.largest = std::max(distance.largest, difference);
      distance.mean += difference;
    }
  }
  distance.mean /= static_cast<double>(std::max<std::size_t>(1, n_values));
  distance.changed_decisions /= static_cast<double>(std::max<std::size_t>(1, inputs.size()));
  if (options.tmdl_profile == layout::TmdlProfile::emlearn_cnn) {  // scores are no probabilities
    return fmt::format("{:.3g} % of decisions changed, on {}", 100.0 * distance.changed_decisions,
                       count(inputs.size(), "vector"));
  }
  return describe(distance, source.model.output);
}

}  // namespace emlc::cli
