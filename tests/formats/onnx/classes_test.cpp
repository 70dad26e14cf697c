#include <doctest/doctest.h>

#include "tests/formats/onnx/reading.hpp"

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

using Inputs = std::vector<std::vector<double>>;
/// The first column decides: below 0 for class 1, else for class 0.
const Inputs both = {{1.0, 0.0}, {-1.0, 0.0}};

/// Softmax of (x0, -x0) and what makes a label of its argmax.
std::string graph(const std::string& after, std::int64_t type = 7, const std::string& more = "") {
  const std::string weights = initializer("w", tensor({2, 2}, Numbers{1, -1, 0, 0}));
  return file(node({"MatMul", {"x", "w"}, {"z"}}) + weights + node({"Softmax", {"z"}, {"p"}}) +
              node({"ArgMax", {"p"}, {"a"}, attribute("axis", std::int64_t{1})}) + after + input("x", {-1, 2}) +
              output("label", type) + output("p") + more);
}

std::string encoder(const std::string& attributes) { return node(ml({"LabelEncoder", {"a"}, {"label"}, attributes})); }
const std::string constant_names = node({"Constant", {}, {"names"}, attribute("value_ints", Integers{40, 50})}) +
                                   node(ml({"ArrayFeatureExtractor", {"names", "a"}, {"n"}}));

}  // namespace

TEST_CASE("onnx classes: a LabelEncoder names them, by numbers and texts, with and without a default") {
  const auto with = [](const std::string& attributes) { return labels(read(graph(encoder(attributes), 8)), both); };
  const std::string keys = attribute("keys_int64s", Integers{0, 1});
  CHECK(with(keys + attribute("values_strings", Texts{"off", "on"})) == std::vector<std::string>{"off", "on"});
  CHECK(with(keys + attribute("values_int64s", Integers{7, 9})) == std::vector<std::string>{"7", "9"});
  CHECK(with(keys + attribute("values_floats", Numbers{0.5F, 9})) == std::vector<std::string>{"0.5", "9"});
  CHECK(with(attribute("keys_int64s", Integers{1}) + attribute("values_strings", Texts{"on"})) ==
        std::vector<std::string>{"_Unused", "on"});
  CHECK(with(attribute("keys_int64s", Integers{1}) + attribute("values_strings", Texts{"on"}) +
             attribute("default_string", "other")) == std::vector<std::string>{"other", "on"});
  CHECK(with(attribute("keys_int64s", Integers{1}) + attribute("values_int64s", Integers{5})) ==
        std::vector<std::string>{"-1", "5"});
  const std::string twice = encoder(keys + attribute("values_strings", Texts{"a", "b"}));
  const std::string back =
      node(ml({"LabelEncoder",
               {"label"},
               {"again"},
               attribute("keys_strings", Texts{"b", "a"}) + attribute("values_int64s", Integers{4, 3})}));
  CHECK(labels(read(file(node({"MatMul", {"x", "w"}, {"p"}}) + initializer("w", tensor({2, 2}, Numbers{1, -1, 0, 0})) +
                         node({"ArgMax", {"p"}, {"a"}, attribute("axis", std::int64_t{1})}) + twice + back +
                         input("x", {-1, 2}) + output("again", 7) + output("p"))),
               both) == std::vector<std::string>{"3", "4"});
}

TEST_CASE("onnx classes: shapes and types around a class do not change it") {
  const std::string after = constant_names + node({"Reshape", {"n", "open"}, {"r"}}) +
                            initializer("open", tensor({1}, Integers{-1})) +
                            node({"Cast", {"r"}, {"c"}, attribute("to", std::int64_t{8})}) +
                            node({"Identity", {"c"}, {"i"}}) + node({"Squeeze", {"i"}, {"label"}});
  const model::Model found = read(graph(after, 8));
  CHECK(labels(found, both) == std::vector<std::string>{"40", "50"});
  CHECK(found.output.targets.at(0).class_names == std::vector<std::string>{"40", "50"});
}

TEST_CASE("onnx classes: scores by name are scores") {
  const std::string zipped = node(ml({"ZipMap", {"p"}, {"map"}, attribute("classlabels_strings", Texts{"a", "b"})}));
  const std::string content =
      file(node({"MatMul", {"x", "w"}, {"p"}}) + initializer("w", tensor({2, 2}, Numbers{1, 0, 0, 1})) + zipped +
           input("x", {-1, 2}) + text(12, text(1, "map") + text(2, text(4, ""))));
  CHECK(answers(read(content), {{3, 4}}) == std::vector<double>{3, 4});
  const std::string wrong = node(ml({"ZipMap", {"x"}, {"label"}, attribute("classlabels_int64s", Integers{1})}));
  CHECK(refusal(graph(wrong)) == "m.onnx: node 3 (ZipMap): has 1 class labels for 2 columns");
}

TEST_CASE("onnx classes: a class alone is a model of the numbers that it looks at") {
  const std::string content =
      file(node({"MatMul", {"x", "w"}, {"z"}}) + initializer("w", tensor({2, 2}, Numbers{1, -1, 0, 0})) +
           node({"ArgMax", {"z"}, {"label"}, attribute("axis", std::int64_t{-1})}) + input("x", {-1, 2}) +
           output("label", 7));
  CHECK(labels(read(content), both) == std::vector<std::string>{"0", "1"});
}

TEST_CASE("onnx classes: constants are computed before the model runs") {
  const std::string content = file(
      node({"Constant", {}, {"a"}, tensor_attribute("value", tensor({2}, Numbers{1, 4}))}) +
      node({"Constant", {}, {"b"}, attribute("value_float", 3.0F)}) + node({"Mul", {"a", "b"}, {"c"}}) +
      node({"Sqrt", {"c"}, {"d"}}) + node({"Constant", {}, {"s"}, attribute("value_ints", Integers{2, -1})}) +
      node({"Reshape", {"d", "s"}, {"w"}}) + node({"MatMul", {"x", "w"}, {"y"}}) + input("x", {-1, 2}) + output("y"));
  const std::vector<double> found = answers(read(content), {{1, 0}, {0, 1}});
  REQUIRE(found.size() == 2);
  CHECK(found[0] == doctest::Approx(1.7320508).epsilon(1e-7));  // sqrt(3)
  CHECK(found[1] == doctest::Approx(3.4641016).epsilon(1e-7));  // sqrt(12)
}

TEST_CASE("onnx classes: what is refused") {
  const auto with = [](const std::string& after) { return refusal(graph(after, 8)); };
  CHECK(with(node({"ArgMax", {"p"}, {"label"}})) ==
        "m.onnx: node 3 (ArgMax): works along axis 0, expected 1, the columns of a row");
  CHECK(with(node({"ArgMax",
                   {"p"},
                   {"label"},
                   attribute("axis", std::int64_t{1}) + attribute("select_last_index", std::int64_t{1})})) ==
        "m.onnx: node 3 (ArgMax): takes the last one of equal numbers, expected the first one");
  CHECK(with(encoder(attribute("keys_int64s", Integers{0, 1}) + attribute("values_int64s", Integers{0}))) ==
        "m.onnx: node 3 (LabelEncoder): has 2 keys and 1 values");
  CHECK(with(node({"Constant", {}, {"names"}, attribute("value_ints", Integers{40})}) +
             node(ml({"ArrayFeatureExtractor", {"names", "a"}, {"label"}}))) ==
        "m.onnx: node 4 (ArrayFeatureExtractor): is asked for element 1, there are 1");
  CHECK(with(node({"Relu", {"a"}, {"label"}})) ==
        "m.onnx: node 3 (Relu): input 0 'a' is a class, expected numbers that the model computes");
  CHECK(with(node({"Add", {"a", "a"}, {"label"}})) ==
        "m.onnx: node 3 (Add): computes on two classes, or on a class and a number");
  CHECK(with(node({"Cast", {"p"}, {"label"}, attribute("to", std::int64_t{7})})) ==
        "m.onnx: node 3 (Cast): makes int64 of what the model computes, which it has no place for");
  CHECK(with(node({"Equal", {"p", "zero"}, {"label"}}) + initializer("zero", tensor({}, Numbers{0}))) ==
        "m.onnx: node 3 (Equal): compares what the model computes, expected one number, before a constant, by another "
        "comparison than Equal");
}
