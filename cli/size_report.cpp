#include "cli/size_report.hpp"

#include <nlohmann/json.hpp>

namespace emlc::cli {

std::string size_report(const Source& source, const Output& output, std::string_view given,
                        const layout::Artifact& artifact) {
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const layout::Part& part : artifact.parts) parts.push_back({{"name", part.name}, {"bytes", part.bytes}});
  const nlohmann::ordered_json report = {
      {"schema", "emlc.size/1"},          {"model_sha256", source.sha256}, {"output", output.name}, {"options", given},
      {"flash", layout::flash(artifact)}, {"ram", artifact.ram},           {"parts", parts}};
  return report.dump(2) + "\n";
}

}  // namespace emlc::cli
