#include "codegen/py/trees/walk_table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "tests/layout/trees/random_trees.hpp"

using namespace emlc;

namespace {

/// As note [walk] says: the code of the leaf that x reaches in region `region`.
std::int64_t walk(const py::WalkTable& table, std::size_t region, const std::vector<double>& x, bool is_integer) {
  auto p = static_cast<std::size_t>(table.starts[region]);
  auto end = static_cast<std::size_t>(table.starts[region + 1]), leaf = end;
  while (p < end) {
    const auto slot = static_cast<std::size_t>(table.slots[p]);
    const double value = x[is_integer ? slot : static_cast<std::size_t>(table.used[slot])];
    const bool left = std::isnan(value) ? slot >= table.n_right : value < table.thresholds[p];
    const auto jump = static_cast<std::size_t>(table.jumps[p]);
    if (left) {
      leaf = p;
      end = p + jump;
      ++p;
    } else {
      p += jump;
    }
  }
  return table.leaves[leaf + region];
}

/// The row that the nodes of the model lead to.
model::RowId row_of(const model::Tree& tree, const std::vector<double>& x) {
  model::NodeId id = 0;
  while (const model::Split* split = model::as_split(tree.nodes[static_cast<std::size_t>(id)])) {
    const double value = x[static_cast<std::size_t>(split->feature)];
    id = std::isnan(value) ? split->default_child : value < split->threshold ? split->left : split->right;
  }
  return model::as_leaf(tree.nodes[static_cast<std::size_t>(id)])->row;
}

void check_walks(const model::Model& model, bool with_missing) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  std::vector<layout::LeafCode> codes(ensemble.n_rows());
  std::iota(codes.begin(), codes.end(), 0U);
  const auto n_codes = static_cast<std::uint32_t>(codes.size());
  const layout::TreePlan plan =
      layout::plan_trees(ensemble, model.input.type, codes, n_codes, layout::ChildOrder::left);
  const py::WalkTable table = py::make_walk_table(plan);
  const bool is_integer = model::info(model.input.type).is_integer;
  for (const std::vector<double>& x : random_trees::make_inputs(model, 50, with_missing)) {
    for (std::size_t tree = 0; tree < ensemble.trees.size(); ++tree) {
      std::int64_t code = walk(table, tree, x, is_integer);
      while (code >= n_codes) code = walk(table, static_cast<std::size_t>(code - n_codes), x, is_integer);
      CHECK(code == row_of(ensemble.trees[plan.tree_order[tree]], x));
    }
  }
}

}  // namespace

TEST_CASE("walk table: every input reaches the leaf that it reaches in the model") {
  random_trees::for_each_forest([](const model::Model& model) { check_walks(model, false); });
  check_walks(random_trees::make_chain(300, model::NumberType::float32), false);
}

TEST_CASE("walk table: missing values go either way, split by split") {
  using random_trees::Missing;
  for (const Missing missing : {Missing::some_left, Missing::all_left}) {
    check_walks(random_trees::make_forest({.seed = 5, .missing = missing}), true);
  }
}

TEST_CASE("walk table: subtrees that several splits share are there once") {
  check_walks(random_trees::make_lattice(12), false);
}

TEST_CASE("packed table: a byte has the name and the leaf, and each tree a place for its last one") {
  const py::WalkTable table{.slots = {0, 1, 0},
                            .thresholds = {1.0, 2.0, 3.0},
                            .jumps = {2, 1, 1},
                            .starts = {0, 2, 3},
                            .leaves = {1, 0, 2, 3, 0},
                            .used = {},
                            .n_right = 0};
  const auto packed = py::pack(table, std::vector<std::int64_t>{5, 6, 7}, 2);
  REQUIRE(packed);
  CHECK(packed->bits == 2);
  CHECK(packed->names == std::vector<std::int64_t>{5 << 2 | 1, 6 << 2 | 0, 2, 7 << 2 | 3, 0});
  CHECK(packed->slots == std::vector<std::int64_t>{0, 1, 0, 0, 0});
  CHECK(packed->jumps == std::vector<std::int64_t>{2, 1, 0, 1, 0});
  CHECK_FALSE(py::pack(table, std::vector<std::int64_t>{64, 0, 0}, 2));
  CHECK_FALSE(py::pack(table, std::vector<std::int64_t>{1, 2, 3}, 1));
}
