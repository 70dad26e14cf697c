#include "codegen/c/trees/inline/regions.hpp"

#include <deque>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/model/number_type.hpp"

// note [shallow nesting]
// A region of the plan is in pre-order with the smaller subtree first. The smaller one goes into the braces of an if
// that ends in jumps, the larger one follows after the brace. So the code nests no deeper than log2 of the number of
// splits, however deep the tree is, and the records are printed one after the other.

namespace emlc::c {
namespace {

using layout::LeafCode;
using layout::Record;
using layout::RecordId;

using model::infinity;

std::string literal(model::NumberType type, double value) {
  return type == model::NumberType::float64 ? double_literal(value) : float_literal(value);
}

/// Does `value` go to one side of a threshold? Every comparison with NaN is false, so the side that NaN takes is the
/// negation of the comparison for the other side.
std::string float_condition(model::NumberType type, const std::string& value, const Record& record, bool is_left) {
  // No C literal is infinite. Only NaN goes left of -infinity, or the split would not be in the plan; all that is below
  // +infinity is at most the largest float.
  if (record.threshold == -infinity) return fmt::format("{0} {1} {0}", value, is_left ? "!=" : "==");
  const bool is_above_all = record.threshold == infinity;
  const std::string threshold = literal(type, is_above_all ? model::info(type).highest : record.threshold);
  const std::string left = fmt::format("{} {} {}", value, is_above_all ? "<=" : "<", threshold);
  const std::string right = fmt::format("{} {} {}", value, is_above_all ? ">" : ">=", threshold);
  if (is_left) return record.default_left ? fmt::format("!({})", right) : left;
  return record.default_left ? right : fmt::format("!({})", left);
}

std::string condition(const TreeCode& code, const std::string& value, const Record& record, bool is_left) {
  if (!model::info(code.plan.feature_type).is_integer) {
    const std::string on_fpu = float_condition(code.plan.feature_type, value, record, is_left);
    if (!has_float_keys(code)) return on_fpu;
    return pick(code.floats, code.names, on_fpu, bits_condition(code.floats, code.names, value, record, is_left));
  }
  return fmt::format("{} {} {}", value,
                     is_left ? "<" : ">=", integer_literal(static_cast<long long>(record.threshold)));
}

class RegionPrinter {
 public:
  RegionPrinter(Printer& out, const TreeCode& code, const RegionText& text) : out_(out), code_(code), text_(text) {}

  void print_region(std::uint32_t region);

  std::set<std::uint32_t> shared;  ///< regions that are still to be printed

 private:
  [[nodiscard]] RecordId end_of(std::uint32_t region) const;
  [[nodiscard]] std::string side(const Record& record, bool is_left) const;
  std::string leave(LeafCode leaf);
  void print_record(const Record& record);

  Printer& out_;
  const TreeCode& code_;
  const RegionText& text_;
};

RecordId RegionPrinter::end_of(std::uint32_t region) const {
  const auto& regions = code_.plan.regions;
  return region + 1 < regions.size() ? regions[region + 1] : static_cast<RecordId>(code_.plan.records.size());
}

std::string RegionPrinter::side(const Record& record, bool is_left) const {
  return condition(code_, feature_text(text_, record.feature), record, is_left);
}

/// The statement that ends the walk at a leaf, or takes it to a shared subtree.
std::string RegionPrinter::leave(LeafCode leaf) {
  if (leaf < code_.plan.n_leaf_codes) return text_.leaf(leaf);
  const std::uint32_t region = leaf - code_.plan.n_leaf_codes;
  shared.insert(region);
  return fmt::format("goto shared_{};", region);
}

void RegionPrinter::print_record(const Record& record) {
  const bool first_is_left = !record.flip;
  if (!record.second_is_leaf) return out_.line("if ({}) {{", side(record, first_is_left));
  if (!record.first_is_leaf) return out_.line("if ({}) {}", side(record, !first_is_left), leave(record.second_leaf));
  out_.line("if ({}) {}", side(record, first_is_left), leave(record.first_leaf));
  out_.line("{}", leave(record.second_leaf));
}

void RegionPrinter::print_region(std::uint32_t region) {
  std::vector<RecordId> braces;  // where the second children begin whose first ones are being printed
  std::deque<Printer::Indent> indents;
  for (RecordId id = code_.plan.regions[region]; id < end_of(region); ++id) {
    if (!braces.empty() && braces.back() == id) {
      braces.pop_back();
      indents.pop_back();
      out_.line("}}");
    }
    const Record& record = code_.plan.records[id];
    print_record(record);
    if (record.second_is_leaf) continue;
    braces.push_back(record.second);
    indents.emplace_back(out_);
  }
}

}  // namespace

std::string feature_text(const RegionText& text, std::int32_t feature) {
  const std::int32_t block = feature / block_size;
  if (!text.far_blocks.contains(block)) return fmt::format("x[{}]", feature);
  return fmt::format("x_{}[{}]", block * block_size, feature - block * block_size);
}

void print_regions(Printer& out, const TreeCode& code, const RegionText& text, std::uint32_t region) {
  RegionPrinter printer(out, code, text);
  printer.print_region(region);
  while (!printer.shared.empty()) {
    const std::uint32_t next = *printer.shared.begin();
    printer.shared.erase(printer.shared.begin());
    out.line("shared_{}:", next);
    printer.print_region(next);
  }
}

}  // namespace emlc::c
