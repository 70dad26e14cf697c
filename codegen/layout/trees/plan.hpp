#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::layout {

using RecordId = std::uint32_t;

/// A child of a split that is not a record of its own: what the leaf adds (below n_leaf_codes), or the region
/// `code - n_leaf_codes`, where the walk goes on (a shared subtree).
using LeafCode = std::uint32_t;

/// Which child of a split comes first.
enum class ChildOrder {
  smaller,  ///< the one with fewer records; a leaf comes second
  left,     ///< always the left one: no record is flipped
};

/// Which tree comes first: those of the first output, or as in the ensemble.
enum class TreeOrder { by_output, as_trained };

/// A split as a table stores it. The walk takes the first child when (goes left) != flip.
/// With ChildOrder::smaller three shapes, no other: two leaves; the first child the next record and the second a leaf;
/// the first child the next record and the second a later one. With ChildOrder::left also: the first child a leaf and
/// the second the next record. A lone leaf is a record whose two leaves are equal.
struct Record {
  std::int32_t feature = 0;
  double threshold = 0.0;  ///< x[feature] < threshold goes left; a value of the feature type, or +-infinity
  bool default_left = false;
  bool flip = false;
  bool first_is_leaf = false, second_is_leaf = false;
  LeafCode first_leaf = 0, second_leaf = 0;  ///< where the child is a leaf
  RecordId second = 0;                       ///< where it is not: a later record
};

/// The records of an ensemble in the order of a table: region after region, each in pre-order, first children first.
/// Regions are the trees, then the subtrees that several splits share; a leaf code names a later region only.
struct TreePlan {
  model::NumberType feature_type = model::NumberType::float32;
  std::int32_t n_features = 0;
  std::uint32_t n_leaf_codes = 0;
  std::vector<Record> records{};
  std::vector<RecordId> regions{};          ///< first record of each region
  std::vector<std::uint32_t> tree_order{};  ///< [n_trees] the tree of the ensemble that region i is
};

bool is_lone_leaf(const Record& record);

/// Where a missing value (NaN) goes. Integer features have none: right.
enum class Missing { right, left, per_split };
Missing missing_of(const TreePlan& plan);

/// Plans an ensemble. Thresholds become values of `feature_type`, a type that holds every input exactly; splits that no
/// value of the type divides disappear. Linear in the number of nodes.
/// @param leaf_codes  [n_rows] the code of each leaf row, below n_leaf_codes
/// Throws Error when there are more nodes and leaf rows than 2^31 - 1.
TreePlan plan_trees(const model::TreeEnsemble& ensemble, model::NumberType feature_type,
                    std::span<const LeafCode> leaf_codes, std::uint32_t n_leaf_codes,
                    ChildOrder order = ChildOrder::smaller, TreeOrder tree_order = TreeOrder::by_output);

bool has_shared_subtrees(const TreePlan& plan);

}  // namespace emlc::layout
