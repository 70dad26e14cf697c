#pragma once

#include "codegen/c/emit.hpp"
#include "codegen/c/names.hpp"

namespace emlc::c {

/// A filter in float32, transposed direct form II, section after section over a block, by code of its own or by that of
/// <emlc/sos.h>. The core has
///   FUNCTION void init_(float *z);  z1, z2 of each section before the first sample
///   FUNCTION void filter_(float *z, const float *x, float *y, size_t n);  y may be x
Core emit_sos(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

}  // namespace emlc::c
