#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// The steps of a model, each in float32, printed as the body of a function that reads `x` and writes `out`: floats of
/// the width behind the steps. What is in between is in arrays on the stack, which count as core.ram; x is not out.
void print_steps(Core& core, Printer& tables, Printer& out, std::size_t& table_bytes, const model::Model& model,
                 const Names& names);

}  // namespace emlc::c
