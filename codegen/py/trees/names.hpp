#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/py/trees/walk_table.hpp"

namespace emlc::py {

/// A feature and a threshold as viper compares them: numbers from 0 up, in the order of the feature's values.
///   uint8          x
///   int8, int16    x ^ half of the range, or x where none is below 0
///   int32          the same, as uint
///   float32        the keys that _keys makes of x, as uint: NaN is above or below all numbers
struct Comparison {
  int bytes = 1;                         ///< of a feature, and of what a threshold is
  std::int64_t bias = 0;                 ///< that a feature is xored with
  bool is_float = false;                 ///< features are keys
  std::vector<std::int64_t> names{};     ///< [n_splits] what the record holds
  int name_width = 1;                    ///< in bytes
  std::int64_t base = 0;                 ///< threshold = name + base
  std::vector<std::int64_t> ordinals{};  ///< instead: threshold = ordinals[name]

  [[nodiscard]] bool is_wide() const { return bytes == 4; }  ///< compared as uint
  [[nodiscard]] bool has_table() const { return !ordinals.empty(); }
};

/// @param input  what the trees take
Comparison make_comparison(const WalkTable& table, const model::Input& input);

/// The condition of a walk: `x[f[p]] < t[p] + 1`.
/// @param slot, name  what reads the slot and the name of its split
std::string goes_left(const Comparison& comparison, const std::string& slot, const std::string& name);

}  // namespace emlc::py
