#include "codegen/layout/trees/scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace emlc::layout {
namespace {

using LeafPlace = ScanTable::LeafPlace;
using Way = ScanTable::Way;

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

/// [n_records] how far the right child of each record is ahead, or where it would be.
std::vector<std::uint32_t> jumps_of(const TreePlan& plan) {
  const std::size_t n = plan.records.size();
  std::vector<std::uint32_t> sizes(n), jumps(n);
  for (std::size_t id = n; id-- > 0;) {
    const Record& record = plan.records[id];
    jumps[id] = 1 + (record.first_is_leaf ? 0 : sizes[id + 1]);
    sizes[id] = jumps[id] + (record.second_is_leaf ? 0 : sizes[record.second]);
  }
  return jumps;
}

RecordId end_of(const TreePlan& plan, std::size_t tree) {
  return tree + 1 < plan.regions.size() ? plan.regions[tree + 1] : static_cast<RecordId>(plan.records.size());
}

/// [n_trees] records.
std::vector<std::uint32_t> sizes_of(const TreePlan& plan) {
  std::vector<std::uint32_t> sizes;
  for (std::size_t tree = 0; tree < plan.regions.size(); ++tree) {
    sizes.push_back(end_of(plan, tree) - plan.regions[tree]);
  }
  return sizes;
}

/// Makes tables of one plan, which differ in how they name thresholds and leaves.
class Encoder {
 public:
  Encoder(const TreePlan& plan, Missing missing, Way way)
      : plan_(plan),
        missing_(missing),
        way_(way),
        ordinals_(distinct_ordinals(plan, missing)),
        leaves_(order_leaves(plan)),
        jumps_(jumps_of(plan)) {}

  enum class Form { columns, stream };
  [[nodiscard]] std::optional<ScanTable> encode(ThresholdNames names, LeafPlace place, Form form) const;

 private:
  void put_records(ScanTable& table) const;
  [[nodiscard]] std::vector<LeafCode> leaves_by_tree() const;

  const TreePlan& plan_;
  Missing missing_;
  Way way_;
  std::vector<std::int64_t> ordinals_;
  LeafOrder leaves_;
  std::vector<std::uint32_t> jumps_;
};

void Encoder::put_records(ScanTable& table) const {
  for (std::size_t id = 0; id < plan_.records.size(); ++id) {
    const Record& record = plan_.records[id];
    add_record(table.records);
    if (way_ == Way::jump) put_field(table.records, table.jump, jumps_[id]);
    const unsigned inner = (record.first_is_leaf ? 0U : left_is_inner) | (record.second_is_leaf ? 0U : right_is_inner);
    if (way_ == Way::count) put_field(table.records, table.inner, inner);
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

std::vector<LeafCode> Encoder::leaves_by_tree() const {
  std::vector<LeafCode> leaves;
  std::size_t id = 0;
  for (std::size_t tree = 0; tree < plan_.regions.size(); ++tree) {
    for (const std::size_t end = end_of(plan_, tree); id < end; ++id) leaves.push_back(leaves_.before[id]);
    leaves.push_back(leaves_.last[tree]);
  }
  return leaves;
}

std::optional<ScanTable> Encoder::encode(ThresholdNames names, LeafPlace place, Form form) const {
  ScanTable table{.missing = missing_, .way = way_, .leaf_place = place};
  if (way_ == Way::jump) table.sizes = sizes_of(plan_);
  if (way_ == Way::jump) table.jump.bits = bits_for(*std::max_element(jumps_.begin(), jumps_.end()));
  if (way_ == Way::count) table.inner.bits = 2;
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
    table.leaves = way_ == Way::jump ? leaves_by_tree() : leaves_.before;
    if (way_ == Way::count) table.leaves.insert(table.leaves.end(), leaves_.last.begin(), leaves_.last.end());
  }
  std::array<Field*, 4> fields = {&table.inner, &table.threshold, &table.feature, &table.leaf};
  if (way_ == Way::jump) {
    // A threshold at the top can be compared where it is, and a feature in a byte of its own is read at once.
    fields = {&table.threshold, &table.jump, &table.feature, &table.leaf};
    const int others = table.threshold.bits + table.jump.bits + table.leaf.bits;
    if (table.feature.bits < 8 && (others + table.feature.bits + 7) / 8 == (others + 15) / 8) table.feature.bits = 8;
  }
  std::optional<Columns> records =
      form == Form::stream ? place_in_stream(fields) : place_fields(fields, table.leaf_high);
  if (!records) return std::nullopt;
  table.records = std::move(*records);
  put_records(table);
  return table;
}

/// The smallest table of a form.
std::optional<ScanTable> best_of(const TreePlan& plan, const Encoder& encoder, const ScanCosts& costs,
                                 Encoder::Form form) {
  std::optional<ScanTable> best;
  for (const ThresholdNames names : threshold_names(plan.feature_type)) {
    for (const LeafPlace place : {LeafPlace::in_record, LeafPlace::by_record}) {
      if (place == LeafPlace::by_record && costs.leaf_bits == 0) continue;
      std::optional<ScanTable> table = encoder.encode(names, place, form);
      if (!table || (best && table_bytes(*best, costs) <= table_bytes(*table, costs))) continue;
      best = std::move(table);
    }
  }
  return best;
}

std::size_t code_bytes(std::uint32_t n_codes) { return n_codes <= 0x100U ? 1 : n_codes <= 0x10000U ? 2 : 4; }

std::size_t size_bytes(const ScanTable& table) {
  return table.sizes.empty() ? 0 : code_bytes(1 + *std::max_element(table.sizes.begin(), table.sizes.end()));
}

}  // namespace

std::size_t table_bytes(const ScanTable& table, const ScanCosts& costs) {
  const std::size_t n_leaves = table.leaves.empty() ? table.n_leaf_codes : table.leaves.size();
  return table.records.table_bytes() + table.thresholds.ordinals.size() * costs.ordinal_bytes +
         table.last_leaves.size() * code_bytes(table.n_leaf_codes) + table.sizes.size() * size_bytes(table) +
         (table.moves ? table_bytes(*table.moves) : (n_leaves * costs.leaf_bits + 7) / 8);
}

std::optional<ScanTable> encode_scan(const TreePlan& plan, const ScanCosts& costs, ScanTable::Way way) {
  const Missing missing = missing_of(plan);
  if (has_shared_subtrees(plan) || missing == Missing::per_split) return std::nullopt;
  const Encoder encoder(plan, missing, way);
  std::optional<ScanTable> columns = best_of(plan, encoder, costs, Encoder::Form::columns);
  if (way == Way::jump) return columns;
  std::optional<ScanTable> stream = best_of(plan, encoder, costs, Encoder::Form::stream);
  const bool is_worth_it = stream && (!columns || costs.stream_share * table_bytes(*stream, costs) <=
                                                      (costs.stream_share - 1) * table_bytes(*columns, costs));
  return is_worth_it ? std::move(stream) : std::move(columns);
}

}  // namespace emlc::layout
