#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/support/header_run.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;

namespace {

model::Model compiled_model(std::string_view name) {
  model::Model model = test::read_model(name);
  passes::run_passes(model, {});
  return model;
}

struct Form {
  c::TreeLayout layout;
  c::TableEncoding encoding = c::TableEncoding::automatic;
};

constexpr Form forms[] = {{c::TreeLayout::inline_code},
                          {c::TreeLayout::table, c::TableEncoding::bytes},
                          {c::TreeLayout::table, c::TableEncoding::scan},
                          {c::TreeLayout::table, c::TableEncoding::jumps},
                          {c::TreeLayout::table, c::TableEncoding::links},
                          {c::TreeLayout::table, c::TableEncoding::perfect}};

test::Answers run(const model::Model& model, const test::Rows& inputs, const Form& form,
                  std::string_view standard = "c99") {
  const bool is_cpp17 = standard == "c++17";
  const c::EmitConfig config{.name = "m",
                             .language = is_cpp17 ? c::Language::cpp : c::Language::c,
                             .layout = form.layout,
                             .encoding = form.encoding};
  return test::run_header(c::emit_header(model, config).bytes, model, config, inputs, standard);
}

/// The decisions are those of the interpreter, and the outputs are near. A row whose two largest outputs are closer
/// than float32 sums can tell is left out of the decisions.
void check_like_interpreter(const model::Model& model, const test::Rows& inputs, const test::Answers& found) {
  REQUIRE(found.outputs.size() == inputs.size());
  std::size_t n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> expected = model::predict(model, inputs[row]);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!(std::abs(found.outputs[row][i] - expected[i]) <= 2e-5 * std::max(1.0, std::abs(expected[i])))) ++n_wrong;
    }
    std::vector<double> sorted = expected;
    std::sort(sorted.rbegin(), sorted.rend());
    const bool is_close = sorted.size() > 1 && sorted[0] - sorted[1] < 1e-5;
    if (!is_close && model::decide(model.output, expected) != found.classes[row]) ++n_wrong;
  }
  CHECK(n_wrong == 0);
}

}  // namespace

TEST_CASE("trees in C: every classifier gives the trainer's label to every row of its test set") {
  for (const std::string_view name : {"digits_rf10", "cancer_rf", "cancer_rf_i16", "iris_dt", "cancer_gbc"}) {
    const model::Model model = compiled_model(name);
    const test::Rows inputs = test::read_rows(name, "X_test.csv");
    const test::Rows labels = test::read_rows(name, "y_pred.csv");
    for (const Form& form : forms) {
      CAPTURE(name);
      CAPTURE(static_cast<int>(form.layout));
      CAPTURE(static_cast<int>(form.encoding));
      const test::Answers found = run(model, inputs, form);
      std::size_t n_equal = 0;
      for (std::size_t row = 0; row < inputs.size(); ++row)
        n_equal += found.classes[row][0] == labels[row][0] ? 1U : 0U;
      CHECK(n_equal == labels.size());
    }
  }
}

TEST_CASE("trees in C: the regressor is within 1e-4 of the trainer's numbers") {
  const model::Model model = compiled_model("diabetes_rfr");
  const test::Rows inputs = test::read_rows("diabetes_rfr", "X_test.csv");
  const test::Rows numbers = test::read_rows("diabetes_rfr", "y_pred.csv");
  for (const Form& form : forms) {
    const test::Answers found = run(model, inputs, form);
    double largest = 0.0;
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      largest = std::max(largest, std::abs(found.outputs[row][0] / numbers[row][0] - 1.0));
    }
    CHECK(largest <= 1e-4);
  }
}

TEST_CASE("trees in C: at, below and above thresholds the headers answer like the interpreter") {
  for (const std::string_view name : {"digits_rf10", "cancer_rf_i16", "cancer_gbc"}) {
    const model::Model model = compiled_model(name);
    const test::Rows inputs = model::boundary_inputs(model, 3000);
    for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
  }
}

TEST_CASE("trees in C: forests of every feature type and leaf kind, as C99, C++11 and C++17") {
  using enum model::NumberType;
  using random_trees::Rows;
  const std::string_view standards[] = {"c99", "c++11", "c++17"};
  std::uint32_t seed = 0;
  constexpr Rows all_rows[] = {Rows::one_hot, Rows::shares, Rows::floats, Rows::one_column};
  for (const model::NumberType type : {float32, float64, uint8, int8, int16, int32}) {
    for (const Rows rows : {all_rows[seed % 4], all_rows[(seed + 1) % 4]}) {
      const model::Model model = random_trees::make_forest({.seed = ++seed,
                                                            .n_trees = 4,
                                                            .n_splits = 30,
                                                            .n_rows = seed % 2 == 0 ? 300 : 9,
                                                            .type = type,
                                                            .rows = rows});
      const test::Rows inputs = random_trees::make_inputs(model, 200, false);
      for (const Form& form : forms) {
        CAPTURE(model::info(type).name);
        CAPTURE(static_cast<int>(rows));
        CAPTURE(static_cast<int>(form.layout));
        CAPTURE(static_cast<int>(form.encoding));
        check_like_interpreter(model, inputs, run(model, inputs, form, standards[seed % 3]));
      }
    }
  }
}

TEST_CASE("trees in C: features below zero, a single feature, many classes, more rows than a byte can number") {
  using random_trees::Rows;
  for (const random_trees::Plan& plan :
       {random_trees::Plan{.seed = 21, .n_features = 1, .type = model::NumberType::int16, .rows = Rows::one_hot},
        random_trees::Plan{.seed = 22, .n_features = 300, .n_outputs = 40, .rows = Rows::one_hot},
        random_trees::Plan{.seed = 23, .n_trees = 9, .n_splits = 120, .n_rows = 1000, .type = model::NumberType::int8},
        random_trees::Plan{.seed = 24, .n_trees = 40, .n_splits = 7, .n_outputs = 1, .n_rows = 300}}) {
    const model::Model model = random_trees::make_forest(plan);
    const test::Rows inputs = random_trees::make_inputs(model, 200, false);
    for (const Form& form : forms) {
      CAPTURE(plan.seed);
      CAPTURE(static_cast<int>(form.encoding));
      check_like_interpreter(model, inputs, run(model, inputs, form));
    }
  }
}

TEST_CASE("trees in C: shares as moves, in a column and in several") {
  for (const std::size_t largest_n : {7U, 800U}) {
    const model::Model model = random_trees::make_shares(
        {.seed = 31, .n_trees = 8, .n_splits = 400, .n_outputs = 5, .n_rows = 900}, largest_n);
    const test::Rows inputs = random_trees::make_inputs(model, 300, false);
    for (const Form& form : forms) {
      CAPTURE(largest_n);
      CAPTURE(static_cast<int>(form.encoding));
      check_like_interpreter(model, inputs, run(model, inputs, form));
    }
  }
}

TEST_CASE("trees in C: missing values, lone leaves, infinite thresholds") {
  using random_trees::Missing;
  using enum model::NumberType;
  for (const auto& [type, missing] : {std::pair(float32, Missing::some_left), std::pair(float32, Missing::all_left),
                                      std::pair(float64, Missing::some_left), std::pair(float64, Missing::all_left)}) {
    model::Model model = random_trees::make_forest({.seed = 9, .type = type, .missing = missing});
    auto& nodes = std::get<model::TreeEnsemble>(model.predictor).trees[0].nodes;
    std::get<model::Split>(nodes[0]).threshold = HUGE_VAL;
    const test::Rows inputs = random_trees::make_inputs(model, 200, true);
    for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
    for (model::TreeNode& node : nodes) {
      if (auto* split = std::get_if<model::Split>(&node)) split->threshold = -HUGE_VAL;
    }
    for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
  }
  for (const int n_splits : {0, 1}) {
    const model::Model model = random_trees::make_forest({.n_trees = 2, .n_splits = n_splits});
    const test::Rows inputs = random_trees::make_inputs(model, 20, false);
    for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
  }
}

TEST_CASE("trees in C: two shares that make 1, near a half, anywhere, and below 0 or above 1") {
  for (const double reach : {0.001, 0.5, 1.2}) {
    model::Model model = random_trees::make_forest({.seed = 5, .n_outputs = 2, .n_rows = 40});
    auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
    for (std::size_t row = 0; row < 40; ++row) {
      const double share = 0.5 + reach * std::sin(static_cast<double>(7 * row + 1));
      ensemble.leaf_values[2 * row] = 1.0 - share;
      ensemble.leaf_values[2 * row + 1] = share;
    }
    const test::Rows inputs = random_trees::make_inputs(model, 300, false);
    for (const Form& form : forms) {
      for (const std::string_view standard : {"c99", "c++11", "c++17"}) {
        CAPTURE(reach);
        CAPTURE(static_cast<int>(form.encoding));
        check_like_interpreter(model, inputs, run(model, inputs, form, standard));
      }
    }
  }
}

TEST_CASE("trees in C: splits that part nothing but missing values or infinities from the rest, in every encoding") {
  using random_trees::Missing;
  constexpr double thresholds[] = {HUGE_VAL, -HUGE_VAL, 0.5, std::numeric_limits<float>::lowest()};
  for (const Missing missing : {Missing::none, Missing::some_left, Missing::all_left}) {
    model::Model model = random_trees::make_forest({.seed = 9, .n_features = 3, .missing = missing});
    std::size_t n_splits = 0;
    for (model::Tree& tree : std::get<model::TreeEnsemble>(model.predictor).trees) {
      for (model::TreeNode& node : tree.nodes) {
        if (auto* split = std::get_if<model::Split>(&node)) split->threshold = thresholds[n_splits++ % 4];
      }
    }
    test::Rows inputs = random_trees::make_inputs(model, 100, true);
    const double values[] = {HUGE_VAL, -HUGE_VAL, std::nan(""), 0.0, std::numeric_limits<float>::max()};
    for (const double a : values) {
      for (const double b : values) inputs.push_back({a, b, 1.0});
    }
    for (const Form& form : forms) {
      for (const std::string_view standard : {"c99", "c++17"}) {
        CAPTURE(static_cast<int>(missing));
        CAPTURE(static_cast<int>(form.encoding));
        check_like_interpreter(model, inputs, run(model, inputs, form, standard));
      }
    }
  }
}

TEST_CASE("trees in C: a chain 3000 deep and shared subtrees compile and answer") {
  for (const model::Model& model :
       {random_trees::make_chain(3000, model::NumberType::float32), random_trees::make_lattice(20)}) {
    const test::Rows inputs = random_trees::make_inputs(model, 200, false);
    for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
  }
}

TEST_CASE("trees in C: base scores, divisor and scale take part, whatever the sums are made of") {
  for (const auto rows : {random_trees::Rows::one_hot, random_trees::Rows::shares, random_trees::Rows::floats}) {
    for (const model::BaseScoreAt when : {model::BaseScoreAt::start, model::BaseScoreAt::end}) {
      model::Model model = random_trees::make_forest({.rows = rows});
      auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
      ensemble.base_score = {0.5, -0.25, 3.0};
      ensemble.base_score_at = when;
      ensemble.divisor = 4.0;
      ensemble.scale = 0.125;
      const test::Rows inputs = random_trees::make_inputs(model, 50, false);
      for (const Form& form : forms) check_like_interpreter(model, inputs, run(model, inputs, form));
    }
  }
}

TEST_CASE("trees in C: a number made without an FPU has the bits of one made with it") {
  using enum c::Fpu;
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U}) {
    model::Model model = random_trees::make_forest({.seed = seed, .n_outputs = 1, .n_rows = 60});
    auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
    ensemble.base_score = {seed % 2 == 0 ? 0.0 : -3.7};
    ensemble.divisor = seed;
    ensemble.scale = seed == 3 ? 1e-6 : 1.0;
    if (seed == 4) {  // nothing below zero
      for (double& value : ensemble.leaf_values) value = std::abs(value);
    }
    const test::Rows inputs = random_trees::make_inputs(model, 300, false);
    std::vector<test::Answers> found;
    for (const c::Fpu fpu : {yes, no}) {
      const c::EmitConfig config{.name = "m", .layout = c::TreeLayout::table, .fpu = fpu};
      const std::string header = c::emit_header(model, config).bytes;
      CHECK(header.find("m_number_") != std::string::npos);
      found.push_back(test::run_header(header, model, config, inputs));
      check_like_interpreter(model, inputs, found.back());
    }
    CHECK(found[0].outputs == found[1].outputs);
  }
}

TEST_CASE("trees in C: the encodings of a table hold what they say they hold") {
  const auto size_of = [](const model::Model& model, c::TableEncoding encoding) {
    const c::EmitConfig config{.name = "m", .layout = c::TreeLayout::table, .encoding = encoding};
    return layout::flash(c::emit_header(model, config));
  };
  using enum c::TableEncoding;
  // A table without jumps cannot share subtrees or send NaN here and there: the byte table takes over.
  const model::Model lattice = random_trees::make_lattice(20);
  CHECK(size_of(lattice, scan) == size_of(lattice, bytes));
  const model::Model missing = random_trees::make_forest({.missing = random_trees::Missing::some_left});
  CHECK(size_of(missing, scan) == size_of(missing, bytes));
  CHECK(size_of(missing, links) == size_of(missing, bytes));
  const model::Model digits = compiled_model("digits_rf10");
  CHECK(size_of(digits, links) < 6000);
  CHECK(size_of(digits, links) < size_of(digits, bytes) / 2);
}
