#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::model {

// Where a split of a block goes when it leaves the block: to the left or the right child of the node it stands for.
constexpr NodeId to_left = -1;
constexpr NodeId to_right = -2;

/// The numbers from `begin` to before the next region go to one side.
struct Region {
  double begin = 0.0;
  NodeId side = to_left;
};

/// Ordinary splits that stand for one node whose test is no plain comparison.
/// @param regions  at least one, the first begins at -infinity; neighbours differ in side
/// @param missing  the side of NaN
/// @return at least one split; a child is the index of a later split of the result, to_left or to_right. The first
///         split decides about NaN, and a number meets O(log n) of the n splits.
std::vector<Split> splits_of_regions(std::int32_t feature, const std::vector<Region>& regions, NodeId missing);

/// The same, with numbers cut into regions.
/// @param cuts     where regions may begin, in any order; not NaN
/// @param side_at  to_left or to_right for the region that begins at a cut, and for -infinity
std::vector<Split> split_regions(std::int32_t feature, std::vector<double> cuts,
                                 const std::function<NodeId(double)>& side_at, NodeId missing);

}  // namespace emlc::model
