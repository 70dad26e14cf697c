#include "formats/trees/leaf_table.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace emlc::formats {

std::span<const double> LeafTable::row(model::RowId id) const {
  return std::span(values_).subspan(static_cast<std::size_t>(id) * width_, width_);
}

std::size_t LeafTable::Hash::operator()(model::RowId id) const {
  std::uint64_t hash = 0;
  for (const double value : table->row(id)) {
    // Multiply by an odd constant and fold the high half down: every bit of the value reaches the low bits.
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32U;
  }
  return static_cast<std::size_t>(hash);
}

bool LeafTable::Equal::operator()(model::RowId a, model::RowId b) const {
  return std::memcmp(table->row(a).data(), table->row(b).data(), table->width_ * sizeof(double)) == 0;
}

model::RowId LeafTable::add(std::span<const double> row) {
  const auto id = static_cast<model::RowId>(values_.size() / width_);
  values_.insert(values_.end(), row.begin(), row.end());
  const auto [known, is_new] = ids_.insert(id);
  if (!is_new) values_.resize(values_.size() - width_);
  return *known;
}

std::vector<double> LeafTable::take_values() {
  ids_.clear();
  return std::exchange(values_, {});
}

}  // namespace emlc::formats
