#include "codegen/passes/trees/leaf_rows.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace emlc::passes {
namespace {

constexpr model::RowId none = -1;

std::uint64_t hash(std::span<const double> row) {
  std::uint64_t state = 0x9e3779b97f4a7c15U;
  for (const double value : row) {
    state = (state ^ std::bit_cast<std::uint64_t>(value)) * 0xff51afd7ed558ccdU;
    state ^= state >> 32U;
  }
  return state;
}

/// Rows of a table that grows, found by content: open addressing with linear probing, at most half full.
class RowSet {
 public:
  RowSet(std::size_t width, std::size_t max_rows) : width_(width), slots_(std::bit_ceil(2 * max_rows + 1), none) {}

  /// The index of the row, which is added when it is new.
  model::RowId insert(std::span<const double> row) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash(row) & mask;
    for (; slots_[slot] != none; slot = (slot + 1) & mask) {
      if (std::equal(row.begin(), row.end(), values_.begin() + slots_[slot] * static_cast<std::ptrdiff_t>(width_))) {
        return slots_[slot];
      }
    }
    slots_[slot] = static_cast<model::RowId>(values_.size() / width_);
    values_.insert(values_.end(), row.begin(), row.end());
    return slots_[slot];
  }
  [[nodiscard]] std::vector<double> take_values() { return std::move(values_); }

 private:
  std::size_t width_;
  std::vector<model::RowId> slots_;
  std::vector<double> values_;
};

}  // namespace

DistinctRows distinct_rows(const model::TreeEnsemble& ensemble) {
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  DistinctRows result{.index_of_row = std::vector<model::RowId>(ensemble.n_rows(), none)};
  RowSet rows(width, ensemble.n_rows());
  std::vector<double> row(width);
  for (const model::Tree& tree : ensemble.trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Leaf* leaf = model::as_leaf(node);
      if (leaf == nullptr || result.index_of_row[static_cast<std::size_t>(leaf->row)] != none) continue;
      const double* values = &ensemble.leaf_values[static_cast<std::size_t>(leaf->row) * width];
      std::transform(values, values + width, row.begin(), [](double value) { return value == 0.0 ? 0.0 : value; });
      result.index_of_row[static_cast<std::size_t>(leaf->row)] = rows.insert(row);
    }
  }
  result.values = rows.take_values();
  return result;
}

void replace_rows(model::TreeEnsemble& ensemble, std::vector<double> values, const std::vector<model::RowId>& new_row) {
  ensemble.leaf_values = std::move(values);
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      if (auto* leaf = std::get_if<model::Leaf>(&node)) leaf->row = new_row[static_cast<std::size_t>(leaf->row)];
    }
  }
}

}  // namespace emlc::passes
