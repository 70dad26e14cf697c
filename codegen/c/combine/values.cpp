#include "codegen/c/combine/values.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/combine/members.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

using model::Calibration;
using model::Member;

/// All outputs, in their order and as they are.
bool is_plain(const Member& member) {
  if (!member.calibration.empty() || std::cmp_not_equal(member.columns.size(), member.model.output.n_outputs)) {
    return false;
  }
  for (std::size_t i = 0; i < member.columns.size(); ++i) {
    if (std::cmp_not_equal(member.columns[i], i)) return false;
  }
  return true;
}

bool has_points(const Calibration& calibration, const std::vector<double>& x, const std::vector<double>& y) {
  return calibration.method == model::CalibrationMethod::isotonic && calibration.x == x && calibration.y == y;
}

/// Points on the way, whose differences are computed in float32 too.
void check_differences(const std::vector<double>& values, const std::string& place) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i] - values[i - 1];
    if (std::abs(step) <= model::info(model::NumberType::float32).highest) continue;
    throw Error({.field = fmt::format("{}[{}]", place, i)},
                fmt::format("{:.3g} is further from {:.3g} before it than float32 reaches: calibrate smaller values",
                            values[i], values[i - 1]));
  }
}

/// A table of them, and its name.
std::string print_points(Combining& c, const std::vector<double>& values, const std::string& name,
                         const std::string& place) {
  check_differences(values, place);
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < values.size(); ++i) {
    literals.push_back(rounded_literal(values[i], fmt::format("{}[{}]", place, i)));
  }
  std::string symbol = fmt::format("{}{}_", c.names.symbol, name);
  print_table(c.tables, c.names, "float", symbol, literals);
  c.table_bytes += sizeof(float) * values.size();
  return symbol;
}

/// `value` calibrated. From 0 to 1 a line between these ends needs no table.
std::string calibrated(Combining& c, std::size_t index, std::size_t column, const std::string& value) {
  const Member& member = c.combination.members[index];
  const Calibration& calibration = member.calibration[column];
  const std::string place = fmt::format("members[{}].calibration[{}]", index, column);
  if (calibration.method == model::CalibrationMethod::sigmoid) {
    c.has_sigmoid = true;
    return fmt::format("{}calibrated_({}, {}, {})", c.names.symbol, value,
                       rounded_literal(calibration.slope, place + ".slope"),
                       rounded_literal(calibration.offset, place + ".offset"));
  }
  if (calibration.x.size() == 1) return rounded_literal(calibration.y.front(), place + ".y[0]");
  if (layout::are_probabilities(member.model)) {
    if (has_points(calibration, {0.0, 1.0}, {0.0, 1.0})) return value;
    if (has_points(calibration, {0.0, 1.0}, {1.0, 0.0})) return "1.0f - " + value;
  }
  c.has_isotonic = true;
  const std::string name = fmt::format("points{}_{}", index, column);
  const std::string x = print_points(c, calibration.x, name + "_x", place + ".x");
  const std::string y = print_points(c, calibration.y, name + "_y", place + ".y");
  return fmt::format("{}between_({}, {}, {}, {})", c.names.symbol, x, y, calibration.x.size(), value);
}

/// Output `column` of a member in `part`.
std::string in_part(const Combining& c, std::size_t index, std::int32_t column) {
  return fmt::format("part[{}]", c.parts.places[index].first + column);
}

/// `0.5f * value`, or the value with a weight of 1.
std::string weighted(double weight, std::size_t index, const std::string& value) {
  if (weight == 1.0) return value;
  const std::string literal = rounded_literal(weight, fmt::format("members[{}].weight", index));
  return fmt::format("{} * {}", literal, value.find(" - ") == std::string::npos ? value : "(" + value + ")");
}

/// Statements that bring the values of a member from `part` to the target.
void print_from_part(Combining& c, std::size_t index, const Target& target) {
  const Member& member = c.combination.members[index];
  const std::string_view assign = target.how == Target::How::add ? "+=" : "=";
  const std::size_t n = member.columns.size();
  const std::int32_t first = c.parts.places[index].first;
  if (n > 1 && is_plain(member)) {
    c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] {} {};", n, target.array, assign,
               weighted(target.weight, index, first == 0 ? "part[i]" : fmt::format("part[{} + i]", first)));
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::string value = in_part(c, index, member.columns[i]);
    c.out.line("{}[{}] {} {};", target.array, i, assign,
               weighted(target.weight, index, member.calibration.empty() ? value : calibrated(c, index, i, value)));
  }
}

/// The outputs of the part are the values of its members, side by side.
bool is_in_place(const Combining& c, std::size_t part, const std::vector<Target>& targets) {
  const std::size_t first = c.parts.first_members[part], n = n_members(c.parts, part);
  for (std::size_t index = first; index < first + n; ++index) {
    const bool replaces = targets[index].how == Target::How::replace && (n == 1 || targets[index].weight == 1.0);
    if (!replaces || !is_plain(c.combination.members[index])) return false;
  }
  return true;
}

}  // namespace

std::int32_t part_size(const Combining& c, std::size_t part, const std::vector<Target>& targets) {
  const std::size_t first = c.parts.first_members[part], last = first + n_members(c.parts, part) - 1;
  const Member& member = c.combination.members[last];
  if (member.result == model::MemberResult::decision || is_in_place(c, part, targets)) return 0;
  return c.parts.places[last].first + member.model.output.n_outputs;
}

std::string outputs_call(const Combining& c, std::size_t part, std::string_view x, std::string_view to) {
  return fmt::format("{}{}outputs_({}, {});", c.names.symbol, part_name(c.parts, part), x, to);
}

void print_values(Combining& c, std::size_t part, std::string_view x, const std::vector<Target>& targets) {
  const std::size_t first = c.parts.first_members[part], n = n_members(c.parts, part);
  const Target& target = targets[first];
  if (c.combination.members[first].result == model::MemberResult::decision) {
    c.out.line("{}[0] = (float){}{}classify_({});", target.array, c.names.symbol, part_name(c.parts, part), x);
    return;
  }
  if (part_size(c, part, targets) != 0) {
    c.out.line("{}", outputs_call(c, part, x, "part"));
    for (std::size_t index = first; index < first + n; ++index) print_from_part(c, index, targets[index]);
    return;
  }
  c.out.line("{}", outputs_call(c, part, x, target.array));
  if (target.weight == 1.0) return;
  c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] *= {};", c.combination.members[first].columns.size(), target.array,
             rounded_literal(target.weight, fmt::format("members[{}].weight", first)));
}

std::string first_value(Combining& c, std::size_t index) {
  const Member& member = c.combination.members[index];
  const std::string value = in_part(c, index, member.columns.front());
  return member.calibration.empty() ? value : calibrated(c, index, 0, value);
}

void print_calibrations(const Combining& c, Printer& out) {
  if (c.has_sigmoid) {
    out.text(fill(templates::combine_calibrated_c,
                  std::array<TemplateValue, 2>{{{"function", c.names.function}, {"symbol", c.names.symbol}}}));
  }
  if (!c.has_isotonic) return;
  out.text(fill(templates::combine_between_c,
                std::array<TemplateValue, 3>{
                    {{"function", c.names.function}, {"symbol", c.names.symbol}, {"macro", c.names.macro}}}));
}

}  // namespace emlc::c
