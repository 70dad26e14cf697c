#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/c/trees/code.hpp"
#include "codegen/layout/trees/sum_rules.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

bool has_signed_sums(const TreeCode& code) { return code.leaves.kind == layout::LeafKind::fixed_rows; }

/// Of a pair: the sum of the first output, from that of the second. A share below 0 makes the other one larger than the
/// total; modulo 2^32 the difference is right for both signs.
std::string first_of_pair(const TreeCode& code) {
  if (has_signed_sums(code))
    return fmt::format("(int32_t)({}u - (uint32_t)sum)", layout::pair_total(code.ensemble, code.leaves));
  return fmt::format("({}u - sum)", layout::pair_total(code.ensemble, code.leaves));
}

bool all_equal(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

/// Sums of floats start from a base score that comes first; all others get theirs behind the division.
bool starts_with_base(const TreeCode& code) {
  return !has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
}

std::vector<double> base_scores(const TreeCode& code) { return layout::added_scores(code.ensemble, code.leaves); }

/// The base score of the output that `index` says in C: "i" in a loop over all of them, or its number.
std::string base_text(const TreeCode& code, std::string_view index) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return rounded_literal(base.front(), "model.base_score");
  return fmt::format("{}READ_F32(&{}base_[{}])", code.names.macro, code.names.symbol, index);
}

bool sum_can_be_negative(const TreeCode& code) {
  const std::vector<std::int64_t>& integers = code.leaves.integers;
  return code.leaves.start < 0 || std::any_of(integers.begin(), integers.end(), [](std::int64_t v) { return v < 0; });
}

/// Prints number_, which makes a float of a sum whose unit is a power of two.
void print_number(Printer& out, const TreeCode& code) {
  const int places = *code.leaves.places;
  const Names& names = code.names;
  if (code.fpu == Fpu::automatic) out.line("#if {}", no_fpu_condition());
  if (code.fpu != Fpu::yes) {
    const bool has_sign = sum_can_be_negative(code);
    // The first 1 of the rest, bit 31, is added to the exponent.
    out.text(fill(templates::number_c,
                  std::array<TemplateValue, 6>{
                      {{"function", names.function},
                       {"symbol", names.symbol},
                       {"places", fmt::to_string(places)},
                       {"exponent", fmt::to_string(157 - places)},
                       {"magnitude", has_sign ? "sum < 0 ? 0u - (uint32_t)sum : (uint32_t)sum" : "(uint32_t)sum"},
                       {"sign", has_sign ? "\n  if (sum < 0) number.bits |= 0x80000000u;" : ""}}}));
  }
  if (code.fpu == Fpu::automatic) out.line("#else");
  if (code.fpu != Fpu::no) {
    out.line("/* sum / 2^{} */", places);
    out.line("{} float {}number_(int32_t sum) {{", names.function, names.symbol);
    out.line("  return (float)sum * {};", float_literal(std::exp2(-places)));
    out.line("}}");
  }
  if (code.fpu == Fpu::automatic) out.line("#endif");
}

/// The raw output `index`, as base_text has it, that comes of the sum `text`. A lone division is what the trainer did,
/// so it stays one.
std::string finished(const TreeCode& code, std::string_view index, std::string text) {
  if (code.leaves.places) return fmt::format("{}number_((int32_t){})", code.names.symbol, text);
  if (has_integer_sums(code)) text = "(float)" + text;
  if (!code.leaves.outputs.empty()) {
    text += fmt::format(" * {}READ_F32(&{}units_[{}])", code.names.macro, code.names.symbol, index);
    return has_base(code) ? text + " + " + base_text(code, index) : text;
  }
  const double divisor = code.ensemble.divisor * code.leaves.unit;
  if (code.ensemble.scale != 1.0) {
    text += " * " + rounded_literal(code.ensemble.scale / divisor, "model.output_scale");
  } else if (divisor != 1.0) {
    text += " / " + rounded_literal(divisor, "model.aggregate");
  }
  if (has_base(code) && !starts_with_base(code)) text += " + " + base_text(code, index);
  return text;
}

bool compares_sum(const TreeCode& code) { return layout::compares_sum(code.model, code.ensemble, code.leaves); }

layout::SumRule sum_rule(const TreeCode& code) { return layout::sum_rule(code.model, code.ensemble, code.leaves); }

}  // namespace

std::string sum_literal(const TreeCode& code, std::int64_t sum) {
  return has_signed_sums(code) ? integer_literal(sum) : fmt::format("{}u", sum);
}

std::optional<layout::SumRule> find_sum_rule(const TreeCode& code) {
  return compares_sum(code) ? std::optional(sum_rule(code)) : std::nullopt;
}

std::optional<std::int64_t> decision_bound(const TreeCode& code) {
  const std::optional<layout::SumRule> rule = find_sum_rule(code);
  return !rule || rule->holds_at_lowest == rule->holds_at_highest ? std::nullopt : std::optional(rule->first);
}

std::optional<IntegerSums> integer_sums(const TreeCode& code) {
  const model::TreeEnsemble& ensemble = code.ensemble;
  const bool are_outputs = layout::has_comparison(code.model.output) && ensemble.n_outputs > 1 &&
                           ensemble.leaf_width == 1 && has_integer_sums(code) && code.leaves.outputs.empty() &&
                           !has_base(code) && ensemble.scale / ensemble.divisor > 0.0 &&
                           ensemble.post_transform.kind == model::PostTransformKind::identity;
  if (!are_outputs) return std::nullopt;
  const layout::SumRule rule = sum_rule(code);
  if (rule.holds_at_lowest || !rule.holds_at_highest) return std::nullopt;
  const auto [low, high] = layout::range_of_sum(ensemble, code.leaves);
  return IntegerSums{.type = code.sum_type,
                     .call = sum_call(code, Sums::all, "part"),
                     .largest = std::max(std::abs(low), std::abs(high)),
                     .bound = rule.first};
}

namespace {

void print_sum_rule(Printer& out, const TreeCode& code) {
  const layout::SumRule rule = sum_rule(code);
  if (rule.holds_at_lowest == rule.holds_at_highest) {
    out.line("(void)x;");
    return out.line("return {};", rule.holds_at_lowest ? 1 : 0);
  }
  out.line("return {} {} {};", sum_call(code, Sums::to_decide), rule.holds_at_highest ? ">=" : "<",
           sum_literal(code, rule.first));
}

/// The first maximum: class 1 if it has more than half.
void print_pair_rule(Printer& out, const TreeCode& code) {
  const std::uint64_t half = layout::pair_total(code.ensemble, code.leaves) / 2;
  if (sum_can_be_negative(code)) return out.line("return {}sum_(x) > {};", code.names.symbol, half);
  // Without a sign, which takes an instruction or two less.
  out.line("return {}{}sum_(x) > {}u;", has_signed_sums(code) ? "(uint32_t)" : "", code.names.symbol, half);
}

void print_largest_sum(Printer& out, const TreeCode& code) {
  out.line("{} sum[{}];", code.sum_type, code.ensemble.n_outputs);
  out.line("int best = 0;");
  out.line("{};", sum_call(code, Sums::to_decide));
  out.line("for (int i = 1; i < {}; ++i) {{", code.ensemble.n_outputs);
  out.line("  if (sum[i] > sum[best]) best = i;");
  out.line("}}");
  out.line("return best;");
}

}  // namespace

bool has_base(const TreeCode& code) {
  const std::vector<double>& base = code.ensemble.base_score;
  return std::any_of(base.begin(), base.end(), [](double score) { return score != 0.0; });
}

bool keeps_order(const TreeCode& code) { return layout::keeps_order(code.model, code.ensemble, code.leaves); }

bool decides_on_sums(const TreeCode& code) { return keeps_order(code) || compares_sum(code); }

layout::Part print_base_table(Printer& out, const TreeCode& code) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return {"base score", 0};
  std::vector<std::string> literals;
  literals.reserve(base.size());
  for (const double score : base) literals.push_back(rounded_literal(score, "model.base_score"));
  print_table(out, code.names, "float", code.names.symbol + "base_", literals);
  return {"base score", 4 * base.size()};
}

layout::Part print_unit_table(Printer& out, const TreeCode& code) {
  if (code.leaves.outputs.empty()) return {"units", 0};
  std::vector<std::string> literals;
  for (const layout::OutputUnit& output : code.leaves.outputs)
    literals.push_back(float_literal(std::exp2(-output.places)));
  out.line("/* What a sum of each output is a multiple of. */");
  print_table(out, code.names, "float", code.names.symbol + "units_", literals);
  return {"units", 4 * literals.size()};
}

void print_sum_start(Printer& out, const TreeCode& code) {
  std::string start = has_integer_sums(code) ? "0" : "0.0f";
  if (starts_with_base(code)) start = base_text(code, "i");
  if (code.leaves.start + code.shift != 0) start = integer_literal(code.leaves.start + code.shift);
  if (code.n_sums == 1) return out.line("{} sum = {};", code.sum_type, start);
  for (std::size_t i = 0; i < code.starts.size(); ++i) out.line("sum[{}] = {};", i, integer_literal(code.starts[i]));
  if (!code.starts.empty()) return;
  out.line("for (int i = 0; i < {}; ++i) sum[i] = {};", code.n_sums, start);
}

void print_raw(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  if (code.leaves.places) print_number(out, code);
  out.line("{} void {}raw_(const {} *x, float *raw) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    const std::int32_t n = code.ensemble.n_outputs;
    if (code.leaves.is_pair) {
      out.line("const {} sum = {}sum_(x);", code.sum_type, names.symbol);
      out.line("raw[0] = {};", finished(code, "0", first_of_pair(code)));
      out.line("raw[1] = {};", finished(code, "1", "sum"));
    } else if (n == 1) {
      out.line("raw[0] = {};", finished(code, "0", sum_call(code, Sums::all)));
    } else {
      if (has_integer_sums(code)) out.line("{} sum[{}];", code.sum_type, n);
      const std::string_view sum = has_integer_sums(code) ? "sum" : "raw";
      out.line("{};", sum_call(code, Sums::all, sum));
      const std::string value = finished(code, "i", fmt::format("{}[i]", sum));
      if (value != "raw[i]") out.line("for (int i = 0; i < {}; ++i) raw[i] = {};", n, value);
    }
  }
  out.line("}}");
}

void print_decide(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} int {}decide_(const {} *x) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    if (compares_sum(code)) {
      print_sum_rule(out, code);
    } else if (code.leaves.is_pair) {
      print_pair_rule(out, code);
    } else {
      print_largest_sum(out, code);
    }
  }
  out.line("}}");
}

}  // namespace emlc::c
