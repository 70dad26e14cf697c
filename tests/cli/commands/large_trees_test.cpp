// Trees that no jump of one or two bytes gets across, and no recursion gets to the end of.

#include <doctest/doctest.h>
#include <emlc/tmdl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;

namespace {

constexpr std::size_t n_features = 5;
using Input = std::array<float, n_features>;

/// Nodes in columns, as in the model file; x[feature] <= threshold goes left. A leaf has feature -1.
struct Tree {
  std::vector<int> feature, left, right, value;
  std::vector<float> threshold;

  int add_leaf(int leaf_value) {
    feature.push_back(-1);
    left.push_back(-1);
    right.push_back(-1);
    value.push_back(leaf_value);
    threshold.push_back(0.0F);
    return static_cast<int>(feature.size()) - 1;
  }
  /// Turns a leaf into a split with two new leaves.
  void split(int node, int on_feature, float at, int left_value, int right_value) {
    const auto index = static_cast<std::size_t>(node);
    feature[index] = on_feature;
    threshold[index] = at;
    const int left_leaf = add_leaf(left_value), right_leaf = add_leaf(right_value);
    left[index] = left_leaf;
    right[index] = right_leaf;
  }
  [[nodiscard]] float answer(const Input& x) const {
    std::size_t node = 0;
    while (feature[node] >= 0) {
      const bool is_left = x[static_cast<std::size_t>(feature[node])] <= threshold[node];
      node = static_cast<std::size_t>(is_left ? left[node] : right[node]);
    }
    return static_cast<float>(value[node]);
  }
};

/// Splits one below the other; the chain goes on to the left and to the right in turn. Beside every third split of the
/// chain hangs one more split.
Tree chain(int depth) {
  Tree tree;
  int end = tree.add_leaf(0);
  for (int level = 0; level < depth; ++level) {
    const int step = level / static_cast<int>(n_features);
    const bool goes_left = level % 2 == 0;
    const auto at = static_cast<float>(goes_left ? 10'000 - step : step);
    tree.split(end, level % static_cast<int>(n_features), at, level, level + 1);
    const auto index = static_cast<std::size_t>(end);
    const int beside = goes_left ? tree.right[index] : tree.left[index];
    end = goes_left ? tree.left[index] : tree.right[index];
    if (level % 3 == 0) tree.split(beside, (level + 1) % static_cast<int>(n_features), 5000.5F, 2 * level, 3 * level);
  }
  return tree;
}

/// A balanced search tree over the whole numbers from 1 to n_splits, on features[0].
Tree wide(int n_splits) {
  struct Part {
    int node, first, last;  // leaves first..last become the subtree of the node
  };
  Tree tree;
  std::deque<Part> parts = {{tree.add_leaf(0), 0, n_splits}};
  while (!parts.empty()) {
    const Part part = parts.front();
    parts.pop_front();
    if (part.first == part.last) continue;
    const int middle = (part.first + part.last) / 2;
    tree.split(part.node, 0, static_cast<float>(middle), part.first % 977, (middle + 1) % 977);
    const auto index = static_cast<std::size_t>(part.node);
    parts.push_back({tree.left[index], part.first, middle});
    parts.push_back({tree.right[index], middle + 1, part.last});
  }
  return tree;
}

std::string to_json(const Tree& tree) {
  std::vector<std::string> values;
  for (std::size_t node = 0; node < tree.value.size(); ++node) {
    values.push_back(tree.feature[node] < 0 ? fmt::to_string(tree.value[node]) : "null");
  }
  return fmt::format(
      R"({{"format": "emlc-model", "version": 1, "name": "large", "input": {{"n_features": {}, "dtype": "float32"}},
"output": {{"task": "regression", "n_outputs": 1, "targets": [{{"size": 1}}], "decision": {{"rule": "none"}}}},
"model": {{"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
"leaf": "scalar", "aggregate": "sum", "missing": "none", "trees": [
{{"feature": [{}], "threshold": [{}], "left": [{}], "right": [{}], "value": [{}]}}]}}}})",
      n_features, fmt::join(tree.feature, ","), fmt::join(tree.threshold, ","), fmt::join(tree.left, ","),
      fmt::join(tree.right, ","), fmt::join(values, ","));
}

/// For every split three inputs that come to it, at the threshold and at its neighbours.
std::vector<Input> inputs_around(const Tree& tree) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  struct Visit {
    int node;
    Input low, high;  // x comes here with low < x <= high
  };
  Input low, high;
  low.fill(-1.0F);
  high.fill(1e6F);
  std::vector<Input> inputs;
  std::vector<Visit> visits = {{0, low, high}};
  while (!visits.empty()) {
    const Visit visit = visits.back();
    visits.pop_back();
    const auto node = static_cast<std::size_t>(visit.node);
    if (tree.feature[node] < 0) continue;
    const auto feature = static_cast<std::size_t>(tree.feature[node]);
    const float at = tree.threshold[node];
    Input x = visit.high;
    for (const float value : {std::nextafter(at, -infinity), at, std::nextafter(at, infinity)}) {
      x[feature] = value;
      inputs.push_back(x);
    }
    Visit left = visit, right = visit;
    left.node = tree.left[node];
    left.high[feature] = std::min(at, visit.high[feature]);
    right.node = tree.right[node];
    right.low[feature] = std::max(at, visit.low[feature]);
    visits.push_back(left);
    visits.push_back(right);
  }
  return inputs;
}

std::size_t n_wrong(const Tree& tree, const std::vector<Input>& inputs, const std::vector<float>& answers) {
  if (answers.size() != inputs.size()) return std::numeric_limits<std::size_t>::max();
  std::size_t n = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) n += answers[row] == tree.answer(inputs[row]) ? 0U : 1U;
  return n;
}

constexpr const char* driver = R"(#include <stdio.h>
#include "large.h"
int main(void) {
  large_feature x[LARGE_N_FEATURES];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    const float y = large_predict(x);
    fwrite(&y, sizeof y, 1, stdout);
  }
  return 0;
}
)";

/// Without optimisation and warnings: for a function of 70 000 branches gcc needs minutes for either.
std::vector<float> run_header(const Scratch& scratch, const std::vector<Input>& inputs) {
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "driver.c", driver}});
  const auto compiled =
      emlc::cli::run_process({.arguments = {"cc", "-std=c99", "-O0", "-w", "driver.c", "-o", "driver"},
                              .input = {},
                              .directory = scratch.path()});
  REQUIRE_MESSAGE(compiled.exit_code == 0, compiled.err);
  const std::string bytes(reinterpret_cast<const char*>(inputs.data()), inputs.size() * sizeof(Input));
  const auto ran = emlc::cli::run_process({.arguments = {scratch / "driver"}, .input = bytes});
  REQUIRE(ran.exit_code == 0);
  std::vector<float> answers(ran.out.size() / sizeof(float));
  std::memcpy(answers.data(), ran.out.data(), answers.size() * sizeof(float));
  return answers;
}

std::vector<float> run_blob(const std::string& bytes, const std::vector<Input>& inputs) {
  std::vector<std::uint64_t> blob(bytes.size() / 8 + 1);  // aligned as the runtime wants it
  std::memcpy(blob.data(), bytes.data(), bytes.size());
  emlc_model model{};
  REQUIRE(emlc_tmdl_open(blob.data(), bytes.size(), &model) == EMLC_OK);
  std::vector<float> work(model.work_size / sizeof(float) + 1), answers(inputs.size());
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    REQUIRE(emlc_run(&model, inputs[row].data(), &answers[row], work.data()) == EMLC_OK);
  }
  return answers;
}

/// Converts the tree to a header in both layouts and to a blob, and runs them.
void check_exact(const Tree& tree, const std::string& name) {
  const Scratch scratch(name);
  const std::vector<Input> inputs = inputs_around(tree);
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "large.json", to_json(tree)}});
  for (const std::string layout : {"table", "inline"}) {
    CAPTURE(layout);
    const auto converted =
        run_emlc({"convert", "large.json", "-o", "large.h", "--layout", layout, "-q"}, {}, scratch.path());
    REQUIRE_MESSAGE(converted.exit_code == 0, converted.err);
    CHECK(n_wrong(tree, inputs, run_header(scratch, inputs)) == 0);
  }
  const auto converted = run_emlc({"convert", "large.json", "-o", "large.tmdl", "-q"}, {}, scratch.path());
  REQUIRE_MESSAGE(converted.exit_code == 0, converted.err);
  CHECK(n_wrong(tree, inputs, run_blob(emlc::cli::read_file(scratch / "large.tmdl"), inputs)) == 0);
}

}  // namespace

TEST_CASE("large trees: a chain of 3 000 splits, one below the other, is exact at every threshold") {
  const Tree tree = chain(3000);
  CHECK(inputs_around(tree).size() == std::size_t{3} * 4000);
  check_exact(tree, "chain");
}

TEST_CASE("large trees: a tree of 70 000 splits is exact at every threshold") {
  const Tree tree = wide(70'000);
  CHECK(inputs_around(tree).size() == std::size_t{3} * 70'000);
  check_exact(tree, "wide");
}
