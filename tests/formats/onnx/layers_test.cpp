#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/formats/onnx/reading.hpp"

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

using Inputs = std::vector<std::vector<double>>;
const Inputs some = {{0.0, 0.0}, {1.5, -2.0}, {-0.25, 3.0}, {7.0, 9.0}};

/// A graph from x, [n][2], to y.
std::string graph(const std::string& nodes, std::int64_t opset = 17) {
  return file(nodes + input("x", {-1, 2}) + output("y"), opset);
}

/// A layer of two units in front of an operator, z = (x0 + 2 x1 + 0.5, x1 - x0).
const std::string layer = node({"Gemm", {"x", "w", "b"}, {"z"}}) +
                          initializer("w", tensor({2, 2}, Numbers{1, -1, 2, 1})) +
                          initializer("b", tensor({2}, Numbers{0.5F, 0}));

std::vector<double> z_of(const std::vector<double>& x) { return {x[0] + 2 * x[1] + 0.5, x[1] - x[0]}; }

/// Does the graph answer what the function says of the two units?
bool is_same(const std::string& content, const std::function<std::vector<double>(std::vector<double>)>& expected) {
  const model::Model found = read(content);
  for (const std::vector<double>& x : some) {
    const std::vector<double> y = model::predict(found, x), e = expected(x);
    if (y.size() != e.size()) return false;
    for (std::size_t index = 0; index < y.size(); ++index) {
      if (!(std::abs(y[index] - e[index]) <= 1e-6 * std::max(1.0, std::abs(e[index])))) return false;
    }
  }
  return true;
}

/// The same, of each unit of the layer.
bool is_same_by_unit(const std::string& after, const std::function<double(double, std::size_t)>& unit,
                     std::int64_t opset = 17) {
  return is_same(graph(layer + after, opset), [&](const std::vector<double>& x) {
    std::vector<double> z = z_of(x);
    for (std::size_t index = 0; index < z.size(); ++index) z[index] = unit(z[index], index);
    return z;
  });
}

std::string last(const std::string& op, const std::string& attributes = "") {
  return node({op, {"z"}, {"y"}, attributes});
}
std::string with_constant(const std::string& op, const Numbers& values) {
  return node({op, {"z", "c"}, {"y"}}) + initializer("c", tensor({static_cast<std::int64_t>(values.size())}, values));
}

}  // namespace

TEST_CASE("onnx layers: activations") {
  using Unit = std::function<double(double, std::size_t)>;
  struct Row {
    std::string after;
    Unit unit;
  };
  for (const Row& row : {
           Row{last("Relu"), [](double z, std::size_t) { return z > 0 ? z : 0.0; }},
           Row{last("LeakyRelu"), [](double z, std::size_t) { return z < 0 ? 0.01 * z : z; }},
           Row{last("LeakyRelu", attribute("alpha", 0.25F)),
               [](double z, std::size_t) { return z < 0 ? 0.25 * z : z; }},
           Row{last("Elu"), [](double z, std::size_t) { return z < 0 ? std::exp(z) - 1 : z; }},
           Row{last("Elu", attribute("alpha", 2.0F)),
               [](double z, std::size_t) { return z < 0 ? 2 * (std::exp(z) - 1) : z; }},
           Row{last("Selu"),
               [](double z, std::size_t) {
                 return 1.0507009873554805 * (z < 0 ? 1.6732632423543772 * std::expm1(z) : z);
               }},
           Row{last("Selu", attribute("alpha", 0.5F) + attribute("gamma", 2.0F)),
               [](double z, std::size_t) { return 2 * (z < 0 ? 0.5 * std::expm1(z) : z); }},
           Row{last("Celu"), [](double z, std::size_t) { return z < 0 ? std::expm1(z) : z; }},
           Row{last("Celu", attribute("alpha", 0.5F)),
               [](double z, std::size_t) { return z < 0 ? 0.5 * std::expm1(z / 0.5) : z; }},
           Row{last("HardSigmoid"),
               [](double z, std::size_t) { return std::clamp(static_cast<double>(0.2F) * z + 0.5, 0.0, 1.0); }},
           Row{last("HardSigmoid", attribute("alpha", 0.125F) + attribute("beta", 0.25F)),
               [](double z, std::size_t) { return std::clamp(0.125 * z + 0.25, 0.0, 1.0); }},
           Row{last("Tanh"), [](double z, std::size_t) { return std::tanh(z); }},
           Row{last("Sigmoid"), [](double z, std::size_t) { return 1 / (1 + std::exp(-z)); }},
           Row{last("Softplus"), [](double z, std::size_t) { return std::log(1 + std::exp(z)); }},
           Row{with_constant("PRelu", {0.25F}), [](double z, std::size_t) { return z < 0 ? 0.25 * z : z; }},
           Row{with_constant("PRelu", {0.25F, -0.5F}),
               [](double z, std::size_t unit) { return z < 0 ? (unit == 0 ? 0.25 : -0.5) * z : z; }},
           Row{last("Identity"), [](double z, std::size_t) { return z; }},
           Row{last("Dropout"), [](double z, std::size_t) { return z; }},
           Row{last("Flatten"), [](double z, std::size_t) { return z; }},
           Row{last("Cast", attribute("to", std::int64_t{1})), [](double z, std::size_t) { return z; }},
       }) {
    CHECK(is_same_by_unit(row.after, row.unit));
  }
}

TEST_CASE("onnx layers: Clip to any numbers is relu or relu6 in another unit, from another zero") {
  constexpr double none = std::numeric_limits<double>::infinity();
  for (const auto& bounds_of_both :
       {std::pair{-1.0, 1.0}, std::pair{-3.0, -0.5}, std::pair{0.5, 2.0}, std::pair{-2.0, none}, std::pair{1.0, none},
        std::pair{-none, 0.5}, std::pair{-none, none}}) {
    const double low = bounds_of_both.first, high = bounds_of_both.second;
    CAPTURE(low);
    CAPTURE(high);
    std::string bounds;
    if (low != -none) bounds += attribute("min", static_cast<float>(low));
    if (high != none) bounds += attribute("max", static_cast<float>(high));
    CHECK(is_same_by_unit(
        last("Clip", bounds), [=](double z, std::size_t) { return std::min(std::max(z, low), high); }, 10));
  }
  CHECK(refusal(graph(layer + last("Clip", attribute("min", 2.0F) + attribute("max", 2.0F)), 10)) ==
        "m.onnx: node 1 (Clip): clips to 2 to 2, which leaves one number of all");
}

/// `Where(s > threshold, x, softplus(s) / beta)` with s = beta z.
std::string safe_softplus(float beta, float threshold, const std::string& otherwise = "z") {
  return node({"Mul", {"z", "beta"}, {"s"}}) + node({"Softplus", {"s"}, {"p"}}) + node({"Div", {"p", "beta"}, {"q"}}) +
         node({"Greater", {"s", "t"}, {"large"}}) + node({"Where", {"large", otherwise, "q"}, {"y"}}) +
         initializer("beta", tensor({}, Numbers{beta})) + initializer("t", tensor({}, Numbers{threshold}));
}

TEST_CASE("onnx layers: a softplus that is made safe against overflow is a softplus") {
  const std::string one = node({"Softplus", {"z"}, {"p"}}) + node({"Greater", {"z", "t"}, {"large"}}) +
                          node({"Where", {"large", "z", "p"}, {"y"}}) + initializer("t", tensor({}, Numbers{20}));
  CHECK(is_same_by_unit(one, [](double z, std::size_t) { return std::log1p(std::exp(z)); }));
  CHECK(is_same_by_unit(safe_softplus(2.0F, 25.0F),
                        [](double z, std::size_t) { return std::log1p(std::exp(2 * z)) / 2; }));
  // Where its answers jump, or where it is another function.
  CHECK(refusal(graph(layer + safe_softplus(2.0F, 16.0F))).starts_with("m.onnx: node 4 (Greater): "));
  CHECK(refusal(graph(layer + safe_softplus(2.0F, 25.0F, "s"))).starts_with("m.onnx: node 4 (Greater): "));
}

TEST_CASE("onnx layers: Clip is relu, relu6, or relu6 in another unit") {
  for (const double high : {6.0, 1.0, 20.0}) {
    const auto unit = [high](double z, std::size_t) { return std::min(std::max(z, 0.0), high); };
    const std::string bounds = attribute("min", 0.0F) + attribute("max", static_cast<float>(high));
    CHECK(is_same_by_unit(last("Clip", bounds), unit, 10));
    const std::string inputs = node({"Clip", {"z", "low", "high"}, {"y"}}) +
                               initializer("low", tensor({}, Numbers{0})) +
                               initializer("high", tensor({}, Numbers{static_cast<float>(high)}));
    CHECK(is_same_by_unit(inputs, unit));
  }
  const std::string open = node({"Clip", {"z", "low"}, {"y"}}) + initializer("low", tensor({}, Numbers{0}));
  CHECK(is_same_by_unit(open, [](double z, std::size_t) { return std::max(z, 0.0); }));
}

TEST_CASE("onnx layers: constants behind a layer, and between two") {
  CHECK(is_same_by_unit(with_constant("Add", {1, -2}),
                        [](double z, std::size_t unit) { return z + (unit == 0 ? 1 : -2); }));
  CHECK(is_same_by_unit(with_constant("Sub", {3}), [](double z, std::size_t) { return z - 3; }));
  CHECK(is_same_by_unit(with_constant("Mul", {3, -2}),
                        [](double z, std::size_t unit) { return z * (unit == 0 ? 3 : -2); }));
  CHECK(is_same_by_unit(with_constant("Div", {4, 0.5F}),
                        [](double z, std::size_t unit) { return z / (unit == 0 ? 4 : 0.5); }));
  const std::string turned = node({"Sub", {"c", "z"}, {"y"}}) + initializer("c", tensor({1, 2}, Numbers{1, 5}));
  CHECK(is_same_by_unit(turned, [](double z, std::size_t unit) { return (unit == 0 ? 1 : 5) - z; }));
  // relu(z) * (2, 3) + 1, then a layer; a slope for each unit, then a layer.
  const std::string next = node({"MatMul", {"s", "v"}, {"y"}}) + initializer("v", tensor({2, 1}, Numbers{1, -4}));
  const std::string scaled = node({"Relu", {"z"}, {"r"}}) + node({"Mul", {"r", "c"}, {"m"}}) +
                             node({"Add", {"m", "one"}, {"s"}}) + initializer("c", tensor({2}, Numbers{2, 3})) +
                             initializer("one", tensor({}, Numbers{1}));
  CHECK(is_same(graph(layer + scaled + next), [](const std::vector<double>& x) {
    const std::vector<double> z = z_of(x);
    return std::vector<double>{std::max(z[0], 0.0) * 2 + 1 - 4 * (std::max(z[1], 0.0) * 3 + 1)};
  }));
  const std::string sloped = node({"PRelu", {"z", "c"}, {"s"}}) + initializer("c", tensor({2}, Numbers{0.5F, 0.125F}));
  CHECK(is_same(graph(layer + sloped + next), [](const std::vector<double>& x) {
    const std::vector<double> z = z_of(x);
    return std::vector<double>{(z[0] < 0 ? 0.5 * z[0] : z[0]) - 4 * (z[1] < 0 ? 0.125 * z[1] : z[1])};
  }));
}

TEST_CASE("onnx layers: Gemm with its factors, either way round, and a normalisation of batches") {
  const std::string factors =
      attribute("alpha", 2.0F) + attribute("beta", -1.0F) + attribute("transB", std::int64_t{1});
  const std::string gemm = node({"Gemm", {"x", "w", "b"}, {"y"}, factors}) +
                           initializer("w", tensor({3, 2}, Numbers{1, 2, 3, 4, 5, 6})) +
                           initializer("b", tensor({1}, Numbers{10}));
  CHECK(is_same(graph(gemm), [](const std::vector<double>& x) {
    return std::vector<double>{2 * (x[0] + 2 * x[1]) - 10, 2 * (3 * x[0] + 4 * x[1]) - 10,
                               2 * (5 * x[0] + 6 * x[1]) - 10};
  }));
  const std::string batch =
      node({"BatchNormalization", {"z", "g", "s", "m", "v"}, {"y"}, attribute("epsilon", 0.5F)}) +
      initializer("g", tensor({2}, Numbers{2, 3})) + initializer("s", tensor({2}, Numbers{1, -1})) +
      initializer("m", tensor({2}, Numbers{4, 5})) + initializer("v", tensor({2}, Numbers{3.5F, 8.5F}));
  CHECK(is_same_by_unit(
      batch, [](double z, std::size_t unit) { return unit == 0 ? 2 * (z - 4) / 2 + 1 : 3 * (z - 5) / 3 - 1; }));
}

TEST_CASE("onnx layers: softmax decides for the first largest column, both axes of it") {
  for (const std::int64_t axis : {-1, 1}) {
    const model::Model found = read(graph(layer + last("Softmax", attribute("axis", axis))));
    CHECK(found.output.task == model::Task::classification);
    CHECK(found.output.rule == model::DecisionRule::argmax);
  }
  CHECK(refusal(graph(layer + last("Softmax", attribute("axis", std::int64_t{0})))) ==
        "m.onnx: node 1 (Softmax): works along axis 0, expected 1, the columns of a row");
  const model::Model logarithms = read(graph(layer + last("LogSoftmax", attribute("axis", std::int64_t{1}))));
  CHECK(logarithms.output.rule == model::DecisionRule::argmax);
  CHECK(std::get<model::DenseNetwork>(logarithms.predictor).post_transform.kind ==
        model::PostTransformKind::log_softmax);
  CHECK(refusal(graph(layer + last("LogSoftmax", attribute("axis", std::int64_t{0})))) ==
        "m.onnx: node 1 (LogSoftmax): works along axis 0, expected 1, the columns of a row");
}

TEST_CASE("onnx layers: axes of size 1 between samples and columns come and go") {
  const auto shape = [](const std::string& name, const Integers& sizes) {
    return initializer(name, tensor({static_cast<std::int64_t>(sizes.size())}, sizes));
  };
  const std::string more = node({"Reshape", {"z", "to"}, {"t"}}) + shape("to", {-1, 1, 2});
  const auto same = [](double z, std::size_t) { return z; };
  CHECK(is_same_by_unit(more + node({"Reshape", {"t", "back"}, {"y"}}) + shape("back", {-1, 2}), same));
  CHECK(is_same_by_unit(more + node({"Reshape", {"t", "back"}, {"y"}}) + shape("back", {0, 1, 1, -1}), same));
  CHECK(is_same_by_unit(more + node({"Flatten", {"t"}, {"y"}}), same));
  CHECK(is_same_by_unit(more + node({"Squeeze", {"t", "axes"}, {"y"}}) + shape("axes", {1}), same));
  CHECK(is_same_by_unit(more + node({"Squeeze", {"t"}, {"y"}}), same));
  CHECK(is_same_by_unit(node({"Unsqueeze", {"z", "axes"}, {"y"}}) + shape("axes", {-2}), same));
  // Softmax along what are the columns now, and along what are not.
  const auto softmax = [&](std::int64_t axis) {
    return more + node({"Softmax", {"t"}, {"y"}, attribute("axis", axis)});
  };
  CHECK(read(graph(layer + softmax(2))).output.rule == model::DecisionRule::argmax);
  CHECK(refusal(graph(layer + softmax(1))) ==
        "m.onnx: node 2 (Softmax): works along axis 1, expected 2, the columns of a row");
  CHECK(refusal(graph(layer + node({"Reshape", {"z", "to"}, {"y"}}) + shape("to", {-1, 2, 1}))) ==
        "m.onnx: node 1 (Reshape): makes the shape [-1, 2, 1], expected a row of 2 for each sample");
  CHECK(refusal(graph(layer + node({"Unsqueeze", {"z", "axes"}, {"y"}}) + shape("axes", {2}))) ==
        "m.onnx: node 1 (Unsqueeze): changes axis 2 of rows of 2, expected one between samples and columns");
  CHECK(refusal(graph(layer + more + node({"Squeeze", {"t", "axes"}, {"y"}}) + shape("axes", {1, 1}))) ==
        "m.onnx: node 2 (Squeeze): takes 2 of 3 axes away");
}

TEST_CASE("onnx layers: weights that are stored in codes") {
  // Codes 1 to 4 of int8 with a scale and a zero for each column.
  const std::string codes = integer(1, 2) + integer(1, 2) + integer(2, 3) + text(9, std::string("\x01\x02\x03\x04", 4));
  const std::string zeros = integer(1, 2) + integer(2, 3) + text(9, std::string("\x00\x01", 2));
  const std::string content =
      graph(node({"DequantizeLinear", {"q", "scale", "zero"}, {"w"}, attribute("axis", std::int64_t{1})}) +
            node({"MatMul", {"x", "w"}, {"y"}}) + initializer("q", codes) +
            initializer("scale", tensor({2}, Numbers{0.5F, 2})) + initializer("zero", zeros));
  CHECK(is_same(content, [](const std::vector<double>& x) {
    return std::vector<double>{0.5 * x[0] + 1.5 * x[1], 2 * x[0] + 6 * x[1]};
  }));
}

TEST_CASE("onnx features: columns that are picked, put side by side, and named") {
  const std::string pick = node({"Gather", {"x", "i"}, {"p"}, attribute("axis", std::int64_t{1})}) +
                           initializer("i", tensor({3}, Integers{1, 0, 1}));
  const std::string weights =
      node({"MatMul", {"p", "w"}, {"y"}}) + initializer("w", tensor({3, 1}, Numbers{1, 10, 100}));
  CHECK(is_same(graph(pick + weights),
                [](const std::vector<double>& x) { return std::vector<double>{101 * x[1] + 10 * x[0]}; }));
  const std::string joined =
      file(node(ml({"Scaler", {"height"}, {"h"}, attribute("offset", Numbers{1}) + attribute("scale", Numbers{2})})) +
           node({"Concat", {"h", "age"}, {"p"}, attribute("axis", std::int64_t{1})}) +
           node({"MatMul", {"p", "w"}, {"y"}}) + initializer("w", tensor({2, 1}, Numbers{1, 10})) +
           input("height", {-1, 1}) + input("age", {-1, 1}) + output("y"));
  const model::Model found = read(joined);
  CHECK(found.input.feature_names == std::vector<std::string>{"height", "age"});
  CHECK(answers(found, {{3, 4}}) == std::vector<double>{44});
}

TEST_CASE("onnx classes: names from a list, by texts, by a comparison") {
  const std::string classes = initializer("names", integer(1, 2) + integer(2, 8) + text(6, "off") + text(6, "on"));
  const std::string chosen = file(layer + node({"Softmax", {"z"}, {"p"}}) +
                                  node({"ArgMax", {"p"}, {"a"}, attribute("axis", std::int64_t{1})}) +
                                  node(ml({"ArrayFeatureExtractor", {"names", "a"}, {"label"}})) + classes +
                                  input("x", {-1, 2}) + output("label", 8) + output("p"));
  CHECK(labels(read(chosen), some) == std::vector<std::string>{"off", "off", "off", "off"});
  CHECK(labels(read(chosen), {{2, 0}, {-2, 0}}) == std::vector<std::string>{"off", "on"});
  const std::string compared =
      file(layer + node({"MatMul", {"z", "v"}, {"s"}}) + initializer("v", tensor({2, 1}, Numbers{1, 0})) +
           node({"Less", {"s", "zero"}, {"t"}}) + node({"Cast", {"t"}, {"i"}, attribute("to", std::int64_t{7})}) +
           node({"Mul", {"i", "two"}, {"m"}}) + node({"Add", {"m", "one"}, {"label"}}) +
           initializer("zero", tensor({}, Numbers{0})) + initializer("two", tensor({}, Integers{-2})) +
           initializer("one", tensor({}, Integers{1})) + input("x", {-1, 2}) + output("label", 7) + output("s"));
  // z0 = x0 + 2 x1 + 0.5, at, below and above 0.
  CHECK(labels(read(compared), {{-0.5, 0}, {-0.75, 0}, {0, 0}}) == std::vector<std::string>{"1", "-1", "1"});
}
