#include "codegen/c/combine/combine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "codegen/c/combine/pairs.hpp"
#include "codegen/c/combine/values.hpp"
#include "codegen/c/combine/votes.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/post_transform.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/combine/members.hpp"

namespace emlc::c {
namespace {

using model::Combination;
using model::CombineRule;
using model::PostTransformKind;

bool has_final(const Combining& c) { return !c.combination.last.empty(); }

/// What divides by the sum of all need not have the sum of the weights taken out first.
bool needs_divisor(const Combination& combination) {
  return combination.rule == CombineRule::mean && combination.divisor != 1.0 &&
         !divides_by_sum(combination.post_transform.kind);
}

/// True when the largest of the sums is the class, whatever they are divided by.
bool decides_on_sums(const Combining& c) {
  const model::Output& output = c.model.output;
  return !has_final(c) && output.rule == model::DecisionRule::argmax && output.targets.size() == 1 &&
         layout::argmax_is_on_raw(c.model);
}

/// Room for the outputs of one member at a time.
void print_part_buffer(Combining& c, std::int32_t size) {
  if (size == 0) return;
  c.out.line("float part[{}];", size);
  c.core.ram += sizeof(float) * static_cast<std::size_t>(size);
}

/// Where the values of each member go: to `array`, in which those side by side begin at `first`.
std::vector<Target> targets_of(const Combination& combination, const std::string& array, std::int32_t first = 0) {
  std::vector<Target> targets;
  for (const model::Member& member : combination.members) {
    if (combination.rule == CombineRule::mean) {
      targets.push_back({array, targets.empty() ? Target::How::replace : Target::How::add, member.weight});
    } else {
      targets.push_back({first == 0 ? array : fmt::format("{} + {}", array, first)});
      first += n_values(member);
    }
  }
  return targets;
}

/// `array[i]` of a target: sums of pointers need brackets.
Target in_brackets(Target target) {
  if (target.array.find(' ') != std::string::npos) target.array = fmt::format("({})", target.array);
  return target;
}

void print_members(Combining& c, std::string_view x, std::vector<Target> targets) {
  std::int32_t size = 0;
  for (std::size_t part = 0; part < c.parts.first_members.size(); ++part) {
    size = std::max(size, part_size(c, part, targets));
  }
  print_part_buffer(c, size);
  for (Target& target : targets) target = in_brackets(std::move(target));
  for (std::size_t part = 0; part < c.parts.first_members.size(); ++part) print_values(c, part, x, targets);
}

/// The columns as floats, and behind them what the members give.
void print_chain(Combining& c, const std::string& into) {
  const std::int32_t n = n_columns(c.model), width = row_width(c.combination);
  c.out.line("float chain[{}];", n + width);
  c.core.ram += sizeof(float) * static_cast<std::size_t>(n + width);
  c.out.line("for (size_t i = 0; i < {}; ++i) chain[i] = (float)x[i];", n);
  print_members(c, "chain", targets_of(c.combination, "chain", n));
  c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] = chain[{} + i];", width, into, n);
}

/// The row of the rule, of `mean` before its sums are divided.
void print_rule(Combining& c, const std::string& into) {
  if (c.combination.is_chained) return print_chain(c, into);
  if (c.combination.rule == CombineRule::votes) return print_shares(c, plan_votes(c.combination), "x", into);
  if (c.combination.rule == CombineRule::one_vs_one) return print_pair_values(c, "x", into);
  print_members(c, "x", targets_of(c.combination, into));
}

void print_divisor(Combining& c, const std::string& into) {
  if (!needs_divisor(c.combination)) return;
  const FloatArray values{into, row_width(c.combination)};
  print_post_transform(c.out, c.core, c.names, {.scale = 1.0 / c.combination.divisor}, values);
}

/// Prints `FUNCTION RESULT name(const INPUT *x ARGUMENTS) {`, the body and the end.
template <class Body>
void print_function(Combining& c, std::string_view result, std::string_view name, std::string_view arguments,
                    const Body& body) {
  c.out.line("{} {} {}{}(const {} *x{}) {{", c.names.function, result, c.names.symbol, name, c.names.input, arguments);
  {
    const auto inside = c.out.indent();
    body();
  }
  c.out.line("}}");
  c.out.line("");
}

void print_row_buffer(Combining& c) {
  c.out.line("float row[{}];", final_input(c.model, c.combination).n_features);
  c.out.line("{}row_(x, row);", c.names.symbol);
}

/// The row of the final model, and the functions that ask it.
void print_final(Combining& c) {
  const std::string final_symbol = c.names.symbol + part_name(c.parts, c.parts.first_members.size());
  const std::int32_t width = row_width(c.combination);
  print_function(c, "void", "row_", ", float *row", [&] {
    print_rule(c, "row");
    print_divisor(c, "row");
    print_post_transform(c.out, c.core, c.names, c.combination.post_transform, {"row", width});
    if (!c.combination.passes_columns) return;
    c.out.line("for (size_t i = 0; i < {}; ++i) row[{} + i] = (float)x[i];", n_columns(c.model), width);
  });
  c.core.ram += sizeof(float) * static_cast<std::size_t>(final_input(c.model, c.combination).n_features);
  print_function(c, "void", "raw_", ", float *raw", [&] {
    print_row_buffer(c);
    c.out.line("{}outputs_(row, raw);", final_symbol);
  });
  if (c.model.output.rule == model::DecisionRule::none) return;
  c.core.has_decide = true;
  const bool is_single = c.model.output.targets.size() == 1;
  print_function(c, is_single ? "int" : "void", "decide_", is_single ? "" : ", int *classes", [&] {
    print_row_buffer(c);
    c.out.line("{}{}classify_(row{});", is_single ? "return " : "", final_symbol, is_single ? "" : ", classes");
  });
}

void print_decide_on_sums(Combining& c) {
  c.core.has_decide = true;
  print_function(c, "int", "decide_", "", [&] {
    if (c.combination.rule == CombineRule::votes) return print_most_votes(c, plan_votes(c.combination), "x");
    c.core.helpers.insert(Helper::argmax);
    c.out.line("float sums[{}];", c.model.output.n_outputs);
    c.core.ram += sizeof(float) * static_cast<std::size_t>(c.model.output.n_outputs);
    c.out.line("{}sums_(x, sums);", c.names.symbol);
    c.out.line("return {}(sums, {});", helper_name(Helper::argmax, c.names), c.model.output.n_outputs);
  });
}

/// raw_, and decide_ where it does less than all outputs take.
void print_alone(Combining& c) {
  const bool has_sums = needs_divisor(c.combination) && decides_on_sums(c);
  if (has_sums) print_function(c, "void", "sums_", ", float *sums", [&] { print_rule(c, "sums"); });
  print_function(c, "void", "raw_", ", float *raw", [&] {
    if (has_sums) {
      c.out.line("{}sums_(x, raw);", c.names.symbol);
    } else {
      print_rule(c, "raw");
    }
    print_divisor(c, "raw");
  });
  const bool counts_votes = c.combination.rule == CombineRule::votes && decides_on_sums(c);
  if (has_sums || counts_votes) print_decide_on_sums(c);
  if (c.combination.rule != CombineRule::one_vs_one || !decides_on_sums(c)) return;
  c.core.has_decide = true;
  print_pair_decision(c);
}

void print_functions(Combining& c) {
  if (c.combination.rule == CombineRule::votes) print_votes_function(c, plan_votes(c.combination));
  if (c.combination.rule == CombineRule::one_vs_one) print_pairs_function(c);
  if (has_final(c)) {
    print_final(c);
  } else {
    print_alone(c);
  }
}

/// The same bytes of all parts as one number.
void append_parts(std::vector<layout::Part>& all, const std::vector<layout::Part>& parts) {
  for (const layout::Part& part : parts) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == part.name; });
    if (same == all.end()) {
      all.push_back(part);
    } else {
      same->bytes += part.bytes;
    }
  }
}

/// What a part adds to the core: one part runs at a time, so that the largest counts for memory.
void append_part(Core& core, PartCode& part, const std::string& title) {
  Core& inner = part.core;
  core.prologue += inner.prologue;
  core.helpers.insert(inner.helpers.begin(), inner.helpers.end());
  core.headers.insert(inner.headers.begin(), inner.headers.end());
  append_parts(core.parts, inner.parts);
  core.ram = std::max(core.ram, inner.ram);
  core.frames = std::max(core.frames, inner.frames);
  for (std::string& note : inner.notes) core.notes.push_back(fmt::format("{}: {}", title, note));
  for (std::string& warning : inner.warnings) core.warnings.push_back(fmt::format("{}: {}", title, warning));
  core.prologue += table_macros(part.names, inner.definitions);
  core.definitions += inner.definitions + "\n";
}

/// What notes and warnings call it.
std::string part_title(const Parts& parts, std::size_t part) {
  if (part == parts.first_members.size()) return "the final model";
  const std::size_t first = parts.first_members[part], n = n_members(parts, part);
  return n == 1 ? fmt::format("member {}", first) : fmt::format("members {} to {}", first, first + n - 1);
}

}  // namespace

std::size_t n_members(const Parts& parts, std::size_t part) {
  const bool is_last = part + 1 == parts.first_members.size();
  return (is_last ? parts.places.size() : parts.first_members[part + 1]) - parts.first_members[part];
}

std::string part_name(const Parts& parts, std::size_t part) {
  return part == parts.first_members.size() ? "final_" : fmt::format("m{}_", parts.first_members[part]);
}

Core emit_combination(const model::Model& model, const Combination& combination, const Names& names, const Parts& parts,
                      std::vector<PartCode> codes) {
  Core core;
  core.has_unused = true;
  core.leaves_code_out = true;
  std::vector<std::optional<IntegerSums>> sums;
  for (std::size_t part = 0; part < codes.size(); ++part) {
    append_part(core, codes[part], part_title(parts, part));
    sums.push_back(codes[part].core.integer_sums);
  }
  Printer tables, out;
  Combining combining{model, combination, names, parts, sums, core, tables, out};
  print_functions(combining);
  Printer calibrations;
  print_calibrations(combining, calibrations);
  core.definitions += tables.text() + (tables.text().empty() ? "" : "\n") + calibrations.text() + out.text();
  if (combining.has_sigmoid) core.headers.insert("math.h");
  if (combining.table_bytes != 0) core.parts.push_back({"calibration", combining.table_bytes});
  core.facts = {{"n_members", combination.members.size(), ""}};
  return core;
}

}  // namespace emlc::c
