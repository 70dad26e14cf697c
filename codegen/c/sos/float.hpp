#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::c {

/// A filter in float32, in the structures that the cascade names: section after section over a block; for speed up to
/// three sections at a time where all are direct. The core is that of emit_sos with float as WORD and SAMPLE.
Core emit_sos_float(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

/// Floats of state of each section.
std::size_t float_state_words(const model::SosCascade& cascade, const EmitConfig& config);

}  // namespace emlc::c
