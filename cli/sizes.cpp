#include "cli/sizes.hpp"

#include <algorithm>
#include <array>

#include "cli/answers.hpp"
#include "codegen/model/error.hpp"
#include "formats/text.hpp"

namespace emlc::cli {
namespace {

template <class Value>
std::optional<double> as_number(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}

template <auto member>
std::optional<double> limit(const Budget& budget) {
  return as_number(budget.*member);
}

std::optional<double> no_limit(const Budget& /*budget*/) { return std::nullopt; }

template <auto member>
std::optional<double> bytes(const TargetSizes& sizes) {
  return as_number(sizes.*member);
}

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

std::span<const ModelMetric> all_metrics() {
  static constexpr std::array metrics = {
      ModelMetric{{"flash", "flash", " bytes", "--max-flash", true, limit<&Budget::flash>},
                  [](const Sizes& sizes) { return std::optional(static_cast<double>(sizes.flash)); }},
      ModelMetric{{"ram", "RAM", " bytes", "--max-ram", true, limit<&Budget::ram>},
                  [](const Sizes& sizes) { return std::optional(static_cast<double>(sizes.ram)); }},
      ModelMetric{
          {"comparisons", "comparisons, worst case", "", "--max-comparisons", false, limit<&Budget::comparisons>},
          [](const Sizes& sizes) { return as_number(sizes.comparisons); }},
      ModelMetric{{"error", "largest error", "", "--max-error", false, limit<&Budget::error>},
                  [](const Sizes& sizes) { return sizes.error; }},
      ModelMetric{{"changed_decisions", "share of decisions changed", "", "", false, no_limit},
                  [](const Sizes& sizes) { return sizes.changed_decisions; }},
  };
  return metrics;
}

std::span<const TargetMetric> all_target_metrics() {
  static constexpr std::array metrics = {
      TargetMetric{{"flash", "flash", " bytes", "--max-flash", true, limit<&Budget::flash>},
                   bytes<&TargetSizes::flash>},
      TargetMetric{{"ram", "RAM", " bytes", "--max-ram", true, limit<&Budget::ram>}, bytes<&TargetSizes::ram>},
      TargetMetric{{"text", "text", " bytes", "", false, no_limit}, bytes<&TargetSizes::text>},
      TargetMetric{{"data", "data", " bytes", "", false, no_limit}, bytes<&TargetSizes::data>},
      TargetMetric{{"bss", "bss", " bytes", "", false, no_limit}, bytes<&TargetSizes::bss>},
      TargetMetric{{"stack", "stack", " bytes", "", false, no_limit}, bytes<&TargetSizes::stack>},
  };
  return metrics;
}

Sizes measure(const Job& job, const Converted& converted) {
  Sizes sizes{.name = choose_name(converted.source, job.compile),
              .output = std::string(job.output->name),
              .version = EMLC_VERSION,
              .model_sha256 = converted.source.sha256,
              .options = job.given,
              .parts = merged(converted.artifact.parts),
              .flash = layout::flash(converted.artifact),
              .ram = converted.artifact.ram};
  if (const auto* trees = std::get_if<model::TreeEnsemble>(&converted.lowered.model.predictor)) {
    sizes.comparisons = 0;
    for (const model::Tree& tree : trees->trees) *sizes.comparisons += model::depth(tree);
  }
  if (const auto distance = total_distance(converted.source, converted.lowered)) {
    sizes.error = distance->largest;
    if (converted.source.model.output.rule != model::DecisionRule::none) {
      sizes.changed_decisions = distance->changed_decisions;
    }
  }
  return sizes;
}

Growth parse_growth(const std::string& text, const Where& where) {
  Growth growth{.text = text};
  for (std::string_view part : formats::split_fields(text, ',')) {
    part = formats::trim(part);
    if (!part.ends_with('%')) {
      growth.bytes = std::max(growth.bytes, parse_bytes(part, where));
      continue;
    }
    const double percent = formats::parse_number(part.substr(0, part.size() - 1), where);
    constexpr double most = 1e6;
    if (percent < 0.0 || percent > most) throw Error(where, "expected a percentage from 0 to 1000000");
    growth.percent = std::max(growth.percent, percent);
  }
  return growth;
}

}  // namespace emlc::cli
