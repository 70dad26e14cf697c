#include "codegen/c/trees/readback/readback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "codegen/c/trees/readback/inline_reader.hpp"
#include "codegen/c/trees/readback/leaf_reader.hpp"
#include "codegen/c/trees/readback/table_reader.hpp"
#include "codegen/c/trees/trees.hpp"

namespace emlc::c {
namespace {

/// Collects leaf rows, each once.
class Rows {
 public:
  explicit Rows(model::TreeEnsemble& ensemble) : ensemble_(ensemble) {}

  model::RowId row(const std::vector<double>& values) {
    const auto [known, is_new] = ids_.emplace(values, static_cast<model::RowId>(ids_.size()));
    if (is_new) ensemble_.leaf_values.insert(ensemble_.leaf_values.end(), values.begin(), values.end());
    return known->second;
  }

 private:
  model::TreeEnsemble& ensemble_;
  std::map<std::vector<double>, model::RowId> ids_{};
};

std::vector<model::Tree> trees_of_code(std::span<const Token> tokens, const TreeCode& code, Rows& rows) {
  const LeafReader leaves(tokens, code, std::nullopt);
  std::vector<model::Tree> trees;
  for (const InlineTree& tree : read_inline_trees(tokens, code)) {
    const std::size_t index = trees.size();
    const auto row_of = [&](std::uint32_t leaf) { return rows.row(leaves.inline_row(index, tree.leaves[leaf])); };
    trees.push_back(make_tree(tree.splits, tree.root, row_of));
  }
  return trees;
}

std::vector<EncodedTree> encoded_trees(std::span<const Token> tokens, const TreeCode& code, const TableTrees& table) {
  if (const auto* scan = std::get_if<layout::ScanTable>(&table)) return read_scan(tokens, code, *scan);
  if (const auto* links = std::get_if<layout::LinkTable>(&table)) return read_links(tokens, code, *links);
  if (const auto* levels = std::get_if<layout::LevelTable>(&table)) return read_levels(tokens, code, *levels);
  if (const auto* perfect = std::get_if<layout::PerfectTable>(&table)) return read_perfect(tokens, code, *perfect);
  return read_bytes(tokens, code, std::get<layout::TreeTable>(table));
}

std::vector<model::Tree> trees_of_table(std::span<const Token> tokens, const TreeCode& code,
                                        const std::optional<TableTrees>& table, Rows& rows) {
  const LeafReader leaves(tokens, code, table);
  std::vector<model::Tree> trees;
  for (const EncodedTree& tree : encoded_trees(tokens, code, *table)) {
    const std::size_t index = trees.size();
    const auto row_of = [&](std::uint32_t leaf) { return rows.row(leaves.row(index, leaf)); };
    trees.push_back(make_tree(tree.splits, tree.root, row_of));
  }
  return trees;
}

/// How far leaf values are from the model's by their kind alone, [n_outputs].
std::vector<double> rounding_of(const TreeCode& code) {
  const double last_digit = has_integer_sums(code) ? 1e-12 : 0x1p-24;
  std::vector<double> rounding(static_cast<std::size_t>(code.ensemble.n_outputs), 0.0);
  model::for_each_value(code.ensemble, [&](std::size_t output, std::size_t at) {
    rounding[output] = std::max(rounding[output], last_digit * std::abs(code.ensemble.leaf_values[at]));
  });
  for (std::size_t output = 0; output < rounding.size(); ++output) {
    const auto& units = code.leaves.outputs;
    rounding[output] += (units.empty() ? code.leaves.rounding : units[output].rounding) * (1.0 + 1e-9);
  }
  return rounding;
}

model::TreeEnsemble read(std::span<const Token> tokens, const TreeCode& code, const std::optional<TableTrees>& table) {
  model::TreeEnsemble ensemble{.n_features = code.ensemble.n_features,
                               .n_outputs = code.ensemble.n_outputs,
                               .leaf_width = code.ensemble.leaf_width,
                               .feature_type = code.plan.feature_type};
  Rows rows(ensemble);
  std::vector<model::Tree> trees =
      table ? trees_of_table(tokens, code, table, rows) : trees_of_code(tokens, code, rows);
  const bool is_listed = table && has_columns(code);
  const std::vector<double> columns =
      is_listed ? table_of(tokens, fmt::format("{}columns_", code.names.symbol)) : std::vector<double>();
  ensemble.trees.resize(trees.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const std::uint32_t place = code.plan.tree_order[i];
    ensemble.trees[place] = std::move(trees[i]);
    ensemble.trees[place].first_output =
        is_listed ? static_cast<std::int32_t>(columns.at(i)) : code.ensemble.trees[place].first_output;
  }
  return ensemble;
}

}  // namespace

HeaderTrees read_header_trees(std::string_view header, const model::Model& model, const model::TreeEnsemble& ensemble,
                              const EmitConfig& config) {
  const PlannedTrees planned = plan_tree_code(model, ensemble, config);
  HeaderTrees result{.rounding = rounding_of(planned.code)};
  const std::vector<Token> tokens = tokens_of(header);
  try {
    result.trees = read(tokens, planned.code, planned.table);
  } catch (const Unreadable& place) {
    result.problem = place.line == 0 ? place.problem : fmt::format("line {}: {}", place.line, place.problem);
  }
  return result;
}

std::optional<Difference> first_difference(std::string_view text, std::string_view expected) {
  const std::vector<Token> found = tokens_of(text), wanted = tokens_of(expected);
  const auto [a, b] = std::mismatch(found.begin(), found.end(), wanted.begin(), wanted.end(),
                                    [](const Token& x, const Token& y) { return x.text == y.text; });
  if (a == found.end() && b == wanted.end()) return std::nullopt;
  const std::size_t last = found.empty() ? 0 : found.back().line;
  return Difference{a == found.end() ? last : a->line, std::string(a == found.end() ? "" : a->text),
                    std::string(b == wanted.end() ? "" : b->text)};
}

}  // namespace emlc::c
