#include "cli/compile/job_sizes.hpp"

#include <algorithm>

#include "cli/compile/told/distance.hpp"
#include "codegen/model/predict/comparisons.hpp"

namespace emlc::cli {
namespace {

/// An output may give the same name to two parts, a baseline does not.
std::vector<layout::Part> merged(const std::vector<layout::Part>& parts) {
  std::vector<layout::Part> result;
  for (const layout::Part& part : parts) {
    const auto same =
        std::find_if(result.begin(), result.end(), [&](const auto& row) { return row.name == part.name; });
    if (same == result.end()) {
      result.push_back(part);
    } else {
      same->bytes += part.bytes;
    }
  }
  return result;
}

}  // namespace

std::string title_of(const Job& job, const Source& source) {
  return Sizes{.name = choose_name(source, job.compile), .output = std::string(job.output->name)}.title();
}

Sizes sizes_of(const Job& job, const Converted& converted) {
  Sizes sizes{.name = choose_name(converted.source, job.compile),
              .output = std::string(job.output->name),
              .version = EMLC_VERSION,
              .model_sha256 = converted.source.sha256,
              .options = job.given,
              .parts = merged(converted.artifact.parts),
              .flash = layout::flash(converted.artifact),
              .ram = converted.artifact.ram};
  if (const auto comparisons = model::count_comparisons(converted.lowered.model, {})) {
    sizes.comparisons = comparisons->worst;
  }
  if (const auto distance = total_distance(converted.source, converted.lowered)) {
    sizes.error = distance->largest;
    if (converted.source.model.output.rule != model::DecisionRule::none) {
      sizes.changed_decisions = distance->changed_decisions;
    }
  }
  if (converted.scores) sizes.accuracy = accuracy(converted.scores->device);
  return sizes;
}

}  // namespace emlc::cli
