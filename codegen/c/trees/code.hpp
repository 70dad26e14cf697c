#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/trees/float_keys.hpp"
#include "codegen/c/trees/stages.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/layout/trees/sum_rules.hpp"

namespace emlc::c {

/// Single leaf values with fewer bits than a type of C: an element is value - offset. Its low bits are in the first
/// column, those that do not fit in the second, which has the sign where values are stored as they are.
struct LeafStore {
  enum class Sign { none, in_high };
  Sign sign = Sign::none;
  std::int64_t offset = 0;
  layout::Field low{}, high{};
  layout::Columns columns{};
};

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
  std::int32_t n_sums = 1;              ///< running sums: one for each output, or one for the two of a pair
  Stages stages{};                      ///< where sum_ may stop for a decision
  std::optional<LeafStore> store{};     ///< instead of a table of whole leaf values
  std::vector<std::int64_t> offsets{};  ///< [n_trees] of the plan: leaves are that much less; empty: none
  std::vector<std::int64_t> starts{};   ///< [n_outputs] with offsets: what sums begin with
  std::int64_t shift = 0;  ///< sums begin so much higher, since stored values are added without their offset
};

/// Makes the smallest leaf of each tree 0, and sums begin with these, where trees are functions that return single
/// values and sums are looked at in stages: half of the constants fit 16 bits then, and stages know more.
void take_offsets(TreeCode& code);

/// Who reads the leaves of a header.
layout::LeafUse leaf_use(const model::Model& model);

TreeCode make_tree_code(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

bool has_integer_sums(const TreeCode& code);
/// Trees add one number each and come in whole rounds: tree i of the plan is that of output i modulo n_outputs.
bool has_rounds(const TreeCode& code);
/// Rounds stay together where sums are integers, which come out the same in any order.
layout::TreeOrder tree_order(const TreeCode& code);
/// Sums are asked for decisions, in stages.
bool has_stages(const TreeCode& code);
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
/// Of a single value: what tree `tree` of the plan adds at a leaf.
std::int64_t leaf_integer(const TreeCode& code, std::uint32_t tree, layout::LeafCode leaf);
/// What inline code returns for a leaf of a tree, and its type: its value, or its code (a row, or an output column).
std::string leaf_text(const TreeCode& code, std::uint32_t tree, layout::LeafCode leaf);
std::string_view leaf_text_type(const TreeCode& code);

/// Leaf rows of small integers with `--optimize size`: the values of a row share a word, the first in its lowest bits.
struct RowWord {
  int value_bits = 0, bytes = 0;  ///< of one value; of the word: 1, 2 or 4
};
/// Nothing where a word holds no row, or is no smaller than its values each in a type of C.
std::optional<RowWord> row_word(const TreeCode& code);

/// Prints the table of leaf values, `rows_` [n_codes][width], or [n_codes] words. Returns its bytes.
layout::Part print_leaf_values(Printer& out, const TreeCode& code);
/// Prints `FUNCTION void add_row_(CODE row, SUM *sum)`, which adds a row of that table.
void print_add_row(Printer& out, const TreeCode& code);

// The function that an emitter prints:
//   FUNCTION void sum_(const INPUT *x, SUM *sum);  adds the leaves that x reaches up in sum [n_sums]
//   FUNCTION SUM sum_(const INPUT *x);             for one sum
// With stages there is another parameter, `int decide`: the sums need only tell the decision.
std::string sum_head(const TreeCode& code);  ///< its first line
enum class Sums { all, to_decide };
/// A call of it, into the array `sum` where there are several.
std::string sum_call(const TreeCode& code, Sums sums, std::string_view sum = "sum");
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
/// The sum from which on the only output is decided differently than below; nothing where there is no such sum, or
/// several outputs.
std::optional<std::int64_t> decision_bound(const TreeCode& code);
/// The answers of the model's rule along the only sum; nothing where there are several outputs, or no such sum.
std::optional<layout::SumRule> find_sum_rule(const TreeCode& code);
/// The sums of several outputs that the rule compares with one bound, where they are integers of one unit and are the
/// outputs but for that.
std::optional<IntegerSums> integer_sums(const TreeCode& code);
/// Prints decide_ around sum_, where the sums tell.
void print_decide(Printer& out, const TreeCode& code);
/// A sum in C, with the sign of the type that sums have.
std::string sum_literal(const TreeCode& code, std::int64_t sum);

/// The sums tell how sure an answer is, without a float: they are integers, and the margin is one of them, or a
/// difference of two.
bool judges_on_sums(const TreeCode& code);
/// Prints judge_ around sum_, where the sums tell.
/// @param filter  that rejects answers
void print_judge(Printer& out, const TreeCode& code, const signal::DecisionFilter& filter);

}  // namespace emlc::c
