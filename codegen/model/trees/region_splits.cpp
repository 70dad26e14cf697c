#include "codegen/model/trees/region_splits.hpp"

#include <algorithm>

#include "codegen/model/number_type.hpp"

namespace emlc::model {
namespace {

/// Neighbours differ in side.
std::vector<Region> regions_between(std::vector<double> cuts, const std::function<NodeId(double)>& side_at) {
  std::sort(cuts.begin(), cuts.end());
  std::vector<Region> regions = {{-infinity, side_at(-infinity)}};
  for (const double cut : cuts) {
    const NodeId side = side_at(cut);
    if (side != regions.back().side) regions.push_back({cut, side});
  }
  return regions;
}

/// Appends a balanced search for the regions [first, last) and returns its first split, or the side of a lone region.
/// Recursive to a depth of log2 of the number of regions.
NodeId append_search(std::vector<Split>& splits, std::int32_t feature, const std::vector<Region>& regions,
                     std::size_t first, std::size_t last) {
  if (last - first == 1) return regions[first].side;
  const std::size_t middle = first + (last - first) / 2;
  const auto id = static_cast<NodeId>(splits.size());
  splits.push_back({.feature = feature, .threshold = regions[middle].begin});
  const NodeId left = append_search(splits, feature, regions, first, middle);
  const NodeId right = append_search(splits, feature, regions, middle, last);
  Split& split = splits[static_cast<std::size_t>(id)];
  split.left = left;
  split.right = split.default_child = right;
  return id;
}

}  // namespace

std::vector<Split> splits_of_regions(std::int32_t feature, const std::vector<Region>& regions, NodeId missing) {
  std::vector<Split> splits(1);
  if (regions.size() == 1) {  // only NaN can go to the other side: no number is below -infinity
    const NodeId side = regions.front().side;
    splits[0] = {feature, -infinity, side == to_left ? to_right : to_left, side, missing};
    return splits;
  }
  // An outermost region where NaN belongs goes first, so that NaN is asked about once.
  if (regions.front().side == missing) {
    const NodeId rest = append_search(splits, feature, regions, 1, regions.size());
    splits[0] = {feature, regions[1].begin, missing, rest, missing};
  } else if (regions.back().side == missing) {
    const NodeId rest = append_search(splits, feature, regions, 0, regions.size() - 1);
    splits[0] = {feature, regions.back().begin, rest, missing, missing};
  } else {  // no number is below -infinity
    const NodeId rest = append_search(splits, feature, regions, 0, regions.size());
    splits[0] = {feature, -infinity, missing, rest, missing};
  }
  return splits;
}

std::vector<Split> split_regions(std::int32_t feature, std::vector<double> cuts,
                                 const std::function<NodeId(double)>& side_at, NodeId missing) {
  return splits_of_regions(feature, regions_between(std::move(cuts), side_at), missing);
}

}  // namespace emlc::model
