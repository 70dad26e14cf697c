#include "codegen/layout/trees/scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace emlc::layout {
namespace {

using LeafPlace = ScanTable::LeafPlace;

int bits_for(std::uint64_t largest) { return static_cast<int>(std::bit_width(largest)); }

/// The leaves of a plan in the order of their values.
struct LeafOrder {
  std::vector<LeafCode> before;  ///< [n_records] the leaf before each split
  std::vector<LeafCode> last;    ///< [n_trees]
};

LeafOrder order_leaves(const TreePlan& plan) {
  const std::size_t n = plan.records.size();
  std::vector<LeafCode> rightmost(n);
  LeafOrder order{.before = std::vector<LeafCode>(n), .last = {}};
  for (std::size_t id = n; id-- > 0;) {
    const Record& record = plan.records[id];
    rightmost[id] = record.second_is_leaf ? record.second_leaf : rightmost[record.second];
    order.before[id] = record.first_is_leaf ? record.first_leaf : rightmost[id + 1];
  }
  for (const RecordId root : plan.regions) order.last.push_back(rightmost[root]);
  return order;
}

/// Makes tables of one plan, which differ in how they name thresholds and leaves.
class Encoder {
 public:
  Encoder(const TreePlan& plan, Missing missing)
      : plan_(plan), missing_(missing), ordinals_(distinct_ordinals(plan, missing)), leaves_(order_leaves(plan)) {}

  [[nodiscard]] std::optional<ScanTable> encode(ThresholdNames names, LeafPlace place) const;

 private:
  void put_records(ScanTable& table) const;

  const TreePlan& plan_;
  Missing missing_;
  std::vector<std::int64_t> ordinals_;
  LeafOrder leaves_;
};

void Encoder::put_records(ScanTable& table) const {
  for (std::size_t id = 0; id < plan_.records.size(); ++id) {
    const Record& record = plan_.records[id];
    add_record(table.records);
    const unsigned inner = (record.first_is_leaf ? 0U : left_is_inner) | (record.second_is_leaf ? 0U : right_is_inner);
    put_field(table.records, table.inner, inner);
    if (!is_lone_leaf(record)) {
      const std::int64_t threshold = ordinal(plan_, missing_, record.threshold);
      put_field(table.records, table.threshold, name_of(table.thresholds, threshold));
    }
    put_field(table.records, table.feature, static_cast<std::uint64_t>(record.feature));
    if (table.leaf_place == LeafPlace::by_record) continue;
    const std::uint64_t code = leaves_.before[id];
    put_field(table.records, table.leaf, code & ((std::uint64_t{1} << table.leaf.bits) - 1));
    put_field(table.records, table.leaf_high, code >> table.leaf.bits);
  }
}

std::optional<ScanTable> Encoder::encode(ThresholdNames names, LeafPlace place) const {
  ScanTable table{.missing = missing_, .inner = {.bits = 2}, .leaf_place = place};
  table.thresholds = name_thresholds(ordinals_, names, 1);
  table.threshold.bits = table.thresholds.bits;
  std::int32_t last_feature = 0;
  for (const Record& record : plan_.records) last_feature = std::max(last_feature, record.feature);
  table.feature.bits = bits_for(static_cast<std::uint64_t>(last_feature));
  if (place == LeafPlace::in_record) {
    table.leaf.bits = bits_for(plan_.n_leaf_codes - 1);
    table.last_leaves = leaves_.last;
    table.n_leaf_codes = plan_.n_leaf_codes;
  } else {
    table.leaves = leaves_.before;
    table.leaves.insert(table.leaves.end(), leaves_.last.begin(), leaves_.last.end());
  }
  const std::array<Field*, 4> fields = {&table.inner, &table.threshold, &table.feature, &table.leaf};
  std::optional<Columns> records = place_fields(fields, table.leaf_high);
  if (!records) return std::nullopt;
  table.records = std::move(*records);
  put_records(table);
  return table;
}

std::size_t code_bytes(std::uint32_t n_codes) { return n_codes <= 0x100U ? 1 : n_codes <= 0x10000U ? 2 : 4; }

}  // namespace

std::size_t table_bytes(const ScanTable& table, const ScanCosts& costs) {
  const std::size_t n_leaves = table.leaves.empty() ? table.n_leaf_codes : table.leaves.size();
  return table.records.n_records() * table.records.record_bytes() +
         table.thresholds.ordinals.size() * costs.ordinal_bytes +
         table.last_leaves.size() * code_bytes(table.n_leaf_codes) +
         (table.moves ? table_bytes(*table.moves) : n_leaves * costs.leaf_bytes);
}

std::optional<ScanTable> encode_scan(const TreePlan& plan, const ScanCosts& costs) {
  const Missing missing = missing_of(plan);
  if (has_shared_subtrees(plan) || missing == Missing::per_split) return std::nullopt;
  const Encoder encoder(plan, missing);
  std::optional<ScanTable> best;
  for (const ThresholdNames names : {ThresholdNames::offset, ThresholdNames::index}) {
    for (const LeafPlace place : {LeafPlace::in_record, LeafPlace::by_record}) {
      if (place == LeafPlace::by_record && costs.leaf_bytes == 0) continue;
      std::optional<ScanTable> table = encoder.encode(names, place);
      if (!table) continue;
      if (best && table_bytes(*best, costs) <= table_bytes(*table, costs)) continue;
      best = std::move(table);
    }
  }
  return best;
}

}  // namespace emlc::layout
