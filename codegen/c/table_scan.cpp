#include <array>
#include <stdexcept>

#include "codegen/c/literal.hpp"
#include "codegen/c/table_walks.hpp"
#include "codegen/c/tables.hpp"

namespace emlc::c {
namespace {

using layout::Columns;
using layout::Field;
using layout::Missing;
using layout::ScanTable;
using model::NumberType;

std::string_view column_type(int bytes) { return bytes == 1 ? "uint8_t" : bytes == 2 ? "uint16_t" : "uint32_t"; }

/// Prints the walker of one table: every width and every choice that is the same for all splits is a constant in it.
class ScanPrinter {
 public:
  ScanPrinter(Printer& out, const TreeCode& code, const ScanTable& table) : out_(out), code_(code), table_(table) {}

  std::vector<layout::Part> print();

 private:
  [[nodiscard]] std::string column_name(int column) const;
  [[nodiscard]] std::string read_column(int column) const;
  [[nodiscard]] std::string field(const Field& field) const;
  [[nodiscard]] std::string leaf() const;
  [[nodiscard]] std::string threshold() const;
  [[nodiscard]] std::string inner(unsigned which) const;
  [[nodiscard]] bool is_float() const { return code_.plan.feature_type == NumberType::float32; }
  [[nodiscard]] bool is_by_record() const { return table_.leaf_place == ScanTable::LeafPlace::by_record; }
  layout::Part print_splits();
  void print_order();
  void print_first_leaf();
  void print_walk();

  Printer& out_;
  const TreeCode& code_;
  const ScanTable& table_;
};

std::string ScanPrinter::column_name(int column) const {
  return table_.records.bytes.size() == 1 ? "split" : fmt::format("split_{}", column);
}

std::string ScanPrinter::read_column(int column) const {
  const std::string_view type = column_type(table_.records.bytes[static_cast<std::size_t>(column)]);
  return fmt::format("{}(&{}{}s_[at])", read_macro(code_, type), code_.names.symbol, column_name(column));
}

/// A field of the record at hand.
std::string ScanPrinter::field(const Field& field) const {
  if (field.bits == 0) return "0";
  const std::string name = column_name(field.column);
  const std::string shifted = field.shift == 0 ? name : fmt::format("{} >> {}", name, field.shift);
  if (field.is_top) return field.shift == 0 ? shifted : fmt::format("({})", shifted);
  return fmt::format("(({}) & {}u)", shifted, (std::uint64_t{1} << field.bits) - 1);
}

std::string ScanPrinter::leaf() const {
  if (is_by_record()) return "at";
  const std::string low = field(table_.leaf);
  if (table_.leaf_high.bits == 0) return low;
  return fmt::format("({} | {} << {})", low, field(table_.leaf_high), table_.leaf.bits);
}

/// What x[feature], or its order_, has to be below to go left.
std::string ScanPrinter::threshold() const {
  const std::string value = field(table_.threshold);
  const std::string_view type = is_float() ? "uint32_t" : model::info(code_.plan.feature_type).c_name;
  if (!table_.ordinals.empty()) {
    return fmt::format("{}(&{}thresholds_[{}])", read_macro(code_, type), code_.names.symbol, value);
  }
  const std::int64_t base = table_.base;
  switch (code_.plan.feature_type) {
    case NumberType::float32:
      return fmt::format("{} + {}u", value, base);
    case NumberType::uint8:
      return base == 0 ? value : fmt::format("{} + {}u", value, base);
    case NumberType::int32:
      return fmt::format("(int32_t)({} + {}u)", value, static_cast<std::uint32_t>(base));
    default:
      // Modulo 2^16, which the type holds again.
      if (base == 0) return fmt::format("({}){}", type, value);
      return fmt::format("({})({} + {}u)", type, value, static_cast<std::uint16_t>(base));
  }
}

/// A number other than 0 if that child of the split at hand is a split.
std::string ScanPrinter::inner(unsigned which) const {
  const std::uint64_t bit = std::uint64_t{which} << table_.inner.shift;
  return fmt::format("{} & {}u", column_name(table_.inner.column), bit);
}

layout::Part ScanPrinter::print_splits() {
  layout::Part part{"splits", 0};
  for (std::size_t column = 0; column < table_.records.bytes.size(); ++column) {
    const auto& values = table_.records.values[column];
    part.bytes += print_integers(out_, code_, "", column_name(static_cast<int>(column)) + "s_",
                                 column_type(table_.records.bytes[column]), {values.begin(), values.end()})
                      .bytes;
  }
  return part;
}

/// See codegen/layout/split_order.hpp.
void ScanPrinter::print_order() {
  const Names& names = code_.names;
  out_.line("/* The place of a number among all floats, {} NaN. */",
            table_.missing == Missing::left ? "the first are" : "the last are");
  out_.line("{} uint32_t {}order_(float value) {{", names.function, names.symbol);
  out_.line("  union {{");
  out_.line("    float value;");
  out_.line("    uint32_t bits;");
  out_.line("  }} number;");
  out_.line("  number.value = value;");
  out_.line("  return (number.bits ^ ((0 - (number.bits >> 31)) >> 1)) + {}u;", layout::order_offset(table_.missing));
  out_.line("}}");
}

void ScanPrinter::print_first_leaf() {
  const std::string_view type = leaf_code_type(code_);
  if (is_by_record()) {
    return out_.line("{0} leaf = ({0})({1} + tree);", type, table_.records.n_records());
  }
  out_.line("{} leaf = {}(&{}last_leaves_[tree]);", type, read_macro(code_, type), code_.names.symbol);
}

void ScanPrinter::print_walk() {
  const std::string_view type = leaf_code_type(code_);
  const std::string left = inner(layout::left_is_inner);
  const std::string_view column = column_type(table_.records.bytes[static_cast<std::size_t>(table_.inner.column)]);
  print_first_leaf();
  // `open` counts the subtrees whose first record is still to come. The walk goes on where it is `next` again.
  out_.line("unsigned open = 1, next = 1;");
  out_.line("do {{");
  {
    const auto body = out_.indent();
    for (int i = 0; i < static_cast<int>(table_.records.bytes.size()); ++i) {
      const std::string_view wide = table_.records.bytes[static_cast<std::size_t>(i)] == 4 ? "uint32_t" : "unsigned";
      out_.line("const {} {} = {};", wide, column_name(i), read_column(i));
    }
    const std::string value = fmt::format("x[{}]", field(table_.feature));
    out_.line("{} inner = {};", column == "uint32_t" ? "uint32_t" : "unsigned", inner(layout::right_is_inner));
    out_.line("if ({} < {}) {{", is_float() ? fmt::format("{}order_({})", code_.names.symbol, value) : value,
              threshold());
    out_.line("  leaf = ({}){};", type, leaf());
    out_.line("  inner = {};", left);
    out_.line("  next = open + (unsigned)({} >> {});", column_name(table_.inner.column), table_.inner.shift + 1);
    out_.line("}}");
    out_.line("if (!inner) next = 0; /* the leaf is found: on to the next tree */");
    out_.line("do {{");
    out_.line("  open += ((unsigned)({} >> {}) + 1u) / 2u - 1u;", read_column(table_.inner.column), table_.inner.shift);
    out_.line("  ++at;");
    out_.line("}} while (open != next);");
  }
  out_.line("}} while (open);");
}

std::vector<layout::Part> ScanPrinter::print() {
  std::vector<layout::Part> parts = {print_splits()};
  if (!table_.ordinals.empty()) {
    const std::string_view type = is_float() ? "uint32_t" : model::info(code_.plan.feature_type).c_name;
    parts.push_back(print_integers(out_, code_, "thresholds", "thresholds_", type, table_.ordinals));
  }
  if (!is_by_record()) {
    parts.push_back(print_integers(out_, code_, "last leaves", "last_leaves_", leaf_code_type(code_),
                                   {table_.last_leaves.begin(), table_.last_leaves.end()}));
  }
  for (layout::Part& part : print_leaf_parts(out_, code_)) parts.push_back(std::move(part));
  if (is_float()) print_order();
  print_sum(
      out_, code_, [&] { out_.line("{} at = 0;", table_.records.n_records() > 0xffffU ? "size_t" : "unsigned"); },
      [&] { print_walk(); });
  return parts;
}

}  // namespace

std::vector<layout::Part> print_scan_walk(Printer& out, const TreeCode& code, const ScanTable& table) {
  return ScanPrinter(out, code, table).print();
}

}  // namespace emlc::c
