#include "codegen/c/trees/inline/body.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "codegen/c/trees/inline/regions.hpp"
#include "codegen/c/trees/stage_text.hpp"

// note [trees apart]
// A compiler that sees all trees in one function follows what one of them has found out about a feature through the
// next ones, and copies these for each answer: up to two fifths more code, for a tenth of the instructions less, which
// is welcome with --optimize speed alone. Behind an empty instruction that may have moved the pointer it knows nothing,
// and loads the feature again. Floats that an FPU compares are not followed. With --optimize speed there is one
// exception: avr-gcc at -O2 keeps features for all trees, on the stack when the registers are full, and the sum in
// registers that take no constants. Loading them again is about as fast, in up to two fifths less code and little of
// the stack.

namespace emlc::c {
namespace {

using layout::Record;

constexpr std::size_t most_records = 10000;
/// Registers r0 to r7 of a Cortex-M0: x, a value, a spare one, and these for sums and pointers.
constexpr std::size_t free_registers = 5;

/// Which compilers are to keep trees apart.
enum class Apart { none, all, fast_avr };
Apart apart_of(const TreeCode& code) {
  const bool is_float = !model::info(code.plan.feature_type).is_integer;
  if (code.ensemble.trees.size() <= 1 || (is_float && !has_float_keys(code))) return Apart::none;
  if (code.optimize != Optimize::speed) return Apart::all;
  return Apart::fast_avr;
}

std::string apart_condition(const TreeCode& code) {
  if (apart_of(code) == Apart::fast_avr) return "defined(__AVR__) && !defined(__OPTIMIZE_SIZE__)";
  std::string condition = "defined(__GNUC__)";
  if (has_float_keys(code) && code.floats.fpu == Fpu::automatic) {
    condition += fmt::format(" && {}FLOAT_KEYS", code.names.macro);
  }
  return condition;
}

void print_apart_macro(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks) {
  if (apart_of(code) == Apart::none) return;
  const Names& names = code.names;
  const bool has_again = apart_of(code) == Apart::fast_avr && !far_blocks.empty();
  out.line("#if {}", apart_condition(code));
  out.line(R"(#define {}APART(p) __asm__("" : "+r"(p)) /* no copies of a tree for what the last one found out */)",
           names.macro);
  if (has_again) out.line("#define {}AGAIN(p, at) ((p) = (at))", names.macro);
  out.line("#else");
  out.line("#define {}APART(p) ((void)(p))", names.macro);
  if (has_again) out.line("#define {}AGAIN(p, at) ((void)(p))", names.macro);
  out.line("#endif");
}

void print_far_macro(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  // Thumb-2 reaches all features from x, with longer instructions.
  const std::string_view processor = apart_of(code) == Apart::all ? "" : " && !defined(__thumb2__)";
  out.line("#if defined(__GNUC__) && defined(__thumb__){}", processor);
  out.line(R"(#define {}FAR(p, at) __asm__("" : "+l"(p)) /* keeps the pointer in a register */)", names.macro);
  out.line("#else");
  out.line("#define {}FAR(p, at) ((p) = (at))", names.macro);
  out.line("#endif");
}

/// By FAR, where they stand does not follow from x for a compiler that has to keep them, and any other one may forget
/// them; AGAIN is for those that keep trees apart alone.
void print_far_pointers(Printer& out, const Names& names, std::string_view macro,
                        const std::set<std::int32_t>& far_blocks) {
  for (const std::int32_t block : far_blocks) {
    out.line("{0}{1}(x_{2}, x + {2});", names.macro, macro, block * block_size);
  }
}

/// Behind the label of the tree that is next.
void print_stage(Printer& out, const TreeCode& code, std::uint32_t tree) {
  const Stages& stages = code.stages;
  if (!has_stages(code) || tree < stages.first || (tree - stages.first) % stages.step != 0) return;
  out.line("if ({}) return sum;", ends_at_stage(code, stages.stages[(tree - stages.first) / stages.step]));
}

}  // namespace

bool fits_one_body(const TreeCode& code) { return code.plan.records.size() <= most_records; }

std::set<std::int32_t> choose_far_blocks(const TreeCode& code, std::size_t n_words) {
  std::map<std::int32_t, std::size_t> uses;
  for (const Record& record : code.plan.records) {
    if (record.feature >= block_size) ++uses[record.feature / block_size];
  }
  std::vector<std::pair<std::int32_t, std::size_t>> blocks(uses.begin(), uses.end());
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const std::size_t n_pointers = n_words < free_registers ? free_registers - n_words : 0;
  std::set<std::int32_t> chosen;
  for (std::size_t i = 0; i < std::min(blocks.size(), n_pointers); ++i) chosen.insert(blocks[i].first);
  return chosen;
}

void print_pointer_macros(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks) {
  if (!far_blocks.empty()) print_far_macro(out, code);
  print_apart_macro(out, code, far_blocks);
}

void print_apart(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks) {
  const Apart apart = apart_of(code);
  if (apart == Apart::none) return;
  out.line("{}APART(x);", code.names.macro);
  print_far_pointers(out, code.names, apart == Apart::all ? "FAR" : "AGAIN", far_blocks);
}

void print_body_start(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks) {
  const Names& names = code.names;
  print_clean(out, code.floats, names, code.plan.n_features);
  for (const std::int32_t block : far_blocks) {
    out.line("const {0} *x_{1} = x + {1};", names.input, block * block_size);
  }
  print_far_pointers(out, names, "FAR", far_blocks);
  const bool has_split = std::any_of(code.plan.records.begin(), code.plan.records.end(),
                                     [](const Record& record) { return !is_lone_leaf(record); });
  if (!has_split) out.line("(void)x;");
}

void print_sum_body(Printer& out, const TreeCode& code) {
  const std::set<std::int32_t> far_blocks = choose_far_blocks(code, 1);
  print_pointer_macros(out, code, far_blocks);
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    print_sum_start(out, code);
    print_body_start(out, code, far_blocks);
    const auto n_trees = static_cast<std::uint32_t>(code.ensemble.trees.size());
    for (std::uint32_t tree = 0; tree < n_trees; ++tree) {
      const auto leaf = [&](layout::LeafCode value) {
        return fmt::format("{{ {} goto tree_{}; }}", added(code, "sum", leaf_text(code, tree, value)), tree + 1);
      };
      const Record& root = code.plan.records[code.plan.regions[tree]];
      if (tree > 0) out.line("tree_{}:", tree);
      print_stage(out, code, tree);
      if (is_lone_leaf(root)) {
        out.line("{}", leaf(root.first_leaf));
      } else {
        if (tree > 0) print_apart(out, code, far_blocks);
        print_regions(out, code, {.leaf = leaf, .far_blocks = far_blocks}, tree);
      }
    }
    out.line("tree_{}:", n_trees);
    out.line("return sum;");
  }
  out.line("}}");
}

}  // namespace emlc::c
