#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/py/common/module.hpp"

/// What the frame asks of a kind of model; all else follows from the answers.
namespace emlc::py {

/// Gives the model the form that it is printed from; its answers stay.
void prepare(model::Model& model);

/// Its tables and functions. Throws Error for what a module does not hold.
Core core_of(const model::Model& model, const c::EmitConfig& config);

/// The API of the kind around its core: answers of a predictor, or filter and reset.
std::string api_text(const Core& core, const model::Model& model);

/// A program for CPython that runs the module `file`; what it reads and writes is that of c/frame/driver.hpp.
std::string driver_text(const model::Model& model, const std::string& file);

}  // namespace emlc::py
