#pragma once

#include <functional>
#include <map>
#include <span>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/readback/tokens.hpp"
#include "codegen/c/trees/readback/tree_builder.hpp"

namespace emlc::c {

/// A tree of if and else: its splits by their place in the text, and where it starts. Leaves have what the text says
/// of them: their value, or their code.
struct InlineTree {
  std::map<std::uint32_t, ReadSplit> splits;
  Child root;
  std::vector<double> leaves;  ///< of Child::value
};

/// The trees of inline code in the order of the text. Throws Unreadable for text that the emitter does not write, the
/// tokens around the trees apart.
std::vector<InlineTree> read_inline_trees(std::span<const Token> tokens, const TreeCode& code);

}  // namespace emlc::c
