#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// A dense network in float32, by code of its own (dense_blocks.hpp) or by that of <emlc/dense.h>.
Core emit_dense(const model::Model& model, const model::DenseNetwork& dense, const Names& names,
                const EmitConfig& config);

/// The call that activates `y` in place in float; nothing for the identity. Layer `index` is `layer`.
void print_float_activation(Printer& out, const model::DenseLayer& layer, std::size_t index, const Names& names,
                            Core& core, std::string_view y);

/// A last activation that a post-transform can express becomes one, so that a decision need not compute it. The outputs
/// are the same.
void lift_last_activation(model::DenseNetwork& network);

}  // namespace emlc::c
