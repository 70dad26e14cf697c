#include <algorithm>

#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {

std::vector<layout::Part> print_level_walk(Printer& out, const TreeCode& code, const layout::LevelTable& table) {
  const ColumnText columns(code, table.records, "level");
  const SplitText split(code, table.missing, table.thresholds);
  const std::string_view type = table.leaves.size() > 0xffffU ? "size_t" : "unsigned";
  std::vector<layout::Part> parts = {
      columns.print_tables(out, "levels"), split.print_thresholds(out),
      print_integers(out, code, "depths", "depths_", "uint8_t", {table.depths.begin(), table.depths.end()})};
  for (layout::Part& part : print_leaf_parts(out, code)) parts.push_back(std::move(part));
  split.print_order(out);
  const auto start = [&] { out.line("{} at = 0, first = 0; /* a level, and the first leaf of the tree */", type); };
  const auto find = [&] {
    out.line("const unsigned depth = {}READ_U8(&{}depths_[tree]);", code.names.macro, code.names.symbol);
    out.line("unsigned answers = 0;");
    out.line("for (const {0} end = at + depth; at < end; ++at) {{", type);
    {
      const auto body = out.indent();
      columns.print_record(out, "at");
      out.line("answers = 2u * answers + (({}) ? 0u : 1u);",
               split.goes_left(columns.number(table.feature), columns.number(table.threshold)));
    }
    out.line("}}");
    // Rows are added by a function that takes their number in the smallest type.
    const std::string_view leaf_type = has_leaf_rows(code) ? leaf_code_type(code) : type;
    out.line("const {0} leaf = ({0})(first + answers);", leaf_type);
    out.line("first += ({})1 << depth;", type);
  };
  print_sum(out, code, {.start = start, .find = find});
  return parts;
}

}  // namespace emlc::c
