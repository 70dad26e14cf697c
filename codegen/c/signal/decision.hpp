#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "codegen/c/common/names.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::c {

/// The C of a decision filter. With the types and prefixes of Names, `functions` has
///   FUNCTION void begin_decisions_(DECISIONS *decisions);         before the first window
///   FUNCTION int settle_(DECISIONS *decisions, int vote);         the next window's vote; the decision; -1: none
/// and nothing that needs a header but <stdint.h>.
struct DecisionCode {
  std::string type_name;  ///< DECISIONS: `digits_decisions`
  std::string type{};     ///< its definition
  std::string functions{};
  std::size_t ram = 0;  ///< bytes of the type
};
/// @param hold  windows, see signal::hold_windows()
DecisionCode decision_code(const signal::DecisionFilter& filter, std::int32_t hold, std::int32_t n_classes,
                           const Names& names);

}  // namespace emlc::c
