#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// An array of floats of generated code.
struct FloatArray {
  std::string_view name;
  std::int32_t size;
};

/// Prints the calls that make a transform of the values in an array, in place; the helpers are in the core then.
void print_post_transform(Printer& out, Core& core, const Names& names, const model::PostTransform& transform,
                          const FloatArray& values);

/// `out[2] >= 0.5f`: whether a value of the outputs passes the threshold of the rule greater or greater_equal.
std::string passes_threshold(const model::Output& output, std::string_view value);

}  // namespace emlc::c
