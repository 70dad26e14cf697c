#include "codegen/c/trees/stage_text.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "codegen/c/common/helpers.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/trees/table/text.hpp"

namespace emlc::c {
namespace {

std::vector<std::int64_t> column_of(const TreeCode& code, std::int64_t Stage::*member) {
  std::vector<std::int64_t> values;
  for (const Stage& stage : code.stages.stages) values.push_back(stage.*member);
  return values;
}

std::string_view lead_type(const TreeCode& code) {
  const std::vector<std::int64_t> leads = column_of(code, &Stage::lead);
  return unsigned_type(static_cast<std::uint64_t>(*std::max_element(leads.begin(), leads.end())));
}

std::string element(const TreeCode& code, std::string_view table, std::string_view type) {
  return fmt::format("{}(&{}{}[stage])", read_macro(code, type), code.names.symbol, table);
}

constexpr std::string_view bound_type = "int32_t";

}  // namespace

void print_lead(Printer& out, const TreeCode& code) {
  if (!has_stages(code) || code.n_sums == 1) return;
  const std::string lowest = integer_literal(std::numeric_limits<std::int32_t>::min());
  out.line("/* How far the largest sum is above the second. */");
  out.line("{} uint32_t {}lead_(const {} *sum) {{", code.names.function, code.names.symbol, code.sum_type);
  out.line("  int32_t best = sum[0], second = {};", lowest);
  out.line("  for (int i = 1; i < {}; ++i) {{", code.n_sums);
  out.line("    if (sum[i] > best) {{");
  out.line("      second = best;");
  out.line("      best = sum[i];");
  out.line("    }} else if (sum[i] > second) {{");
  out.line("      second = sum[i];");
  out.line("    }}");
  out.line("  }}");
  out.line("  return (uint32_t)best - (uint32_t)second;");
  out.line("}}");
}

void print_walk_macro(Printer& out, const TreeCode& code) {
  out.text(apart_macro("WALK", "a function of its own, with all registers", code.names));
}

layout::Part print_stage_tables(Printer& out, const TreeCode& code) {
  if (!has_stages(code)) return {"stages", 0};
  if (code.n_sums > 1) {
    return print_integers(out, code, "stages", "leads_", lead_type(code), column_of(code, &Stage::lead));
  }
  layout::Part part = print_integers(out, code, "stages", "lows_", bound_type, column_of(code, &Stage::low));
  part.bytes += print_integers(out, code, "", "highs_", bound_type, column_of(code, &Stage::high)).bytes;
  return part;
}

std::string ends_at_stage(const TreeCode& code) {
  if (code.n_sums > 1) {
    return fmt::format("decide && {}lead_(sum) > {}", code.names.symbol, element(code, "leads_", lead_type(code)));
  }
  return fmt::format("decide && (sum < {} || sum >= {})", element(code, "lows_", bound_type),
                     element(code, "highs_", bound_type));
}

std::string ends_at_stage(const TreeCode& code, const Stage& stage) {
  if (code.n_sums > 1) return fmt::format("decide && {}lead_(sum) > {}u", code.names.symbol, stage.lead);
  if (stage.low >= stage.high) return "decide";  // no sum that there can be is between them
  return fmt::format("decide && (sum < {} || sum >= {})", integer_literal(stage.low), integer_literal(stage.high));
}

}  // namespace emlc::c
