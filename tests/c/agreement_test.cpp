// Hand-made models: emitted, compiled, run, and compared with the interpreter.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "codegen/model/check.hpp"
#include "codegen/model/predict.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using model::Activation;
using model::DecisionRule;
using model::NumberType;
using model::PostTransformKind;
using test::Rows;

namespace {

constexpr std::array optimizations = {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed};

/// A network of the given widths with weights in [-1, 1], regression with several outputs.
model::Model network(const std::vector<std::int32_t>& widths, Activation hidden, Activation last) {
  std::mt19937 random(7);
  const auto weight = [&] { return static_cast<double>(random()) / 2147483648.0 - 1.0; };
  model::DenseNetwork dense;
  for (std::size_t index = 0; index + 1 < widths.size(); ++index) {
    model::DenseLayer layer{.n_in = widths[index], .n_out = widths[index + 1]};
    for (std::int32_t i = 0; i < layer.n_in * layer.n_out; ++i) layer.weights.push_back(weight());
    for (std::int32_t i = 0; i < layer.n_out; ++i) layer.bias.push_back(weight());
    layer.activation = index + 2 == widths.size() ? last : hidden;
    if (layer.activation == Activation::leaky_relu) layer.alpha = 0.125;
    if (layer.activation == Activation::elu) layer.alpha = 1.5;
    dense.layers.push_back(layer);
  }
  model::Model result;
  result.input.n_features = widths.front();
  result.output.n_outputs = widths.back();
  for (std::int32_t i = 0; i < widths.back(); ++i) result.output.targets.push_back({});
  result.predictor = dense;
  return result;
}

/// Passes its features on, so that only what follows is under test.
model::Model pass_on(std::int32_t n) {
  model::Model result = network({n, n}, Activation::identity, Activation::identity);
  auto& layer = std::get<model::DenseNetwork>(result.predictor).layers[0];
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    layer.weights[i] = i % static_cast<std::size_t>(n + 1) == 0 ? 1.0 : 0.0;
  }
  layer.bias.assign(static_cast<std::size_t>(n), 0.0);
  return result;
}

Rows random_rows(std::size_t n_rows, std::int32_t n_features, double scale, NumberType type = NumberType::float32) {
  std::mt19937 random(11);
  Rows rows(n_rows, std::vector<double>(static_cast<std::size_t>(n_features)));
  for (auto& row : rows) {
    for (double& value : row) {
      value = scale * (static_cast<double>(random()) / 2147483648.0 - 1.0);
      value = model::info(type).is_integer ? std::round(value) : model::round_to(type, value);
    }
  }
  return rows;
}

test::Answers answers(const model::Model& model, const Rows& inputs, c::EmitConfig config = {},
                      std::string_view standard = "c99") {
  model::check(model, "hand-made");
  config.name = "m";
  return test::run_header(c::emit_header(model, config).bytes, model, config, inputs, standard);
}

Rows expected_outputs(const model::Model& model, const Rows& inputs) {
  Rows rows;
  for (const auto& x : inputs) rows.push_back(model::predict(model, x));
  return rows;
}

void check_classes(const model::Model& model, const Rows& inputs, const test::Answers& found) {
  REQUIRE(found.classes.size() == inputs.size());
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    CAPTURE(row);
    CAPTURE(inputs[row][0]);
    CHECK(found.classes[row] == model::decide(model.output, model::predict(model, inputs[row])));
  }
}

}  // namespace

TEST_CASE("header: every activation, inside a network and at its end, in every plan") {
  std::size_t turn = 0;
  for (const Activation activation :
       {Activation::identity, Activation::relu, Activation::relu6, Activation::leaky_relu, Activation::tanh,
        Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu}) {
    CAPTURE(model::name(activation));
    const model::Model model = network({6, 10, 3}, activation, activation);
    const Rows inputs = random_rows(50, 6, 5.0);
    const c::EmitConfig config{.optimize = optimizations[turn++ % optimizations.size()]};
    CHECK(test::largest_difference(answers(model, inputs, config).outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: layers whose sizes are no multiple of a block, odd and even") {
  for (const auto& widths : {std::vector<std::int32_t>{1, 1}, {3, 17, 9, 2}, {2, 8, 16, 10}}) {
    CAPTURE(widths.size());
    const model::Model model = network(widths, Activation::relu, Activation::identity);
    const Rows inputs = random_rows(20, widths.front(), 2.0);
    for (const c::Optimize optimize : optimizations) {
      const Rows found = answers(model, inputs, {.optimize = optimize}).outputs;
      CHECK(test::largest_difference(found, expected_outputs(model, inputs)) < 1e-5);
    }
  }
}

TEST_CASE("header: with the runtime's code, in both languages") {
  const model::Model dense = network({3, 17, 9, 2}, Activation::relu, Activation::elu);
  const Rows inputs = random_rows(20, 3, 2.0);
  model::Model filter;
  filter.input.n_features = 1;
  filter.output = {.task = model::Task::filter, .n_outputs = 1};
  filter.predictor = model::SosCascade{.sections = {{.b0 = 0.5, .b1 = 0.25, .a0 = 2.0, .a1 = -0.5, .a2 = 0.25}},
                                       .sample_rate = 8000.0,
                                       .initial_state = {{0.5, -0.25}}};
  const Rows signals = {{1.0, -1.0, 0.5, 0.25, 2.0, 0.0, 0.0, 0.0, 1.0, 3.0}};
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const c::EmitConfig config{.language = language, .use_runtime = true};
    const std::string_view standard = language == c::Language::c ? "c99" : "c++17";
    CHECK(test::largest_difference(answers(dense, inputs, config, standard).outputs, expected_outputs(dense, inputs)) <
          1e-5);
    CHECK(test::largest_difference(answers(filter, signals, config, standard).outputs,
                                   expected_outputs(filter, signals)) < 1e-6);
  }
}

TEST_CASE("header: saturated activations keep their limits") {
  for (const Activation activation :
       {Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu, Activation::tanh}) {
    CAPTURE(model::name(activation));
    model::Model model = pass_on(2);
    std::get<model::DenseNetwork>(model.predictor).layers[0].activation = activation;
    if (activation == Activation::elu) std::get<model::DenseNetwork>(model.predictor).layers[0].alpha = 1.0;
    const Rows inputs = {{1000.0, -1000.0}, {-20.0, 20.0}, {0.0, -0.0}, {1e-6, -1e-6}, {-17.5, -16.5}};
    const Rows found = answers(model, inputs).outputs;
    const Rows expected = expected_outputs(model, inputs);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      for (std::size_t i = 0; i < 2; ++i) {
        CAPTURE(inputs[row][i]);
        CHECK(std::abs(found[row][i] - expected[row][i]) <= 1e-6 * std::abs(expected[row][i]) + 1e-30);
      }
    }
  }
}

TEST_CASE("header: every post-transform, with a scale or without") {
  using Kind = PostTransformKind;
  const std::vector<model::PostTransform> transforms = {{.kind = Kind::identity, .scale = -0.75},
                                                        {.kind = Kind::sigmoid},
                                                        {.kind = Kind::softmax},
                                                        {.kind = Kind::softmax, .scale = -2.0},
                                                        {.kind = Kind::exp, .scale = 0.5},
                                                        {.kind = Kind::hinge},
                                                        {.kind = Kind::signed_square},
                                                        {.kind = Kind::log1p_exp},
                                                        {.kind = Kind::normalize},
                                                        {.kind = Kind::isolation, .denominator = 7.5, .offset = -0.5}};
  for (const model::PostTransform& transform : transforms) {
    CAPTURE(model::name(transform.kind));
    CAPTURE(transform.scale);
    model::Model model = pass_on(3);
    std::get<model::DenseNetwork>(model.predictor).post_transform = transform;
    Rows inputs = random_rows(40, 3, 3.0);
    if (transform.kind == Kind::normalize) {
      for (auto& row : inputs) {
        for (double& value : row) value = std::abs(value) + 0.25;
      }
    }
    CHECK(test::largest_difference(answers(model, inputs).outputs, expected_outputs(model, inputs)) < 2e-6);
  }
}

TEST_CASE("header: a threshold after a post-transform decides like the interpreter around the exact place") {
  for (const DecisionRule rule : {DecisionRule::greater, DecisionRule::greater_equal}) {
    for (const double threshold : {0.5, 0.2}) {
      model::Model model = pass_on(1);
      model.output.rule = rule;
      model.output.threshold = threshold;
      model.output.task = model::Task::classification;
      std::get<model::DenseNetwork>(model.predictor).post_transform.kind = PostTransformKind::sigmoid;
      Rows inputs = {{-1e-17}, {1e-17}, {-1e-16}, {1e-16}, {-2e-16}, {2e-16}, {0.0}, {1.0}, {-1.0}, {100.0}};
      for (double x = -1.3863; x < -1.3862; x += 1e-6) inputs.push_back({model::round_to(NumberType::float32, x)});
      check_classes(model, inputs, answers(model, inputs));
    }
  }
}

TEST_CASE("header: the score of two classes as two probabilities") {
  model::Model model = pass_on(1);
  model.output.rule = DecisionRule::greater;
  model.output.threshold = 0.5;
  std::get<model::DenseNetwork>(model.predictor).post_transform.kind = PostTransformKind::sigmoid;
  const std::string header = c::emit_header(model, {.name = "m"}).bytes;
  const std::string hpp = c::emit_header(model, {.name = "n", .language = c::Language::cpp}).bytes;
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\n#include \"n.hpp\"\n"
      "int main() {\n"
      "  const float x[1] = {1.5f};\n"
      "  float proba[M_N_CLASSES];\n"
      "  m_predict_proba(x, proba);\n"
      "  const std::array<float, n::n_classes> same = n::predict_proba({1.5f});\n"
      "  printf(\"%.6f %.6f %.6f %d\", (double)proba[0], (double)proba[1], (double)m_score(x),\n"
      "         same[0] == proba[0] && same[1] == proba[1]);\n"
      "}\n";
  const test::Program program("c++17", {{"m.h", header}, {"n.hpp", hpp}, {"main.cpp", main}});
  CHECK(program.run("") == "0.182426 0.817574 0.817574 1");  // 1 / (1 + exp(-1.5)) = 0.817574
}

TEST_CASE("header: names of classes and features, in both languages") {
  model::Model model = network({2, 5}, Activation::identity, Activation::identity);
  model.input.feature_names = {"petal width (cm)", "x"};
  model.output.targets = {{.name = "a", .size = 2, .class_names = {"no", "\xc3\xa9t\xc3\xa9?"}},
                          {.name = "b", .size = 3}};
  model.output.rule = DecisionRule::argmax;
  const std::string header = c::emit_header(model, {.name = "m"}).bytes;
  const std::string hpp = c::emit_header(model, {.name = "n", .language = c::Language::cpp}).bytes;
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\n#include \"n.hpp\"\n"
      "int main() {\n"
      "  printf(\"%s %s %s %d %d %d \", m_class_name(0, 0), m_class_name(0, 1), m_class_name(1, 2),\n"
      "         m_class_name(0, 2) == NULL, m_class_name(2, 0) == NULL, m_class_name(1, -1) == NULL);\n"
      "  printf(\"%d %d %s\", (int)M_FEATURE_PETAL_WIDTH_CM, (int)n::feature_x, n::class_names[4].data());\n"
      "}\n";
  const test::Program program("c++17", {{"m.h", header}, {"n.hpp", hpp}, {"main.cpp", main}});
  CHECK(program.run("") == "no \xc3\xa9t\xc3\xa9? 2 1 1 1 0 1 2");
}

TEST_CASE("header: the state of a filter is reset to silence, initialised to the model's") {
  model::Model model;
  model.input.n_features = 1;
  model.output = {.task = model::Task::filter, .n_outputs = 1};
  model.predictor =
      model::SosCascade{.sections = {{.b0 = 2.0}}, .sample_rate = 44100.0, .initial_state = {{0.5, 0.25}}};
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\n"
      "int main(void) {\n"
      "  const float x[2] = {1.0f, 10.0f};\n"
      "  float y[2];\n"
      "  m_state state;\n"
      "  m_init(&state);\n"
      "  m_filter(&state, x, y, 0);\n"
      "  m_filter(&state, x, y, 2);\n"
      "  printf(\"%g %g \", (double)y[0], (double)y[1]);\n"
      "  m_reset(&state);\n"
      "  m_filter(&state, x, y, 2);\n"
      "  printf(\"%g %g %g %d\", (double)y[0], (double)y[1], (double)M_SAMPLE_RATE, M_N_SECTIONS);\n"
      "  return 0;\n"
      "}\n";
  const test::Program program("c99", {{"m.h", c::emit_header(model, {.name = "m"}).bytes}, {"main.c", main}});
  CHECK(program.run("") == "2.5 20.25 2 20 44100 1");
}

TEST_CASE("header: two files of one program may include it, and two models one file") {
  const model::Model one = pass_on(1), two = network({2, 3}, Activation::identity, Activation::identity);
  const std::string first = c::emit_header(one, {.name = "one"}).bytes;
  const std::string second = c::emit_header(two, {.name = "two"}).bytes;
  const std::string other =
      "#include \"one.h\"\nfloat twice(float x);\nfloat twice(float x) { return 2.0f * one_predict(&x); }\n";
  const std::string main =
      "#include <stdio.h>\n#include \"one.h\"\n#include \"two.h\"\n#include \"one.h\"\nfloat twice(float x);\n"
      "int main(void) { const float x = 3.0f; printf(\"%g %g\", (double)one_predict(&x), (double)twice(x)); return 0; "
      "}\n";
  const test::Program program("c99", {{"one.h", first}, {"two.h", second}, {"other.c", other}, {"main.c", main}});
  CHECK(program.run("") == "3 6");
}

TEST_CASE("header: argmax takes the first of equal outputs, on raw columns and after a transform") {
  for (const PostTransformKind kind : {PostTransformKind::softmax, PostTransformKind::hinge}) {
    model::Model model = pass_on(3);
    model.output.targets = {{.name = "a", .size = 3, .class_names = {"x", "y", "z"}}};
    model.output.rule = DecisionRule::argmax;
    std::get<model::DenseNetwork>(model.predictor).post_transform.kind = kind;
    const Rows inputs = {{1, 1, 1}, {0, 2, 2}, {-1, -1, 3}, {5, 1, 5}, {-3, -2, -1}};
    check_classes(model, inputs, answers(model, inputs));
    check_classes(model, inputs, answers(model, inputs, {.language = c::Language::cpp}, "c++17"));
  }
}

TEST_CASE("header: several targets, each with its classes") {
  model::Model model = network({4, 5}, Activation::identity, Activation::identity);
  model.output.targets = {{.name = "a", .size = 2, .class_names = {"no", "yes"}}, {.name = "b", .size = 3}};
  model.output.rule = DecisionRule::argmax;
  const Rows inputs = random_rows(30, 4, 2.0);
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const auto found = answers(model, inputs, {.language = language}, language == c::Language::c ? "c99" : "c++17");
    check_classes(model, inputs, found);
    CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: several labels, each compared with the threshold") {
  model::Model model = network({4, 3}, Activation::identity, Activation::logistic);
  model.output.rule = DecisionRule::greater;
  model.output.threshold = 0.5;
  const Rows inputs = random_rows(30, 4, 2.0);
  const auto found = answers(model, inputs);
  check_classes(model, inputs, found);
  CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
}

TEST_CASE("header: a threshold after a transform over all columns is compared with what was computed") {
  model::Model model = network({4, 3}, Activation::identity, Activation::softmax);
  model.output.rule = DecisionRule::greater_equal;
  model.output.threshold = 0.4;
  const Rows inputs = random_rows(40, 4, 1.0);
  check_classes(model, inputs, answers(model, inputs));
}

TEST_CASE("header: features of every type reach the network as they are") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16, NumberType::int32}) {
    CAPTURE(model::info(type).name);
    model::Model model = network({3, 4, 2}, Activation::tanh, Activation::identity);
    model.input.type = type;
    auto& layer = std::get<model::DenseNetwork>(model.predictor).layers[0];
    const model::NumberTypeInfo& range = model::info(type);
    for (double& weight : layer.weights) weight /= range.highest;
    Rows inputs = {{range.lowest, 0.0, range.highest}, {range.highest, range.highest, range.lowest}};
    for (const auto& row : random_rows(20, 3, range.highest, type)) {
      inputs.push_back(row);
      for (double& value : inputs.back()) value = std::max(value, range.lowest);
    }
    CHECK(test::largest_difference(answers(model, inputs).outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: scalers that are left in the model run before the network") {
  model::Model model = network({3, 4, 2}, Activation::relu, Activation::identity);
  model.input.type = NumberType::int16;
  model.scalers.push_back({.offset = {100.0, 200.0, -300.0}, .scale = {50.0, 60.0, 70.0}, .clip = {{-2.0, 2.0}}});
  model.scalers.push_back({.op = model::ScalerOp::multiply_add, .offset = {0.5, 0.5, 0.5}, .scale = {2.0, 3.0, 4.0}});
  const Rows inputs = random_rows(40, 3, 400.0, NumberType::int16);
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const auto found = answers(model, inputs, {.language = language}, language == c::Language::c ? "c99" : "c++17");
    CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: a model of scalers transforms its features, a missing one stays missing") {
  model::Model model;
  model.input.n_features = 2;
  model.output = {.task = model::Task::transform, .n_outputs = 2, .targets = {{}, {}}};
  model.scalers.push_back({.offset = {1e6, -3.0}, .scale = {0.1, 7.0}, .clip = {{-10.0, 10.0}}});
  const Rows inputs = {{1e6, 4.0}, {1000000.25, 100.0}, {999999.5, -100.0}, {0.0, -3.0}};
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const auto found = answers(model, inputs, {.language = language}, language == c::Language::c ? "c99" : "c++17");
    CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-6);
  }
  const Rows missing = {{std::numeric_limits<double>::quiet_NaN(), 4.0}};
  const Rows found = answers(model, missing).outputs;
  CHECK(std::isnan(found[0][0]));
  CHECK(found[0][1] == 1.0);
}

TEST_CASE("header: a filter starts from the state of the model and is normalised by a0") {
  model::Model model;
  model.input.n_features = 1;
  model.output = {.task = model::Task::filter, .n_outputs = 1};
  model.predictor = model::SosCascade{
      .sections = {{.b0 = 0.5, .b1 = 0.25, .b2 = 0.125, .a0 = 2.0, .a1 = -0.5, .a2 = 0.25}, {.b0 = 3.0, .a0 = -4.0}},
      .sample_rate = {},
      .initial_state = {{0.5, -0.25}, {0.125, 1.0}}};
  const Rows signals = {{1.0}, {1.0, -1.0, 0.5, 0.25, 2.0, 0.0, 0.0, 0.0, 1.0, 3.0}};
  for (const c::Optimize optimize : optimizations) {
    const Rows found = answers(model, signals, {.optimize = optimize}).outputs;
    CHECK(test::largest_difference(found, expected_outputs(model, signals)) < 1e-6);
  }
  CHECK(test::largest_difference(answers(model, signals, {.language = c::Language::cpp}, "c++17").outputs,
                                 expected_outputs(model, signals)) < 1e-6);
}
