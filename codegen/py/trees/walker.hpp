#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "codegen/c/trees/code.hpp"
#include "codegen/py/common/module.hpp"
#include "codegen/py/trees/moves.hpp"
#include "codegen/py/trees/names.hpp"
#include "codegen/py/trees/walk_table.hpp"

namespace emlc::py {

/// What _run makes of the leaves.
enum class Sums {
  votes,   ///< one more for an output, in the array _w; stops at the leaf that decides when `enough` have voted alike
  single,  ///< the integers of single values, which it returns
  by_output,  ///< the integers of single values, each for an output of _w
  rows,       ///< rows of integers, each added to _w
  moves,      ///< rows of shares as moves from one element of _w to another
  codes,      ///< of leaves in float: their codes in _w, which Python adds up
};

struct Trees {
  const c::TreeCode& code;
  WalkTable table;
  Comparison comparison;
  std::optional<PackedTable> packed{};
  std::optional<Moves> moves{};
  std::int64_t n_codes = 0;  ///< of leaves; what is not below is a shared subtree
  Sums sums = Sums::single;
  bool has_sign = false;       ///< sums can be below 0
  int sum_bytes = 4;           ///< of an element of _w
  bool has_leaf_codes = true;  ///< else the values are in the order of the leaves

  [[nodiscard]] std::size_t n_trees() const { return code.ensemble.trees.size(); }
  [[nodiscard]] bool has_shared() const { return table.n_regions() > n_trees(); }
  /// _run returns the output with the largest sum, the first one of several.
  [[nodiscard]] bool finds_largest() const;
};

Trees plan_trees(const c::TreeCode& code);

/// Adds _run, with _keys where features are floats, and their tables.
void add_walker(Core& core, const Trees& trees);

/// A call of _run, for every tree or as far as it takes for the decision.
enum class Until { all, decided };
std::string run_call(const Trees& trees, Until until);

}  // namespace emlc::py
