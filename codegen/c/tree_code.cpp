#include "codegen/c/tree_code.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "codegen/c/decision.hpp"
#include "codegen/c/literal.hpp"
#include "codegen/c/tables.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;

/// A type that tables have.
struct ElementType {
  std::string_view name, suffix;  ///< in C, and of the macro that reads it
  std::size_t bytes;
};

const ElementType& element_type(std::string_view name) {
  static constexpr std::array rows = {ElementType{"uint8_t", "U8", 1},   ElementType{"int8_t", "I8", 1},
                                      ElementType{"uint16_t", "U16", 2}, ElementType{"int16_t", "I16", 2},
                                      ElementType{"uint32_t", "U32", 4}, ElementType{"int32_t", "I32", 4},
                                      ElementType{"float", "F32", 4}};
  for (const ElementType& row : rows) {
    if (row.name == name) return row;
  }
  throw std::logic_error(fmt::format("no table has elements of the type {}", name));
}

std::string leaf_literal(const TreeCode& code, std::size_t index) {
  if (code.leaves.kind == LeafKind::float_rows) return float_literal(static_cast<double>(code.leaves.values[index]));
  return integer_literal(code.leaves.integers[index]);
}

std::uint64_t largest_sum(const layout::LeafTable& leaves, std::size_t n_trees) {
  if (leaves.kind == LeafKind::votes) return n_trees;
  std::uint64_t largest = 0;
  for (const std::uint16_t value : leaves.integers) largest = std::max<std::uint64_t>(largest, value);
  return largest * n_trees;
}

bool all_equal(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

/// Sums of floats start from a base score that comes first; all others get theirs behind the division.
bool starts_with_base(const TreeCode& code) {
  return !has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
}

/// The base scores, in the unit of the place where they are added.
std::vector<double> base_scores(const TreeCode& code) {
  std::vector<double> base = code.ensemble.base_score;
  const bool was_divided = has_integer_sums(code) && code.ensemble.base_score_at == model::BaseScoreAt::start;
  for (double& score : base) score = was_divided ? score / code.ensemble.divisor * code.ensemble.scale : score;
  return base;
}

/// The base score of output i as an expression.
std::string base_text(const TreeCode& code) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return rounded_literal(base.front(), "model.base_score");
  return fmt::format("{}READ_F32(&{}base_[i])", code.names.macro, code.names.symbol);
}

bool has_base(const TreeCode& code) {
  const std::vector<double>& base = code.ensemble.base_score;
  return std::any_of(base.begin(), base.end(), [](double score) { return score != 0.0; });
}

/// The raw output that comes of the sum `text`. A lone division is what the trainer did, so it stays one.
std::string finished(const TreeCode& code, std::string text) {
  if (has_integer_sums(code)) text = "(float)" + text;
  const double divisor = code.ensemble.divisor * code.leaves.unit;
  if (code.ensemble.scale != 1.0) {
    text += " * " + rounded_literal(code.ensemble.scale / divisor, "model.output_scale");
  } else if (divisor != 1.0) {
    text += " / " + rounded_literal(divisor, "model.aggregate");
  }
  if (has_base(code) && !starts_with_base(code)) text += " + " + base_text(code);
  return text;
}

void print_raw(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} void {}raw_(const {} *x, float *raw) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    const std::int32_t n = code.ensemble.n_outputs;
    if (n == 1) {
      out.line("raw[0] = {};", finished(code, fmt::format("{}sum_(x)", names.symbol)));
    } else {
      if (has_integer_sums(code)) out.line("{} sum[{}];", code.sum_type, n);
      const std::string_view sum = has_integer_sums(code) ? "sum" : "raw";
      out.line("{}sum_(x, {});", names.symbol, sum);
      const std::string value = finished(code, fmt::format("{}[i]", sum));
      if (value != "raw[i]") out.line("for (int i = 0; i < {}; ++i) raw[i] = {};", n, value);
    }
  }
  out.line("}}");
}

/// The class of the largest output is that of the largest sum: nothing behind the sums changes their order.
bool keeps_order(const TreeCode& code) {
  return argmax_is_on_raw(code.model) && code.model.output.targets.size() == 1 && code.ensemble.n_outputs > 1 &&
         code.ensemble.scale / code.ensemble.divisor > 0.0 && (starts_with_base(code) || all_equal(base_scores(code)));
}

void print_decide(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} int {}decide_(const {} *x) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    out.line("{} sum[{}];", code.sum_type, code.ensemble.n_outputs);
    out.line("int best = 0;");
    out.line("{}sum_(x, sum);", names.symbol);
    out.line("for (int i = 1; i < {}; ++i) {{", code.ensemble.n_outputs);
    out.line("  if (sum[i] > sum[best]) best = i;");
    out.line("}}");
    out.line("return best;");
  }
  out.line("}}");
}

}  // namespace

TreeCode make_tree_code(const model::Model& model, const EmitConfig& config) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  TreeCode code{.model = model,
                .ensemble = ensemble,
                .names = names_of(model, config),
                .leaves = layout::make_leaves(ensemble),
                .plan = {},
                .sum_type = "float"};
  // Behind a scaler x is float.
  const model::NumberType type =
      model.scalers.empty() ? layout::device_feature_type(model) : model::NumberType::float32;
  code.plan = layout::plan_trees(ensemble, type, code.leaves.codes, code.leaves.n_codes);
  if (has_integer_sums(code)) {
    code.sum_type = std::string(unsigned_type(largest_sum(code.leaves, ensemble.trees.size())));
  }
  return code;
}

bool has_integer_sums(const TreeCode& code) { return code.leaves.kind != LeafKind::float_rows; }

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
    case LeafKind::votes:
      break;
  }
  throw std::logic_error("votes have no value type");
}

std::string_view leaf_code_type(const TreeCode& code) { return unsigned_type(code.leaves.n_codes - 1); }

std::string leaf_text(const TreeCode& code, layout::LeafCode leaf) {
  return has_scalar_leaves(code) ? leaf_literal(code, leaf) : fmt::to_string(leaf);
}

std::string_view leaf_text_type(const TreeCode& code) {
  return has_scalar_leaves(code) ? leaf_value_type(code) : leaf_code_type(code);
}

layout::Part print_leaf_values(Printer& out, const TreeCode& code) {
  std::vector<std::string> literals;
  const std::size_t n_values = std::size_t{code.leaves.n_codes} * code.leaves.width;
  for (std::size_t i = 0; i < n_values; ++i) literals.push_back(leaf_literal(code, i));
  const std::string_view type = leaf_value_type(code);
  print_table(out, code.names, type, code.names.symbol + "rows_", literals);
  return {"leaf rows", n_values * type_bytes(type)};
}

void print_add_row(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("{} void {}add_row_({} row, {} *sum) {{", names.function, names.symbol, leaf_code_type(code), code.sum_type);
  {
    const auto body = out.indent();
    out.line("for (size_t i = 0; i < {}; ++i) {{", code.leaves.width);
    const std::string value = fmt::format("{}(&{}rows_[(size_t)row * {} + i])", read_macro(code, leaf_value_type(code)),
                                          names.symbol, code.leaves.width);
    out.line("  {}", added(code, "sum[i]", value));
    out.line("}}");
  }
  out.line("}}");
}

layout::Part print_base_table(Printer& out, const TreeCode& code) {
  const std::vector<double> base = base_scores(code);
  if (all_equal(base)) return {"base score", 0};
  std::vector<std::string> literals;
  literals.reserve(base.size());
  for (const double score : base) literals.push_back(rounded_literal(score, "model.base_score"));
  print_table(out, code.names, "float", code.names.symbol + "base_", literals);
  return {"base score", 4 * base.size()};
}

void print_sum_start(Printer& out, const TreeCode& code) {
  std::string start = has_integer_sums(code) ? "0" : "0.0f";
  if (starts_with_base(code)) start = base_text(code);
  if (code.ensemble.n_outputs == 1) return out.line("{} sum = {};", code.sum_type, start);
  out.line("for (int i = 0; i < {}; ++i) sum[i] = {};", code.ensemble.n_outputs, start);
}

std::string added(const TreeCode& code, std::string_view sum, std::string_view value) {
  if (code.sum_type == "float") return fmt::format("{} += {};", sum, value);
  // C adds small integers as int, and warns when that becomes small again on its own.
  return fmt::format("{} = ({})({} + {});", sum, code.sum_type, sum, value);
}

std::string sum_head(const TreeCode& code) {
  const Names& names = code.names;
  if (code.ensemble.n_outputs == 1) {
    return fmt::format("{} {} {}sum_(const {} *x) {{", names.function, code.sum_type, names.symbol, names.input);
  }
  return fmt::format("{} void {}sum_(const {} *x, {} *sum) {{", names.function, names.symbol, names.input,
                     code.sum_type);
}

bool print_outputs(Printer& out, const TreeCode& code) {
  print_raw(out, code);
  if (!keeps_order(code)) return false;
  print_decide(out, code);
  return true;
}

}  // namespace emlc::c
