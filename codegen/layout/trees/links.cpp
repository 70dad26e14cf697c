#include "codegen/layout/trees/links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "codegen/layout/bytes.hpp"
#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

constexpr std::uint64_t max_table_bytes = std::numeric_limits<std::int32_t>::max();

int whole_bytes(std::uint64_t largest) { return largest <= 0xffU ? 1 : largest <= 0xffffU ? 2 : 4; }

enum class Numbers { of_ensemble, of_tree };

/// The leaf rows by number, and where those of each tree begin.
struct Numbering {
  std::vector<LeafCode> rows;                    ///< by number
  std::vector<std::uint32_t> first;              ///< [n_trees] empty: the number of a row is its code
  std::vector<std::vector<LeafCode>> tree_rows;  ///< [n_trees] ascending
};

RecordId end_of(const TreePlan& plan, std::size_t region) {
  return region + 1 < plan.regions.size() ? plan.regions[region + 1] : static_cast<RecordId>(plan.records.size());
}

/// Rows of their own for each tree, in the order of their codes.
Numbering number_by_tree(const TreePlan& plan) {
  Numbering numbering;
  for (std::size_t tree = 0; tree < plan.regions.size(); ++tree) {
    std::vector<LeafCode> codes;
    for (RecordId id = plan.regions[tree]; id < end_of(plan, tree); ++id) {
      if (plan.records[id].first_is_leaf) codes.push_back(plan.records[id].first_leaf);
      if (plan.records[id].second_is_leaf) codes.push_back(plan.records[id].second_leaf);
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    numbering.first.push_back(static_cast<std::uint32_t>(numbering.rows.size()));
    numbering.rows.insert(numbering.rows.end(), codes.begin(), codes.end());
    numbering.tree_rows.push_back(std::move(codes));
  }
  return numbering;
}

Numbering number_all(const TreePlan& plan) {
  Numbering numbering;
  numbering.rows.resize(plan.n_leaf_codes);
  std::iota(numbering.rows.begin(), numbering.rows.end(), 0U);
  return numbering;
}

/// Makes one table: first the codes of the leaves, then, when all links are known, the records.
class Encoder {
 public:
  Encoder(const TreePlan& plan, const LeafTable& leaves) : plan_(plan), leaves_(leaves) {}

  enum class Values { rows, moves };
  std::optional<LinkTable> encode(const std::vector<std::int64_t>& ordinals, ThresholdNames names, Numbers numbers,
                                  Values values);

 private:
  bool take_values(Values values);
  [[nodiscard]] std::uint32_t code_of(std::size_t tree, LeafCode leaf) const;
  [[nodiscard]] std::uint64_t link_of(std::size_t region, RecordId id, bool is_first) const;
  void measure();
  void put_records();

  const TreePlan& plan_;
  const LeafTable& leaves_;
  LinkTable table_;
  Numbering numbering_;
};

bool Encoder::take_values(Values values) {
  const bool are_votes = leaves_.kind == LeafKind::votes;
  if (are_votes) table_.n_votes = plan_.n_leaf_codes;
  if (values == Values::rows) {
    if (!are_votes) table_.rows = numbering_.rows;
    table_.first_leaves = numbering_.first;
    return true;
  }
  table_.moves = make_moves(leaves_, numbering_.rows);
  if (!table_.moves) return false;
  table_.n_votes = leaves_.width;
  for (const std::uint32_t first : numbering_.first) {
    const auto& first_records = table_.moves->first_records;
    table_.first_leaves.push_back(first < first_records.size() ? first_records[first] : 0U);
  }
  return true;
}

std::uint32_t Encoder::code_of(std::size_t tree, LeafCode leaf) const {
  if (leaves_.kind == LeafKind::votes) return leaf;
  std::uint32_t number = leaf;
  if (!numbering_.first.empty()) {
    const auto& codes = numbering_.tree_rows[tree];
    const auto found = std::lower_bound(codes.begin(), codes.end(), leaf);
    number = numbering_.first[tree] + static_cast<std::uint32_t>(found - codes.begin());
  }
  const std::uint32_t first = table_.first_leaves.empty() ? 0U : table_.first_leaves[tree];
  if (!table_.moves) return number - first;
  if (!table_.moves->has_moves[number]) return table_.moves->columns[number];
  return table_.n_votes + table_.moves->first_records[number] - first;
}

/// A jump, or behind the longest jump a leaf code.
std::uint64_t Encoder::link_of(std::size_t region, RecordId id, bool is_first) const {
  const Record& record = plan_.records[id];
  if (!(is_first ? record.first_is_leaf : record.second_is_leaf)) return is_first ? 1U : record.second - id;
  const LeafCode leaf = is_first ? record.first_leaf : record.second_leaf;
  if (leaf >= plan_.n_leaf_codes) return plan_.regions[leaf - plan_.n_leaf_codes] - id;
  return std::uint64_t{table_.first_leaf_link} + code_of(region, leaf);
}

void Encoder::measure() {
  std::uint64_t longest = 0;
  std::int32_t last_feature = 0;
  for (RecordId id = 0; id < plan_.records.size(); ++id) {
    const Record& record = plan_.records[id];
    last_feature = std::max(last_feature, record.feature);
    if (!record.first_is_leaf) longest = std::max<std::uint64_t>(longest, 1);
    if (!record.second_is_leaf) longest = std::max<std::uint64_t>(longest, record.second - id);
    for (const auto& [is_leaf, leaf] :
         {std::pair(record.first_is_leaf, record.first_leaf), std::pair(record.second_is_leaf, record.second_leaf)}) {
      if (is_leaf && leaf >= plan_.n_leaf_codes) {
        longest = std::max<std::uint64_t>(longest, plan_.regions[leaf - plan_.n_leaf_codes] - id);
      }
    }
  }
  table_.first_leaf_link = static_cast<std::uint32_t>(longest + 1);
  table_.feature_bytes = whole_bytes(static_cast<std::uint64_t>(last_feature));
  table_.threshold_bytes = table_.thresholds.bits / 8;
  if (table_.threshold_bytes == 3) table_.threshold_bytes = 4;
  std::uint64_t last_link = 0;
  for (std::size_t region = 0; region < plan_.regions.size(); ++region) {
    for (RecordId id = plan_.regions[region]; id < end_of(plan_, region); ++id) {
      last_link = std::max({last_link, link_of(region, id, true), link_of(region, id, false)});
    }
  }
  table_.link_bytes = whole_bytes(last_link);
}

void Encoder::put_records() {
  const auto record_bytes = static_cast<std::uint64_t>(table_.record_bytes());
  if (plan_.records.size() * record_bytes > max_table_bytes) {
    throw Error({.file = "", .field = "model"}, fmt::format("the splits take {} bytes, a table holds at most {}",
                                                            plan_.records.size() * record_bytes, max_table_bytes));
  }
  for (std::size_t region = 0; region < plan_.regions.size(); ++region) {
    for (RecordId id = plan_.regions[region]; id < end_of(plan_, region); ++id) {
      const Record& record = plan_.records[id];
      put_bytes(table_.splits, static_cast<std::uint64_t>(record.feature), table_.feature_bytes);
      const std::uint64_t name =
          is_lone_leaf(record) ? 0U : name_of(table_.thresholds, ordinal(plan_, table_.missing, record.threshold));
      put_bytes(table_.splits, name, table_.threshold_bytes);
      put_bytes(table_.splits, link_of(region, id, !record.flip), table_.link_bytes);
      put_bytes(table_.splits, link_of(region, id, record.flip), table_.link_bytes);
    }
  }
  for (std::size_t tree = 0; tree < plan_.tree_order.size(); ++tree) {
    table_.starts.push_back(static_cast<std::uint32_t>(plan_.regions[tree] * record_bytes));
  }
}

std::optional<LinkTable> Encoder::encode(const std::vector<std::int64_t>& ordinals, ThresholdNames names,
                                         Numbers numbers, Values values) {
  table_ = {.missing = missing_of(plan_), .thresholds = name_thresholds(ordinals, names, 8)};
  numbering_ = numbers == Numbers::of_tree ? number_by_tree(plan_) : number_all(plan_);
  if (!take_values(values)) return std::nullopt;
  measure();
  put_records();
  return std::move(table_);
}

}  // namespace

std::size_t table_bytes(const LinkTable& table, const LinkCosts& costs) {
  const std::size_t starts = table.starts.size() * static_cast<std::size_t>(whole_bytes(table.splits.size()));
  std::size_t leaves = table.rows.size() * costs.row_bytes;
  if (table.moves) leaves = table_bytes(*table.moves);
  if (!table.first_leaves.empty()) {
    leaves += table.first_leaves.size() * static_cast<std::size_t>(whole_bytes(table.first_leaves.back()));
  }
  return table.splits.size() + table.thresholds.ordinals.size() * costs.ordinal_bytes + starts + leaves;
}

std::optional<LinkTable> encode_links(const TreePlan& plan, const LeafTable& leaves, const LinkCosts& costs) {
  if (missing_of(plan) == Missing::per_split) return std::nullopt;
  const std::vector<std::int64_t> ordinals = distinct_ordinals(plan, missing_of(plan));
  std::optional<LinkTable> best;
  for (const ThresholdNames names : threshold_names(plan.feature_type)) {
    for (const Numbers numbers : {Numbers::of_ensemble, Numbers::of_tree}) {
      // A shared subtree is no part of a tree.
      const bool is_plain = leaves.kind == LeafKind::votes || has_shared_subtrees(plan);
      if (numbers == Numbers::of_tree && is_plain) continue;
      for (const Encoder::Values values : {Encoder::Values::rows, Encoder::Values::moves}) {
        std::optional<LinkTable> table = Encoder(plan, leaves).encode(ordinals, names, numbers, values);
        if (!table || (best && table_bytes(*best, costs) <= table_bytes(*table, costs))) continue;
        best = std::move(table);
      }
    }
  }
  return best;
}

}  // namespace emlc::layout
