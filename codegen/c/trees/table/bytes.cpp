#include <algorithm>
#include <bit>
#include <cmath>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::HeadBit;
using layout::HeadFields;
using layout::Missing;
using layout::ThresholdCode;
using layout::TreeTable;

constexpr std::uint32_t longest_short_jump = 127;

std::string_view start_type(const TreeTable& table) { return unsigned_type(table.splits.size() - 1); }

std::string_view threshold_type(const TreeTable& table) {
  if (!holds_bits(table)) return model::info(table.threshold_type).c_name;
  return layout::word_bytes(table.threshold_type) == 8 ? "uint64_t" : "uint32_t";
}

bool has_floats(const TreeTable& table) { return !model::info(table.threshold_type).is_integer; }

/// Prints the walker of one table: every width and every choice that is the same for all splits is a constant in it.
class WalkerPrinter {
 public:
  WalkerPrinter(Printer& out, const TreeCode& code, const TreeTable& table) : out_(out), code_(code), table_(table) {}

  void print();

 private:
  [[nodiscard]] bool has_word() const { return table_.head.threshold_code == ThresholdCode::word; }
  [[nodiscard]] std::string feature() const;
  [[nodiscard]] std::string field() const;
  [[nodiscard]] std::string read_threshold() const;
  [[nodiscard]] std::string threshold() const;
  [[nodiscard]] std::string goes_left() const;
  void print_threshold();
  void print_comparison();
  void print_children();
  void print_jump();
  void print_code();

  Printer& out_;
  const TreeCode& code_;
  const TreeTable& table_;
};

std::string WalkerPrinter::feature() const {
  const HeadFields& head = table_.head;
  if (head.feature_bits == 0) return "0";
  std::string shifted = fmt::format("head >> {}", head.feature_shift());
  if (head.threshold_bits == 0) return shifted;
  return fmt::format("({}) & {}u", shifted, (std::uint64_t{1} << head.feature_bits) - 1);
}

/// The threshold field of the head.
std::string WalkerPrinter::field() const {
  return table_.head.threshold_bits == 0 ? "0" : fmt::format("(head >> {})", table_.head.threshold_shift());
}

/// What stands in the table of thresholds, or behind the head.
std::string WalkerPrinter::read_threshold() const {
  if (has_word()) return bytes_text(code_, "at", table_.head.bytes, layout::word_bytes(table_.threshold_type));
  return fmt::format("{}(&{}thresholds_[{}])", read_macro(code_, threshold_type(table_)), code_.names.symbol, field());
}

std::string WalkerPrinter::threshold() const {
  const std::string_view type = model::info(table_.threshold_type).c_name;
  const std::int32_t base = table_.threshold_base;
  if (has_word()) return has_floats(table_) ? "threshold.value" : "threshold";
  if (holds_bits(table_)) return "threshold.value";
  if (table_.head.threshold_code == ThresholdCode::index) return read_threshold();
  if (has_floats(table_) || table_.threshold_type == model::NumberType::int32) {
    return fmt::format("({})((int32_t){} + {})", type, field(), integer_literal(base));
  }
  // Modulo 2^16, which the type holds again.
  return fmt::format("({})({} + {}u)", type, field(), static_cast<std::uint16_t>(base));
}

std::string WalkerPrinter::goes_left() const {
  std::string less = fmt::format("value < {}", threshold());
  std::string not_more = fmt::format("!(value >= {})", threshold());  // also NaN
  switch (table_.head.missing) {
    case Missing::right:
      return less;
    case Missing::left:
      return not_more;
    case Missing::per_split:
      return fmt::format("head & {}u ? {} : {}", static_cast<unsigned>(HeadBit::default_left), not_more, less);
  }
  throw std::logic_error("missing values without a comparison");
}

/// Declares the threshold where it is more than an expression.
void WalkerPrinter::print_threshold() {
  if (holds_bits(table_) || (has_word() && has_floats(table_))) {
    const model::NumberTypeInfo& type = model::info(table_.threshold_type);
    out_.line("const union {{");
    out_.line("  uint{}_t bits;", 8 * type.bytes);
    out_.line("  {} value;", type.c_name);
    out_.line("}} threshold = {{{}}};", read_threshold());
  } else if (has_word()) {
    out_.line("const int32_t threshold = (int32_t)({});", read_threshold());
  }
}

void WalkerPrinter::print_comparison() {
  const int head_bytes = table_.head.bytes;
  out_.line("const {} head = {};", head_bytes > 2 ? "uint32_t" : "unsigned", bytes_text(code_, "at", 0, head_bytes));
  out_.line("const {} value = x[{}];", code_.names.input, feature());
  print_threshold();
  out_.line("const int left = {};", goes_left());
  out_.line("const int second = left == ((head & {}u) != 0); /* not the next record */",
            static_cast<unsigned>(HeadBit::flip));
  out_.line("at += {};", head_bytes + (has_word() ? layout::word_bytes(table_.threshold_type) : 0));
}

void WalkerPrinter::print_jump() {
  if (table_.longest_jump <= longest_short_jump) {
    out_.line("at += second ? 1 + {}READ_U8(at) : 1;", code_.names.macro);
    return;
  }
  out_.line("size_t jump = 0;");
  out_.line("unsigned digit;");
  out_.line("do {{");
  out_.line("  digit = {}READ_U8(at);", code_.names.macro);
  out_.line("  jump = (jump << 7) | (digit & 127u);");
  out_.line("  ++at;");
  out_.line("}} while (digit & 128u);");
  out_.line("if (second) at += jump;");
}

void WalkerPrinter::print_children() {
  out_.line("if (head & {}u) {{ /* two leaves */", static_cast<unsigned>(HeadBit::first_is_leaf));
  out_.line("  if (second) at += {};", table_.leaf_bytes);
  out_.line("}} else if (head & {}u) {{ /* one leaf */", static_cast<unsigned>(HeadBit::second_is_leaf));
  {
    const auto body = out_.indent();
    out_.line("if (!second) {{");
    out_.line("  at += {};", table_.leaf_bytes);
    out_.line("  continue;");
    out_.line("}}");
  }
  out_.line("}} else {{");
  {
    const auto body = out_.indent();
    print_jump();
    out_.line("continue;");
  }
  out_.line("}}");
}

void WalkerPrinter::print_code() {
  const std::string code = bytes_text(code_, "at", 0, table_.leaf_bytes);
  if (!layout::has_shared_subtrees(code_.plan)) return out_.line("return ({})({});", leaf_code_type(code_), code);
  out_.line("{{");
  {
    const auto body = out_.indent();
    out_.line("const uint32_t code = {};", code);
    out_.line("if (code < {}) return ({})code;", code_.plan.n_leaf_codes, leaf_code_type(code_));
    const std::string_view type = start_type(table_);
    out_.line("at = {0}splits_ + {1}(&{0}starts_[code - {2}]); /* a shared subtree */", code_.names.symbol,
              read_macro(code_, type), code_.plan.n_leaf_codes);
  }
  out_.line("}}");
}

void WalkerPrinter::print() {
  const Names& names = code_.names;
  out_.line("/* Where x ends in the tree that starts at `start`: the code of its leaf. */");
  out_.line("{} {} {}leaf_(const {} *x, {} start) {{", names.function, leaf_code_type(code_), names.symbol, names.input,
            start_type(table_));
  {
    const auto body = out_.indent();
    out_.line("const uint8_t *at = {}splits_ + start;", names.symbol);
    out_.line("for (;;) {{");
    {
      const auto loop = out_.indent();
      print_comparison();
      print_children();
      print_code();
    }
    out_.line("}}");
  }
  out_.line("}}");
}

std::string threshold_literal(std::string_view type, double value) {
  if (type == "uint64_t") return fmt::format("0x{:016x}u", std::bit_cast<std::uint64_t>(value));
  if (type == "uint32_t") return fmt::format("0x{:08x}u", std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  return type == "float" ? float_literal(value) : integer_literal(static_cast<long long>(value));
}

std::vector<layout::Part> print_thresholds(Printer& out, const TreeCode& code, const TreeTable& table) {
  if (table.thresholds.empty()) return {};
  const std::string_view type = threshold_type(table);
  const std::size_t n = table.thresholds.size();
  print_table(out, code.names, type, code.names.symbol + "thresholds_", n,
              [&](std::size_t index) { return threshold_literal(type, table.thresholds[index]); });
  return {{"thresholds", n * type_bytes(type)}};
}

}  // namespace

bool holds_bits(const TreeTable& table) {
  if (table.threshold_type == model::NumberType::float64) return !table.thresholds.empty();
  return std::any_of(table.thresholds.begin(), table.thresholds.end(), [](double value) { return std::isinf(value); });
}

std::vector<layout::Part> print_byte_walk(Printer& out, const TreeCode& code, const TreeTable& table) {
  std::vector<layout::Part> parts = {print_integers(out, code, "splits", "splits_", "uint8_t", table.splits.size(),
                                                    [&](std::size_t index) { return table.splits[index]; })};
  for (layout::Part& part : print_thresholds(out, code, table)) parts.push_back(std::move(part));
  parts.push_back(
      print_integers(out, code, "roots", "starts_", start_type(table), {table.starts.begin(), table.starts.end()}));
  for (layout::Part& part : print_leaf_parts(out, code)) parts.push_back(std::move(part));
  WalkerPrinter(out, code, table).print();
  const auto find = [&] {
    out.line("const {0} leaf = {1}leaf_(x, {2}(&{1}starts_[tree]));", leaf_code_type(code), code.names.symbol,
             read_macro(code, start_type(table)));
  };
  print_sum(out, code, {.find = find});
  return parts;
}

}  // namespace emlc::c
