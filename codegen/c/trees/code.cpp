#include "codegen/c/trees/code.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;

/// A type that tables have.
struct ElementType {
  std::string_view name, suffix;  ///< in C, and of the macro that reads it
  std::size_t bytes;
};

const ElementType& element_type(std::string_view name) {
  static constexpr std::array rows = {
      ElementType{"uint8_t", "U8", 1},   ElementType{"int8_t", "I8", 1},    ElementType{"uint16_t", "U16", 2},
      ElementType{"int16_t", "I16", 2},  ElementType{"uint32_t", "U32", 4}, ElementType{"int32_t", "I32", 4},
      ElementType{"uint64_t", "U64", 8}, ElementType{"int64_t", "I64", 8},  ElementType{"float", "F32", 4}};
  for (const ElementType& row : rows) {
    if (row.name == name) return row;
  }
  throw std::logic_error(fmt::format("no table has elements of the type {}", name));
}

std::string leaf_literal(const TreeCode& code, std::size_t index) {
  if (code.leaves.kind == LeafKind::float_rows) return float_literal(static_cast<double>(code.leaves.values[index]));
  return integer_literal(code.leaves.integers[index]);
}

std::uint64_t largest_magnitude(const layout::LeafTable& leaves) {
  std::uint64_t largest = 0;
  for (const std::int64_t value : leaves.integers)
    largest = std::max(largest, static_cast<std::uint64_t>(std::abs(value)));
  return largest;
}

/// The smallest of int8_t, int16_t, int32_t that holds -largest..largest.
std::string_view signed_type(std::uint64_t largest) {
  if (largest <= 0x7fU) return "int8_t";
  return largest <= 0x7fffU ? "int16_t" : "int32_t";
}

/// In C, of a running sum: the smallest type that holds every sum.
std::string_view sum_type_of(const layout::LeafTable& leaves, std::size_t n_trees) {
  switch (leaves.kind) {
    case LeafKind::votes:
      return unsigned_type(n_trees);
    case LeafKind::float_rows:
      return "float";
    case LeafKind::fixed_rows:
      return signed_type(largest_magnitude(leaves) * n_trees + static_cast<std::uint64_t>(std::abs(leaves.start)));
    default:
      break;
  }
  const std::int64_t largest = *std::max_element(leaves.integers.begin(), leaves.integers.end());
  return unsigned_type(static_cast<std::uint64_t>(largest) * n_trees);
}

/// The type of at least that many bits that a machine computes in without cutting anything off.
std::string fast_type(const std::string& type) {
  if (type == "float" || type_bytes(type) > 2) return type;
  const std::size_t digits = type.find("int") + 3;
  return type.substr(0, digits) + "_fast" + type.substr(digits);
}

/// Looking at the sums between trees takes room, and is for boosted sums.
Stages stages_of(const TreeCode& code) {
  const bool is_boosted = code.leaves.kind == LeafKind::fixed_rows && code.leaves.width == 1 && !code.leaves.is_pair;
  if (code.optimize == Optimize::size || !is_boosted) return {};
  if (code.n_sums > 1) {
    return keeps_order(code) ? lead_stages(code.ensemble, code.leaves, code.plan) : Stages{};
  }
  const std::optional<std::int64_t> bound = decision_bound(code);
  return bound ? bound_stages(code.ensemble, code.leaves, code.plan, *bound) : Stages{};
}

}  // namespace

void take_offsets(TreeCode& code) {
  if (!has_stages(code) || code.n_sums == 1 || layout::has_shared_subtrees(code.plan)) return;
  code.starts.assign(static_cast<std::size_t>(code.n_sums), 0);
  for (const TreeRange& tree : tree_ranges(code.ensemble, code.leaves, code.plan)) {
    code.offsets.push_back(tree.low);
    code.starts[tree.output] += tree.low;
  }
  code.stages = lead_stages(code.ensemble, code.leaves, code.plan, LeadOf::remainders);
}

layout::LeafUse leaf_use(const model::Model& model) {
  if (model.output.rule == model::DecisionRule::none) return layout::LeafUse::numbers;
  return model.output.rule == model::DecisionRule::argmax ? layout::LeafUse::decisions : layout::LeafUse::bounds;
}

TreeCode make_tree_code(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config) {
  TreeCode code{.model = model,
                .ensemble = ensemble,
                .names = names_of(model, config),
                .leaves = layout::make_leaves(ensemble, leaf_use(model)),
                .plan = {},
                .sum_type = {},
                .floats = {},
                .fpu = config.fpu,
                .optimize = config.optimize,
                .n_sums = ensemble.n_outputs};
  // Behind a scaler x is float.
  const model::NumberType type = predictor_input(model).type;
  code.plan = layout::plan_trees(ensemble, type, code.leaves.codes, code.leaves.n_codes, layout::ChildOrder::smaller,
                                 tree_order(code));
  code.floats = {type == model::NumberType::float32 ? config.fpu : Fpu::yes, layout::missing_of(code.plan)};
  code.sum_type = std::string(sum_type_of(code.leaves, ensemble.trees.size()));
  if (code.leaves.is_pair) code.n_sums = 1;
  if (code.n_sums == 1) code.sum_type = fast_type(code.sum_type);
  code.stages = stages_of(code);
  return code;
}

bool has_rounds(const TreeCode& code) {
  const model::TreeEnsemble& ensemble = code.ensemble;
  if (!has_integer_sums(code) || ensemble.leaf_width > 1 || ensemble.n_outputs == 1) return false;
  if (ensemble.trees.size() % static_cast<std::size_t>(ensemble.n_outputs) != 0) return false;
  for (std::size_t i = 0; i < ensemble.trees.size(); ++i) {
    if (ensemble.trees[i].first_output != static_cast<std::int32_t>(i) % ensemble.n_outputs) return false;
  }
  return true;
}

layout::TreeOrder tree_order(const TreeCode& code) {
  return has_rounds(code) ? layout::TreeOrder::as_trained : layout::TreeOrder::by_output;
}

bool has_stages(const TreeCode& code) { return !code.stages.stages.empty(); }

bool has_integer_sums(const TreeCode& code) { return code.leaves.kind != LeafKind::float_rows; }

bool has_float_keys(const TreeCode& code) { return code.floats.fpu != Fpu::yes; }

std::string_view unsigned_type(std::uint64_t largest) {
  if (largest <= 0xffU) return "uint8_t";
  return largest <= 0xffffU ? "uint16_t" : "uint32_t";
}

std::string read_macro(const TreeCode& code, std::string_view type) {
  return fmt::format("{}READ_{}", code.names.macro, element_type(type).suffix);
}

std::size_t type_bytes(std::string_view type) { return element_type(type).bytes; }

bool has_scalar_leaves(const TreeCode& code) { return code.leaves.kind != LeafKind::votes && code.leaves.width == 1; }

bool has_leaf_rows(const TreeCode& code) { return code.leaves.kind != LeafKind::votes && code.leaves.width > 1; }

std::string_view leaf_value_type(const TreeCode& code) {
  switch (code.leaves.kind) {
    case LeafKind::float_rows:
      return "float";
    case LeafKind::u16_rows:
      return "uint16_t";
    case LeafKind::u8_rows:
      return "uint8_t";
    case LeafKind::u32_rows:
      return "uint32_t";
    case LeafKind::fixed_rows:
      return signed_type(largest_magnitude(code.leaves));
    case LeafKind::votes:
      break;
  }
  throw std::logic_error("votes have no value type");
}

std::string_view leaf_code_type(const TreeCode& code) { return unsigned_type(code.leaves.n_codes - 1); }

std::int64_t leaf_integer(const TreeCode& code, std::uint32_t tree, layout::LeafCode leaf) {
  return code.leaves.integers[leaf] - (code.offsets.empty() ? 0 : code.offsets[tree]);
}

std::string leaf_text(const TreeCode& code, std::uint32_t tree, layout::LeafCode leaf) {
  if (!has_scalar_leaves(code)) return fmt::to_string(leaf);
  return code.offsets.empty() ? leaf_literal(code, leaf) : integer_literal(leaf_integer(code, tree, leaf));
}

std::string_view leaf_text_type(const TreeCode& code) {
  return has_scalar_leaves(code) ? leaf_value_type(code) : leaf_code_type(code);
}

std::optional<RowWord> row_word(const TreeCode& code) {
  const layout::LeafTable& leaves = code.leaves;
  const bool is_unsigned =
      leaves.kind == LeafKind::u8_rows || leaves.kind == LeafKind::u16_rows || leaves.kind == LeafKind::u32_rows;
  if (code.optimize != Optimize::size || !is_unsigned || leaves.width < 2) return std::nullopt;
  const auto largest = static_cast<std::uint64_t>(*std::max_element(leaves.integers.begin(), leaves.integers.end()));
  const std::uint64_t bits = std::max<std::uint64_t>(1, std::bit_width(largest)), all = bits * leaves.width;
  if (all > 32) return std::nullopt;
  const std::size_t bytes = all <= 8 ? 1 : all <= 16 ? 2 : 4;
  if (bytes >= leaves.width * type_bytes(leaf_value_type(code))) return std::nullopt;
  return RowWord{.value_bits = static_cast<int>(bits), .bytes = static_cast<int>(bytes)};
}

namespace {

std::string_view word_type(const RowWord& word) {
  return word.bytes == 1 ? "uint8_t" : word.bytes == 2 ? "uint16_t" : "uint32_t";
}

std::int64_t packed_row(const TreeCode& code, const RowWord& word, std::size_t row) {
  std::int64_t packed = 0;
  for (std::size_t i = code.leaves.width; i-- > 0;) {
    packed = packed << word.value_bits | code.leaves.integers[row * code.leaves.width + i];
  }
  return packed;
}

layout::Part print_row_words(Printer& out, const TreeCode& code, const RowWord& word) {
  print_table(out, code.names, word_type(word), code.names.symbol + "rows_", code.leaves.n_codes,
              [&](std::size_t row) { return integer_literal(packed_row(code, word, row)); });
  return {"leaf rows", std::size_t{code.leaves.n_codes} * static_cast<std::size_t>(word.bytes)};
}

void print_add_word(Printer& out, const TreeCode& code, const RowWord& word) {
  const std::string_view type = word_type(word);
  out.line("{} values = {}(&{}rows_[row]);", word.bytes == 4 ? type : "unsigned", read_macro(code, type),
           code.names.symbol);
  out.line("for (size_t i = 0; i < {}; ++i) {{", code.leaves.width);
  out.line("  {}", added(code, "sum[i]", fmt::format("(values & {}u)", (std::uint64_t{1} << word.value_bits) - 1)));
  out.line("  values >>= {};", word.value_bits);
  out.line("}}");
}

}  // namespace

layout::Part print_leaf_values(Printer& out, const TreeCode& code) {
  if (const std::optional<RowWord> word = row_word(code)) return print_row_words(out, code, *word);
  const std::size_t n_values = std::size_t{code.leaves.n_codes} * code.leaves.width;
  const std::string_view type = leaf_value_type(code);
  print_table(out, code.names, type, code.names.symbol + "rows_", n_values,
              [&](std::size_t index) { return leaf_literal(code, index); });
  return {"leaf rows", n_values * type_bytes(type)};
}

void print_add_row(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} void {}add_row_({} row, {} *sum) {{", names.function, names.symbol, leaf_code_type(code), code.sum_type);
  {
    const auto body = out.indent();
    if (const std::optional<RowWord> word = row_word(code)) {
      print_add_word(out, code, *word);
    } else {
      out.line("for (size_t i = 0; i < {}; ++i) {{", code.leaves.width);
      const std::string value = fmt::format("{}(&{}rows_[(size_t)row * {} + i])",
                                            read_macro(code, leaf_value_type(code)), names.symbol, code.leaves.width);
      out.line("  {}", added(code, "sum[i]", value));
      out.line("}}");
    }
  }
  out.line("}}");
}

std::string added(const TreeCode& code, std::string_view sum, std::string_view value) {
  if (code.sum_type == "float") return fmt::format("{} += {};", sum, value);
  // C adds small integers as int, and warns when that becomes small again on its own.
  return fmt::format("{} = ({})({} + {});", sum, code.sum_type, sum, value);
}

std::string sum_head(const TreeCode& code) {
  const Names& names = code.names;
  const std::string_view decide = has_stages(code) ? ", int decide" : "";
  if (code.n_sums == 1) {
    return fmt::format("{} {} {}sum_(const {} *x{}) {{", names.function, code.sum_type, names.symbol, names.input,
                       decide);
  }
  return fmt::format("{} void {}sum_(const {} *x, {} *sum{}) {{", names.function, names.symbol, names.input,
                     code.sum_type, decide);
}

std::string sum_call(const TreeCode& code, Sums sums, std::string_view sum) {
  const std::string array = code.n_sums == 1 ? "" : fmt::format(", {}", sum);
  const std::string_view decide = !has_stages(code) ? "" : sums == Sums::to_decide ? ", 1" : ", 0";
  return fmt::format("{}sum_(x{}{})", code.names.symbol, array, decide);
}

}  // namespace emlc::c
