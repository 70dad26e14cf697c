#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/layout/trees/plan.hpp"

namespace emlc::c {

/// How code compares a feature with the key of a threshold (layout::key_of): integers as they are; of a float its key,
/// which asks for two comparisons, one of them for NaN, that stop at the first no. That is faster than one with
/// integers where NaN has its place (SplitText) wherever code branches on the answer. Where all thresholds are above 0
/// the bits of x are compared: what has a sign is below them, whatever its order.
class KeyText {
 public:
  /// @param keys  of all thresholds
  KeyText(const TreeCode& code, layout::Missing missing, const std::vector<std::int64_t>& keys);

  [[nodiscard]] std::string_view type() const;  ///< in C, of a key
  /// Prints the function key_ if there is need of it.
  void print_key(Printer& out) const;
  /// The key of `value`, a feature.
  [[nodiscard]] std::string key(const std::string& value) const;
  /// Does the feature whose key is in the variable `key` go left of the key in the variable `threshold`?
  [[nodiscard]] std::string goes_left() const;

 private:
  [[nodiscard]] bool is_float() const { return !model::info(code_.plan.feature_type).is_integer; }

  const TreeCode& code_;
  layout::Missing missing_;
  bool are_positive_;  ///< all thresholds
};

}  // namespace emlc::c
