#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/model/steps/step.hpp"

namespace emlc::c {

/// A row of columns on its way: an array of floats, or x as the caller gives it.
struct Row {
  std::string array;  ///< `x`, `out` or the name of a buffer
  std::size_t width = 0;
  model::NumberType type = model::NumberType::float32;
};

/// What the code of one step is printed with.
struct StepCode {
  Core& core;
  Printer& tables;
  Printer& out;
  std::size_t& table_bytes;
  const Names& names;
  std::string prefix;  ///< of its tables: `step0_`
  const Row& from;     ///< may be the same array as `to` where the step changes columns in place
  const Row& to;
  std::size_t first = 0;  ///< of the run, in both

  /// Column `index` of the run, an expression of the type of the row; `index` may be an expression.
  [[nodiscard]] std::string in(std::string_view index) const;
  [[nodiscard]] std::string result(std::string_view index) const;
  /// Prints a table; the expression that reads element `index`.
  [[nodiscard]] std::string floats(std::string_view name, const std::vector<double>& values,
                                   std::string_view index) const;
  [[nodiscard]] std::string numbers(std::string_view name, const std::vector<std::size_t>& values,
                                    std::string_view index) const;
  /// `for (size_t i = 0; i < n; ++i) { float z = <column i of the run>; ... }` around what `print` prints.
  void each(std::size_t n, const std::function<void()>& print) const;
  /// The same for one column.
  void one(std::size_t column, const std::function<void()>& print) const;
};

/// True for a step that makes each column of itself, so that it can be done in place.
bool is_in_place(const model::Step& step);

/// Prints the run of a step, not the columns beside it.
void print_step(const StepCode& code, const model::Step& step);

/// The least float32 that is >= bound, as the right side of `z >= ...`; `z > FLT_MAX` where only infinity is.
std::string at_least(std::string_view z, double bound);

}  // namespace emlc::c
