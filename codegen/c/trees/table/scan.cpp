#include <algorithm>

#include "codegen/c/trees/stage_text.hpp"
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
    if (!is_by_record()) return unsigned_type(table_.n_leaf_codes - 1);
    return table_.way == ScanTable::Way::jump ? index_type() : leaf_code_type(code_);
  }
  [[nodiscard]] bool is_by_record() const { return table_.leaf_place == ScanTable::LeafPlace::by_record; }
  void print_first_leaf();
  void print_step();
  void print_walk();
  [[nodiscard]] std::string jump_feature() const;
  [[nodiscard]] std::string jump_goes_left() const;
  void print_jump_step();
  void print_jump_function();
  void print_jump_walk();
  [[nodiscard]] std::string_view size_type() const;
  [[nodiscard]] std::string_view index_type() const {
    return table_.records.n_records() > 0xffffU ? "size_t" : "unsigned";
  }
  [[nodiscard]] std::string leaf_before() const;

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

/// The leaf before the split at hand.
std::string ScanPrinter::leaf_before() const {
  if (is_by_record() && table_.way == ScanTable::Way::jump) return "at";
  const std::string leaf = is_by_record() ? "at" : columns_.number(table_.leaf, table_.leaf_high);
  return fmt::format("({}){}", leaf_type(), leaf);
}

/// One split: where `next` will be `open` again, or 0 at a leaf.
void ScanPrinter::print_step() {
  const layout::Field& inner = table_.inner;
  const bool is_wide = table_.records.bytes[static_cast<std::size_t>(inner.column)] == 4;
  columns_.print_record(out_, "at");
  out_.line("{} inner = {};", is_wide ? "uint32_t" : "unsigned", columns_.test(inner, layout::right_is_inner));
  out_.line("if ({}) {{", split_.goes_left(columns_.number(table_.feature), columns_.number(table_.threshold)));
  out_.line("  leaf = {};", leaf_before());
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

std::string_view ScanPrinter::size_type() const {
  return unsigned_type(*std::max_element(table_.sizes.begin(), table_.sizes.end()));
}

/// `x[feature] < threshold` of the split at hand. A threshold that is the topmost field, as name + 1 or name, is
/// compared where it is: what is below it changes nothing.
std::string ScanPrinter::jump_goes_left() const {
  const layout::Thresholds& names = table_.thresholds;
  const layout::Field& field = table_.threshold;
  const bool is_in_place = code_.plan.feature_type == model::NumberType::uint8 && names.ordinals.empty() &&
                           names.base <= 1 && field.is_top && field.bits > 0;
  if (!is_in_place) return split_.goes_left(jump_feature(), columns_.number(field));
  const std::string x = fmt::format("x[{}]", jump_feature());
  return fmt::format("(uint32_t){} << {} <= {}", names.base == 1 ? x : fmt::format("({} + 1u)", x), field.shift,
                     columns_.variable(field.column));
}

/// One split: `at` is the next one, or `last` at a leaf.
void ScanPrinter::print_jump_step() {
  columns_.print_record(out_, "at");
  out_.line("const {0} jump = ({0}){1};", index_type(), columns_.number(table_.jump));
  out_.line("if ({}) {{", jump_goes_left());
  out_.line("  leaf = {};", leaf_before());
  out_.line("  last = at + jump;");
  out_.line("  ++at;");
  out_.line("}} else {{");
  out_.line("  at += jump;");
  out_.line("}}");
}

/// In a byte of its own a feature needs no mask.
std::string ScanPrinter::jump_feature() const {
  const layout::Field& field = table_.feature;
  const bool is_byte = field.bits == 8 && field.shift == 0 && !field.is_top;
  return is_byte ? "(uint8_t)" + columns_.variable(field.column) : columns_.number(field);
}

/// Prints leaf_, the walk of one tree: in a function of its own it has all registers.
void ScanPrinter::print_jump_function() {
  const Names& names = code_.names;
  print_walk_macro(out_, code_);
  const std::string last_leaf = is_by_record() ? "" : fmt::format(", {} leaf", leaf_type());
  out_.line("/* The leaf of the tree whose splits begin at `at` and end before `last`. */");
  out_.line("{0}WALK {1} {2}leaf_(const {3} *x, {4} at, {4} last{5}) {{", names.macro, leaf_type(), names.symbol,
            names.input, index_type(), last_leaf);
  {
    const auto body = out_.indent();
    if (is_by_record()) out_.line("{} leaf = last;", leaf_type());
    out_.line("do {{");
    {
      const auto loop = out_.indent();
      print_jump_step();
    }
    out_.line("}} while (at != last);");
    out_.line("return leaf;");
  }
  out_.line("}}");
}

void ScanPrinter::print_jump_walk() {
  std::string call = fmt::format("{}leaf_(x, at, next", code_.names.symbol);
  call += is_by_record()
              ? fmt::format(") + ({})tree", index_type())
              : fmt::format(", {}(&{}last_leaves_[tree]))", read_macro(code_, leaf_type()), code_.names.symbol);
  out_.line("const {} next = at + {}(&{}sizes_[tree]);", index_type(), read_macro(code_, size_type()),
            code_.names.symbol);
  // Rows are added by a function that takes their number in the smallest type.
  const std::string_view type = is_by_record() && has_leaf_rows(code_) ? leaf_code_type(code_) : leaf_type();
  out_.line("const {0} leaf = ({0})({1});", type, call);
  out_.line("at = next;");
}

std::vector<layout::Part> ScanPrinter::print() {
  std::vector<layout::Part> parts = {columns_.print_tables(out_, "splits"), split_.print_thresholds(out_)};
  if (!table_.sizes.empty()) {
    parts.push_back(
        print_integers(out_, code_, "sizes", "sizes_", size_type(), {table_.sizes.begin(), table_.sizes.end()}));
  }
  if (!is_by_record()) {
    parts.push_back(print_integers(out_, code_, "last leaves", "last_leaves_", leaf_type(),
                                   {table_.last_leaves.begin(), table_.last_leaves.end()}));
  }
  if (table_.moves) parts.push_back(print_moves(out_, code_, *table_.moves));
  for (layout::Part& part : print_leaf_parts(out_, code_)) parts.push_back(std::move(part));
  split_.print_order(out_);
  if (table_.way == ScanTable::Way::jump) print_jump_function();
  SumLoop loop{.start = [&] { out_.line("{} at = 0;", index_type()); },
               .find = [&] { table_.way == ScanTable::Way::jump ? print_jump_walk() : print_walk(); }};
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
