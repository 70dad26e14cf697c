#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/model/model.hpp"

namespace emlc::py {

/// A trained model as a MicroPython module of one file without native code, which CPython runs too. `original` has been
/// through the passes. Flash is what the tables take; the module's code comes on top, see docs/micropython.md.
/// Throws Error, by name, for what such a module does not hold: networks and filters in float, scalers and steps that
/// are left in front of a model, combinations, doubles.
layout::Artifact emit_module(const model::Model& original, const c::EmitConfig& config);

/// A program for CPython that runs the module `file` beside it: it reads inputs as doubles from stdin and writes the
/// answers as doubles, as the drivers of headers do (c/frame/driver.hpp).
std::string make_driver(const model::Model& original, const std::string& file);

}  // namespace emlc::py
