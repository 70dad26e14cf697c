#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/frame/api.hpp"

/// What the frame asks of a kind of model; all else follows from the answers.
namespace emlc::c {

/// What its functions look like.
Api api_of(const model::Model& model);

/// Gives the model the form that all its parts are printed from; its answers stay.
void prepare(model::Model& model);

/// Its tables and functions, with what stands between a predictor and the API (frame/predictor.hpp).
/// @param model  as prepare leaves it
Core core_of(const model::Model& model, const EmitConfig& config, const Names& names);

}  // namespace emlc::c
