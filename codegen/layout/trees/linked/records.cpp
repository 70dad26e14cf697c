#include "codegen/layout/trees/linked/records.hpp"

#include <emlc/linked_trees_body.h>

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <unordered_map>

#include "codegen/layout/bytes.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::layout {
namespace {

/// One tree with the shared subtrees that it uses.
struct LinkedTree {
  std::vector<RecordId> records{};                       ///< in the order of the plan: children come later
  std::unordered_map<RecordId, std::uint32_t> places{};  ///< in `records`
  std::vector<LeafCode> leaves{};                        ///< those that are rows, ascending
};

/// Splits that are compared; what a lone leaf compares makes no difference.
bool compares(const Record& record) { return !is_lone_leaf(record); }

class Linker {
 public:
  Linker(const TreePlan& plan, const LeafTable& leaves) : plan_(plan), leaves_(leaves) {}

  std::optional<LinkedTrees> link();

 private:
  void find_votes();
  [[nodiscard]] std::optional<std::uint32_t> vote_of(LeafCode leaf) const;
  [[nodiscard]] LinkedTree collect(std::size_t index) const;
  void take_region(LinkedTree& tree, std::set<std::size_t>& regions) const;
  [[nodiscard]] std::uint32_t place_of(const LinkedTree& tree, const Record& record, bool is_first) const;
  [[nodiscard]] std::uint32_t link_of(const LinkedTree& tree, std::uint32_t from, bool is_first) const;
  bool choose_records();
  bool fits(int record_bytes);
  void put_tree(const LinkedTree& tree);
  void put_record(const Record& record, std::uint32_t left, std::uint32_t right);

  const TreePlan& plan_;
  const LeafTable& leaves_;
  std::vector<LinkedTree> trees_;
  LinkedTrees result_;
};

bool is_shared(const TreePlan& plan, bool is_leaf, LeafCode code) { return is_leaf && code >= plan.n_leaf_codes; }

/// A row that has the unit in one column and 0 in all others is a vote: a forest has many of them.
void Linker::find_votes() {
  if (leaves_.kind == LeafKind::votes) {
    result_.n_votes = plan_.n_leaf_codes;
    return;
  }
  if (leaves_.width == 1 || !leaves_.outputs.empty() || leaves_.unit > std::numeric_limits<std::int32_t>::max()) return;
  result_.whole = static_cast<std::int64_t>(leaves_.unit);
  result_.n_votes = leaves_.width;
  bool has_votes = false;
  for (LeafCode leaf = 0; leaf < leaves_.n_codes; ++leaf) has_votes = has_votes || vote_of(leaf);
  if (!has_votes) result_.n_votes = 0;
}

std::optional<std::uint32_t> Linker::vote_of(LeafCode leaf) const {
  if (leaves_.kind == LeafKind::votes) return leaf;
  if (result_.n_votes == 0) return std::nullopt;
  const auto row = std::span(leaves_.integers).subspan(std::size_t{leaf} * leaves_.width, leaves_.width);
  const auto found = std::find_if(row.begin(), row.end(), [](std::int64_t value) { return value != 0; });
  if (found == row.end() || *found != result_.whole) return std::nullopt;
  if (std::any_of(found + 1, row.end(), [](std::int64_t value) { return value != 0; })) return std::nullopt;
  return static_cast<std::uint32_t>(found - row.begin());
}

void Linker::take_region(LinkedTree& tree, std::set<std::size_t>& regions) const {
  const std::size_t region = *regions.begin();
  regions.erase(regions.begin());
  const std::size_t end = region + 1 < plan_.regions.size() ? plan_.regions[region + 1] : plan_.records.size();
  for (std::size_t id = plan_.regions[region]; id < end; ++id) {
    const Record& record = plan_.records[id];
    tree.places[static_cast<RecordId>(id)] = static_cast<std::uint32_t>(tree.records.size());
    tree.records.push_back(static_cast<RecordId>(id));
    for (const auto& [is_leaf, leaf] :
         {std::pair(record.first_is_leaf, record.first_leaf), std::pair(record.second_is_leaf, record.second_leaf)}) {
      if (is_shared(plan_, is_leaf, leaf)) regions.insert(leaf - plan_.n_leaf_codes);
      if (is_leaf && leaf < plan_.n_leaf_codes && !vote_of(leaf)) tree.leaves.push_back(leaf);
    }
  }
}

/// A leaf code names a later region only, so that ascending regions keep children behind their parents.
LinkedTree Linker::collect(std::size_t index) const {
  LinkedTree tree;
  std::set<std::size_t> regions = {index};
  while (!regions.empty()) take_region(tree, regions);
  std::sort(tree.leaves.begin(), tree.leaves.end());
  tree.leaves.erase(std::unique(tree.leaves.begin(), tree.leaves.end()), tree.leaves.end());
  return tree;
}

/// Of a child that is a record.
std::uint32_t Linker::place_of(const LinkedTree& tree, const Record& record, bool is_first) const {
  const bool is_leaf = is_first ? record.first_is_leaf : record.second_is_leaf;
  if (is_leaf)
    return tree.places.at(plan_.regions[(is_first ? record.first_leaf : record.second_leaf) - plan_.n_leaf_codes]);
  return tree.places.at(record.second);
}

std::uint32_t Linker::link_of(const LinkedTree& tree, std::uint32_t from, bool is_first) const {
  const Record& record = plan_.records[tree.records[from]];
  const auto unit = static_cast<std::uint32_t>(result_.record_bytes) / EMLC_LINKED_UNIT;
  const bool is_leaf = is_first ? record.first_is_leaf : record.second_is_leaf;
  const LeafCode leaf = is_first ? record.first_leaf : record.second_leaf;
  if (is_leaf && leaf < plan_.n_leaf_codes) {
    if (const auto vote = vote_of(leaf)) return result_.first_leaf + *vote;
    const auto found = std::lower_bound(tree.leaves.begin(), tree.leaves.end(), leaf);
    return result_.first_leaf + result_.n_votes + static_cast<std::uint32_t>(found - tree.leaves.begin());
  }
  if (is_first && !is_leaf) return unit;
  return (place_of(tree, record, is_first) - from) * unit;
}

/// Do the numbers of all records fit their fields? Sets the form of the records, the base and the first leaf.
bool Linker::fits(int record_bytes) {
  const std::uint32_t most = record_bytes == 4 ? 0xffU : 0xffffU;
  result_.record_bytes = record_bytes;
  result_.base = 0;
  std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = std::numeric_limits<std::int64_t>::min();
  for (const Record& record : plan_.records) {
    if (static_cast<std::uint32_t>(record.feature) > most) return false;
    if (!compares(record)) continue;
    low = std::min(low, key_of(plan_, record.threshold));
    high = std::max(high, key_of(plan_, record.threshold));
  }
  if (record_bytes < 12 && low <= high) {
    if (high - low > most || low > std::numeric_limits<std::int32_t>::max() - 0xffff) return false;
    if (low < 0 || high > most) result_.base = static_cast<std::int32_t>(low);
  }
  std::uint32_t longest = 0;
  std::size_t n_rows = 0;
  result_.first_leaf = 0;
  for (const LinkedTree& tree : trees_) {
    n_rows = std::max(n_rows, tree.leaves.size());
    for (std::uint32_t from = 0; from < tree.records.size(); ++from) {
      const Record& record = plan_.records[tree.records[from]];
      for (const bool is_first : {true, false}) {
        const bool is_leaf = is_first ? record.first_is_leaf : record.second_is_leaf;
        if (is_leaf && (is_first ? record.first_leaf : record.second_leaf) < plan_.n_leaf_codes) continue;
        longest = std::max(longest, link_of(tree, from, is_first));
      }
    }
  }
  result_.first_leaf = longest + 1;
  return std::uint64_t{result_.first_leaf} + result_.n_votes + n_rows <= most + std::uint64_t{1};
}

/// Only numbers of 32 bits have records of 12 bytes.
bool Linker::choose_records() {
  const bool is_wide =
      plan_.feature_type == model::NumberType::float32 || plan_.feature_type == model::NumberType::int32;
  return fits(4) || fits(8) || (is_wide && fits(12));
}

void Linker::put_record(const Record& record, std::uint32_t left, std::uint32_t right) {
  const std::int64_t key = compares(record) ? key_of(plan_, record.threshold) - result_.base : 0;
  const auto feature = static_cast<std::uint64_t>(record.feature);
  std::vector<std::uint8_t>& out = result_.splits;
  const int width = result_.record_bytes == 4 ? 1 : 2;
  if (width == 1) put_bytes(out, feature, 1);
  put_bytes(out, static_cast<std::uint64_t>(key), result_.record_bytes == 12 ? 4 : width);
  if (width == 2) put_bytes(out, feature, 2);
  put_bytes(out, left, width);
  put_bytes(out, right, width);
  if (result_.record_bytes == 12) put_bytes(out, 0, 2);
}

void Linker::put_tree(const LinkedTree& tree) {
  result_.roots.push_back(static_cast<std::uint32_t>(result_.splits.size()));
  result_.first_rows.push_back(static_cast<std::uint32_t>(result_.rows.size()));
  result_.rows.insert(result_.rows.end(), tree.leaves.begin(), tree.leaves.end());
  for (std::uint32_t from = 0; from < tree.records.size(); ++from) {
    const Record& record = plan_.records[tree.records[from]];
    put_record(record, link_of(tree, from, !record.flip), link_of(tree, from, record.flip));
  }
}

std::optional<LinkedTrees> Linker::link() {
  find_votes();
  for (std::size_t tree = 0; tree < plan_.tree_order.size(); ++tree) trees_.push_back(collect(tree));
  if (!choose_records()) return std::nullopt;
  for (const LinkedTree& tree : trees_) put_tree(tree);
  result_.roots.push_back(static_cast<std::uint32_t>(result_.splits.size()));
  result_.first_rows.push_back(static_cast<std::uint32_t>(result_.rows.size()));
  return std::move(result_);
}

}  // namespace

std::optional<LinkedTrees> link_trees(const TreePlan& plan, const LeafTable& leaves) {
  return Linker(plan, leaves).link();
}

}  // namespace emlc::layout
