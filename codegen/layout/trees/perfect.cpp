#include "codegen/layout/trees/perfect.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/layout/trees/split_order.hpp"

namespace emlc::layout {
namespace {

constexpr std::uint32_t most_levels = 8;
constexpr std::size_t most_padding = 4;

/// The level of each record, the root of each tree being on level 0. A lone leaf is no split: it has none below it.
std::vector<std::uint32_t> levels_of(const TreePlan& plan) {
  std::vector<std::uint32_t> levels(plan.records.size(), 0);
  for (RecordId id = 0; id < plan.records.size(); ++id) {
    const Record& record = plan.records[id];
    if (!record.first_is_leaf) levels[id + 1] = levels[id] + 1;
    if (!record.second_is_leaf) levels[record.second] = levels[id] + 1;
  }
  return levels;
}

/// A child of a record: a record, or a leaf.
struct Place {
  std::optional<RecordId> record;
  LeafCode leaf = 0;
};

Place child_of(const TreePlan& plan, RecordId id, bool is_left) {
  const Record& record = plan.records[id];
  const bool is_first = is_left != record.flip;
  if (is_first ? record.first_is_leaf : record.second_is_leaf) {
    return {std::nullopt, is_first ? record.first_leaf : record.second_leaf};
  }
  return {is_first ? id + 1 : record.second, 0};
}

/// Where a tree is on each plane of a level; a leaf stands for all below it.
std::vector<Place> next_level(const TreePlan& plan, const std::vector<Place>& level) {
  std::vector<Place> next(2 * level.size());
  for (std::size_t plane = 0; plane < level.size(); ++plane) {
    const Place& place = level[plane];
    for (const bool is_left : {true, false}) {
      next[plane + (is_left ? 0 : level.size())] =
          place.record ? child_of(plan, *place.record, is_left) : Place{std::nullopt, place.leaf};
    }
  }
  return next;
}

/// Puts tree `tree` of the plan into its column of all planes.
void put_tree(PerfectTable& table, const TreePlan& plan, std::uint32_t tree) {
  const Record& first = plan.records[plan.regions[tree]];
  std::vector<Place> level = {is_lone_leaf(first) ? Place{std::nullopt, first.first_leaf}
                                                  : Place{plan.regions[tree], 0}};
  std::size_t at = tree;
  for (std::uint32_t depth = 0; depth < table.levels; ++depth) {
    for (const Place& place : level) {
      if (place.record) {
        const Record& record = plan.records[*place.record];
        table.features[at] = static_cast<std::uint32_t>(record.feature);
        table.thresholds[at] = key_of(plan, record.threshold);
      }
      at += table.n_trees;
    }
    level = next_level(plan, level);
  }
  for (std::size_t plane = 0; plane < level.size(); ++plane) {
    table.leaves[plane * table.n_trees + tree] = level[plane].leaf;
  }
}

std::size_t threshold_bytes(const PerfectTable& table, const PerfectCosts& costs) {
  const std::size_t names = table.names.empty() ? 0 : table.names.size() * element_bytes(table.names);
  return names + table.thresholds.size() * costs.ordinal_bytes;
}

/// The same table with names for its thresholds.
PerfectTable with_names(const PerfectTable& table) {
  PerfectTable named = table;
  std::sort(named.thresholds.begin(), named.thresholds.end());
  named.thresholds.erase(std::unique(named.thresholds.begin(), named.thresholds.end()), named.thresholds.end());
  for (const std::int64_t key : table.thresholds) {
    const auto found = std::lower_bound(named.thresholds.begin(), named.thresholds.end(), key);
    named.names.push_back(static_cast<std::uint32_t>(found - named.thresholds.begin()));
  }
  return named;
}

/// Bits of a leaf's code in a table.
std::size_t code_bits(const PerfectTable& table) { return 8 * element_bytes(table.leaves); }

/// Some real threshold, for splits that only fill up: what it is does not matter.
std::optional<std::int64_t> any_key(const TreePlan& plan) {
  for (const Record& record : plan.records) {
    if (!is_lone_leaf(record)) return key_of(plan, record.threshold);
  }
  return std::nullopt;
}

}  // namespace

std::size_t element_bytes(const std::vector<std::uint32_t>& values) {
  const std::uint32_t largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  return largest <= 0xffU ? 1 : largest <= 0xffffU ? 2 : 4;
}

std::optional<PerfectTable> encode_perfect(const TreePlan& plan, const PerfectCosts& costs) {
  const std::optional<std::int64_t> key = any_key(plan);
  if (!key || has_shared_subtrees(plan) || missing_of(plan) == Missing::per_split) return std::nullopt;
  const std::vector<std::uint32_t> levels = levels_of(plan);
  PerfectTable table{.missing = missing_of(plan),
                     .levels = *std::max_element(levels.begin(), levels.end()) + 1,
                     .n_trees = static_cast<std::uint32_t>(plan.regions.size())};
  if (table.levels > most_levels) return std::nullopt;
  const std::size_t n_leaves = (std::size_t{1} << table.levels) * table.n_trees;
  if (n_leaves > most_padding * (plan.records.size() + table.n_trees)) return std::nullopt;
  for (RecordId id = 0; id < plan.records.size(); ++id) {
    if (!is_lone_leaf(plan.records[id])) table.asked += std::exp2(-static_cast<double>(levels[id]));
  }
  table.features.assign(n_leaves - table.n_trees, 0);
  table.thresholds.assign(n_leaves - table.n_trees, *key);
  table.leaves.resize(n_leaves);
  for (std::uint32_t tree = 0; tree < table.n_trees; ++tree) put_tree(table, plan, tree);
  if (costs.names == PerfectCosts::Names::smaller) {
    PerfectTable named = with_names(table);
    if (threshold_bytes(named, costs) < threshold_bytes(table, costs)) table = std::move(named);
  }
  const std::size_t n_rows = plan.n_leaf_codes;
  const std::size_t coded_bits = n_leaves * code_bits(table) + n_rows * costs.row_bits;
  table.has_codes = costs.row_bits == 0 || coded_bits < n_leaves * costs.row_bits;
  return table;
}

std::size_t table_bytes(const PerfectTable& table, const PerfectCosts& costs, std::uint32_t n_codes) {
  const std::size_t n_leaves = table.leaves.size();
  const std::size_t leaf_bits =
      table.has_codes ? n_leaves * code_bits(table) + n_codes * costs.row_bits : n_leaves * costs.row_bits;
  return table.n_splits() * element_bytes(table.features) + threshold_bytes(table, costs) + (leaf_bits + 7) / 8;
}

}  // namespace emlc::layout
