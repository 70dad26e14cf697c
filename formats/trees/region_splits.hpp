#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::formats {

// Where a split of a block goes when it leaves the block: to the left or the right child of the node it stands for.
constexpr model::NodeId to_left = -1;
constexpr model::NodeId to_right = -2;

/// Ordinary splits that stand for one node whose test is no plain comparison: the numbers are cut into regions, and
/// each region goes to one side.
/// @param cuts     where regions may begin, in any order; not NaN
/// @param side_at  to_left or to_right for the region that begins at a cut, and for -infinity
/// @param missing  the side of NaN
/// @return at least one split; a child is the index of a later split of the result, to_left or to_right. The first
///         split decides about NaN, and a number meets O(log n) of the n splits.
std::vector<model::Split> split_regions(std::int32_t feature, std::vector<double> cuts,
                                        const std::function<model::NodeId(double)>& side_at, model::NodeId missing);

}  // namespace emlc::formats
