#include "codegen/layout/trees/perfect.hpp"

#include "codegen/c/trees/stage_text.hpp"
#include "codegen/c/trees/table/key_text.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::PerfectTable;

/// Prints the walker of one table, level by level: it is for trees of few levels.
class PerfectPrinter {
 public:
  PerfectPrinter(Printer& out, const TreeCode& code, const PerfectTable& table)
      : out_(out), code_(code), table_(table), keys_(code, table.missing, table.thresholds) {}

  std::vector<layout::Part> print();

 private:
  layout::Part print_elements(std::string part, std::string_view name, const std::vector<std::uint32_t>& values);
  [[nodiscard]] std::string element(std::string_view name, const std::vector<std::uint32_t>& values) const;
  [[nodiscard]] std::string threshold() const;
  [[nodiscard]] std::string_view index_type() const {
    return std::size_t{1} << table_.levels > 0xffffU / table_.n_trees ? "size_t" : "unsigned";
  }
  [[nodiscard]] std::string_view leaf_type() const {
    return has_leaf_rows(code_) ? leaf_code_type(code_) : index_type();
  }
  void print_steps(std::uint32_t level);
  void print_level(std::uint32_t level);
  void print_descent();
  void print_leaf_function();
  void print_trees_function();

  Printer& out_;
  const TreeCode& code_;
  const PerfectTable& table_;
  KeyText keys_;
};

layout::Part PerfectPrinter::print_elements(std::string part, std::string_view name,
                                            const std::vector<std::uint32_t>& values) {
  if (values.empty()) return {std::move(part), 0};
  return print_integers(out_, code_, std::move(part), name,
                        column_type(static_cast<int>(layout::element_bytes(values))), {values.begin(), values.end()});
}

/// What such a table has at `at`.
std::string PerfectPrinter::element(std::string_view name, const std::vector<std::uint32_t>& values) const {
  const std::string_view type = column_type(static_cast<int>(layout::element_bytes(values)));
  return fmt::format("{}(&{}{}[at])", read_macro(code_, type), code_.names.symbol, name);
}

std::string PerfectPrinter::threshold() const {
  const std::string at = table_.names.empty() ? "at" : element("names_", table_.names);
  return fmt::format("{}(&{}thresholds_[{}])", read_macro(code_, keys_.type()), code_.names.symbol, at);
}

/// Goes on from a level, see note [planes]; the last one takes the planes of splits off again.
void PerfectPrinter::print_steps(std::uint32_t level) {
  const std::uint64_t ahead = std::uint64_t{table_.n_trees} << level, n = table_.n_trees;
  const bool is_last = level + 1 == table_.levels;
  if (is_last && level == 0) return out_.line("if (!({})) at += {}u;", keys_.goes_left(), n);
  out_.line("if ({}) {{", keys_.goes_left());
  out_.line("  at {}= {}u;", is_last ? "-" : "+", is_last ? ahead - n : ahead);
  out_.line("}} else {{");
  out_.line("  at += {}u;", is_last ? n : 2 * ahead);
  out_.line("}}");
}

void PerfectPrinter::print_level(std::uint32_t level) {
  out_.line("{{");
  {
    const auto body = out_.indent();
    out_.line("const {} threshold = {};", keys_.type(), threshold());
    out_.line("const {} key = {};", keys_.type(),
              keys_.key(fmt::format("x[{}]", element("features_", table_.features))));
    print_steps(level);
  }
  out_.line("}}");
}

/// The variable `leaf` of tree `tree`.
void PerfectPrinter::print_descent() {
  out_.line("{0} at = ({0})tree;", index_type());
  for (std::uint32_t level = 0; level < table_.levels; ++level) print_level(level);
  const std::string leaf = table_.has_codes ? element("leaves_", table_.leaves) : "at";
  const bool is_wide = leaf_type() == index_type();
  out_.line("const {} leaf = {};", leaf_type(), is_wide ? leaf : fmt::format("({}){}", leaf_type(), leaf));
}

/// Prints leaf_, the walk of one tree: in a function of its own it has all registers.
void PerfectPrinter::print_leaf_function() {
  out_.line("/* The leaf of a tree. */");
  out_.line("{}WALK {} {}leaf_(const {} *x, int tree) {{", code_.names.macro, leaf_type(), code_.names.symbol,
            code_.names.input);
  {
    const auto body = out_.indent();
    print_descent();
    out_.line("return leaf;");
  }
  out_.line("}}");
}

/// Prints trees_, which adds up single values without a call for each. There is a tree before every stage.
void PerfectPrinter::print_trees_function() {
  out_.line("/* The sum with the trees from `tree` to before `end`, one at least. */");
  out_.line("{0}WALK {1} {2}trees_(const {3} *x, int tree, int end, {1} sum) {{", code_.names.macro, code_.sum_type,
            code_.names.symbol, code_.names.input);
  {
    const auto body = out_.indent();
    out_.line("do {{");
    {
      const auto loop = out_.indent();
      print_descent();
      print_add_leaf(out_, code_);
    }
    out_.line("}} while (++tree != end);");
    out_.line("return sum;");
  }
  out_.line("}}");
}

std::vector<layout::Part> PerfectPrinter::print() {
  const std::vector<std::uint32_t> none;
  std::vector<layout::Part> parts = {
      print_elements("splits", "features_", table_.features), print_elements("threshold names", "names_", table_.names),
      print_integers(out_, code_, "thresholds", "thresholds_", keys_.type(), table_.thresholds),
      print_elements("leaves", "leaves_", table_.has_codes ? table_.leaves : none)};
  for (layout::Part& part : print_leaf_parts(out_, code_)) parts.push_back(std::move(part));
  keys_.print_key(out_);
  print_walk_macro(out_, code_);
  SumLoop loop;
  if (code_.n_sums == 1) {
    print_trees_function();
    loop.add_trees = [this](std::string_view begin, std::string_view end) {
      out_.line("sum = {}trees_(x, {}, {}, sum);", code_.names.symbol, begin, end);
    };
  } else {
    print_leaf_function();
    loop.find = [this] { out_.line("const {} leaf = {}leaf_(x, tree);", leaf_type(), code_.names.symbol); };
  }
  print_sum(out_, code_, loop);
  return parts;
}

}  // namespace

std::vector<layout::Part> print_perfect_walk(Printer& out, const TreeCode& code, const PerfectTable& table) {
  return PerfectPrinter(out, code, table).print();
}

}  // namespace emlc::c
