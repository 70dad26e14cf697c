// A header that declares, with a source that defines.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/header_run.hpp"
#include "tests/support/reference.hpp"

using namespace hand_made;

namespace {

c::EmitConfig pair_config(c::Language language) {
  const bool is_c = language == c::Language::c;
  return {.name = "m",
          .language = language,
          .section = "",
          .header_file = is_c ? "m.h" : "m.hpp",
          .source_file = is_c ? "m.c" : "m.cpp"};
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A model of each form of the API.
std::vector<model::Model> models_of_all_forms() {
  model::Model values = network({3, 4, 2}, Activation::tanh, Activation::identity);
  model::Model value = network({3, 1}, Activation::identity, Activation::identity);
  model::Model classes = network({3, 5}, Activation::identity, Activation::identity);
  classes.output.targets = {{.name = "a", .size = 2, .class_names = {"no", "yes"}}, {.name = "b", .size = 3}};
  classes.output.rule = DecisionRule::argmax;
  model::Model one_class = network({3, 4}, Activation::identity, Activation::identity);
  one_class.output.targets = {{.size = 4, .class_names = {"a", "b", "c", "d"}}};
  one_class.output.rule = DecisionRule::argmax;
  one_class.input.feature_names = {"x", "y", "z"};
  model::Model scaled = network({3, 1}, Activation::identity, Activation::identity);
  scaled.predictor = std::monostate();
  scaled.scalers = {{.offset = {1.0, 2.0, 3.0}, .scale = {2.0, 2.0, 2.0}}};
  scaled.output.n_outputs = 3;
  scaled.output.targets = {{}, {}, {}};
  model::Model filter;
  filter.input.n_features = 1;
  filter.output = {.task = model::Task::filter, .n_outputs = 1};
  filter.predictor = model::SosCascade{.sections = {{.b0 = 0.5, .b1 = 0.25, .a0 = 2.0, .a1 = -0.5, .a2 = 0.25}},
                                       .initial_state = {{0.5, -0.25}}};
  return {values, value, classes, one_class, scaled, filter};
}

}  // namespace

TEST_CASE("pair: what each form of the API answers from a source of its own is what the interpreter answers") {
  const Rows inputs = random_rows(20, 3, 2.0);
  for (const model::Model& model : models_of_all_forms()) {
    for (const c::Language language : {c::Language::c, c::Language::cpp}) {
      const c::EmitConfig config = pair_config(language);
      const layout::Artifact pair = c::emit_header(model, config);
      CAPTURE(pair.bytes);
      const auto found = test::run_pair(pair, model, config, inputs, language == c::Language::c ? "c99" : "c++17");
      CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
      CHECK_FALSE(contains(pair.bytes, "M_TABLE "));
      CHECK_FALSE(contains(pair.bytes, "static inline"));
    }
  }
}

TEST_CASE("pair: three sources share one copy, C and C++ among them") {
  const model::Model model = network({2, 3}, Activation::identity, Activation::identity);
  const layout::Artifact pair = c::emit_header(model, pair_config(c::Language::c));
  const auto expected = model::predict(model, std::vector{3.0, -1.0});
  const std::string other =
      "#include \"m.h\"\nfloat second(const float *x);\n"
      "float second(const float *x) { float y[3]; m_predict(x, y); return y[1]; }\n";
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\nfloat second(const float *x);\n"
      "int main(void) { const float x[2] = {3.0f, -1.0f}; float y[3]; m_predict(x, y);\n"
      "  printf(\"%.3f %.3f\", (double)y[0], (double)second(x)); return 0; }\n";
  for (const std::string_view standard : {"c99", "c++11"}) {
    const test::Program program(standard,
                                {{"m.h", pair.bytes}, {"m.c", pair.beside}, {"other.c", other}, {"main.c", main}});
    CHECK(program.run("") == fmt::format("{:.3f} {:.3f}", expected[0], expected[1]));
  }
  CHECK(contains(pair.bytes, "extern \"C\" {\n"));
}

TEST_CASE("pair: a header and a source of two conversions do not compile together") {
  const model::Model one = network({2, 3}, Activation::identity, Activation::identity);
  model::Model two = one;
  std::get<model::DenseNetwork>(two.predictor).layers[0].bias[0] += 1.0;
  const c::EmitConfig config = pair_config(c::Language::c);
  layout::Artifact pair = c::emit_header(one, config);
  pair.beside = c::emit_header(two, config).beside;
  try {
    test::run_pair(pair, one, config, {});
    FAIL("it compiled");
  } catch (const std::runtime_error& refused) {
    CHECK(contains(refused.what(), "#error \"m.h was not written with this file: M_H is its number, here it is 0x"));
  }
}

TEST_CASE("class names: an array in the header, or one that the source shares, beside the function") {
  model::Model model = models_of_all_forms()[2];
  model.output.targets[1].class_names = {"low", "mid", "high"};
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\n"
      "int main(void) { printf(\"%s %s %s %d\", m_class_names[1], m_class_names[4], m_class_name(1, 0),\n"
      "  (int)(sizeof m_class_names / sizeof m_class_names[0])); return 0; }\n";
  c::EmitConfig config = pair_config(c::Language::c);
  config.class_names = c::ClassNameForm::array;
  const layout::Artifact pair = c::emit_header(model, config);
  for (const std::string_view standard : {"c99", "c++11"}) {
    const test::Program program(standard, {{"m.h", pair.bytes}, {"m.c", pair.beside}, {"main.c", main}});
    CHECK(program.run("") == "yes high low 5");
  }
  CHECK(contains(pair.bytes, "extern const char m_class_names[5][5];\n"));
  config.source_file.clear();
  CHECK(test::Program("c99", {{"m.h", c::emit_header(model, config).bytes}, {"main.c", main}}).run("") ==
        "yes high low 5");
  const model::Model unnamed = network({2, 2}, Activation::identity, Activation::identity);
  CHECK(c::emit_header(unnamed, config).warnings ==
        std::vector<std::string>{"the model has no class names, so the header has no array of them"});
}

TEST_CASE("section: all tables are in it, in the header and in the source, and nothing else") {
  const model::Model model = network({3, 8, 1}, Activation::relu, Activation::identity);
  const auto program = [](std::string_view header, std::string_view call) {
    return fmt::format(
        "#include <stdio.h>\n#include \"{}\"\n"
        "extern const char __start_models[], __stop_models[];\n"
        "int main(void) {{ const m_input x = {{1.0f, 2.0f, 3.0f}};\n"
        "  printf(\"%d\", {} > 9e9f ? 0 : (int)(__stop_models - __start_models)); return 0; }}\n",
        header, call);
  };
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const bool is_c = language == c::Language::c;
    c::EmitConfig config = pair_config(language);
    config.section = "models";
    const std::string input =
        is_c ? "typedef float m_input[3];\n" : "#include <array>\nusing m_input = std::array<float, 3>;\n";
    const test::SourceFile main = {is_c ? "main.c" : "main.cpp",
                                   input + program(config.header_file, is_c ? "m_predict(x)" : "m::predict(x)")};
    const std::string standard = is_c ? "c99" : "c++17";
    const layout::Artifact pair = c::emit_header(model, config);
    const test::SourceFile header = {config.header_file, pair.bytes}, source = {config.source_file, pair.beside};
    const auto check = [&](const std::vector<test::SourceFile>& files) {
      constexpr int tables = 4 * (8 * 4 + 9), alignment = 64;  // weights and biases
      const int bytes = std::stoi(test::Program(standard, files).run(""));
      CHECK(bytes >= tables);
      CHECK(bytes < tables + alignment);
    };
    check({header, source, main});
    config.source_file.clear();
    const test::SourceFile whole = {config.header_file, c::emit_header(model, config).bytes};
    check({whole, main});
  }
}

TEST_CASE("section: without tables it stays empty, and emlc says so") {
  model::Model model = network({1, 1}, Activation::identity, Activation::identity);
  model.output.n_outputs = 1;
  model::TreeEnsemble ensemble;
  ensemble.n_features = 1;
  ensemble.n_outputs = 1;
  ensemble.leaf_values = {0.0, 1.0};
  ensemble.trees.resize(1);
  ensemble.trees[0].nodes = {model::Split{.feature = 0, .threshold = 0.5, .left = 1, .right = 2}, model::Leaf{0},
                             model::Leaf{1}};
  model.predictor = ensemble;
  const c::EmitConfig config{.name = "m", .section = ".flash_models"};
  CHECK(c::emit_header(model, config).warnings ==
        std::vector<std::string>{"the section .flash_models stays empty: this header has no tables, only code"});
}

TEST_CASE("section, pair: names that a compiler or an #include does not take") {
  const model::Model model = network({1, 1}, Activation::identity, Activation::identity);
  const auto refused = [&](const c::EmitConfig& config) -> std::string {
    try {
      c::emit_header(model, config);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  constexpr const char* expected = ": expected 1 to 64 letters, digits, dots and underscores, no digit first";
  for (const std::string section : {"a b", "x\")))", "2nd", "a,b", "\n"}) {
    CHECK(refused({.name = "m", .section = section}) ==
          fmt::format("--section: '{}' is no section{}", printable(section), expected));
  }
  CHECK(refused({.name = "m", .section = ".data"}) ==
        "--section: compilers put no constants into .data: expected a section of its own, such as .flash_models");
  CHECK(refused({.name = "m", .header_file = "m.h", .source_file = "a\"b.c"}) ==
        "--source: the name 'a\"b.c' stands in an #include: expected letters, digits, '.', '_', '+' and '-'");
  CHECK(refused({.name = "m", .section = "._9az", .header_file = "m.h", .source_file = "m-1.c"}) == "");
}
