// The tables that headers hold end in the leaves where the interpreter does.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/levels.hpp"
#include "codegen/layout/trees/links.hpp"
#include "codegen/layout/trees/scan.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/layout/trees/table_walker.hpp"

using namespace emlc;
using namespace random_trees;
using namespace table_walker;

namespace {

const model::TreeEnsemble& ensemble_of(const model::Model& model) {
  return std::get<model::TreeEnsemble>(model.predictor);
}

/// The rows where the interpreter ends, in the order of the plan.
std::vector<std::size_t> rows_reached(const model::Model& model, const layout::TreePlan& plan,
                                      const std::vector<double>& x) {
  std::vector<std::size_t> rows;
  for (const std::uint32_t index : plan.tree_order) {
    const model::Tree& tree = ensemble_of(model).trees[index];
    const model::NodeId id = model::find_leaf(tree, ensemble_of(model).feature_type, x);
    rows.push_back(static_cast<std::size_t>(model::as_leaf(tree.nodes[static_cast<std::size_t>(id)])->row));
  }
  return rows;
}

layout::TreePlan plan_of(const model::Model& model, const layout::LeafTable& leaves, layout::ChildOrder order) {
  return layout::plan_trees(ensemble_of(model), model.input.type, leaves.codes, leaves.n_codes, order);
}

void check_scan(const model::Model& model, const std::vector<std::vector<double>>& inputs, std::size_t leaf_bytes) {
  const layout::LeafTable leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::decisions);
  const layout::TreePlan plan = plan_of(model, leaves, layout::ChildOrder::left);
  const layout::ScanCosts costs{.ordinal_bytes = 4, .leaf_bits = 8 * leaf_bytes};
  const auto table = layout::encode_scan(plan, costs, layout::ScanTable::Way::count);
  const auto jumps = layout::encode_scan(plan, costs, layout::ScanTable::Way::jump);
  REQUIRE(table);
  REQUIRE(jumps);
  std::size_t n_wrong = 0;
  const auto bits = static_cast<std::size_t>(table->records.stream_bits);
  const std::vector<std::uint8_t> bytes =
      bits != 0 ? layout::stream_bytes(table->records) : std::vector<std::uint8_t>();
  for (std::size_t i = 0; bits != 0 && i < table->records.n_records(); ++i) {
    n_wrong += stream_element(bytes, bits, i) == table->records.values.front()[i] ? 0U : 1U;
  }
  for (const std::vector<double>& x : inputs) {
    std::vector<layout::LeafCode> expected;
    for (const std::size_t row : rows_reached(model, plan, x)) expected.push_back(leaves.codes[row]);
    n_wrong += walk_scan(*table, plan, x) == expected ? 0U : 1U;
    n_wrong += walk_jumps(*jumps, plan, x) == expected ? 0U : 1U;
  }
  CHECK(n_wrong == 0);
}

void check_links(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  const layout::LeafTable leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::decisions);
  const layout::TreePlan plan = plan_of(model, leaves, layout::ChildOrder::smaller);
  const auto table = layout::encode_links(plan, leaves, {.ordinal_bytes = 4, .row_bytes = 4 * leaves.width});
  REQUIRE(table);
  std::size_t n_wrong = 0;
  for (const std::vector<double>& x : inputs) {
    const std::vector<std::size_t> expected = rows_reached(model, plan, x);
    const std::vector<std::uint32_t> codes = walk_links(*table, plan.feature_type, x);
    for (std::size_t tree = 0; tree < codes.size(); ++tree) {
      if (table->moves) {
        const auto row = row_of(*table, tree, codes[tree], leaves.width);
        const auto* integers = &leaves.integers[expected[tree] * leaves.width];
        for (std::size_t i = 0; i < row.size(); ++i) n_wrong += std::abs(row[i] - integers[i]) <= 2 ? 0U : 1U;
        continue;
      }
      const std::uint32_t first = table->first_leaves.empty() ? 0U : table->first_leaves[tree];
      const std::uint32_t code = table->rows.empty() ? codes[tree] : table->rows[codes[tree] + first];
      n_wrong += code == leaves.codes[expected[tree]] ? 0U : 1U;
    }
  }
  CHECK(n_wrong == 0);
}

}  // namespace

TEST_CASE("tables: forests of every feature type and leaf kind end in the interpreter's leaves") {
  for_each_forest([](const model::Model& model) {
    const auto inputs = make_inputs(model, 200, false);
    for (const std::size_t leaf_bytes : {0U, 1U}) check_scan(model, inputs, leaf_bytes);
    check_links(model, inputs);
  });
}

TEST_CASE("tables: missing values, lone leaves, one split, a chain 3000 deep, 70000 splits") {
  for (const NumberType type : {NumberType::float32, NumberType::float64}) {
    const model::Model left = make_forest({.seed = 3, .type = type, .missing = Missing::all_left});
    check_scan(left, make_inputs(left, 300, true), 0);
    check_links(left, make_inputs(left, 300, true));
  }
  for (const int n_splits : {0, 1}) {
    const model::Model model = make_forest({.n_trees = 3, .n_splits = n_splits});
    check_scan(model, make_inputs(model, 50, false), 0);
    check_links(model, make_inputs(model, 50, false));
  }
  const model::Model huge = make_forest({.n_trees = 1, .n_splits = 70000, .n_rows = 60000});
  for (const model::Model& model : {make_chain(3000, NumberType::float32), huge}) {
    check_scan(model, make_inputs(model, 100, false), 4);
    check_links(model, make_inputs(model, 100, false));
  }
}

namespace {

void check_levels(const model::Model& model) {
  const layout::LeafTable leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::numbers);
  const layout::TreePlan plan = plan_of(model, leaves, layout::ChildOrder::smaller);
  const auto table = layout::encode_levels(ensemble_of(model), plan, leaves.codes);
  REQUIRE(table);
  std::size_t n_wrong = 0;
  for (const std::vector<double>& x : make_inputs(model, 300, false)) {
    const std::vector<std::size_t> expected = rows_reached(model, plan, x);
    std::size_t at = 0, first = 0;
    for (std::size_t tree = 0; tree < table->depths.size(); ++tree) {
      std::size_t answers = 0;
      for (std::uint32_t level = 0; level < table->depths[tree]; ++level, ++at) {
        const bool is_left = goes_left(x[number(table->records, table->feature, at)], model.input.type, table->missing,
                                       table->thresholds, number(table->records, table->threshold, at));
        answers = 2 * answers + (is_left ? 0 : 1);
      }
      n_wrong += table->leaves[first + answers] == leaves.codes[expected[tree]] ? 0U : 1U;
      first += std::size_t{1} << table->depths[tree];
    }
    n_wrong += first == table->leaves.size() && at == table->records.n_records() ? 0U : 1U;
  }
  CHECK(n_wrong == 0);
}

/// A tree that asks one thing after the other, each where the one before went right.
model::Tree chain_tree(int n_splits) {
  model::Tree tree;
  for (int i = 0; i < n_splits; ++i) {
    const model::NodeId leaf = 2 * i + 1, next = 2 * i + 2;
    tree.nodes.emplace_back(
        model::Split{.feature = i, .threshold = 4.0 + i, .left = leaf, .right = next, .default_child = next});
    tree.nodes.emplace_back(model::Leaf{i});
  }
  tree.nodes.emplace_back(model::Leaf{n_splits});
  return tree;
}

}  // namespace

TEST_CASE("tables: oblivious trees are levels, other trees are not") {
  for (const NumberType type : {NumberType::float32, NumberType::uint8, NumberType::int16}) {
    model::Model model = make_oblivious(8, 5, type);
    check_levels(model);
    // Passes take away what no input reaches: 16 answers for 5 leaves of one tree, 240 for 229 of all.
    std::get<model::TreeEnsemble>(model.predictor).trees[0] = chain_tree(4);
    check_levels(model);
  }
  model::Model chains = make_oblivious(8, 5, NumberType::float32);
  for (model::Tree& tree : std::get<model::TreeEnsemble>(chains.predictor).trees) tree = chain_tree(4);
  const layout::LeafTable chain_leaves = layout::make_leaves(ensemble_of(chains), layout::LeafUse::numbers);
  CHECK_FALSE(layout::encode_levels(ensemble_of(chains), plan_of(chains, chain_leaves, layout::ChildOrder::smaller),
                                    chain_leaves.codes));
  const model::Model other = make_forest({.seed = 4});
  const layout::LeafTable leaves = layout::make_leaves(ensemble_of(other), layout::LeafUse::decisions);
  CHECK_FALSE(
      layout::encode_levels(ensemble_of(other), plan_of(other, leaves, layout::ChildOrder::smaller), leaves.codes));
}

TEST_CASE("tables: records become a stream where that saves a twelfth") {
  const auto stream_bits = [](NumberType type) {
    const model::Model model = make_forest({.n_trees = 20, .n_outputs = 1, .n_rows = 2, .type = type});
    const layout::LeafTable leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::numbers);
    const layout::TreePlan plan = plan_of(model, leaves, layout::ChildOrder::left);
    return layout::encode_scan(plan, {}, layout::ScanTable::Way::count)->records.stream_bits;
  };
  CHECK(stream_bits(NumberType::uint8) == 2 + 8 + 3 + 1);  // children, threshold, feature, leaf: not 2 bytes
  CHECK(stream_bits(NumberType::int32) == 0);              // 4 bytes of threshold
}

TEST_CASE("tables: links may share subtrees, a scan cannot") {
  const model::Model lattice = make_lattice(60);
  check_links(lattice, make_inputs(lattice, 200, false));
  const layout::LeafTable leaves = layout::make_leaves(ensemble_of(lattice), layout::LeafUse::numbers);
  const layout::TreePlan plan = plan_of(lattice, leaves, layout::ChildOrder::left);
  CHECK_FALSE(layout::encode_scan(plan, {}, layout::ScanTable::Way::count));
  CHECK_FALSE(layout::encode_scan(plan, {}, layout::ScanTable::Way::jump));
}

TEST_CASE("tables: shares of a whole become moves") {
  for (const int n_outputs : {3, 10, 40}) {
    const model::Model model = make_shares({.seed = 5, .n_trees = 6, .n_outputs = n_outputs, .n_rows = 200}, 7);
    const layout::LeafTable leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::decisions);
    const layout::TreePlan plan = plan_of(model, leaves, layout::ChildOrder::smaller);
    const auto table = layout::encode_links(plan, leaves, {.ordinal_bytes = 4, .row_bytes = 4 * leaves.width});
    REQUIRE(table);
    CHECK(table->moves);
    check_links(model, make_inputs(model, 300, false));
  }
}

TEST_CASE("tables: the order of floats is that of <, NaN of both signs on the side of the model") {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  struct Row {
    NumberType type;
    double tiny, above_1, large;
  };
  for (const Row& row : {Row{NumberType::float32, 1.401298464324817e-45, 1.00000011920928955078125, 0x1p127},
                         Row{NumberType::float64, 4.9406564584124654e-324, 0x1.0000000000001p0, 0x1p1023}}) {
    const double values[] = {-infinity, -3.5,        -row.tiny, -0.0,     0.0, row.tiny,
                             1.0,       row.above_1, row.large, infinity, nan, -nan};
    const layout::TreePlan plan{.feature_type = row.type};
    for (const layout::Missing missing : {layout::Missing::right, layout::Missing::left}) {
      for (const double x : values) {
        for (const double threshold : values) {
          if (std::isnan(threshold)) continue;
          CAPTURE(x);
          CAPTURE(threshold);
          const std::int64_t ordinal = layout::ordinal(plan, missing, threshold);
          const bool expected = missing == layout::Missing::left ? !(x >= threshold) : x < threshold;
          CHECK((order_of(x, row.type, missing) < ordinal) == expected);
        }
      }
    }
  }
}
