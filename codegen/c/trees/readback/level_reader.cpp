#include <fmt/format.h>

#include "codegen/c/trees/readback/numbers.hpp"
#include "codegen/c/trees/readback/table_reader.hpp"

namespace emlc::c {
namespace {

/// What all splits of a level ask; its children are still to come.
std::vector<ReadSplit> read_questions(std::span<const Token> tokens, const TreeCode& code,
                                      const layout::LevelTable& shape) {
  const auto records = columns_table(tokens, code, shape.records, "level");
  const ThresholdReader thresholds(tokens, code, shape.missing, shape.thresholds);
  std::vector<ReadSplit> questions;
  for (std::size_t at = 0; at < records.front().size(); ++at) {
    const std::uint32_t feature = field_of(records, shape.feature, at);
    if (feature >= static_cast<std::uint32_t>(code.plan.n_features)) {
      throw Unreadable{0, fmt::format("there is no feature {}", feature)};
    }
    questions.push_back({.feature = static_cast<std::int32_t>(feature),
                         .threshold = thresholds.threshold(field_of(records, shape.threshold, at)),
                         .nan_goes_left = shape.missing == layout::Missing::left});
  }
  return questions;
}

/// A whole tree of `depth` levels: the split with answers a so far is at place 2^level + a.
EncodedTree whole_tree(const std::vector<ReadSplit>& questions, std::size_t first_level, std::uint32_t depth,
                       std::uint32_t first_leaf) {
  if (depth == 0) return {.splits = {}, .root = {Child::Kind::leaf, first_leaf}};
  EncodedTree tree{.splits = {}, .root = {Child::Kind::split, 1}};
  const std::uint32_t n_leaves = 1U << depth;
  for (std::uint32_t place = 1, level = 0; place < n_leaves; ++place) {
    if (place >= 2U << level) ++level;
    ReadSplit split = element(questions, first_level + level);
    const auto child = [&](std::uint32_t below) -> Child {
      if (below < n_leaves) return {Child::Kind::split, below};
      return {Child::Kind::leaf, first_leaf + below - n_leaves};
    };
    split.left = child(2 * place);
    split.right = child(2 * place + 1);
    tree.splits[place] = split;
  }
  return tree;
}

}  // namespace

std::vector<EncodedTree> read_levels(std::span<const Token> tokens, const TreeCode& code,
                                     const layout::LevelTable& shape) {
  const std::vector<ReadSplit> questions = read_questions(tokens, code, shape);
  const std::vector<std::uint32_t> depths = unsigned_table(tokens, code, "depths_");
  constexpr std::uint32_t deepest = 16;
  std::vector<EncodedTree> trees;
  std::uint32_t level = 0, leaf = 0;
  for (std::size_t tree = 0; tree < code.ensemble.trees.size(); ++tree) {
    const std::uint32_t depth = element(depths, tree);
    if (depth > deepest) throw Unreadable{0, fmt::format("a tree has {} levels", depth)};
    trees.push_back(whole_tree(questions, level, depth, leaf));
    level += depth;
    leaf += 1U << depth;
  }
  return trees;
}

}  // namespace emlc::c
