#include "codegen/c/trees_votes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "codegen/c/tree_regions.hpp"
#include "codegen/c/vote_counters.hpp"

namespace emlc::c {
namespace {

using layout::LeafCode;
using layout::Record;

/// Compilers take more than linear time for a function.
constexpr std::size_t most_records = 10000;
constexpr std::int32_t block_size = 32;
/// Registers r0 to r7 of a Cortex-M0: x, a value, a spare one, and these for counters and far pointers.
constexpr std::size_t free_registers = 5;

VoteCounters counters_of(const TreeCode& code) {
  return {.n_classes = static_cast<std::uint32_t>(code.ensemble.n_outputs),
          .n_trees = static_cast<std::uint32_t>(code.ensemble.trees.size())};
}

/// The blocks of 32 features, but the first, that splits ask for most, as many as registers are free for a pointer.
std::set<std::int32_t> choose_far_blocks(const TreeCode& code) {
  std::map<std::int32_t, std::size_t> uses;
  for (const Record& record : code.plan.records) {
    if (record.feature >= block_size) ++uses[record.feature / block_size];
  }
  std::vector<std::pair<std::int32_t, std::size_t>> blocks(uses.begin(), uses.end());
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const VoteCounters counters = counters_of(code);
  const std::size_t n_words = (counters.n_classes * static_cast<std::size_t>(counters.field_bits()) + 31) / 32;
  const std::size_t n_pointers = n_words < free_registers ? free_registers - n_words : 0;
  std::set<std::int32_t> chosen;
  for (std::size_t i = 0; i < std::min(blocks.size(), n_pointers); ++i) chosen.insert(blocks[i].first);
  return chosen;
}

/// Where loads reach only 32 elements, the compiler is kept from adding the offset to x for each of them.
void print_far_macro(Printer& out, const Names& names) {
  out.line("#if defined(__GNUC__) && defined(__thumb__) && !defined(__thumb2__)");
  out.line("#define {}FAR(p) __asm__(\"\" : \"+l\"(p)) /* keeps the pointer in a register */", names.macro);
  out.line("#else");
  out.line("#define {}FAR(p) ((void)(p))", names.macro);
  out.line("#endif");
}

class VotePrinter {
 public:
  VotePrinter(Printer& out, const TreeCode& code)
      : out_(out), code_(code), counters_(counters_of(code)), far_blocks_(choose_far_blocks(code)) {}

  void print();

 private:
  void print_start();
  void print_tree(std::uint32_t tree);
  void print_tail(std::uint32_t tree, LeafCode leaf);
  void print_end();

  Printer& out_;
  const TreeCode& code_;
  VoteCounters counters_;
  std::set<std::int32_t> far_blocks_;
  bool jumps_to_end_ = false;
};

void VotePrinter::print_start() {
  const Names& names = code_.names;
  out_.line("{}COUNTERS;", names.macro);
  print_clean(out_, code_.floats, names, code_.plan.n_features);
  for (const std::int32_t block : far_blocks_) {
    out_.line("const {0} *x_{1} = x + {1};", names.input, block * block_size);
  }
  for (const std::int32_t block : far_blocks_) out_.line("{}FAR(x_{});", names.macro, block * block_size);
  out_.line("(void)x;");
}

/// What happens when tree `tree` votes for class `leaf`.
void VotePrinter::print_tail(std::uint32_t tree, LeafCode leaf) {
  const Names& names = code_.names;
  out_.line("{}ADD_{};", names.macro, leaf);
  const std::uint32_t n_seen = tree + 1;
  const std::string wins = winning_condition(names, counters_, leaf, n_seen);
  if (!wins.empty()) out_.line("if (sum == NULL && {}) return {};", wins, leaf);
  if (n_seen < counters_.n_trees) out_.line("goto tree_{};", n_seen);
}

void VotePrinter::print_tree(std::uint32_t tree) {
  if (tree > 0) out_.line("tree_{}:", tree);
  const Record& root = code_.plan.records[code_.plan.regions[tree]];
  if (is_lone_leaf(root)) return print_tail(tree, root.first_leaf);
  std::set<LeafCode> used;
  const auto leaf_text = [&](LeafCode leaf) {
    used.insert(leaf);
    return fmt::format("goto tree_{}_gives_{};", tree, leaf);
  };
  print_regions(out_, code_, {.leaf = leaf_text, .far_blocks = far_blocks_}, tree);
  const bool is_last = tree + 1 == counters_.n_trees;
  for (const LeafCode leaf : used) {
    out_.line("tree_{}_gives_{}:", tree, leaf);
    print_tail(tree, leaf);
    if (!is_last || leaf == *used.rbegin()) continue;
    out_.line("goto count;");
    jumps_to_end_ = true;
  }
}

void VotePrinter::print_end() {
  const Names& names = code_.names;
  out_.line("if (sum != NULL) {{");
  {
    const auto body = out_.indent();
    for (std::uint32_t index = 0; index < counters_.n_classes; ++index) {
      out_.line("sum[{0}] = ({1})({2}COUNT_{0} - {3}u);", index, code_.sum_type, names.macro, counters_.start());
    }
    out_.line("return 0;");
  }
  out_.line("}}");
  print_winner(out_, names, counters_);
}

void VotePrinter::print() {
  const Names& names = code_.names;
  print_counter_macros(out_, names, counters_);
  if (!far_blocks_.empty()) print_far_macro(out_, names);
  out_.line("{} int {}vote_(const {} *x, {} *sum) {{", names.function, names.symbol, names.input, code_.sum_type);
  {
    const auto body = out_.indent();
    print_start();
    for (std::uint32_t tree = 0; tree < counters_.n_trees; ++tree) print_tree(tree);
    if (jumps_to_end_) out_.line("count:");
    print_end();
  }
  out_.line("}}");
}

}  // namespace

bool can_print_votes(const TreeCode& code) {
  return code.leaves.kind == layout::LeafKind::votes && keeps_order(code) && code.plan.records.size() <= most_records;
}

void print_votes(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  print_float_bits(out, code.floats, names, code.plan.n_features);
  VotePrinter(out, code).print();
  out.line("{}", sum_head(code));
  out.line("  (void){}vote_(x, sum);", names.symbol);
  out.line("}}");
  out.line("{} int {}decide_(const {} *x) {{", names.function, names.symbol, names.input);
  out.line("  return {}vote_(x, NULL);", names.symbol);
  out.line("}}");
}

}  // namespace emlc::c
