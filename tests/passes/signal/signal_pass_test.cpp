#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/signal/features.hpp"
#include "codegen/signal/infer.hpp"
#include "codegen/signal/statistic.hpp"

using namespace emlc;
using signal::Folded;
using signal::Operation;
using signal::Plan;
using signal::Statistic;

namespace {

signal::Signal made(std::string name, Operation operation, std::vector<std::int32_t> from) {
  return {.name = std::move(name), .operation = operation, .from = std::move(from)};
}

/// One channel and signals that are functions of its samples, monotone or not.
Plan plan_of(model::NumberType type, double low, double high) {
  Plan plan;
  plan.input = {.channels = {{.name = "x"}}, .type = type, .sample_rate = 100.0};
  if (model::info(type).is_integer) plan.input.channels = {{.name = "x", .minimum = low, .maximum = high}};
  plan.window = {.length = 4, .hop = 4};
  plan.signals = {{.name = "x"}};
  plan.signals.push_back(made("falling", Operation::scale, {0}));
  plan.signals.back().gain = -2.0;
  plan.signals.back().offset = 1.0;
  plan.signals.push_back(made("real", Operation::scale, {1}));
  plan.signals.back().gain = -0.3;
  plan.signals.back().offset = 0.1;
  plan.signals.push_back(made("clipped", Operation::clip, {2}));
  plan.signals.back().minimum = -0.8;
  plan.signals.back().maximum = 1.1;
  plan.signals.push_back(made("norm", Operation::norm2, {0, 1}));
  plan.signals.push_back(made("size", Operation::absolute, {0}));
  plan.signals.push_back(made("square", Operation::square, {0}));
  plan.signals.push_back(made("mean3", Operation::moving_average, {0}));
  plan.signals.back().length = 3;
  plan.signals.push_back(made("centred", Operation::remove_mean, {0}));
  return plan;
}

void add_features(Plan& plan, std::int32_t of, std::mt19937& random) {
  for (const signal::StatisticInfo& row : signal::all_statistics()) {
    if (row.n_signals == 2 || signal::is_level(row.statistic) || random() % 3 == 0) continue;
    signal::Feature feature{.name = plan.signals[static_cast<std::size_t>(of)].name + "_" + std::string(row.name),
                            .statistic = row.statistic,
                            .of = of,
                            .quantile = static_cast<double>(random() % 5) / 4.0,
                            .edges = {-1.0F, 0.5F}};
    plan.features.push_back(std::move(feature));
  }
}

/// Full trees of a depth, whose leaves are one-hot at random.
model::Model forest(const Plan& plan, const std::vector<std::vector<double>>& rows, std::mt19937& random) {
  constexpr std::int32_t depth = 4, n_inner = (1 << depth) - 1;
  model::TreeEnsemble ensemble{
      .n_features = static_cast<std::int32_t>(plan.features.size()), .n_outputs = 3, .leaf_width = 3};
  ensemble.leaf_values = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  ensemble.base_score = {0, 0, 0};
  for (int tree = 0; tree < 6; ++tree) {
    std::vector<model::TreeNode> nodes;
    for (std::int32_t id = 0; id < n_inner; ++id) {
      const auto feature = static_cast<std::size_t>(random() % plan.features.size());
      auto threshold = static_cast<float>(rows[random() % rows.size()][feature]);
      if (std::isnan(threshold)) threshold = 1.0F;
      if (random() % 2 == 0) threshold = std::nextafter(threshold, random() % 2 == 0 ? 1e30F : -1e30F);
      const std::int32_t left = 2 * id + 1;
      nodes.emplace_back(model::Split{static_cast<std::int32_t>(feature), static_cast<double>(threshold), left,
                                      left + 1, random() % 2 == 0 ? left : left + 1});
    }
    for (std::int32_t leaf = 0; leaf <= n_inner; ++leaf)
      nodes.emplace_back(model::Leaf{static_cast<std::int32_t>(random() % 3)});
    ensemble.trees.push_back({.nodes = std::move(nodes)});
  }
  model::Model model{.predictor = std::move(ensemble)};
  model.input.n_features = static_cast<std::int32_t>(plan.features.size());
  model.output = {.task = model::Task::classification,
                  .n_outputs = 3,
                  .targets = {{.size = 3}},
                  .rule = model::DecisionRule::argmax};
  return model;
}

signal::Column integers(std::vector<std::int64_t> samples) { return {.integers = std::move(samples)}; }

/// Every window of four samples from low to high.
std::vector<signal::Column> every_window(std::int64_t low, std::int64_t high) {
  std::vector<signal::Column> windows;
  const std::int64_t n = high - low + 1;
  for (std::int64_t code = 0; code < n * n * n * n; ++code) {
    windows.push_back(integers({low + code % n, low + code / n % n, low + code / n / n % n, low + code / n / n / n}));
  }
  return windows;
}

std::vector<std::vector<double>> rows_of(const Plan& plan, const std::vector<signal::Column>& windows) {
  std::vector<std::vector<double>> rows;
  for (const signal::Column& window : windows) {
    rows.push_back(signal::features_of(plan, {window}));
    for (double& value : rows.back()) value = model::round_to(model::NumberType::float32, value);
  }
  return rows;
}

/// Decides as before for every window; returns what is folded.
Folded check_fold(const Plan& plan, const std::vector<signal::Column>& windows, std::mt19937& random) {
  const std::vector<std::vector<double>> rows = rows_of(plan, windows);
  Folded folded{.plan = plan, .model = forest(plan, rows, random)};
  passes::run_passes(folded.model, {});
  const model::Model before = folded.model;
  passes::run_signal_passes(folded);
  for (std::size_t window = 0; window < windows.size(); ++window) {
    const std::vector<double> columns = signal::columns_of(folded, {windows[window]});
    if (model::predict(folded.model, columns) == model::predict(before, rows[window])) continue;
    CAPTURE(window);
    FAIL("decides otherwise");
  }
  return folded;
}

}  // namespace

TEST_CASE("signal passes: every window of small integers is decided as before") {
  const std::vector<signal::Column> windows = every_window(-3, 2);
  std::size_t n_parts = 0;
  for (unsigned seed = 0; seed < 24; ++seed) {
    std::mt19937 random(seed);
    Plan plan = plan_of(model::NumberType::int8, -3, 2);
    for (std::int32_t of = 0; of < static_cast<std::int32_t>(plan.signals.size()); ++of) {
      if (random() % 3 != 0) add_features(plan, of, random);
    }
    signal::infer(plan);
    CAPTURE(seed);
    const Folded folded = check_fold(plan, windows, random);
    for (const signal::Key& key : folded.keys) n_parts += key.part == signal::Part::feature ? 0U : 1U;
  }
  CHECK(n_parts > 24U * 5U);
}

TEST_CASE("signal passes: sums of more than 64 bits, and reals with NaN and infinity, are decided as before") {
  std::mt19937 random(7);
  for (const model::NumberType type : {model::NumberType::int32, model::NumberType::float32}) {
    for (int round = 0; round < 12; ++round) {
      Plan plan = plan_of(type, -2147483648.0, 2147483647.0);
      // Squares of 33 bits are refused; nothing looks at norms and squares.
      if (type == model::NumberType::int32) {
        std::erase_if(plan.signals,
                      [](const signal::Signal& signal) { return signal.name == "norm" || signal.name == "square"; });
      }
      for (const std::int32_t of : {0, 1, 2, 3}) add_features(plan, of, random);
      std::erase_if(plan.features, [](const signal::Feature& feature) {
        return feature.statistic == Statistic::kurtosis || feature.statistic == Statistic::skewness;
      });
      signal::infer(plan);
      std::vector<signal::Column> windows;
      for (int window = 0; window < 300; ++window) {
        signal::Column column;
        for (int i = 0; i < 4; ++i) {
          const auto sample = static_cast<std::int32_t>(random());
          if (type == model::NumberType::int32) {
            column.integers.push_back(random() % 4 == 0 ? (sample < 0 ? INT32_MIN : INT32_MAX)
                                                        : sample >> random() % 31);
          } else {
            column.reals.push_back(std::ldexp(static_cast<float>(sample), static_cast<int>(random() % 130) - 32));
          }
        }
        windows.push_back(std::move(column));
      }
      CAPTURE(round);
      check_fold(plan, windows, random);
    }
  }
}

TEST_CASE("signal passes: a quantile of a norm is one of its square, and the root goes") {
  Plan plan = plan_of(model::NumberType::int8, -3, 2);
  plan.features = {{.name = "norm_max", .statistic = Statistic::maximum, .of = 4},
                   {.name = "norm_median", .statistic = Statistic::median, .of = 4},
                   {.name = "x_mean", .statistic = Statistic::mean, .of = 0},
                   {.name = "falling_min", .statistic = Statistic::minimum, .of = 1},
                   {.name = "x_skewness", .statistic = Statistic::skewness, .of = 0}};
  signal::infer(plan);
  model::TreeEnsemble ensemble{.n_features = 5, .leaf_values = {0, 1}, .base_score = {0}};
  for (std::int32_t feature = 0; feature < 4; ++feature) {
    ensemble.trees.push_back({.nodes = {model::Split{feature, 1.5, 1, 2, 1}, model::Leaf{0}, model::Leaf{1}}});
  }
  Folded folded{.plan = plan, .model = {.predictor = std::move(ensemble)}};
  folded.model.input.n_features = 5;
  folded.model.output.targets = {{.size = 1}};
  passes::run_passes(folded.model, {});
  const passes::SignalReport report = passes::run_signal_passes(folded);
  REQUIRE(folded.keys.size() == 4);
  CHECK(folded.keys[0].name == "x_sum");
  CHECK(folded.keys[0].thresholds == std::vector<signal::Wide>{6});  // 6 / 4
  CHECK(folded.keys[1].name == "x_highest");
  CHECK(folded.keys[1].thresholds == std::vector<signal::Wide>{0});  // 1 - 2 x < 1.5 from 0 on
  CHECK(folded.keys[2].name == "norm_norm2_squared_highest");
  CHECK(folded.keys[2].thresholds == std::vector<signal::Wide>{3});  // sqrt(2) < 1.5 <= sqrt(3)
  CHECK(folded.keys[3].name == "norm_norm2_squared_order_2");
  CHECK(folded.plan.features.empty());
  REQUIRE(folded.plan.signals.size() == 3);
  CHECK(folded.plan.signals[2].name == "norm_norm2_squared");
  CHECK(report.figures.features_dropped == 1);
  CHECK(report.figures.features_folded == 4);
  CHECK(report.figures.sample_roots == 1);
  CHECK(report.figures.window_divisions == 1);
  CHECK(report.figures.thresholds_after == 4);
}

TEST_CASE("signal passes: where sorted samples of a norm are needed all the same, its quantiles are taken of these") {
  for (const bool has_iqr : {false, true}) {
    Plan plan = plan_of(model::NumberType::int8, -3, 2);
    plan.features = {{.name = "norm_median", .statistic = Statistic::median, .of = 4}};
    if (has_iqr) plan.features.push_back({.name = "norm_iqr", .statistic = Statistic::iqr, .of = 4});
    const auto n_features = static_cast<std::int32_t>(plan.features.size());
    signal::infer(plan);
    model::TreeEnsemble ensemble{.n_features = n_features, .leaf_values = {0, 1}, .base_score = {0}};
    for (std::int32_t feature = 0; feature < n_features; ++feature) {
      ensemble.trees.push_back({.nodes = {model::Split{feature, 1.5, 1, 2, 1}, model::Leaf{0}, model::Leaf{1}}});
    }
    Folded folded{.plan = plan, .model = {.predictor = std::move(ensemble)}};
    folded.model.input.n_features = n_features;
    folded.model.output.targets = {{.size = 1}};
    passes::run_signal_passes(folded);
    CHECK(folded.plan.signals.back().name == (has_iqr ? "norm" : "norm_norm2_squared"));
    CHECK(folded.keys.front().is_integer == !has_iqr);
  }
}

TEST_CASE("signal passes: a weight of 0 drops a feature of integers, and what only it needs") {
  Plan plan = plan_of(model::NumberType::int8, -3, 2);
  plan.features = {{.name = "x_mean", .statistic = Statistic::mean, .of = 0},
                   {.name = "square_std", .statistic = Statistic::deviation, .of = 6},
                   {.name = "norm_mean", .statistic = Statistic::mean, .of = 4}};
  signal::infer(plan);
  model::DenseNetwork network{.layers = {{.n_in = 3, .n_out = 2, .weights = {1, 0, 0, 2, 0, 0}, .bias = {0, 1}}}};
  Folded folded{.plan = plan, .model = {.predictor = std::move(network)}};
  folded.model.input = {.n_features = 3, .feature_names = {"a", "b", "c"}};
  folded.model.output = {.n_outputs = 2, .targets = {{.size = 2}}};
  const passes::SignalReport report = passes::run_signal_passes(folded);
  // The mean of reals may be infinite, and 0 times infinity is not 0.
  CHECK(folded.model.input.feature_names == std::vector<std::string>{"a", "c"});
  CHECK(folded.keys.empty());
  CHECK(std::get<model::DenseNetwork>(folded.model.predictor).layers.front().weights ==
        std::vector<double>{1, 0, 2, 0});
  CHECK(report.figures.features_dropped == 1);
  CHECK(folded.plan.signals.size() == 3);  // x, falling, norm
  CHECK(report.passes.front().result.notes ==
        std::vector<std::string>{"1 of 3 features and 6 of 8 signals that nothing looks at"});
  Folded again = folded;
  CHECK(passes::run_signal_passes(again).passes.front().result.changes == 0);
}
