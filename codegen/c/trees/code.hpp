#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/trees/float_keys.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/plan.hpp"

namespace emlc::c {

/// What the emitters of a tree ensemble share.
struct TreeCode {
  const model::Model& model;
  const model::TreeEnsemble& ensemble;
  Names names;
  layout::LeafTable leaves;
  layout::TreePlan plan;
  std::string sum_type;      ///< in C: of one running sum; float, or the smallest integer type that holds every sum
  FloatCode floats{};        ///< how float features are compared
  Fpu fpu = Fpu::automatic;  ///< that makes floats of sums
  Optimize optimize = Optimize::balanced;
  std::int32_t n_sums = 1;  ///< running sums: one for each output, or one for the two of a pair
};

/// Who reads the leaves of a header.
layout::LeafUse leaf_use(const model::Model& model);

TreeCode make_tree_code(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

bool has_integer_sums(const TreeCode& code);
/// The smallest of uint8_t, uint16_t, uint32_t that holds 0..largest.
std::string_view unsigned_type(std::uint64_t largest);
/// The macro that reads such a type from a table: `DIGITS_READ_U8`.
std::string read_macro(const TreeCode& code, std::string_view type);

std::size_t type_bytes(std::string_view type);

/// Leaves are single values, which inline code returns as they are.
bool has_scalar_leaves(const TreeCode& code);
/// Leaves are rows of a table that add_row_ adds.
bool has_leaf_rows(const TreeCode& code);
/// Float features are (also) compared as integers.
bool has_float_keys(const TreeCode& code);
std::string_view leaf_value_type(const TreeCode& code);
std::string_view leaf_code_type(const TreeCode& code);  ///< of leaf codes without shared subtrees
/// What inline code returns for a leaf, and its type: its value, or its code (a row, or an output column).
std::string leaf_text(const TreeCode& code, layout::LeafCode leaf);
std::string_view leaf_text_type(const TreeCode& code);

/// Prints the table of leaf values, `rows_` [n_codes][width]. Returns its bytes.
layout::Part print_leaf_values(Printer& out, const TreeCode& code);
/// Prints `FUNCTION void add_row_(CODE row, SUM *sum)`, which adds a row of that table.
void print_add_row(Printer& out, const TreeCode& code);

// The function that an emitter prints:
//   FUNCTION void sum_(const INPUT *x, SUM *sum);  adds the leaves that x reaches up in sum [n_sums]
//   FUNCTION SUM sum_(const INPUT *x);             for one sum
std::string sum_head(const TreeCode& code);                ///< its first line
void print_sum_start(Printer& out, const TreeCode& code);  ///< what the sums begin with
/// The statement that adds `value` to the variable `sum`.
std::string added(const TreeCode& code, std::string_view sum, std::string_view value);

/// There is a base score to add.
bool has_base(const TreeCode& code);
/// Prints the table of base scores, `base_` [n_outputs], unless they are all the same. Returns its bytes.
layout::Part print_base_table(Printer& out, const TreeCode& code);
/// Prints the table of units, `units_` [n_outputs], where each output has its own. Returns its bytes.
layout::Part print_unit_table(Printer& out, const TreeCode& code);
/// Prints raw_ around sum_.
void print_raw(Printer& out, const TreeCode& code);
/// The class of the largest output is that of the largest sum: nothing behind the sums changes their order.
bool keeps_order(const TreeCode& code);
/// The sums tell the decision, without a float: they keep the order, or the rule compares the only one, an integer.
bool decides_on_sums(const TreeCode& code);
/// Prints decide_ around sum_, where the sums tell.
void print_decide(Printer& out, const TreeCode& code);

}  // namespace emlc::c
