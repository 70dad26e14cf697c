#include <algorithm>
#include <cmath>
#include <numeric>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "codegen/passes/trees/reduce/leaf_problem.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using passes::LeafLoss;
using passes::LeafProblem;
using passes::PassConfig;

namespace {

constexpr std::size_t n_samples = 24;

/// Three trees over a table of four values; sample s is expected to be `expected(s)`.
template <class Expected>
LeafProblem three_trees(LeafLoss loss, std::vector<double> base, std::vector<std::size_t> outputs, Expected expected) {
  LeafProblem problem{.loss = loss, .n_rows = 4, .width = 1, .reached = {.n_trees = 3}};
  problem.first_output = std::move(outputs);
  problem.base = std::move(base);
  problem.gain = 0.25;
  for (std::size_t s = 0; s < n_samples; ++s) {
    for (const std::size_t row : {s % 4, (s * 7 + s / 4) % 4, (s / 5) % 4}) {
      problem.reached.rows.push_back(static_cast<model::RowId>(row));
    }
    problem.expected.push_back(expected(s));
  }
  return problem;
}

void check_best(const LeafProblem& problem, const std::vector<double>& expected) {
  std::vector<std::size_t> all(n_samples);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::vector<double> found = passes::best_values(problem, {0.0, 1.0, 2.0, 3.0}, 0.1, all);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) < 1e-5);
}

/// Two features and a forest of random trees over 0 .. 63.
std::vector<model::Tree> random_trees(std::size_t n_trees, std::size_t n_splits) {
  std::mt19937 generator(29);
  std::vector<model::Tree> trees;
  for (std::size_t tree = 0; tree < n_trees; ++tree) {
    trees.push_back(random_tree(generator, 2, n_splits, static_cast<model::RowId>((n_splits + 1) * tree),
                                [](std::mt19937& g) { return static_cast<double>(g() % 64); }));
  }
  return trees;
}

std::vector<std::vector<double>> random_inputs(std::size_t n, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i) {
    rows.push_back({static_cast<double>(generator() % 64), static_cast<double>(generator() % 64)});
  }
  return rows;
}

double truth(const std::vector<double>& x) { return std::sin(x[0] / 10.0) + x[1] / 64.0; }

double squared_error(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  double sum = 0.0;
  for (const auto& x : inputs) sum += std::pow(model::predict(model, x)[0] - truth(x), 2);
  return sum;
}

}  // namespace

TEST_CASE("refine-leaves: squared errors end where numpy.linalg.lstsq does") {
  // Of the rows gain * counts, and sqrt(ridge * curvature) * identity for the distance from where the table was.
  const auto y = [](std::size_t s) { return std::vector{static_cast<double>((s * s * 3) % 11) / 4.0}; };
  check_best(three_trees(LeafLoss::squared, {0.5}, {0, 0, 0}, y),
             {0.07349433429529935, 1.1460525896104945, 0.014463807026278919, 1.397013284000816});
}

TEST_CASE("refine-leaves: the log-loss of sigmoid ends where scipy.optimize.minimize does") {
  const auto y = [](std::size_t s) { return std::vector{s % 3 == 0 ? 1.0 : 0.0}; };
  check_best(three_trees(LeafLoss::logistic, {0.5}, {0, 0, 0}, y),
             {-0.9988549451597893, -1.3489265554892413, -3.0327189790209808, -0.9789233525105943});
}

TEST_CASE("refine-leaves: the log-loss of softmax ends where scipy.optimize.minimize does") {
  const auto y = [](std::size_t s) {
    std::vector<double> shares(3, 0.0);
    shares[s % 4 != 0 ? (s * 5) % 3 : (s / 4) % 3] = 1.0;
    return shares;
  };
  check_best(three_trees(LeafLoss::softmax, {0.1, 0.0, -0.1}, {0, 1, 2}, y),
             {1.4664584582350189, 1.7261157365938962, 1.8335586874404775, 0.973867231521983});
}

TEST_CASE("refine-leaves: a regression fits labels better, and inputs that it has not seen too") {
  model::Model before =
      regression(2, model::NumberType::float32, random_trees(6, 12), std::vector<double>(6 * 13, 0.1));
  for (std::size_t i = 0; i < 78; ++i) trees_of(before).leaf_values[i] += static_cast<double>(i % 7) / 50.0;
  const auto seen = random_inputs(400, 1), unseen = random_inputs(400, 2);
  passes::Labels labels;
  for (const auto& x : seen) labels.values.push_back({truth(x)});
  model::Model after = before;
  const PassConfig config{.leaf_clusters = 7, .refine_leaves = true, .data = seen, .labels = labels};
  CHECK(passes::refine_leaves(after, config).changes == 78);
  CHECK_NOTHROW(model::check(after, "after the pass"));
  CHECK(squared_error(after, seen) < 0.5 * squared_error(before, seen));
  CHECK(squared_error(after, unseen) < squared_error(before, unseen));

  model::Model clustered = before;
  CHECK(passes::refit_clusters(clustered, config).changes == 7);  // the distinct values: leaves that are equal stay so
  CHECK_NOTHROW(model::check(clustered, "after the pass"));
  CHECK(trees_of(clustered).n_rows() == 7);
  CHECK(squared_error(clustered, seen) < squared_error(before, seen));
  CHECK(squared_error(clustered, unseen) < squared_error(before, unseen));
  CHECK(squared_error(clustered, seen) > squared_error(after, seen));
}

TEST_CASE("refine-leaves: labels that have nothing to do with the inputs change nothing much") {
  const std::vector<double> values(6 * 13, 0.0);
  model::Model model = regression(2, model::NumberType::float32, random_trees(6, 12), values);
  for (std::size_t i = 0; i < 78; ++i) trees_of(model).leaf_values[i] = static_cast<double>(i) * 1e-6;
  const auto seen = random_inputs(200, 1);
  passes::Labels labels;
  for (std::size_t i = 0; i < 200; ++i) labels.values.push_back({i % 2 == 0 ? 1.0 : -1.0});
  passes::refine_leaves(model, {.refine_leaves = true, .data = seen, .labels = labels});
  for (const auto& x : seen) CHECK(std::abs(model::predict(model, x)[0]) < 0.35);
}

TEST_CASE("refine-leaves: class shares stay shares") {
  std::vector<double> shares;
  for (int row = 0; row < 6 * 13; ++row) {
    const double a = (row % 5) / 4.0;
    shares.insert(shares.end(), {a, 1.0 - a});
  }
  model::Model model = forest(2, 2, random_trees(6, 12), shares);
  const auto seen = random_inputs(300, 1);
  passes::Labels labels;
  for (const auto& x : seen) labels.classes.push_back({truth(x) > 0.5 ? 1 : 0});
  const auto result = passes::refine_leaves(model, {.refine_leaves = true, .data = seen, .labels = labels});
  CHECK(result.changes == 5);
  const std::vector<double>& after = trees_of(model).leaf_values;
  CHECK(after.size() == 10);
  for (std::size_t i = 0; i < after.size(); i += 2) {
    CHECK(after[i] >= 0.0);
    CHECK(after[i + 1] >= 0.0);
    CHECK(after[i] == 1.0 - after[i + 1]);
  }
  CHECK(after != std::vector(shares.begin(), shares.begin() + 10));
}

TEST_CASE("refine-leaves: votes, other transforms and models without labels are refused") {
  const auto inputs = random_inputs(10, 1);
  const PassConfig config{.refine_leaves = true,
                          .data = inputs,
                          .labels = {.classes = std::vector<std::vector<std::int32_t>>(10, {1}), .values = {}}};
  std::vector<double> votes;
  for (int row = 0; row < 13; ++row) votes.insert(votes.end(), {1.0, 0.0});
  model::Model model = forest(2, 2, random_trees(1, 12), votes);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, config),
                       "--refine-leaves: leaves that are votes have no values to refine; leave it or --voting hard out",
                       Error);
  trees_of(model).leaf_values[0] = 0.5;
  trees_of(model).leaf_values[1] = 0.5;
  trees_of(model).post_transform.kind = model::PostTransformKind::normalize;
  CHECK_THROWS_WITH_AS(passes::run_passes(model, config),
                       "--refine-leaves: fits values, margins of sigmoid or softmax of one target, or class shares; "
                       "outputs of this model are transformed by normalize",
                       Error);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.refine_leaves = true, .data = inputs}),
                       "--refine-leaves: fits leaf values to labels: needs --data-labels", Error);
}
