#pragma once

#include "codegen/c/emit.hpp"
#include "codegen/c/names.hpp"

namespace emlc::c {

/// A dense network in float32, see note [rows at a time] in dense.cpp.
Core emit_dense(const model::Model& model, const model::DenseNetwork& network, const Names& names, Optimize optimize);

/// A last activation that a post-transform can express becomes one, so that a decision need not compute it. The outputs
/// are the same.
void lift_last_activation(model::DenseNetwork& network);

}  // namespace emlc::c
