#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;

namespace {

model::Model three_classes() {
  const model::Tree tree = {.nodes = {split(0, 0.5, 1, 2), leaf(0), split(0, 1.5, 3, 4), leaf(1), leaf(2)}};
  return forest(1, 3, {tree}, {0.2, 0.5, 0.3, 0.4, 0.2, 0.4, 0.0, 0.0, 1.0});
}

void check_refused(model::Model model, const char* message) {
  CHECK_THROWS_WITH_AS(passes::hard_vote(model, {}), message, Error);
}

}  // namespace

TEST_CASE("hard-vote: each row votes for its first maximum") {
  model::Model model = three_classes();
  CHECK(run_twice(passes::hard_vote, model).changes == 2);
  CHECK(trees_of(model).leaf_values == std::vector<double>{0, 1, 0, 1, 0, 0, 0, 0, 1});
  CHECK(model::is_one_hot(trees_of(model)));
}

TEST_CASE("hard-vote: shares in 255ths become votes of 1, and outputs shares of the votes") {
  model::Model model = three_classes();
  trees_of(model).trees.push_back({.nodes = {leaf(1)}});
  trees_of(model).leaf_values = {51, 127, 76, 102, 51, 102, 0, 0, 255};
  trees_of(model).divisor = 255.0 * 2;
  CHECK(run_twice(passes::hard_vote, model).changes == 3);
  CHECK(trees_of(model).leaf_values == std::vector<double>{0, 1, 0, 1, 0, 0, 0, 0, 1});
  CHECK(model::predict(model, std::vector{0.0}) == std::vector{0.5, 0.5, 0.0});
  CHECK(model::predict(model, std::vector{1.0}) == std::vector{1.0, 0.0, 0.0});
  CHECK(model::predict(model, std::vector{2.0}) == std::vector{0.5, 0.0, 0.5});
}

TEST_CASE("hard-vote: shares of 1 that are added or averaged stay so") {
  for (const double divisor : {1.0, 2.0, 4.0}) {
    model::Model model = three_classes();
    trees_of(model).trees.push_back({.nodes = {leaf(1)}});
    trees_of(model).divisor = divisor;
    passes::hard_vote(model, {});
    CHECK(model::predict(model, std::vector{1.0}) == std::vector{2.0 / divisor, 0.0, 0.0});
  }
}

TEST_CASE("hard-vote: a model that votes already stays as it is") {
  model::Model model = three_classes();
  trees_of(model).leaf_values = {0, 1, 0, 1, 0, 0, 0, 0, 1};
  CHECK(passes::hard_vote(model, {}).changes == 0);
}

TEST_CASE("hard-vote: a model without class proportions of one target is refused") {
  constexpr const char* start = "--voting: hard needs a classifier whose leaves hold class proportions, the model is ";
  const auto refused = [&](const model::Model& model, const std::string& what) {
    check_refused(model, (start + what).c_str());
  };
  refused(regression(1, model::NumberType::float32, {{.nodes = {leaf(0)}}}, {1.0}), "a regression model");
  model::Model network;
  network.predictor = model::DenseNetwork{};
  refused(network, "a dense network");

  model::Model two_targets = three_classes();
  two_targets.output.targets = {{.size = 1}, {.size = 2}};
  refused(two_targets, "a model of 2 targets");
  model::Model boosted = regression(1, model::NumberType::float32, {{.nodes = {leaf(0)}}}, {1.0});
  boosted.output.task = model::Task::classification;
  refused(boosted, "boosted: its leaves add to a single output");
  model::Model undecided = three_classes();
  undecided.output.rule = model::DecisionRule::none;
  refused(undecided, "decided by 'none'");
  model::Model transformed = three_classes();
  trees_of(transformed).post_transform.kind = model::PostTransformKind::softmax;
  refused(transformed, "transformed by softmax");
  model::Model based = three_classes();
  trees_of(based).base_score[1] = 0.25;
  refused(based, "summed on top of a base score");
}
