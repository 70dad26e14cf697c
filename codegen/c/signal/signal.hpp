#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/signal/decision.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/signal/folded.hpp"

namespace emlc::c {

/// What stands in a header between samples and the features of its model. All is spelled with the prefixes of Names.
struct SignalCode {
  std::string types;  ///< `sample` and the struct `state`
  /// init_(state), push_(state, frames, n), window_features_(state, y), and where there are keys ranks_(state, y)
  std::string definitions;
  std::set<std::string> headers{};
  std::vector<Fact> facts{};
  std::size_t state_bytes = 0;
  std::size_t stack_bytes = 0;  ///< the largest arrays of a function and about what is beside them
  std::size_t table_bytes = 0;  ///< thresholds of keys
  std::vector<layout::CodeEstimate> code_estimates{};  ///< of push and of what looks at a window
};

/// A stream in blocks of any size, with the numbers of signal::features_of() to the bit. Reals are float32; integers
/// are exact, in the narrowest width that holds them.
/// @param joined    the plan inferred, its filters in integers designed; keys as fold-ends leaves them, or none
/// @param decision  what becomes of the answers about windows; null: nothing. With it the state has `settled` and
///                  `is_settled`, and the definitions the functions of DecisionCode
SignalCode emit_signal(const signal::Joined& joined, const Names& names, Language language,
                       const DecisionCode* decision);

}  // namespace emlc::c
