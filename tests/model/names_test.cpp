#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "codegen/model/model.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;

TEST_CASE("is_identifier: C identifiers that are no keyword of C or C++") {
  for (const char* text : {"a", "_", "x_1", "Iris", "classes", "clas", "digits_rf10"}) CHECK(is_identifier(text));
  for (const char* text : {"", "1a", "a-b", "a b", "caf\xc3\xa9", "a.b", "class", "int", "main", "std", "alignas",
                           "xor_eq", "linux", "co_await"}) {
    CAPTURE(text);
    CHECK_FALSE(is_identifier(text));
  }
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
