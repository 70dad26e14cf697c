#include "cli/compile/size_report.hpp"

#include <fmt/format.h>

#include "cli/console/json_file.hpp"
#include "cli/gate/baseline.hpp"

namespace emlc::cli {

std::string size_report(const Converted& converted, const Output& output, std::string_view given) {
  const Source& source = converted.source;
  const layout::Artifact& artifact = converted.artifact;
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const layout::Part& part : artifact.parts) parts.push_back({{"name", part.name}, {"bytes", part.bytes}});
  nlohmann::ordered_json report = {
      {"schema", "emlc.size/1"},          {"model_sha256", source.sha256}, {"output", output.name}, {"options", given},
      {"flash", layout::flash(artifact)}, {"ram", artifact.ram},           {"parts", parts}};
  if (!converted.targets.empty()) {
    report["targets"] = targets_json(converted.targets);
    report["notes"] = nlohmann::ordered_json::array();
    for (const TargetSizes& sizes : converted.targets) {
      if (!sizes.problem.empty()) report["notes"].push_back(fmt::format("{}: {}", sizes.target, sizes.problem));
    }
  }
  return json_text(report);
}

}  // namespace emlc::cli
