#include <algorithm>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using passes::PassConfig;

namespace {

model::Tree stump(double threshold, model::RowId left, model::RowId right, std::int32_t first_output = 0) {
  return {.nodes = {split(0, threshold, 1, 2), leaf(left), leaf(right)}, .first_output = first_output};
}

/// Inputs of two features, and which of three classes each is.
struct Sample {
  std::vector<std::vector<double>> inputs;
  std::vector<std::vector<std::int32_t>> classes;
};
Sample sample(std::size_t n) {
  std::mt19937 generator(3);
  Sample result;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = static_cast<double>(generator() % 64), b = static_cast<double>(generator() % 64);
    result.inputs.push_back({a, b});
    result.classes.push_back({a < 20.0 ? 0 : b < 32.0 ? 1 : 2});
  }
  return result;
}

/// Trees that nobody trained, with shares of three classes.
model::Model random_forest(std::size_t n_trees) {
  std::mt19937 generator(11);
  const auto threshold = [](std::mt19937& g) { return static_cast<double>(g() % 64); };
  std::vector<model::Tree> trees;
  std::vector<double> shares;
  for (std::size_t tree = 0; tree < n_trees; ++tree) {
    trees.push_back(random_tree(generator, 2, 7, static_cast<model::RowId>(8 * tree), threshold));
    for (int row = 0; row < 8; ++row) {
      const double a = static_cast<double>(generator() % 5), b = static_cast<double>(generator() % 5);
      for (const double share : {a / 8.0, b / 8.0, 1.0 - (a + b) / 8.0}) shares.push_back(share);
    }
  }
  return forest(2, 3, std::move(trees), std::move(shares));
}

/// The forest of some of its trees, as somebody would write it down.
model::Model forest_of(const model::Model& whole, const std::vector<std::size_t>& places) {
  const auto& all = std::get<model::TreeEnsemble>(whole.predictor);
  std::vector<model::Tree> trees;
  for (const std::size_t place : places) trees.push_back(all.trees[place]);
  return forest(2, 3, trees, all.leaf_values);
}

/// Wrong decisions, then squared differences from 1 for the class and 0 for the others.
std::pair<std::size_t, double> rank_of(const model::Model& candidate, const Sample& data) {
  std::pair<std::size_t, double> rank{0, 0.0};
  for (std::size_t row = 0; row < data.inputs.size(); ++row) {
    const std::vector<double> shares = model::predict(candidate, data.inputs[row]);
    const auto label = static_cast<std::size_t>(data.classes[row][0]);
    const auto decided = std::max_element(shares.begin(), shares.end()) - shares.begin();
    rank.first += static_cast<std::size_t>(decided) != label ? 1U : 0U;
    for (std::size_t i = 0; i < 3; ++i) rank.second += (shares[i] - (i == label)) * (shares[i] - (i == label));
  }
  return rank;
}

/// One tree after the other, each time trying all.
std::vector<std::size_t> tried_out(const model::Model& whole, const Sample& data, std::size_t n) {
  std::vector<std::size_t> chosen;
  const std::size_t n_trees = std::get<model::TreeEnsemble>(whole.predictor).trees.size();
  while (chosen.size() < n) {
    std::vector<std::size_t> best;
    for (std::size_t tree = 0; tree < n_trees; ++tree) {
      if (std::find(chosen.begin(), chosen.end(), tree) != chosen.end()) continue;
      std::vector<std::size_t> with = chosen;
      with.push_back(tree);
      if (best.empty() || rank_of(forest_of(whole, with), data) < rank_of(forest_of(whole, best), data)) best = with;
    }
    chosen = best;
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

TEST_CASE("drop-trees: of a boosting the first trees of each output stay") {
  const std::vector<model::Tree> trees = {stump(1, 0, 1, 0), stump(2, 2, 3, 1), stump(3, 4, 5, 0),
                                          stump(4, 6, 7, 1), stump(5, 8, 9, 0), stump(6, 10, 11, 1)};
  model::Model model = regression(1, model::NumberType::float32, trees, counting(12));
  model.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{}, {}}};
  trees_of(model).n_outputs = 2;
  trees_of(model).base_score = {0.5, 0.25};
  CHECK(run_twice(passes::drop_trees, model, {.keep_trees = 2}).changes == 2);
  CHECK(trees_of(model).trees.size() == 4);
  CHECK(model::predict(model, std::vector{0.0}) == std::vector{0.5 + 0 + 4, 0.25 + 2 + 6});
  CHECK(model::predict(model, std::vector{9.0}) == std::vector{0.5 + 1 + 5, 0.25 + 3 + 7});
}

TEST_CASE("drop-trees: of a forest the trees stay that trying all of them finds") {
  const model::Model whole = random_forest(7);
  const Sample data = sample(60);
  for (const std::size_t n : {1U, 2U, 4U, 6U}) {
    CAPTURE(n);
    model::Model model = whole;
    const PassConfig config{.keep_trees = n, .data = data.inputs, .labels = {.classes = data.classes, .values = {}}};
    const passes::PassResult result = run_twice(passes::drop_trees, model, config);
    CHECK(result.changes == 7 - n);
    const model::Model expected = forest_of(whole, tried_out(whole, data, n));
    CHECK(!first_difference(expected, model, data.inputs));
    const std::string right = fmt::format("{} of 60 decisions right by the labels, was {}",
                                          60 - rank_of(expected, data).first, 60 - rank_of(whole, data).first);
    CHECK(result.notes == std::vector{fmt::format("drop-trees: {} of 7 trees are left; {}", n, right)});
  }
}

TEST_CASE("drop-trees: without labels the trees stay that decide as all of them do") {
  model::Model model = random_forest(7);
  Sample data = sample(60);
  for (std::size_t row = 0; row < data.inputs.size(); ++row) {
    data.classes[row] = model::decide(model.output, model::predict(model, data.inputs[row]));
  }
  const auto n_right = [&] { return 60 - rank_of(model, data).first; };
  const PassConfig config{.keep_trees = 5, .data = data.inputs};
  const passes::PassResult result = run_twice(passes::drop_trees, model, config);
  CHECK(result.notes == std::vector{fmt::format("drop-trees: 5 of 7 trees are left; {} of 60 decisions right by the "
                                                "model before, was 60",
                                                n_right())});
  CHECK(n_right() >= 45);
}

TEST_CASE("drop-trees: a model with no more trees stays, a mean of none is refused") {
  const Sample data = sample(10);
  for (const std::size_t n : {7U, 8U, 1000U}) {
    model::Model model = random_forest(7);
    CHECK(run_twice(passes::drop_trees, model, {.keep_trees = n, .data = data.inputs}).changes == 0);
  }
  model::Model model = random_forest(7);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.keep_trees = 0}), "--keep-trees: must be at least 1, found 0",
                       Error);
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.keep_trees = 3}),
                       "--keep-trees: looks at the answers to data: needs --data, the model has no test vectors",
                       Error);
}
