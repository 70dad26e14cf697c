#include "codegen/c/trees_inline.hpp"

#include <deque>
#include <limits>
#include <set>
#include <string>

#include "codegen/c/literal.hpp"

// note [shallow nesting]
// A region of the plan is in pre-order with the smaller subtree first. The smaller one goes into the braces of an if
// that ends in returns, the larger one follows after the brace. So the code nests no deeper than log2 of the number of
// splits, however deep the tree is, and the records are printed one after the other.

namespace emlc::c {
namespace {

using layout::LeafCode;
using layout::LeafKind;
using layout::Record;
using layout::RecordId;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Does x go to one side of a threshold? Every comparison with NaN is false, so the side that NaN takes is the negation
/// of the comparison for the other side.
std::string float_condition(const Record& record, bool is_left) {
  const std::string value = fmt::format("x[{}]", record.feature);
  // No C literal is infinite. Only NaN goes left of -infinity, or the split would not be in the plan; all that is below
  // +infinity is at most the largest float.
  if (record.threshold == -infinity) return fmt::format("{0} {1} {0}", value, is_left ? "!=" : "==");
  const bool is_above_all = record.threshold == infinity;
  const std::string threshold =
      float_literal(is_above_all ? model::info(model::NumberType::float32).highest : record.threshold);
  const std::string left = fmt::format("{} {} {}", value, is_above_all ? "<=" : "<", threshold);
  const std::string right = fmt::format("{} {} {}", value, is_above_all ? ">" : ">=", threshold);
  if (is_left) return record.default_left ? fmt::format("!({})", right) : left;
  return record.default_left ? right : fmt::format("!({})", left);
}

std::string condition(const TreeCode& code, const Record& record, bool is_left) {
  if (!model::info(code.plan.feature_type).is_integer) {
    return pick(code.floats, code.names, float_condition(record, is_left),
                bits_condition(code.floats, code.names, record, is_left));
  }
  return fmt::format("x[{}] {} {}", record.feature,
                     is_left ? "<" : ">=", integer_literal(static_cast<long long>(record.threshold)));
}

/// Prints the trees, each as one function: its region, then behind labels those of the subtrees that it shares.
class TreePrinter {
 public:
  TreePrinter(Printer& out, const TreeCode& code) : out_(out), code_(code) {}

  void print_tree(std::uint32_t region);

 private:
  [[nodiscard]] RecordId end_of(std::uint32_t region) const;
  std::string leave(LeafCode leaf);
  void print_record(const Record& record);
  void print_region(std::uint32_t region);

  Printer& out_;
  const TreeCode& code_;
  std::set<std::uint32_t> regions_;  ///< that the tree at hand still has to print
};

RecordId TreePrinter::end_of(std::uint32_t region) const {
  const auto& regions = code_.plan.regions;
  return region + 1 < regions.size() ? regions[region + 1] : static_cast<RecordId>(code_.plan.records.size());
}

/// The statement that ends the walk at a leaf, or takes it to a shared subtree.
std::string TreePrinter::leave(LeafCode leaf) {
  if (leaf < code_.plan.n_leaf_codes) return fmt::format("return {};", leaf_text(code_, leaf));
  const std::uint32_t region = leaf - code_.plan.n_leaf_codes;
  regions_.insert(region);
  return fmt::format("goto shared_{};", region);
}

void TreePrinter::print_record(const Record& record) {
  const bool first_is_left = !record.flip;
  if (!record.second_is_leaf) return out_.line("if ({}) {{", condition(code_, record, first_is_left));
  if (!record.first_is_leaf) {
    return out_.line("if ({}) {}", condition(code_, record, !first_is_left), leave(record.second_leaf));
  }
  out_.line("if ({}) {}", condition(code_, record, first_is_left), leave(record.first_leaf));
  out_.line("{}", leave(record.second_leaf));
}

void TreePrinter::print_region(std::uint32_t region) {
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

void TreePrinter::print_tree(std::uint32_t region) {
  const Names& names = code_.names;
  out_.line("{} {} {}tree_{}_(const {} *x) {{", names.function, leaf_text_type(code_), names.symbol, region,
            names.input);
  {
    const auto body = out_.indent();
    print_region(region);
    while (!regions_.empty()) {
      const std::uint32_t shared = *regions_.begin();
      regions_.erase(regions_.begin());
      out_.line("shared_{}:", shared);
      print_region(shared);
    }
  }
  out_.line("}}");
}

/// The statement that adds what tree `region` gives.
std::string add_tree(const TreeCode& code, std::uint32_t region, const std::string& leaf) {
  const std::int32_t column = code.ensemble.trees[code.plan.tree_order[region]].first_output;
  if (code.leaves.kind == LeafKind::votes) return fmt::format("++sum[{}];", leaf);
  if (code.n_sums == 1) return added(code, "sum", leaf);
  if (code.leaves.width == 1) return added(code, fmt::format("sum[{}]", column), leaf);
  const std::string offset = column == 0 ? "" : fmt::format(" + {}", column);
  return fmt::format("{}add_row_({}, sum{});", code.names.symbol, leaf, offset);
}

}  // namespace

std::vector<layout::Part> print_inline_trees(Printer& out, const TreeCode& code) {
  const auto n_trees = static_cast<std::uint32_t>(code.ensemble.trees.size());
  std::vector<std::string> statements;
  print_float_bits(out, code.floats, code.names, code.plan.n_features);
  TreePrinter printer(out, code);
  bool has_split = false;
  for (std::uint32_t tree = 0; tree < n_trees; ++tree) {
    const Record& root = code.plan.records[code.plan.regions[tree]];
    if (is_lone_leaf(root)) {
      statements.push_back(add_tree(code, tree, leaf_text(code, root.first_leaf)));
      continue;
    }
    has_split = true;
    printer.print_tree(tree);
    statements.push_back(add_tree(code, tree, fmt::format("{}tree_{}_(x)", code.names.symbol, tree)));
  }
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    if (!has_split) out.line("(void)x;");
    if (has_split) print_clean(out, code.floats, code.names, code.plan.n_features);
    print_sum_start(out, code);
    for (const std::string& statement : statements) out.line("{}", statement);
    if (code.n_sums == 1) out.line("return sum;");
  }
  out.line("}}");
  return {};
}

}  // namespace emlc::c
