#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "codegen/c/common/names.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::c {

/// The C of a decision filter. With the types and prefixes of Names, `functions` has
///   FUNCTION void begin_decisions_(DECISIONS *decisions);         before the first window
///   FUNCTION int settle_(DECISIONS *decisions, int vote);         the next window's vote, -1: none; the decision, or
///   -1
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

/// What is compared to tell whether an answer is sure.
struct Scores {
  std::string type;          ///< in C: float, or of sums of integers int16_t, uint32_t, ...
  std::int32_t n = 1;        ///< several: the largest less the second largest; one: the distance to `bound`
  std::string bound;         ///< a literal of `type`, of one score
  std::string least_margin;  ///< a literal: float, or without a sign
};
/// `FUNCTION int is_sure_(const TYPE *scores);` 1 where the margin is at least that.
std::string sureness_code(const Scores& scores, const Names& names);

}  // namespace emlc::c
