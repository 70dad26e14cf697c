#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/model/names.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;

TEST_CASE("name_problem: a C identifier that is no keyword, and that nobody else has") {
  for (const char* text : {"a", "x_1", "Iris", "classes", "clas", "digits_rf10", "emlcx", "size_t", "expf"}) {
    CHECK(name_problem(text).empty());
  }
  for (const char* text : {"", "1a", "a-b", "a b", "caf\xc3\xa9", "a.b", "class", "int", "main", "std", "alignas",
                           "xor_eq", "linux", "co_await"}) {
    CAPTURE(text);
    CHECK(name_problem(text).starts_with("expected a C identifier that is no keyword, found '"));
  }
  for (const char* text : {"_", "__x", "_X", "_x", "x_", "a__b"}) {
    CAPTURE(text);
    CHECK(name_problem(text) == "'" + std::string(text) +
                                    "' would start symbols that C and C++ reserve for compilers: no underscore may be "
                                    "at an end or next to another");
  }
  for (const char* text : {"emlc", "EMLC", "emlc_dense", "Emlc_x"}) {
    CAPTURE(text);
    CHECK(name_problem(text) == "'" + std::string(text) + "' would start symbols as emlc's runtime does");
  }
  CHECK(name_problem(std::string(longest_name, 'n')).empty());
  CHECK(name_problem(std::string(longest_name + 1, 'n')) == "has 101 characters, a name has at most 100");
  CHECK(name_problem(std::string(10'000'000, '_')) == "has 10000000 characters, a name has at most 100");
}

TEST_CASE("namespace_problem: what the C library has is no namespace") {
  for (const char* text : {"digits", "expa", "iris", "total", "stress", "memory", "f", "l", "detail", "feature"}) {
    CAPTURE(text);
    CHECK(namespace_problem(text).empty());
  }
  for (const char* text : {"size_t", "int8_t", "anything_t", "exp", "expf", "lgammaf_r", "printf", "time", "index",
                           "y1", "NULL", "NAN", "INT8_MAX", "M_PI", "f32xaddf64"}) {
    CAPTURE(text);
    CHECK(namespace_problem(text) ==
          "'" + std::string(text) + "' is a name of the C library, which the namespace of a C++ header cannot have");
  }
  CHECK(namespace_problem("x" + std::string(33, 'f') + "f64f64f64f64f64f64f64f64f64f64f64f64f64f64f64f64").empty());
}

TEST_CASE("kind_name: every kind of model has one") {
  CHECK(kind_name(samples::regression(std::monostate{})) == "scaler");
  CHECK(kind_name(samples::regression(TreeEnsemble{})) == "tree ensemble");
  CHECK(kind_name(samples::regression(DenseNetwork{})) == "dense network");
  CHECK(kind_name(samples::regression(SosCascade{})) == "sos filter");
}

TEST_CASE("class_names: numbers where the target has no names") {
  Model model;
  model.output = {.task = Task::classification,
                  .n_outputs = 3,
                  .targets = {{.size = 1, .class_names = {"only"}}, {.size = 2}},
                  .rule = DecisionRule::argmax};
  CHECK(class_names(model, 0) == std::vector<std::string>{"only"});
  CHECK(class_names(model, 1) == std::vector<std::string>{"0", "1"});
  model.output.targets = {{.size = 1}};
  CHECK(class_names(model, 0) == std::vector<std::string>{"0"});
  model.output.rule = DecisionRule::greater;
  CHECK(class_names(model, 0) == std::vector<std::string>{"0", "1"});
  CHECK_THROWS_AS(class_names(model, 1), std::out_of_range);
}
