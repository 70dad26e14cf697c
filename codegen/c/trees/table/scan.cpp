#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::ScanTable;

/// Prints the walker of one table: every width and every choice that is the same for all splits is a constant in it.
class ScanPrinter {
 public:
  ScanPrinter(Printer& out, const TreeCode& code, const ScanTable& table)
      : out_(out),
        code_(code),
        table_(table),
        columns_(code, table.records, "split"),
        split_(code, table.missing, table.thresholds) {}

  std::vector<layout::Part> print();

 private:
  [[nodiscard]] std::string_view leaf_type() const {
    return is_by_record() ? leaf_code_type(code_) : unsigned_type(table_.n_leaf_codes - 1);
  }
  [[nodiscard]] bool is_by_record() const { return table_.leaf_place == ScanTable::LeafPlace::by_record; }
  void print_first_leaf();
  void print_step();
  void print_walk();

  Printer& out_;
  const TreeCode& code_;
  const ScanTable& table_;
  ColumnText columns_;
  SplitText split_;
};

/// The leaf where the walk ends if it always goes right.
void ScanPrinter::print_first_leaf() {
  const std::string_view type = leaf_type();
  if (is_by_record()) {
    return out_.line("{0} leaf = ({0})({1} + tree);", type, table_.records.n_records());
  }
  out_.line("{} leaf = {}(&{}last_leaves_[tree]);", type, read_macro(code_, type), code_.names.symbol);
}

/// One split: where `next` will be `open` again, or 0 at a leaf.
void ScanPrinter::print_step() {
  const layout::Field& inner = table_.inner;
  const bool is_wide = table_.records.bytes[static_cast<std::size_t>(inner.column)] == 4;
  columns_.print_record(out_, "at");
  out_.line("{} inner = {};", is_wide ? "uint32_t" : "unsigned", columns_.test(inner, layout::right_is_inner));
  out_.line("if ({}) {{", split_.goes_left(columns_.number(table_.feature), columns_.number(table_.threshold)));
  out_.line("  leaf = ({}){};", leaf_type(), is_by_record() ? "at" : columns_.number(table_.leaf, table_.leaf_high));
  out_.line("  inner = {};", columns_.test(inner, layout::left_is_inner));
  out_.line("  next = open + (unsigned)({} >> {});", columns_.variable(inner.column), inner.shift + 1);
  out_.line("}}");
  out_.line("if (!inner) next = 0; /* the leaf is found: on to the next tree */");
}

void ScanPrinter::print_walk() {
  print_first_leaf();
  // `open` counts the subtrees whose first record is still to come. The walk goes on where it is `next` again.
  out_.line("unsigned open = 1, next = 1;");
  out_.line("do {{");
  {
    const auto body = out_.indent();
    print_step();
    out_.line("do {{");
    out_.line("  open += ((unsigned)({} >> {}) + 1u) / 2u - 1u;", columns_.read(table_.inner.column, "at"),
              table_.inner.shift);
    out_.line("  ++at;");
    out_.line("}} while (open != next);");
  }
  out_.line("}} while (open);");
}

std::vector<layout::Part> ScanPrinter::print() {
  std::vector<layout::Part> parts = {columns_.print_tables(out_, "splits"), split_.print_thresholds(out_)};
  if (!is_by_record()) {
    parts.push_back(print_integers(out_, code_, "last leaves", "last_leaves_", leaf_type(),
                                   {table_.last_leaves.begin(), table_.last_leaves.end()}));
  }
  if (table_.moves) parts.push_back(print_moves(out_, code_, *table_.moves));
  for (layout::Part& part : print_leaf_parts(out_, code_)) parts.push_back(std::move(part));
  split_.print_order(out_);
  const std::string_view index = table_.records.n_records() > 0xffffU ? "size_t" : "unsigned";
  SumLoop loop{.start = [&] { out_.line("{} at = 0;", index); }, .find = [&] { print_walk(); }};
  if (table_.moves) {
    const std::uint32_t n_votes = code_.leaves.width;
    loop.add = [this, n_votes] {
      print_add_moves(out_, code_, *table_.moves, {"leaf", n_votes, fmt::format("leaf - {}u", n_votes)});
    };
  }
  print_sum(out_, code_, loop);
  return parts;
}

}  // namespace

std::vector<layout::Part> print_scan_walk(Printer& out, const TreeCode& code, const ScanTable& table) {
  return ScanPrinter(out, code, table).print();
}

}  // namespace emlc::c
