#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::c {

// How generated code reads the tables of codegen/layout.

/// Prints the table `name` of integers (with names.symbol in front). Returns its bytes as those of `part`.
layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, std::size_t n,
                            const std::function<std::int64_t(std::size_t)>& value);
layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, const std::vector<std::int64_t>& values);

/// `count` bytes from `pointer` + offset, least significant first: of type uint8_t, unsigned or uint32_t.
std::string bytes_text(const TreeCode& code, std::string_view pointer, int offset, int count);

/// Prints stream_, which reads a stream of bits.
void print_stream(Printer& out, const TreeCode& code);

/// Columns as tables and, for the record at hand, as variables: `name`, or `name_0`, `name_1`.
class ColumnText {
 public:
  ColumnText(const TreeCode& code, const layout::Columns& columns, std::string_view name)
      : code_(code), columns_(columns), name_(name) {}

  /// Prints the tables, `name` with an s_ behind. Returns their bytes as those of `part`.
  layout::Part print_tables(Printer& out, std::string part) const;
  /// Prints the variables of record `index`.
  void print_record(Printer& out, std::string_view index) const;
  /// Prints the variable that `field` of record `index` is in, where that is all that is used.
  void print_field(Printer& out, const layout::Field& field, std::string_view index) const;
  [[nodiscard]] std::string read(int column, std::string_view index) const;  ///< one column of a record
  [[nodiscard]] std::string variable(int column) const;
  /// A number for `if`: not 0 when a bit of the field is set that is set in `bits`.
  [[nodiscard]] std::string test(const layout::Field& field, unsigned bits) const;
  [[nodiscard]] std::string number(const layout::Field& field) const;
  /// The number low + (high << low.bits).
  [[nodiscard]] std::string number(const layout::Field& low, const layout::Field& high) const;

 private:
  void print_column(Printer& out, int column, std::string_view index) const;

  const TreeCode& code_;
  const layout::Columns& columns_;
  std::string_view name_;
};

/// Of the elements of a column of so many bytes.
std::string_view column_type(int bytes);

/// What is compared at a split, see codegen/layout/trees/split_order.hpp: an integer feature as it is, order_ of a
/// float.
class SplitText {
 public:
  SplitText(const TreeCode& code, layout::Missing missing, const layout::Thresholds& thresholds)
      : code_(code), missing_(missing), thresholds_(thresholds) {}

  /// Prints the function order_ if there is need of it.
  void print_order(Printer& out) const;
  /// Prints the table of thresholds if there is one. Returns its bytes.
  layout::Part print_thresholds(Printer& out) const;
  /// `x[feature] < threshold`, where `name` is the expression of the threshold's name.
  [[nodiscard]] std::string goes_left(std::string_view feature, std::string_view name) const;

 private:
  [[nodiscard]] bool is_float() const { return !model::info(code_.plan.feature_type).is_integer; }
  [[nodiscard]] std::string_view type() const;
  [[nodiscard]] std::string threshold(std::string_view name) const;

  const TreeCode& code_;
  layout::Missing missing_;
  const layout::Thresholds& thresholds_;
};

}  // namespace emlc::c
