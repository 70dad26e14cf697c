#include "codegen/py/trees/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "codegen/py/common/text.hpp"

namespace emlc::py {
namespace {

using model::NumberType;

/// Values below 0 are possible: x is a number with a sign, and no range was declared that says otherwise.
bool can_be_negative(const model::Input& input) {
  if (model::info(input.type).lowest >= 0.0) return false;
  if (input.minimum.empty()) return true;
  return std::any_of(input.minimum.begin(), input.minimum.end(), [](double least) { return !(least >= 0.0); });
}

/// The place of a threshold in the order of the features.
std::int64_t ordinal(const Comparison& comparison, double threshold) {
  if (!comparison.is_float) return static_cast<std::int64_t>(threshold) + comparison.bias;
  constexpr std::uint32_t sign = 0x80000000U;
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(threshold == 0.0 ? -0.0 : threshold));
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

std::vector<std::int64_t> distinct(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// By how far they are above the smallest, where that is worth it, or by their place among all.
void name_thresholds(Comparison& comparison, const std::vector<std::int64_t>& known, std::size_t n_splits) {
  constexpr std::int64_t byte = 255;
  const std::int64_t least = known.front(), most = known.back();
  const auto bits = [](std::int64_t value) { return std::bit_width(static_cast<std::uint64_t>(value)); };
  const bool is_worth_it = most - least <= byte && bits(most - least) < bits(most);
  comparison.base = is_worth_it ? least : 0;
  comparison.name_width = unsigned_width(static_cast<std::uint64_t>(most - comparison.base));
  const int index_width = unsigned_width(known.size() - 1);
  const auto width = static_cast<std::size_t>(comparison.name_width), of_index = static_cast<std::size_t>(index_width);
  const std::size_t table = known.size() * static_cast<std::size_t>(comparison.bytes);
  if (!comparison.is_wide() && n_splits * width <= n_splits * of_index + table) return;
  comparison.base = 0;
  comparison.name_width = index_width;
  comparison.ordinals = known;
}

}  // namespace

Comparison make_comparison(const WalkTable& table, const model::Input& input) {
  const model::NumberTypeInfo& type = model::info(input.type);
  Comparison comparison{.bytes = type.bytes, .is_float = !type.is_integer};
  if (type.is_integer && can_be_negative(input)) comparison.bias = std::int64_t{1} << (8 * type.bytes - 1);
  std::vector<std::int64_t> known;
  for (const double threshold : table.thresholds) {
    if (!std::isnan(threshold)) known.push_back(ordinal(comparison, threshold));
  }
  known = distinct(std::move(known));
  if (known.empty()) known.push_back(0);
  name_thresholds(comparison, known, table.n_splits());
  for (const double threshold : table.thresholds) {
    const std::int64_t wanted = std::isnan(threshold) ? known.front() : ordinal(comparison, threshold);
    const auto place = std::lower_bound(known.begin(), known.end(), wanted) - known.begin();
    comparison.names.push_back(comparison.has_table() ? place : wanted - comparison.base);
  }
  return comparison;
}

std::string goes_left(const Comparison& comparison, const std::string& slot, const std::string& name) {
  std::string value = fmt::format("{}[{}]", comparison.is_float ? "k" : "x", slot);
  if (comparison.bias != 0) value += comparison.is_wide() ? " ^ m" : fmt::format(" ^ {}", comparison.bias);
  std::string bound = comparison.has_table() ? fmt::format("h[{}]", name) : name;
  if (comparison.base != 0) bound += fmt::format(" + {}", comparison.base);  // of names of one byte
  return comparison.is_wide() ? fmt::format("uint({}) < uint({})", value, bound) : fmt::format("{} < {}", value, bound);
}

}  // namespace emlc::py
