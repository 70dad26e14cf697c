#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// A blob of `model` as constants of a C source, which is C++11 too: `bytes` becomes the source, `beside` the header
/// that declares NAME_blob and NAME_blob_size, both named by `config`. Throws Error for names that C cannot have.
layout::Artifact blob_in_c(layout::Artifact blob, const model::Model& model, const EmitConfig& config);

}  // namespace emlc::c
