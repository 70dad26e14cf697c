#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

inline constexpr std::int32_t block_size = 32;  ///< features that a pointer of their own reaches

/// How the code of a tree is spelled around the comparisons.
struct RegionText {
  std::function<std::string(layout::LeafCode)> leaf;  ///< the statement that ends the walk at a leaf
  std::set<std::int32_t> far_blocks{};  ///< of 32 features, read through a pointer of their own: `x_32[5]`
};

/// The expression of a feature: `x[7]`.
std::string feature_text(const RegionText& text, std::int32_t feature);

/// Prints a tree, which is a region of the plan with a split, as nested ifs, then behind labels (`shared_12:`) the
/// regions of the subtrees that it shares. Every way through ends with a leaf's statement, which must not fall through.
void print_regions(Printer& out, const TreeCode& code, const RegionText& text, std::uint32_t region);

}  // namespace emlc::c
