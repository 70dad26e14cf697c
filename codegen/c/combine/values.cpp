#include "codegen/c/combine/values.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/combine/members.hpp"
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

std::string print_points(Combining& c, const std::vector<double>& values, const std::string& name) {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < values.size(); ++i) {
    literals.push_back(rounded_literal(values[i], fmt::format("{}[{}]", name, i)));
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
  const std::string x = print_points(c, calibration.x, name + "_x"), y = print_points(c, calibration.y, name + "_y");
  return fmt::format("{}between_({}, {}, {}, {})", c.names.symbol, x, y, calibration.x.size(), value);
}

std::string outputs_function(const Combining& c, std::size_t index) {
  return fmt::format("{}{}outputs_", c.names.symbol, part_name(c.combination, index));
}

/// `0.5f * value`, or the value with a weight of 1.
std::string weighted(double weight, std::size_t index, const std::string& value) {
  if (weight == 1.0) return value;
  const std::string literal = rounded_literal(weight, fmt::format("members[{}].weight", index));
  return fmt::format("{} * {}", literal, value.find(" - ") == std::string::npos ? value : "(" + value + ")");
}

/// Statements that bring values from `part` to the target.
void print_from_part(Combining& c, std::size_t index, const Target& target) {
  const Member& member = c.combination.members[index];
  const std::string_view assign = target.how == Target::How::add ? "+=" : "=";
  const std::size_t n = member.columns.size();
  if (member.calibration.empty() && n > 1 && is_plain(member)) {
    c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] {} {};", n, target.array, assign,
               weighted(target.weight, index, "part[i]"));
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::string value = fmt::format("part[{}]", member.columns[i]);
    c.out.line("{}[{}] {} {};", target.array, i, assign,
               weighted(target.weight, index, member.calibration.empty() ? value : calibrated(c, index, i, value)));
  }
}

}  // namespace

std::int32_t part_size(const Member& member, const Target& target) {
  if (member.result == model::MemberResult::decision) return 0;
  return is_plain(member) && target.how == Target::How::replace ? 0 : member.model.output.n_outputs;
}

void print_values(Combining& c, std::size_t index, std::string_view x, const Target& target) {
  const Member& member = c.combination.members[index];
  if (member.result == model::MemberResult::decision) {
    c.out.line("{}[0] = (float){}{}classify_({});", target.array, c.names.symbol, part_name(c.combination, index), x);
    return;
  }
  if (part_size(member, target) != 0) {
    c.out.line("{}({}, part);", outputs_function(c, index), x);
    return print_from_part(c, index, target);
  }
  c.out.line("{}({}, {});", outputs_function(c, index), x, target.array);
  if (target.weight == 1.0) return;
  c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] *= {};", member.columns.size(), target.array,
             rounded_literal(target.weight, fmt::format("members[{}].weight", index)));
}

std::string first_value(Combining& c, std::size_t index) {
  const Member& member = c.combination.members[index];
  const std::string value = fmt::format("part[{}]", member.columns.front());
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
