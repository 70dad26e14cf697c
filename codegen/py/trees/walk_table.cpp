#include "codegen/py/trees/walk_table.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <utility>

#include "codegen/model/number_type.hpp"

namespace emlc::py {
namespace {

using layout::LeafCode;
using layout::Record;
using layout::RecordId;
using layout::TreePlan;

/// The records [begin, end) of a region.
struct Region {
  RecordId begin, end;
};

/// [n_records of the region] the place behind the subtree of each split.
std::vector<RecordId> subtree_ends(const TreePlan& plan, const Region& region) {
  std::vector<RecordId> ends(region.end - region.begin, region.end);
  for (RecordId id = region.begin; id < region.end; ++id) {
    const Record& record = plan.records[id];
    const RecordId own = ends[id - region.begin];
    if (!record.first_is_leaf) ends[id + 1 - region.begin] = record.second_is_leaf ? own : record.second;
    if (!record.second_is_leaf) ends[record.second - region.begin] = own;
  }
  return ends;
}

/// [n_records of the region] the code of the rightmost leaf below each split.
std::vector<LeafCode> last_leaves(const TreePlan& plan, const Region& region) {
  std::vector<LeafCode> last(region.end - region.begin);
  for (RecordId id = region.end; id-- > region.begin;) {
    const Record& record = plan.records[id];
    last[id - region.begin] = record.second_is_leaf ? record.second_leaf : last[record.second - region.begin];
  }
  return last;
}

void add_region(WalkTable& table, const TreePlan& plan, const Region& region) {
  const std::vector<RecordId> ends = subtree_ends(plan, region);
  const std::vector<LeafCode> last = last_leaves(plan, region);
  table.starts.push_back(region.begin);
  for (RecordId id = region.begin; id < region.end; ++id) {
    const Record& record = plan.records[id];
    const std::size_t here = id - region.begin;
    table.thresholds.push_back(is_lone_leaf(record) ? std::numeric_limits<double>::quiet_NaN() : record.threshold);
    table.jumps.push_back(record.first_is_leaf ? 1 : ends[here + 1] - id);
    table.leaves.push_back(record.first_is_leaf ? record.first_leaf : last[here + 1]);
  }
  table.leaves.push_back(last.front());
}

std::vector<std::int64_t> used_features(const TreePlan& plan, bool default_left) {
  std::vector<std::int64_t> used;
  for (const Record& record : plan.records) {
    if (record.default_left == default_left) used.push_back(record.feature);
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  return used;
}

/// Keys are made of what splits ask for, once for each side that missing values go to.
void choose_slots(WalkTable& table, const TreePlan& plan) {
  if (model::info(plan.feature_type).is_integer) {
    for (const Record& record : plan.records) table.slots.push_back(record.feature);
    return;
  }
  const std::vector<std::int64_t> right = used_features(plan, false), left = used_features(plan, true);
  const auto place = [](const std::vector<std::int64_t>& used, std::int64_t feature) {
    return std::distance(used.begin(), std::lower_bound(used.begin(), used.end(), feature));
  };
  table.n_right = right.size();
  table.used = right;
  table.used.insert(table.used.end(), left.begin(), left.end());
  for (const Record& record : plan.records) {
    table.slots.push_back(record.default_left ? std::ssize(right) + place(left, record.feature)
                                              : place(right, record.feature));
  }
}

}  // namespace

WalkTable make_walk_table(const TreePlan& plan) {
  WalkTable table;
  const auto n_records = static_cast<RecordId>(plan.records.size());
  for (std::size_t region = 0; region < plan.regions.size(); ++region) {
    const bool is_last = region + 1 == plan.regions.size();
    add_region(table, plan, {plan.regions[region], is_last ? n_records : plan.regions[region + 1]});
  }
  table.starts.push_back(n_records);
  choose_slots(table, plan);
  return table;
}

std::optional<PackedTable> pack(const WalkTable& table, std::span<const std::int64_t> names, std::size_t n_trees) {
  constexpr int byte = 8;
  if (table.n_regions() > n_trees) return std::nullopt;
  const auto bits_of = [](std::span<const std::int64_t> values) {
    return static_cast<int>(
        std::bit_width(static_cast<std::uint64_t>(*std::max_element(values.begin(), values.end()))));
  };
  PackedTable packed{.bits = bits_of(table.leaves)};
  if (packed.bits + bits_of(names) > byte) return std::nullopt;
  for (std::size_t region = 0; region < table.n_regions(); ++region) {
    const auto end = static_cast<std::size_t>(table.starts[region + 1]);
    for (auto split = static_cast<std::size_t>(table.starts[region]); split < end; ++split) {
      packed.slots.push_back(table.slots[split]);
      packed.jumps.push_back(table.jumps[split]);
      packed.names.push_back(names[split] << packed.bits | table.leaves[split + region]);
    }
    packed.slots.push_back(0);
    packed.jumps.push_back(0);
    packed.names.push_back(table.leaves[end + region]);
  }
  return packed;
}

}  // namespace emlc::py
