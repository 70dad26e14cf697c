#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::c {

/// A filter in float32, transposed direct form II: section after section over a block, for speed up to three sections
/// at a time. The core is that of emit_sos with float as WORD and SAMPLE.
Core emit_sos_float(const model::SosCascade& cascade, const Names& names, const EmitConfig& config);

}  // namespace emlc::c
