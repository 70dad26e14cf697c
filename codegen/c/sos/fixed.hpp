#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::c {

/// A filter in integers, section after section over a block, with the bits of model::filter_integers on every core: in
/// one way for cores with an instruction for it (two products of 16 bits, a product of 64 bits) and in one for those
/// without, chosen when the header is compiled. The core has
///   FUNCTION void reset_(uint32_t *z);  before the first sample
///   FUNCTION void filter_(uint32_t *z, const SAMPLE *x, SAMPLE *y, size_t n);  y may be x; SAMPLE int16_t or int32_t
Core emit_sos_fixed(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

/// Words of state that each section has: a number, or a macro that knows the core.
std::string fixed_state_words(const model::FixedPoint& fixed, const Names& names);

}  // namespace emlc::c
