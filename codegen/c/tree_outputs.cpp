#include <algorithm>
#include <vector>

#include "codegen/c/decision.hpp"
#include "codegen/c/literal.hpp"
#include "codegen/c/tables.hpp"
#include "codegen/c/tree_code.hpp"

namespace emlc::c {
namespace {

/// Of a pair: what the sums of both outputs come to.
std::uint64_t pair_total(const TreeCode& code) {
  return static_cast<std::uint64_t>(code.leaves.unit) * code.ensemble.trees.size();
}

bool all_equal(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

/// Sums of floats start from a base score that comes first; all others get theirs behind the division.
bool starts_with_base(const TreeCode& code) {
  return !has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
}

/// The base scores, in the unit of the place where they are added.
std::vector<double> base_scores(const TreeCode& code) {
  std::vector<double> base = code.ensemble.base_score;
  const bool was_divided = has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
  for (double& score : base) score = was_divided ? score / code.ensemble.divisor * code.ensemble.scale : score;
  return base;
}

/// The base score of output i as an expression.
std::string base_text(const TreeCode& code) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return rounded_literal(base.front(), "model.base_score");
  return fmt::format("{}READ_F32(&{}base_[i])", code.names.macro, code.names.symbol);
}

bool has_base(const TreeCode& code) {
  const std::vector<double>& base = code.ensemble.base_score;
  return std::any_of(base.begin(), base.end(), [](double score) { return score != 0.0; });
}

/// The raw output that comes of the sum `text`. A lone division is what the trainer did, so it stays one.
std::string finished(const TreeCode& code, std::string text) {
  if (has_integer_sums(code)) text = "(float)" + text;
  const double divisor = code.ensemble.divisor * code.leaves.unit;
  if (code.ensemble.scale != 1.0) {
    text += " * " + rounded_literal(code.ensemble.scale / divisor, "model.output_scale");
  } else if (divisor != 1.0) {
    text += " / " + rounded_literal(divisor, "model.aggregate");
  }
  if (has_base(code) && !starts_with_base(code)) text += " + " + base_text(code);
  return text;
}

/// The first maximum: class 1 if it has more than half.
void print_decide_of_pair(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} int {}decide_(const {} *x) {{", names.function, names.symbol, names.input);
  out.line("  return {}sum_(x) > {}u;", names.symbol, pair_total(code) / 2);
  out.line("}}");
}

void print_decide_of_columns(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} int {}decide_(const {} *x) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    out.line("{} sum[{}];", code.sum_type, code.ensemble.n_outputs);
    out.line("int best = 0;");
    out.line("{}sum_(x, sum);", names.symbol);
    out.line("for (int i = 1; i < {}; ++i) {{", code.ensemble.n_outputs);
    out.line("  if (sum[i] > sum[best]) best = i;");
    out.line("}}");
    out.line("return best;");
  }
  out.line("}}");
}

}  // namespace

bool keeps_order(const TreeCode& code) {
  return argmax_is_on_raw(code.model) && code.model.output.targets.size() == 1 && code.ensemble.n_outputs > 1 &&
         code.ensemble.scale / code.ensemble.divisor > 0.0 && (starts_with_base(code) || all_equal(base_scores(code)));
}

layout::Part print_base_table(Printer& out, const TreeCode& code) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return {"base score", 0};
  std::vector<std::string> literals;
  for (const double score : base) literals.push_back(rounded_literal(score, "model.base_score"));
  print_table(out, code.names, "float", code.names.symbol + "base_", literals);
  return {"base score", 4 * base.size()};
}

void print_sum_start(Printer& out, const TreeCode& code) {
  std::string start = has_integer_sums(code) ? "0" : "0.0f";
  if (starts_with_base(code)) start = base_text(code);
  if (code.n_sums == 1) return out.line("{} sum = {};", code.sum_type, start);
  out.line("for (int i = 0; i < {}; ++i) sum[i] = {};", code.n_sums, start);
}

void print_raw(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} void {}raw_(const {} *x, float *raw) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    const std::int32_t n = code.ensemble.n_outputs;
    if (code.leaves.is_pair) {
      out.line("const {} sum = {}sum_(x);", code.sum_type, names.symbol);
      out.line("raw[0] = {};", finished(code, fmt::format("({}u - sum)", pair_total(code))));
      out.line("raw[1] = {};", finished(code, "sum"));
    } else if (n == 1) {
      out.line("raw[0] = {};", finished(code, fmt::format("{}sum_(x)", names.symbol)));
    } else {
      if (has_integer_sums(code)) out.line("{} sum[{}];", code.sum_type, n);
      const std::string_view sum = has_integer_sums(code) ? "sum" : "raw";
      out.line("{}sum_(x, {});", names.symbol, sum);
      const std::string value = finished(code, fmt::format("{}[i]", sum));
      if (value != "raw[i]") out.line("for (int i = 0; i < {}; ++i) raw[i] = {};", n, value);
    }
  }
  out.line("}}");
}

void print_decide(Printer& out, const TreeCode& code) {
  code.leaves.is_pair ? print_decide_of_pair(out, code) : print_decide_of_columns(out, code);
}

}  // namespace emlc::c
