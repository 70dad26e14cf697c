#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "codegen/model/predict/predict.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/reference.hpp"

using namespace hand_made;

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

TEST_CASE("header: a second, different header of one name stops the compiler, the same one once more does not") {
  using c::Language;
  for (const Language language : {Language::c, Language::cpp}) {
    const c::EmitConfig config{.name = "m", .language = language};
    const std::string first = c::emit_header(pass_on(1), config).bytes;
    const std::string second = c::emit_header(pass_on(2), config).bytes;
    const auto compile = [&](const std::string& other) {
      const std::string main = "#include \"m.h\"\n#include \"other.h\"\nint main(void) { return 0; }\n";
      const bool is_c = language == Language::c;
      const test::Program program(is_c ? "c99" : "c++17",
                                  {{"m.h", first}, {"other.h", other}, {is_c ? "a.c" : "a.cpp", main}});
    };
    CHECK_NOTHROW(compile(first));
    std::string messages;
    try {
      compile(second);
    } catch (const std::runtime_error& failed) {
      messages = failed.what();
    }
    CHECK(messages.find("another header is called m too and was included first") != std::string::npos);
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
