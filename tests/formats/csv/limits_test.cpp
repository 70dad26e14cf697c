#include <doctest/doctest.h>
#include <emlc/csv_limits.h>

#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/writers.hpp"
#include "tests/formats/csv/device.hpp"

/// What is written at a limit of csv_limits.h is read by the reader and by the loader of the device; one more is
/// refused by the writer.
namespace {

using namespace emlc;
using namespace emlc::model;

/// One tree of a split on the last feature, with a row for each side and a base score.
Model trees(std::int32_t n_features, std::int32_t n_outputs) {
  TreeEnsemble ensemble{.n_features = n_features, .n_outputs = n_outputs, .leaf_width = n_outputs};
  ensemble.leaf_values.assign(2 * static_cast<std::size_t>(n_outputs), 0.0);
  ensemble.leaf_values.back() = 1.0;
  ensemble.base_score.assign(static_cast<std::size_t>(n_outputs), 0.5);
  ensemble.trees = {
      {.nodes = {Split{.feature = n_features - 1, .threshold = 0.5, .left = 1, .right = 2, .default_child = 2}, Leaf{0},
                 Leaf{1}}}};
  return {.input = {.n_features = n_features},
          .output = {.n_outputs = n_outputs, .targets = {{.size = n_outputs}}},
          .predictor = ensemble};
}

/// Layers in a row: the widths of what comes in and of what each layer gives.
Model network(const std::vector<std::int32_t>& widths) {
  DenseNetwork network;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const auto n_out = static_cast<std::size_t>(widths[i + 1]);
    network.layers.push_back({.n_in = widths[i],
                              .n_out = widths[i + 1],
                              .weights = std::vector<double>(n_out * static_cast<std::size_t>(widths[i]), 1.0),
                              .bias = std::vector<double>(n_out, 0.25)});
  }
  return {.input = {.n_features = widths.front()},
          .output = {.n_outputs = widths.back(), .targets = {{.size = widths.back()}}},
          .predictor = network};
}

Model scalers(std::size_t n_scalers) {
  Model model{.input = {.n_features = 1},
              .output = {.task = Task::transform, .n_outputs = 1, .targets = {{.size = 1}}}};
  model.scalers.assign(n_scalers, {.offset = {0.0}, .scale = {1.0}});
  return model;
}

void check_trees(const Model& model) {
  const std::string text = formats::write_csv(model).bytes;
  CHECK(formats::read_emlearn_csv(text, "f.csv").input.n_features == model.input.n_features);
  const std::vector<double> x(static_cast<std::size_t>(model.input.n_features), 1.0);
  CHECK(test::TreesDevice(text).predict(x).back() == 1.5F);
}

void check_network(const Model& model) {
  const std::string text = formats::write_csv(model).bytes;
  CHECK(formats::read_mlp_csv(text, "f.csv").output.n_outputs == model.output.n_outputs);
  const std::vector<double> x(static_cast<std::size_t>(model.input.n_features), 0.0);
  CHECK(test::NetworkDevice(text).predict(x).size() == static_cast<std::size_t>(model.output.n_outputs));
}

void check_refused(const Model& model, const char* message) {
  CHECK_THROWS_WITH_AS(formats::write_csv(model), message, Error);
}

std::vector<std::int32_t> ones(std::size_t n) { return std::vector<std::int32_t>(n, 1); }

}  // namespace

TEST_CASE("csv limits: features and outputs of trees") {
  check_trees(trees(EMLC_CSV_MOST_FEATURES, 2));
  check_refused(trees(EMLC_CSV_MOST_FEATURES + 1, 2), "input.n_features: 32768 features, a CSV holds at most 32767");
  check_trees(trees(2, EMLC_CSV_MOST_OUTPUTS));
  check_refused(trees(2, EMLC_CSV_MOST_OUTPUTS + 1), "output.n_outputs: 32768 outputs, a CSV holds at most 32767");
}

TEST_CASE("csv limits: features, units, outputs, layers and scalers of networks") {
  check_network(network({EMLC_CSV_MOST_FEATURES, EMLC_CSV_MOST_OUTPUTS / 16384, 1}));
  check_refused(network({EMLC_CSV_MOST_FEATURES + 1, 1}),
                "input.n_features: 32768 features, a CSV holds at most 32767");
  check_network(network({1, EMLC_CSV_MOST_OUTPUTS, 1}));
  check_refused(network({1, EMLC_CSV_MOST_OUTPUTS + 1, 1}),
                "layers[0].weights: 32768 units, a CSV holds at most 32767");
  check_network(network({1, EMLC_CSV_MOST_OUTPUTS}));
  check_refused(network({1, EMLC_CSV_MOST_OUTPUTS + 1}), "output.n_outputs: 32768 outputs, a CSV holds at most 32767");
  check_network(network(ones(EMLC_CSV_MOST_STEPS + 1)));
  check_refused(network(ones(EMLC_CSV_MOST_STEPS + 2)), "model: 32768 layers, a CSV holds at most 32767");
  check_network(scalers(EMLC_CSV_MOST_STEPS));
  check_refused(scalers(EMLC_CSV_MOST_STEPS + 1), "model: 32768 scalers, a CSV holds at most 32767");
}

TEST_CASE("csv limits: a name may be as long as it likes, whatever is in it") {
  Model model = trees(2, 2);
  model.output.targets[0].name = std::string(70000, ',') + "end";
  model.output.targets[0].class_names = {" a , b ", std::string(70000, ' ')};
  const std::string text = formats::write_csv(model).bytes;
  const Model again = formats::read_emlearn_csv(text, "f.csv");
  CHECK(again.output.targets[0].name == model.output.targets[0].name);
  CHECK(again.output.targets[0].class_names == model.output.targets[0].class_names);
  CHECK(test::TreesDevice(text).predict({1.0, 1.0}).back() == 1.5F);
}
