#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

using Rows = std::vector<std::vector<double>>;

/// Of the splits that a row reaches; the others keep theirs.
std::set<double> thresholds_in(model::Model& model, const Rows& rows) {
  std::set<double> found;
  for (const model::Tree& tree : trees_of(model).trees) {
    for (const std::vector<double>& row : rows) {
      model::NodeId id = 0;
      while (const model::Split* split = model::as_split(tree.nodes[static_cast<std::size_t>(id)])) {
        found.insert(split->threshold);
        id = model::next_node(*split, NumberType::float32, row);
      }
    }
  }
  return found;
}

Rows random_rows(std::mt19937& generator, std::size_t n, std::size_t n_features, unsigned range) {
  Rows rows(n, std::vector<double>(n_features));
  for (auto& row : rows) {
    for (double& x : row) x = generator() % 17 == 0 ? nan_value : static_cast<double>(generator() % range);
  }
  return rows;
}

/// Of each split, which of the values keep the answers to all rows in its place, as bits. Splits are independent of one
/// another, since every row keeps its path.
std::vector<unsigned> kept_by(const model::Model& model, const Rows& rows, const std::vector<double>& values) {
  std::vector<unsigned> kept;
  model::Model changed = model;
  for (model::Tree& tree : trees_of(changed).trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split == nullptr) continue;
      const double before = split->threshold;
      unsigned bits = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        split->threshold = values[i];
        if (!first_difference(model, changed, rows)) bits |= 1U << i;
      }
      split->threshold = before;
      kept.push_back(bits);
    }
  }
  return kept;
}

/// Does each split find one among the chosen values that keeps all answers?
bool can_do_with(const std::vector<unsigned>& kept, unsigned chosen) {
  return std::all_of(kept.begin(), kept.end(), [chosen](unsigned bits) { return (bits & chosen) != 0; });
}

}  // namespace

TEST_CASE("share-thresholds: every row keeps its answer, and fewer values would not do") {
  std::mt19937 generator(3);
  for (int round = 0; round < 40; ++round) {
    const auto threshold = [](auto& g) { return 0.5 + static_cast<double>(g() % 12); };
    const model::Tree a = random_tree(generator, 2, 3, 0, threshold), b = random_tree(generator, 2, 3, 4, threshold);
    const Rows rows = random_rows(generator, 6 + generator() % 10, 2, 12);
    // Leaf values that tell every pair of paths apart.
    const model::Model before = regression(2, NumberType::float32, {a, b}, {1, 2, 3, 4, 10, 20, 30, 40});
    model::Model after = before;
    run_twice(passes::share_thresholds, after, {.thresholds = passes::Thresholds::shared, .data = rows});
    CHECK(!first_difference(before, after, rows));

    const std::set<double> found = thresholds_in(after, rows);
    const std::vector<unsigned> by_found = kept_by(before, rows, {found.begin(), found.end()});
    CHECK(can_do_with(by_found, (1U << found.size()) - 1));
    std::vector<double> candidates(13);  // the rows have integers below 12
    std::iota(candidates.begin(), candidates.end(), 0.0);
    const std::vector<unsigned> kept = kept_by(before, rows, candidates);
    int fewest = static_cast<int>(candidates.size());
    for (unsigned chosen = 0; chosen < (1U << candidates.size()); ++chosen) {
      if (std::popcount(chosen) < fewest && can_do_with(kept, chosen)) fewest = std::popcount(chosen);
    }
    CHECK(found.size() == static_cast<std::size_t>(fewest));
  }
}

TEST_CASE("share-thresholds: a threshold that no row is near to moves to its neighbour, one that is stays") {
  const model::Tree tree = {
      .nodes = {split(0, 10.0, 1, 2), split(0, 6.0, 3, 4), split(1, 12.0, 5, 6), leaf(0), leaf(1), leaf(2), leaf(3)}};
  const model::Model before = regression(2, NumberType::uint8, {tree}, counting(4));
  model::Model loose = before, tight = before;
  const Rows far = {{2, 0}, {7, 0}, {20, 4}, {20, 40}};
  CHECK(run_twice(passes::share_thresholds, loose, {.data = far}).changes == 2);
  CHECK(thresholds_in(loose, far).size() == 2);
  const Rows near = {{5, 0}, {6, 0}, {9, 0}, {10, 11}, {10, 12}};
  CHECK(run_twice(passes::share_thresholds, tight, {.data = near}).changes == 0);
}

TEST_CASE("share-thresholds: infinite thresholds and rows, and splits that no value passes, keep their paths") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const std::array edges = {-inf, -2.0, 0.0, 3.0, inf};
  std::mt19937 generator(4);
  const auto edge = [&](auto& g) { return edges[g() % edges.size()]; };
  for (int round = 0; round < 300; ++round) {
    const model::Tree a = random_tree(generator, 2, 3, 0, edge), b = random_tree(generator, 2, 3, 4, edge);
    Rows rows(1 + generator() % 5, std::vector<double>(2));
    for (auto& row : rows) {
      for (double& x : row) x = generator() % 9 == 0 ? nan_value : edge(generator);
    }
    const model::Model before = regression(2, NumberType::float32, {a, b}, {1, 2, 3, 4, 10, 20, 30, 40});
    model::Model after = before;
    run_twice(passes::share_thresholds, after, {.thresholds = passes::Thresholds::shared, .data = rows});
    CHECK(!first_difference(before, after, rows));
  }
}

TEST_CASE("share-thresholds: is asked for with data and trees") {
  model::Model model = regression(1, NumberType::float32, {{.nodes = {leaf(0)}}}, {1.0});
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.thresholds = passes::Thresholds::shared}),
                       "--share-thresholds: keeps the paths of data: needs --data with at least one row", Error);
}
