#include <fmt/format.h>

#include "cli/gate/formats.hpp"

namespace emlc::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '"') result += '\\';
    result += c == '\n' ? "\\n" : std::string(1, c);
  }
  return result;
}

std::string labels(const ModelCheck& model) {
  return fmt::format(R"(model="{}",output="{}")", escaped(model.now.name), model.now.output);
}

/// A family of gauges; in OpenMetrics the unit is the end of its name.
std::string family(const std::string& metric, std::string_view unit, std::string_view help) {
  const std::string unit_line = unit.empty() ? "" : fmt::format("# UNIT {} {}\n", metric, unit);
  return fmt::format("# TYPE {} gauge\n{}# HELP {} {}\n", metric, unit_line, metric, help);
}

std::string target_gauges(const CheckResult& result) {
  std::string text;
  for (const TargetMetric& metric : all_target_metrics()) {
    const std::string name = fmt::format("emlc_target_{}_bytes", metric.key);
    std::string samples;
    for (const ModelCheck& model : result.models) {
      for (const TargetSizes& sizes : model.now.targets) {
        const auto value = metric.value(sizes);
        if (!value) continue;
        samples += fmt::format("{}{{{},target=\"{}\",source=\"{}\"}} {}\n", name, labels(model), sizes.target,
                               label(sizes), *value);
      }
    }
    if (!samples.empty()) text += family(name, "bytes", fmt::format("{} on one target", metric.title)) + samples;
  }
  return text;
}

}  // namespace

std::string check_openmetrics(const CheckResult& result) {
  std::string text;
  for (const ModelMetric& metric : all_metrics()) {
    const std::string_view unit = metric.unit.empty() ? "" : "bytes";
    const std::string name = fmt::format("emlc_{}{}{}", metric.key, unit.empty() ? "" : "_", unit);
    std::string samples;
    for (const ModelCheck& model : result.models) {
      const auto value = metric.value(model.now);
      if (value) samples += fmt::format("{}{{{}}} {}\n", name, labels(model), *value);
    }
    if (!samples.empty()) text += family(name, unit, metric.title) + samples;
  }
  text += family("emlc_part_bytes", "bytes", "flash of one part");
  for (const ModelCheck& model : result.models) {
    for (const layout::Part& part : model.now.parts) {
      text += fmt::format("emlc_part_bytes{{{},part=\"{}\"}} {}\n", labels(model), escaped(part.name), part.bytes);
    }
  }
  return text + target_gauges(result) + "# EOF\n";
}

}  // namespace emlc::cli
