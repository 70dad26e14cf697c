#include "codegen/c/common/literal.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::LeafMoves;

std::string_view amount_type(const LeafMoves& moves) {
  return unsigned_type(static_cast<std::uint64_t>(moves.amounts.back()));
}

std::string taken(const TreeCode& code, std::string_view sum, std::string_view value) {
  return fmt::format("{0} = ({1})({0} - {2});", sum, code.sum_type, value);
}

/// Prints the function add_moves_.
void print_add_moves_function(Printer& out, const TreeCode& code, const LeafMoves& moves) {
  const ColumnText columns(code, moves.records, "move");
  const std::string from = fmt::format("sum[{}]", columns.number(moves.from));
  const std::string to = fmt::format("sum[{}]", columns.number(moves.to));
  const bool is_wide = moves.records.bytes[static_cast<std::size_t>(moves.more.column)] == 4;
  out.line("/* Adds a row of shares: all to one column, from which moves take amounts to others. */");
  out.line("{} void {}add_moves_(size_t at, {} *sum) {{", code.names.function, code.names.symbol, code.sum_type);
  const auto body = out.indent();
  out.line("{} more;", is_wide ? "uint32_t" : "unsigned");
  out.line("{{");
  {
    const auto start = out.indent();
    columns.print_field(out, moves.from, "at");
    out.line("{}", added(code, from, integer_literal(moves.whole)));
  }
  out.line("}}");
  out.line("do {{");
  {
    const auto loop = out.indent();
    columns.print_record(out, "at");
    out.line("const {0} amount = ({0})({1}(&{2}amounts_[{3}]));", code.sum_type, read_macro(code, amount_type(moves)),
             code.names.symbol, columns.number(moves.amount, moves.amount_high));
    out.line("{}", taken(code, from, "amount"));
    out.line("{}", added(code, to, "amount"));
    out.line("more = {};", columns.test(moves.more, 1));
    out.line("++at;");
  }
  out.line("}} while (more);");
}

}  // namespace

layout::Part print_moves(Printer& out, const TreeCode& code, const LeafMoves& moves) {
  layout::Part part = ColumnText(code, moves.records, "move").print_tables(out, "leaf rows");
  part.bytes += print_integers(out, code, "", "amounts_", amount_type(moves), moves.amounts).bytes;
  print_add_moves_function(out, code, moves);
  out.line("}}");
  return part;
}

void print_add_moves(Printer& out, const TreeCode& code, const LeafMoves& moves, const MovesLeaf& leaf) {
  out.line("if ({} < {}u) {{", leaf.code, leaf.n_votes);
  out.line("  {}", added(code, fmt::format("sum[{}]", leaf.code), integer_literal(moves.whole)));
  out.line("}} else {{");
  out.line("  {}add_moves_((size_t)({}), sum);", code.names.symbol, leaf.record);
  out.line("}}");
}

}  // namespace emlc::c
