#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/layout/trees/plan.hpp"

namespace emlc::layout {

/// Trees of few levels, each filled up to the perfect tree of as many levels as the deepest one has: a walk asks once a
/// level, tests for no leaf and follows no link.
///
/// note [planes]
/// What all trees have at one place of a perfect tree is a plane of n_trees elements: element t of plane p is at
/// p * n_trees + t. The root is plane 0. On level l, from 0, a walk goes on 2^l planes ahead where it goes left, twice
/// as far where it goes right: it adds a constant to its place, and never needs to multiply. Behind the last level
/// it has passed the 2^levels - 1 planes of splits and is in one of 2^levels planes of leaves, whose number has the
/// answers as bits, the first one lowest, right being 1.
struct PerfectTable {
  Missing missing = Missing::right;
  std::uint32_t levels = 1, n_trees = 0;
  std::vector<std::uint32_t> features{};   ///< [2^levels - 1][n_trees]
  std::vector<std::int64_t> thresholds{};  ///< their keys: of each split, or distinct ones, ascending, with `names`
  std::vector<std::uint32_t> names{};      ///< [2^levels - 1][n_trees] which key, where that is smaller; or empty
  std::vector<LeafCode> leaves{};          ///< [2^levels][n_trees] the code of each leaf
  bool has_codes = false;                  ///< the table holds these codes; else it has a row for each leaf
  double asked = 0.0;                      ///< splits that a walk of unpadded trees asks, if left is as likely as right

  [[nodiscard]] std::size_t n_splits() const { return features.size(); }
};

/// Bytes of what a table holds besides its splits, and what matters more.
struct PerfectCosts {
  enum class Names { smaller, none };
  std::size_t ordinal_bytes = 4;  ///< of a threshold
  std::size_t row_bits = 0;       ///< of the values of one leaf; 0 when its code says all
  Names names = Names::smaller;   ///< without names a walk reads a threshold in one step
};

/// The table of a plan. Nothing where trees have more than 8 levels, or four times the leaves when they are filled up,
/// for plans without a split or with shared subtrees, and for missing values that go left at one split and right at
/// another.
std::optional<PerfectTable> encode_perfect(const TreePlan& plan, const PerfectCosts& costs);

/// Bytes of the splits, thresholds, leaf codes, and of the leaves' values.
/// @param n_codes  how many different rows the leaves have
std::size_t table_bytes(const PerfectTable& table, const PerfectCosts& costs, std::uint32_t n_codes);

/// The bytes of an unsigned element that holds all of these: 1, 2 or 4.
std::size_t element_bytes(const std::vector<std::uint32_t>& values);

}  // namespace emlc::layout
