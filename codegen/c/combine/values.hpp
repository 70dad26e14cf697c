#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/combine/combine.hpp"
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
  const Parts& parts;
  const std::vector<std::optional<IntegerSums>>& sums;  ///< of each part
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

/// The floats that a part needs beside the targets of all members, in the array `part`.
std::int32_t part_size(const Combining& combining, std::size_t part, const std::vector<Target>& targets);

/// Prints statements that ask a part about `x` and bring the values of its members to their targets.
/// @param targets  [n_members]
void print_values(Combining& combining, std::size_t part, std::string_view x, const std::vector<Target>& targets);
/// A statement that puts the outputs of a part into the array `to`.
std::string outputs_call(const Combining& combining, std::size_t part, std::string_view x, std::string_view to);
/// The first value of a member, where the outputs of its part are in the array `part`, as an expression.
std::string first_value(Combining& c, std::size_t index);

/// Prints the functions that calibrate, where there are calls of them.
void print_calibrations(const Combining& combining, Printer& out);

}  // namespace emlc::c
