#pragma once

#include <cstddef>
#include <string>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// A filter in float32 (float.hpp) or in integers (fixed.hpp), by code of its own or by that of
/// <emlc/sos.h>. The core has
///   FUNCTION void init_(WORD *z);   before the first sample: the initial state of the model; not without one
///   FUNCTION void reset_(WORD *z);  silence
///   FUNCTION void filter_(WORD *z, const SAMPLE *x, SAMPLE *y, size_t n);  y may be x
Core emit_sos(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

/// How the API of a filter is spelled.
struct FilterTypes {
  std::string sample;      ///< `float`, `int16_t`, `int32_t`
  std::string word;        ///< of the state: `float`, `uint32_t`
  std::string full_scale;  ///< what 1.0 is in samples of the input: `1.0`, `32768.0`
  std::string one;         ///< what 1.0 is in samples of the output
  std::string init;        ///< `init_`, or `reset_` for a model without an initial state
};
FilterTypes filter_types(const model::SosCascade& cascade);

/// How many words of state each section has: a number, or a macro that knows the core.
std::string filter_state_words(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

}  // namespace emlc::c
