#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

enum class Verdict { equal, different, undecided };

/// Whether two ensembles send every input to the same leaf rows, tree by tree.
struct Equivalence {
  Verdict verdict = Verdict::equal;
  std::string reason{};                   ///< where they differ, or why it is undecided
  std::vector<double> counter_example{};  ///< [n_features] an input for which they differ, where they do
  std::size_t n_paths = 0;                ///< pairs of paths that some input takes
  double largest_difference = 0.0;        ///< of one leaf value; more than its tolerance is different
};

/// Walks both trees of each pair together, with the values that every feature can still have, and compares the leaves
/// that some input reaches: a proof for all inputs of `input` (its type, range, and NaN when it is a floating type),
/// however the two trees are laid out. What surrounds the trees (base score, divisor, transform) is not looked at.
/// @param tolerances  [n_outputs] for leaf values that are added to each output, absolute
/// @param limit       of steps; more is undecided (shared subtrees can have very many paths)
Equivalence compare_trees(const TreeEnsemble& a, const TreeEnsemble& b, const Input& input,
                          std::span<const double> tolerances, std::size_t limit);

}  // namespace emlc::model
