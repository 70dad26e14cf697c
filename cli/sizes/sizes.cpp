#include "cli/sizes/sizes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/sizes/byte_count.hpp"
#include "formats/text/text.hpp"

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
      ModelMetric{{"accuracy", "accuracy", "", "--min-accuracy", false, limit<&Budget::accuracy>, Bound::lowest},
                  [](const Sizes& sizes) { return sizes.accuracy; }},
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

double parse_accuracy(std::string_view text, const Where& where) {
  text = formats::trim(text);
  const bool is_percent = text.ends_with('%');
  const double value = formats::parse_number(text.substr(0, text.size() - (is_percent ? 1 : 0)), where);
  const double share = is_percent ? value / 100.0 : value;
  if (share >= 0.0 && share <= 1.0) return share;
  throw Error(where, fmt::format("expected a share from 0 to 1 or a percentage, found '{}'", printable(text)));
}

}  // namespace emlc::cli
