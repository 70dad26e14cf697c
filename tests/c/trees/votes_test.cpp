#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/support/header_run.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;

namespace {

enum class Words { wide, small };

/// The header as it is, or as AVR compiles it.
std::string header_of(const model::Model& model, const c::EmitConfig& config, Words words) {
  std::string text = c::emit_header(model, config).bytes;
  const std::string_view guard = "#if defined(__AVR__) /* registers of 8 bits */";
  const std::size_t at = text.find(guard);
  if (words == Words::small && at != std::string::npos) text.replace(at, guard.size(), "#if 1");
  return text;
}

/// Votes are integers, so nothing is left to rounding: ties are decided alike too. Returns how many there were.
std::size_t check_votes(const model::Model& model, const test::Rows& inputs, std::string_view standard, Words words,
                        c::Fpu fpu = c::Fpu::automatic) {
  const c::EmitConfig config{.name = "m",
                             .language = standard == "c++17" ? c::Language::cpp : c::Language::c,
                             .layout = c::TreeLayout::inline_code,
                             .fpu = fpu};
  const test::Answers found = test::run_header(header_of(model, config, words), model, config, inputs, standard);
  std::size_t n_ties = 0, n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    std::vector<double> expected = model::predict(model, inputs[row]);
    if (model::decide(model.output, expected) != found.classes[row]) ++n_wrong;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (found.outputs[row][i] != doctest::Approx(expected[i]).epsilon(1e-6)) ++n_wrong;
    }
    std::sort(expected.rbegin(), expected.rend());
    if (expected[0] == expected[1]) ++n_ties;
  }
  CHECK(n_wrong == 0);
  return n_ties;
}

}  // namespace

TEST_CASE("votes: every number of trees and classes, ties included, in words of both sizes") {
  const std::string_view standards[] = {"c99", "c++11", "c++17"};
  std::uint32_t seed = 0;
  std::size_t n_ties = 0;
  for (const int n_trees : {1, 2, 3, 4, 7, 8, 10, 14, 15, 16, 17, 40, 255, 256}) {
    for (const int n_classes : {2, 3, 9, 40}) {
      if (n_trees > 40 && n_classes == 9) continue;
      CAPTURE(n_trees);
      CAPTURE(n_classes);
      model::Model model = random_trees::make_forest({.seed = ++seed,
                                                      .n_trees = n_trees,
                                                      .n_splits = 5,
                                                      .n_features = 7,
                                                      .n_outputs = n_classes,
                                                      .n_rows = 2 * n_classes,
                                                      .type = model::NumberType::uint8,
                                                      .rows = random_trees::Rows::one_hot});
      const test::Rows inputs = random_trees::make_inputs(model, 2000, false);
      const Words words = seed % 2 == 0 ? Words::small : Words::wide;
      n_ties += check_votes(model, inputs, standards[seed % 3], words);
    }
  }
  CHECK(n_ties > 1000);
}

TEST_CASE("votes: a tie of two halves goes to the smaller class, whichever comes first") {
  // Each tree asks one feature for one of two classes, so that inputs reach every share of the votes in every order.
  for (const auto& [first, second] : {std::pair(1, 3), std::pair(3, 1), std::pair(0, 9), std::pair(9, 8)}) {
    model::Model model = random_trees::make_forest(
        {.n_trees = 8, .n_splits = 0, .n_features = 8, .n_outputs = 10, .rows = random_trees::Rows::one_hot});
    auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
    ensemble.leaf_values.assign(20, 0.0);
    ensemble.leaf_values[static_cast<std::size_t>(first)] = 1.0;
    ensemble.leaf_values[static_cast<std::size_t>(10 + second)] = 1.0;
    for (std::int32_t tree = 0; tree < 8; ++tree) {
      const model::Split split{.feature = tree, .threshold = 0.5, .left = 1, .right = 2, .default_child = 2};
      ensemble.trees[static_cast<std::size_t>(tree)].nodes = {split, model::Leaf{0}, model::Leaf{1}};
    }
    test::Rows inputs;
    for (unsigned bits = 0; bits < 256; ++bits) {
      inputs.emplace_back();
      for (unsigned tree = 0; tree < 8; ++tree) inputs.back().push_back(bits >> tree & 1U);
    }
    for (const Words words : {Words::wide, Words::small}) {
      CHECK(check_votes(model, inputs, "c99", words, c::Fpu::no) == 70);
    }
  }
}

TEST_CASE("votes: missing values, shared subtrees, lone leaves, far features") {
  for (const auto missing : {random_trees::Missing::some_left, random_trees::Missing::all_left}) {
    const model::Model model = random_trees::make_forest({.seed = 4,
                                                          .n_trees = 6,
                                                          .n_features = 150,
                                                          .n_outputs = 4,
                                                          .rows = random_trees::Rows::one_hot,
                                                          .missing = missing});
    const test::Rows inputs = random_trees::make_inputs(model, 500, true);
    for (const c::Fpu fpu : {c::Fpu::yes, c::Fpu::no}) check_votes(model, inputs, "c99", Words::wide, fpu);
  }
  model::Model model = random_trees::make_forest({.seed = 5, .n_trees = 3, .rows = random_trees::Rows::one_hot});
  auto& trees = std::get<model::TreeEnsemble>(model.predictor).trees;
  trees[1].nodes = {model::Leaf{0}};
  trees[2] = {.nodes = {model::Split{.feature = 0, .threshold = 1.0, .left = 1, .right = 2, .default_child = 2},
                        model::Split{.feature = 1, .threshold = 2.0, .left = 3, .right = 4, .default_child = 3},
                        model::Split{.feature = 2, .threshold = 3.0, .left = 3, .right = 4, .default_child = 4},
                        model::Split{.feature = 3, .threshold = 4.0, .left = 4, .right = 5, .default_child = 5},
                        model::Leaf{1}, model::Leaf{2}}};
  check_votes(model, random_trees::make_inputs(model, 500, true), "c++11", Words::wide);
  for (model::Tree& tree : trees) tree.nodes = {model::Leaf{0}};
  check_votes(model, random_trees::make_inputs(model, 5, false), "c99", Words::wide);
}

TEST_CASE("votes: digits_rf10 with hard votes, on its test set and around its thresholds") {
  model::Model model = test::read_model("digits_rf10");
  passes::run_passes(model, {.voting = passes::Voting::hard});
  test::Rows inputs = test::read_rows("digits_rf10", "X_test.csv");
  for (const auto& x : model::boundary_inputs(model, 3000)) inputs.push_back(x);
  CHECK(check_votes(model, inputs, "c99", Words::wide) > 100);
  CHECK(check_votes(model, inputs, "c++17", Words::small) > 100);
}
