#include "codegen/c/trees/votes.hpp"

#include <set>

#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/inline/regions.hpp"
#include "codegen/c/trees/vote_counters.hpp"

namespace emlc::c {
namespace {

using layout::LeafCode;
using layout::Record;

class VotePrinter {
 public:
  VotePrinter(Printer& out, const TreeCode& code)
      : out_(out), code_(code), counters_(vote_counters_of(code)), far_blocks_(vote_far_blocks(code)) {}

  void print();

 private:
  void print_tree(std::uint32_t tree);
  void print_tail(std::uint32_t tree, LeafCode leaf);
  void print_end();

  Printer& out_;
  const TreeCode& code_;
  VoteCounters counters_;
  std::set<std::int32_t> far_blocks_;
  bool jumps_to_end_ = false;
};

/// What happens when tree `tree` votes for class `leaf`.
void VotePrinter::print_tail(std::uint32_t tree, LeafCode leaf) {
  const Names& names = code_.names;
  out_.line("{}ADD_{};", names.macro, leaf);
  const std::uint32_t n_seen = tree + 1;
  const std::string wins = winning_condition(names, counters_, leaf, n_seen);
  if (!wins.empty()) out_.line("if ({} && sum == NULL) return {};", wins, leaf);
  if (n_seen < counters_.n_trees) out_.line("goto tree_{};", n_seen);
}

void VotePrinter::print_tree(std::uint32_t tree) {
  if (tree > 0) out_.line("tree_{}:", tree);
  const Record& root = code_.plan.records[code_.plan.regions[tree]];
  if (is_lone_leaf(root)) return print_tail(tree, root.first_leaf);
  if (tree > 0) print_apart(out_, code_, far_blocks_);
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
  print_pointer_macros(out_, code_, far_blocks_);
  out_.line("{} int {}vote_(const {} *x, {} *sum) {{", names.function, names.symbol, names.input, code_.sum_type);
  {
    const auto body = out_.indent();
    out_.line("{}COUNTERS;", names.macro);
    print_body_start(out_, code_, far_blocks_);
    for (std::uint32_t tree = 0; tree < counters_.n_trees; ++tree) print_tree(tree);
    if (jumps_to_end_) out_.line("count:");
    print_end();
  }
  out_.line("}}");
}

}  // namespace

VoteCounters vote_counters_of(const TreeCode& code) {
  return {.n_classes = static_cast<std::uint32_t>(code.ensemble.n_outputs),
          .n_trees = static_cast<std::uint32_t>(code.ensemble.trees.size())};
}

std::size_t vote_words(const TreeCode& code) {
  const VoteCounters counters = vote_counters_of(code);
  return (counters.n_classes * static_cast<std::size_t>(counters.field_bits()) + 31) / 32;
}

std::set<std::int32_t> vote_far_blocks(const TreeCode& code) { return choose_far_blocks(code, vote_words(code)); }

bool can_print_votes(const TreeCode& code) {
  return code.leaves.kind == layout::LeafKind::votes && keeps_order(code) && fits_one_body(code);
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
