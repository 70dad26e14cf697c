#pragma once

#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// Everything that prints the functions of one combination.
struct Combining {
  const model::Model& model;
  const model::Combination& combination;
  const Names& names;
  Core& core;
  Printer& tables;
  Printer& out;
  std::size_t table_bytes = 0;  ///< of calibrations
  bool has_sigmoid = false, has_isotonic = false;
};

/// How values come to where they go.
struct Target {
  std::string array;  ///< `raw`, or `raw + 3`
  enum class How { replace, add } how = How::replace;
  double weight = 1.0;  ///< they are multiplied by
};

/// The floats that a member needs beside the target, in the array `part`.
std::int32_t part_size(const model::Member& member, const Target& target);

/// Prints statements that ask member `index` about `x` and bring its values to the target.
void print_values(Combining& combining, std::size_t index, std::string_view x, const Target& target);
/// The first value of a member whose outputs are in the array `part`, as an expression.
std::string first_value(Combining& combining, std::size_t index);

/// Prints the functions that calibrate, where there are calls of them.
void print_calibrations(const Combining& combining, Printer& out);

}  // namespace emlc::c
