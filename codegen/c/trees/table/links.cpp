#include <array>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::LinkTable;

/// Prints the walker of one table: every width and every choice that is the same for all splits is a constant in it.
class LinkPrinter {
 public:
  LinkPrinter(Printer& out, const TreeCode& code, const LinkTable& table)
      : out_(out), code_(code), table_(table), split_(code, table.missing, table.thresholds) {}

  std::vector<layout::Part> print();

 private:
  [[nodiscard]] std::string leaf_number() const;
  layout::Part print_roots();
  void print_walk();

  Printer& out_;
  const TreeCode& code_;
  const LinkTable& table_;
  SplitText split_;
};

layout::Part LinkPrinter::print_roots() {
  const std::string_view start_type = unsigned_type(table_.starts.back());
  layout::Part part =
      print_integers(out_, code_, "roots", "starts_", start_type, {table_.starts.begin(), table_.starts.end()});
  if (table_.first_leaves.empty()) return part;
  part.bytes += print_integers(out_, code_, "", "first_leaves_", unsigned_type(table_.first_leaves.back()),
                               {table_.first_leaves.begin(), table_.first_leaves.end()})
                    .bytes;
  return part;
}

/// `code` as the number of a row or of a record of moves.
std::string LinkPrinter::leaf_number() const {
  std::string number = table_.moves ? fmt::format("code - {}u", table_.n_votes) : "code";
  if (table_.first_leaves.empty()) return number;
  return fmt::format("{} + {}(&{}first_leaves_[tree])", number,
                     read_macro(code_, unsigned_type(table_.first_leaves.back())), code_.names.symbol);
}

void LinkPrinter::print_walk() {
  const int threshold_at = table_.feature_bytes, left_at = threshold_at + table_.threshold_bytes;
  std::string name = table_.threshold_bytes == 0 ? "0" : bytes_text(code_, "at", threshold_at, table_.threshold_bytes);
  if (table_.threshold_bytes > 1) name = fmt::format("({})", name);
  const std::string_view type = table_.link_bytes == 4 ? "uint32_t" : "unsigned";
  out_.line("const uint8_t *at = {0}splits_ + {1}(&{0}starts_[tree]);", code_.names.symbol,
            read_macro(code_, unsigned_type(table_.starts.back())));
  out_.line("{} code;", type);
  out_.line("for (;;) {{");
  {
    const auto body = out_.indent();
    out_.line("if ({}) {{", split_.goes_left(bytes_text(code_, "at", 0, table_.feature_bytes), name));
    out_.line("  code = {};", bytes_text(code_, "at", left_at, table_.link_bytes));
    out_.line("}} else {{");
    out_.line("  code = {};", bytes_text(code_, "at", left_at + table_.link_bytes, table_.link_bytes));
    out_.line("}}");
    out_.line("if (code >= {}u) break; /* a leaf */", table_.first_leaf_link);
    out_.line("at += {} * (size_t)code;", table_.record_bytes());
  }
  out_.line("}}");
  out_.line("code -= {}u;", table_.first_leaf_link);
  if (!table_.moves) out_.line("const {0} leaf = ({0})({1});", leaf_code_type(code_), leaf_number());
}

std::vector<layout::Part> LinkPrinter::print() {
  std::vector<layout::Part> parts = {print_integers(out_, code_, "splits", "splits_", "uint8_t", table_.splits.size(),
                                                    [&](std::size_t index) { return table_.splits[index]; }),
                                     split_.print_thresholds(out_), print_roots()};
  if (table_.moves) parts.push_back(print_moves(out_, code_, *table_.moves));
  for (layout::Part& part : print_leaf_parts(out_, code_)) parts.push_back(std::move(part));
  split_.print_order(out_);
  SumLoop loop{.find = [&] { print_walk(); }};
  if (table_.moves) {
    loop.add = [&] { print_add_moves(out_, code_, *table_.moves, {"code", table_.n_votes, leaf_number()}); };
  }
  print_sum(out_, code_, loop);
  return parts;
}

}  // namespace

std::vector<layout::Part> print_link_walk(Printer& out, const TreeCode& code, const LinkTable& table) {
  return LinkPrinter(out, code, table).print();
}

}  // namespace emlc::c
