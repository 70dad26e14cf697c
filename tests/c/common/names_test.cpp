#include "codegen/c/common/names.hpp"

#include <doctest/doctest.h>

using namespace emlc::c;
using emlc::model::Model;

TEST_CASE("names: C symbols start with the model's name, C++ has a namespace") {
  const Names c = names_of(Model{}, {.name = "Digits1"});
  CHECK(c.symbol == "Digits1_");
  CHECK(c.macro == "DIGITS1_");
  CHECK(c.function == "static inline");
  CHECK(c.feature == "Digits1_feature");
  CHECK(c.input == "Digits1_feature");
  const Names cpp = names_of(Model{}, {.name = "digits", .language = Language::cpp});
  CHECK(cpp.symbol.empty());
  CHECK(cpp.macro == "DIGITS_");
  CHECK(cpp.function == "inline");
  CHECK(cpp.feature == "feature");
}

TEST_CASE("names: behind a scaler the predictor sees floats") {
  Model model;
  model.scalers.push_back({.offset = {0.0}, .scale = {2.0}});
  CHECK(names_of(model, {.name = "m"}).input == "float");
}

TEST_CASE("names: any text becomes the tail of an identifier") {
  CHECK(identifier_part("petal width (cm)") == "petal_width_cm");
  CHECK(identifier_part("  A--B  ") == "a_b");
  CHECK(identifier_part("__x__") == "x");
  CHECK(identifier_part("\xc3\xa9t\xc3\xa9") == "t");
  CHECK(identifier_part("*/").empty());
  CHECK(identifier_part("").empty());
}

TEST_CASE("names: identifiers are unique, also when a made-up one is already there") {
  CHECK(unique_identifiers({"a b", "A_B", "a_b_2", "a-b", "", "?"}) ==
        std::vector<std::string>{"a_b", "a_b_2", "a_b_2_2", "a_b_3", "4", "5"});
}

TEST_CASE("names: many equal texts take no longer than as many different ones") {
  const std::vector<std::string> identifiers = unique_identifiers(std::vector<std::string>(300'000, "x"));
  CHECK(identifiers[0] == "x");
  CHECK(identifiers[299'999] == "x_300000");
  CHECK(identifier_part(std::string(1'000'000, 'n')) == std::string(100, 'n'));
}

TEST_CASE("names: a text cannot leave or disturb the comment around it") {
  CHECK(comment_text("--name a*/b") == "--name a* /b");
  CHECK(comment_text("/*//x") == "/ * / /x");
  CHECK(comment_text("what?\?/") == "what? ?/");
  CHECK(comment_text("two\nlines") == "two\\x0alines");
}
