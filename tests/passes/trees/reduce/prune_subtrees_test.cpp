#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using passes::PassConfig;

namespace {

std::vector<std::vector<double>> random_inputs(std::size_t n) {
  std::mt19937 generator(5);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i) {
    rows.push_back({static_cast<double>(generator() % 64), static_cast<double>(generator() % 64)});
  }
  return rows;
}

std::vector<model::Tree> random_trees(std::size_t n_trees, std::size_t n_splits) {
  std::mt19937 generator(17);
  const auto threshold = [](std::mt19937& g) { return static_cast<double>(g() % 64); };
  std::vector<model::Tree> trees;
  for (std::size_t tree = 0; tree < n_trees; ++tree) {
    const auto first = static_cast<model::RowId>((n_splits + 1) * tree);
    trees.push_back(random_tree(generator, 2, n_splits, first, threshold));
  }
  return trees;
}

model::Model random_forest() {
  std::mt19937 generator(23);
  std::vector<double> shares;
  for (int row = 0; row < 5 * 21; ++row) {
    const double share = static_cast<double>(generator() % 65) / 64.0;
    shares.insert(shares.end(), {share, 1.0 - share});
  }
  return forest(2, 2, random_trees(5, 20), shares);
}

std::vector<std::int32_t> decisions(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  std::vector<std::int32_t> all;
  for (const auto& x : inputs) all.push_back(model::decide(model.output, model::predict(model, x))[0]);
  return all;
}

std::size_t n_different(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) n += a[i] != b[i] ? 1U : 0U;
  return n;
}

}  // namespace

TEST_CASE("prune-subtrees: a split that decides nothing becomes the mean of what it told apart") {
  // Below 1 go three inputs to 0.7, one to 0.9; each leaf counts half an input more. 5 and up is another class.
  const model::Tree tree = {.nodes = {split(0, 5.0, 1, 2), split(0, 1.0, 3, 4), leaf(0), leaf(1), leaf(2)}};
  model::Model model = forest(1, 2, {tree}, {0.0, 1.0, 0.75, 0.25, 1.0, 0.0});
  const PassConfig config{.prune = 0.0, .data = {{0.0}, {0.5}, {0.75}, {2.0}, {6.0}, {7.0}}};
  const passes::PassResult result = run_twice(passes::prune_subtrees, model, config);
  CHECK(result.changes == 1);
  CHECK(result.notes ==
        std::vector<std::string>{"prune-subtrees: 1 of 2 splits are left; 6 of 6 decisions right by the "
                                 "model before, was 6"});
  const double mean = 0.75 + 0.25 * 1.5 / 5.0;
  CHECK(model::predict(model, std::vector{0.0})[0] == doctest::Approx(mean));
  CHECK(model::predict(model, std::vector{4.0})[0] == doctest::Approx(mean));
  CHECK(model::predict(model, std::vector{5.0}) == std::vector{0.0, 1.0});
}

TEST_CASE("prune-subtrees: no more decisions change than the share allows, and a larger share leaves less") {
  const model::Model before = random_forest();
  const auto inputs = random_inputs(200);
  std::size_t n_left = model::n_splits(std::get<model::TreeEnsemble>(before.predictor));
  for (const double share : {0.0, 0.01, 0.05, 0.2}) {
    CAPTURE(share);
    model::Model after = before;
    passes::prune_subtrees(after, {.prune = share, .data = inputs});
    CHECK_NOTHROW(model::check(after, "after the pass"));
    const std::size_t n_changed = n_different(decisions(before, inputs), decisions(after, inputs));
    CHECK(static_cast<double>(n_changed) <= share * 200.0);
    CHECK(model::n_splits(trees_of(after)) < n_left);
    n_left = model::n_splits(trees_of(after));
  }
}

TEST_CASE("prune-subtrees: labels say nothing about what may change") {
  const auto inputs = random_inputs(200);
  passes::Labels labels;
  for (const auto& x : inputs) labels.classes.push_back({x[0] < 32.0 ? 0 : 1});
  model::Model with = random_forest(), without = random_forest();
  passes::prune_subtrees(with, {.prune = 0.05, .data = inputs, .labels = labels});
  passes::prune_subtrees(without, {.prune = 0.05, .data = inputs});
  CHECK(model::n_splits(trees_of(with)) == model::n_splits(trees_of(without)));
  CHECK(!first_difference(with, without, inputs));
}

TEST_CASE("prune-subtrees: R2 of a regression loses no more than the share") {
  model::Model before = regression(2, model::NumberType::float32, random_trees(3, 20), counting(3 * 21));
  const auto inputs = random_inputs(100);
  double mean = 0.0;
  for (const auto& x : inputs) mean += model::predict(before, x)[0] / 100.0;
  for (const double share : {0.001, 0.05, 0.5}) {
    CAPTURE(share);
    model::Model after = before;
    CHECK(passes::prune_subtrees(after, {.prune = share, .data = inputs}).changes > 0);
    double residual = 0.0, total = 0.0;
    for (const auto& x : inputs) {
      const double y = model::predict(before, x)[0], found = model::predict(after, x)[0];
      residual += (y - found) * (y - found);
      total += (y - mean) * (y - mean);
    }
    CHECK(residual <= share * total * (1.0 + 1e-9));
  }
}

TEST_CASE("prune-subtrees: votes stay votes, and those of the lighter side go") {
  const model::Tree tree = {.nodes = {split(0, 5.0, 1, 2), split(0, 1.0, 3, 4), leaf(1), leaf(0), leaf(0)}};
  model::Model model = forest(1, 2, {tree}, {1.0, 0.0, 0.0, 1.0});
  const PassConfig config{.prune = 0.2, .data = {{0.0}, {0.5}, {2.0}, {3.0}, {4.0}, {6.0}}};
  CHECK(run_twice(passes::prune_subtrees, model, config).changes == 2);
  CHECK(trees_of(model).trees[0].nodes.size() == 1);
  CHECK(model::predict(model, std::vector{2.0}) == std::vector{1.0, 0.0});
  CHECK(model::is_one_hot(trees_of(model)));
}

TEST_CASE("prune-subtrees: subtrees that several splits share keep their other parents") {
  // Node 3 is below 1 and 2.
  const model::Tree tree = {.nodes = {split(0, 4.0, 1, 2), split(0, 1.0, 4, 3), split(0, 7.0, 3, 5),
                                      split(1, 1.0, 6, 7), leaf(0), leaf(1), leaf(2), leaf(3)}};
  const model::Model before = regression(2, model::NumberType::float32, {tree}, {0.0, 100.0, 40.0, 41.0});
  std::vector<std::vector<double>> inputs;
  for (int a = 0; a < 8; ++a) inputs.insert(inputs.end(), {{a + 0.0, 0.0}, {a + 0.0, 2.0}});
  model::Model after = before;
  CHECK(run_twice(passes::prune_subtrees, after, {.prune = 0.001, .data = inputs}).changes == 1);
  for (const double a : {1.0, 3.0, 4.0, 6.0}) CHECK(model::predict(after, std::vector{a, 0.0})[0] == 40.5);
  CHECK(model::predict(after, std::vector{0.0, 0.0})[0] == 0.0);
  CHECK(model::predict(after, std::vector{7.0, 0.0})[0] == 100.0);
}

TEST_CASE("prune-subtrees: --keep-splits leaves as many as it says, in the order in which --prune takes them") {
  const model::Model before = random_forest();
  const auto inputs = random_inputs(200);
  const std::size_t n_before = model::n_splits(std::get<model::TreeEnsemble>(before.predictor));
  REQUIRE(n_before == 100);
  struct Kept {
    double share;
    std::size_t n_left;
  };
  for (const Kept& kept : {Kept{0.99, 99}, Kept{0.29, 29}, Kept{0.295, 29}, Kept{0.011, 1}, Kept{0.001, 0}}) {
    CAPTURE(kept.share);
    model::Model after = before;
    CHECK(passes::prune_subtrees(after, {.keep_splits = kept.share, .data = inputs}).changes == n_before - kept.n_left);
    CHECK_NOTHROW(model::check(after, "after the pass"));
    CHECK(model::n_splits(trees_of(after)) == kept.n_left);
  }
  model::Model all = before;
  CHECK(passes::prune_subtrees(all, {.keep_splits = 1.0, .data = inputs}).changes == 0);

  // Where --prune stops is one of these places.
  model::Model pruned = before;
  passes::prune_subtrees(pruned, {.prune = 0.05, .data = inputs});
  const double left = static_cast<double>(model::n_splits(trees_of(pruned)));
  model::Model kept = before;
  passes::prune_subtrees(kept, {.keep_splits = left / 100.0, .data = inputs});
  CHECK(!first_difference(pruned, kept, inputs));
  CHECK(model::n_splits(trees_of(kept)) == model::n_splits(trees_of(pruned)));

  // Of both the one that goes further counts.
  for (const double share : {left / 100.0 + 0.1, left / 100.0 - 0.1}) {
    model::Model both = before;
    passes::prune_subtrees(both, {.prune = 0.05, .keep_splits = share, .data = inputs});
    CHECK(static_cast<double>(model::n_splits(trees_of(both))) ==
          doctest::Approx(std::min(left, std::round(100.0 * share))));
  }
}

TEST_CASE("prune-subtrees: what is no share, and a model without data, is refused") {
  model::Model model = random_forest();
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.prune = 1.0}), "--prune: must be a share from 0 to below 1, found 1",
                       Error);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.keep_splits = 0.0}),
                       "--keep-splits: must be a share above 0 up to 1, found 0", Error);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.keep_splits = 0.5}),
                       "--keep-splits: looks at the answers to data: needs --data, the model has no test vectors",
                       Error);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.prune = 0.1}),
                       "--prune: looks at the answers to data: needs --data, the model has no test vectors", Error);
  CHECK_THROWS_WITH_AS(
      passes::run_passes(model, {.prune = 0.1, .data = {{1.0, 2.0}}, .labels = {.classes = {{0}, {1}}, .values = {}}}),
      "--data-labels: 2 labels, --data has 1 rows", Error);
}
