// Perfect trees, read by code that knows only what codegen/layout/trees/perfect.hpp says.
#include "codegen/layout/trees/perfect.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/split_order.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/layout/trees/random_trees.hpp"

using namespace emlc;
using namespace random_trees;

namespace {

using layout::PerfectCosts;
using layout::PerfectTable;

const model::TreeEnsemble& ensemble_of(const model::Model& model) {
  return std::get<model::TreeEnsemble>(model.predictor);
}

struct Planned {
  layout::LeafTable leaves;
  layout::TreePlan plan;
};

Planned planned(const model::Model& model) {
  Planned result{.leaves = layout::make_leaves(ensemble_of(model), layout::LeafUse::decisions), .plan = {}};
  result.plan = layout::plan_trees(ensemble_of(model), model.input.type, result.leaves.codes, result.leaves.n_codes);
  return result;
}

/// A key by another way than key_of: how many steps of the type are between the number and zero.
bool is_below(double x, std::int64_t key, NumberType type, layout::Missing missing) {
  if (model::info(type).is_integer) return x < static_cast<double>(key);
  if (std::isnan(x)) return missing == layout::Missing::left;
  const double magnitude = type == NumberType::float64
                               ? std::bit_cast<double>(key < 0 ? -(key + 1) : key)
                               : std::bit_cast<float>(static_cast<std::int32_t>(key < 0 ? -(key + 1) : key));
  return x < (key < 0 ? -magnitude : magnitude);
}

/// The leaf codes that x reaches, tree after tree: by the answers as bits, without adding up planes.
std::vector<layout::LeafCode> walk(const PerfectTable& table, NumberType type, const std::vector<double>& x) {
  std::vector<layout::LeafCode> codes;
  for (std::size_t tree = 0; tree < table.n_trees; ++tree) {
    std::size_t answers = 0;
    for (std::uint32_t level = 0; level < table.levels; ++level) {
      const std::size_t plane = (std::size_t{1} << level) - 1 + answers;
      const std::size_t at = plane * table.n_trees + tree;
      const std::int64_t key = table.thresholds.at(table.names.empty() ? at : table.names.at(at));
      if (!is_below(x.at(table.features.at(at)), key, type, table.missing)) answers |= std::size_t{1} << level;
    }
    codes.push_back(table.leaves.at(answers * table.n_trees + tree));
  }
  return codes;
}

std::vector<layout::LeafCode> codes_reached(const model::Model& model, const Planned& planned,
                                            const std::vector<double>& x) {
  std::vector<layout::LeafCode> codes;
  for (const std::uint32_t index : planned.plan.tree_order) {
    const model::Tree& tree = ensemble_of(model).trees[index];
    const model::NodeId id = model::find_leaf(tree, ensemble_of(model).feature_type, x);
    const auto row = static_cast<std::size_t>(model::as_leaf(tree.nodes[static_cast<std::size_t>(id)])->row);
    codes.push_back(planned.leaves.codes[row]);
  }
  return codes;
}

void check_walks(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  const Planned trees = planned(model);
  for (const PerfectCosts::Names names : {PerfectCosts::Names::smaller, PerfectCosts::Names::none}) {
    const auto table = layout::encode_perfect(trees.plan, {.row_bits = 32, .names = names});
    REQUIRE(table);
    CHECK(table->features.size() == ((std::size_t{1} << table->levels) - 1) * table->n_trees);
    CHECK(table->leaves.size() == (std::size_t{1} << table->levels) * table->n_trees);
    std::size_t n_wrong = 0;
    for (const std::vector<double>& x : inputs) {
      n_wrong += walk(*table, model.input.type, x) == codes_reached(model, trees, x) ? 0U : 1U;
    }
    CHECK(n_wrong == 0);
  }
}

/// Every input with one feature at, just below and just above every threshold of it, and at what is special.
std::vector<std::vector<double>> all_boundaries(const model::Model& model, bool with_missing) {
  std::vector<std::vector<double>> inputs = make_inputs(model, 20, with_missing);
  const std::vector<double> start = inputs.front();
  const NumberType type = model.input.type;
  const auto add = [&](std::int32_t feature, double value) {
    inputs.push_back(start);
    inputs.back()[static_cast<std::size_t>(feature)] = value;
  };
  for (const model::Tree& tree : ensemble_of(model).trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split == nullptr) continue;
      for (const double value :
           {model::next_below(type, split->threshold), split->threshold, model::next_above(type, split->threshold)}) {
        if (std::isfinite(value) && value >= model::info(type).lowest) add(split->feature, value);
      }
      if (model::info(type).is_integer) continue;
      for (const double value : {0.0, -0.0, HUGE_VAL, -HUGE_VAL}) add(split->feature, value);
      if (with_missing) add(split->feature, std::numeric_limits<double>::quiet_NaN());
    }
  }
  return inputs;
}

model::Model chain_of(int n_splits) { return make_chain(n_splits, NumberType::int16); }

}  // namespace

TEST_CASE("perfect trees: every type, kind of leaf and side of NaN, at, below and above every threshold") {
  constexpr Rows all_rows[] = {Rows::one_hot, Rows::shares, Rows::floats, Rows::one_column};
  std::uint32_t seed = 0;
  for (const NumberType type : {NumberType::float32, NumberType::float64, NumberType::uint8, NumberType::int8,
                                NumberType::int16, NumberType::int32}) {
    for (const Rows rows : all_rows) {
      const Missing missing = seed % 2 == 0 || model::info(type).is_integer ? Missing::none : Missing::all_left;
      const model::Model model = make_forest(
          {.seed = ++seed, .n_trees = 9, .n_splits = 4, .n_rows = 20, .type = type, .rows = rows, .missing = missing});
      CAPTURE(model::info(type).name);
      check_walks(model, all_boundaries(model, missing == Missing::all_left));
    }
  }
}

TEST_CASE("perfect trees: lone leaves, one split, thresholds of zero and infinity") {
  const model::Model lone = make_forest({.n_trees = 3, .n_splits = 0});
  CHECK_FALSE(layout::encode_perfect(planned(lone).plan, {}));
  const model::Model one = make_forest({.n_trees = 3, .n_splits = 1});
  check_walks(one, all_boundaries(one, false));
  for (const Missing missing : {Missing::none, Missing::all_left}) {
    model::Model model = make_forest({.seed = 8, .n_trees = 5, .n_splits = 4, .missing = missing});
    auto& trees = std::get<model::TreeEnsemble>(model.predictor).trees;
    const double thresholds[] = {0.0, -0.0, HUGE_VAL, std::numeric_limits<float>::denorm_min(), -HUGE_VAL};
    std::size_t n_splits = 0;
    for (model::TreeNode& node : trees[0].nodes) {
      if (auto* split = std::get_if<model::Split>(&node)) split->threshold = thresholds[n_splits++ % 5];
    }
    trees[1].nodes = {model::Leaf{1}};
    check_walks(model, all_boundaries(model, missing == Missing::all_left));
  }
}

TEST_CASE("perfect trees: eight levels at most, four times the leaves at most") {
  const auto encode = [](const model::Model& model) { return layout::encode_perfect(planned(model).plan, {}); };
  const model::Model three = chain_of(3);
  REQUIRE(encode(three));
  CHECK(encode(three)->levels == 3);
  check_walks(three, all_boundaries(three, false));
  CHECK(encode(chain_of(4)));        // 16 leaves for the 5 there are
  CHECK_FALSE(encode(chain_of(6)));  // 64 for 7
  const model::Model eight = make_oblivious(3, 8, NumberType::float32);
  REQUIRE(encode(eight));
  CHECK(encode(eight)->levels == 8);
  check_walks(eight, all_boundaries(eight, false));
  CHECK_FALSE(encode(make_oblivious(2, 9, NumberType::float32)));
}

TEST_CASE("perfect trees: no shared subtrees, no missing values here and there") {
  CHECK_FALSE(layout::encode_perfect(planned(make_lattice(4)).plan, {}));
  CHECK_FALSE(layout::encode_perfect(planned(make_forest({.n_splits = 4, .missing = Missing::some_left})).plan, {}));
}

TEST_CASE("perfect trees: names and codes where they are smaller, bytes as they are stored") {
  // 7 trees of 3 levels: 49 splits, 56 leaves.
  const model::Model model = make_oblivious(7, 3, NumberType::float32);
  const Planned trees = planned(model);
  const std::uint32_t n_codes = trees.leaves.n_codes;
  const PerfectCosts named{.ordinal_bytes = 4, .row_bits = 24};
  const auto table = layout::encode_perfect(trees.plan, named);
  REQUIRE(table);
  CHECK(table->thresholds.size() <= 21);  // one a level
  CHECK(table->names.size() == 49);
  CHECK_FALSE(table->has_codes);
  CHECK(layout::table_bytes(*table, named, n_codes) == 49 + 49 + 4 * table->thresholds.size() + 56 * 3);
  const PerfectCosts whole{.ordinal_bytes = 4, .row_bits = 24, .names = PerfectCosts::Names::none};
  CHECK(layout::table_bytes(*layout::encode_perfect(trees.plan, whole), whole, n_codes) == 49 + 4 * 49 + 56 * 3);
  // A byte is as small as a name of it.
  const PerfectCosts bytes{.ordinal_bytes = 1, .row_bits = 24};
  CHECK(layout::encode_perfect(trees.plan, bytes)->names.empty());
  // Rows of 40 bytes that leaves share, and codes that say all.
  const model::Model shared = make_forest({.n_trees = 20, .n_splits = 4, .n_outputs = 10, .n_rows = 5});
  for (const std::size_t row_bits : {320U, 0U}) {
    const PerfectCosts costs{.row_bits = row_bits};
    const auto coded = layout::encode_perfect(planned(shared).plan, costs);
    REQUIRE(coded);
    CHECK(coded->has_codes);
    const std::size_t splits = coded->n_splits() * 2 + 4 * coded->thresholds.size();
    CHECK(layout::table_bytes(*coded, costs, 5) == splits + coded->leaves.size() + 5 * row_bits / 8);
  }
}

TEST_CASE("perfect trees: what a walk asks of trees that are not filled up") {
  const auto asked = [](const model::Model& model) { return layout::encode_perfect(planned(model).plan, {})->asked; };
  CHECK(asked(make_oblivious(5, 4, NumberType::float32)) == doctest::Approx(20.0));
  CHECK(asked(chain_of(4)) == doctest::Approx(1.0 + 0.5 + 0.25 + 0.125));
}

TEST_CASE("perfect trees: keys are in the order of <, and beyond the infinities is NaN") {
  for (const NumberType type : {NumberType::float32, NumberType::float64}) {
    const layout::TreePlan plan{.feature_type = type};
    const double tiny = type == NumberType::float32 ? std::numeric_limits<float>::denorm_min()
                                                    : std::numeric_limits<double>::denorm_min();
    const double largest = model::info(type).highest;
    const std::array sorted = {-HUGE_VAL, -largest, -1.5, -tiny, -0.0, tiny, 1.5, largest, HUGE_VAL};
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      CHECK(layout::key_of(plan, sorted[i - 1]) < layout::key_of(plan, sorted[i]));
    }
    CHECK(layout::key_of(plan, 0.0) == -1);
    CHECK(layout::key_of(plan, -0.0) == -1);
    CHECK(layout::key_of(plan, tiny) == 1);
    const layout::KeyRange range = layout::number_keys(type);
    CHECK(range.lowest == layout::key_of(plan, -HUGE_VAL));
    CHECK(range.highest == layout::key_of(plan, HUGE_VAL));
  }
  CHECK(layout::key_of({.feature_type = NumberType::int16}, -7.0) == -7);
}
