#pragma once

#include <cstddef>
#include <span>
#include <unordered_set>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::formats {

/// The leaf rows of an ensemble while it is read; rows with the same bits share one entry.
class LeafTable {
 public:
  explicit LeafTable(std::size_t width) : width_(width), ids_(0, Hash{this}, Equal{this}) {}
  LeafTable(const LeafTable&) = delete;
  LeafTable& operator=(const LeafTable&) = delete;

  /// @param row  [width]
  model::RowId add(std::span<const double> row);
  /// [n_rows][width]; the table is empty afterwards.
  std::vector<double> take_values();

 private:
  struct Hash {
    const LeafTable* table;
    std::size_t operator()(model::RowId id) const;
  };
  struct Equal {
    const LeafTable* table;
    bool operator()(model::RowId a, model::RowId b) const;
  };
  [[nodiscard]] std::span<const double> row(model::RowId id) const;

  std::size_t width_;
  std::vector<double> values_;
  std::unordered_set<model::RowId, Hash, Equal> ids_;
};

}  // namespace emlc::formats
