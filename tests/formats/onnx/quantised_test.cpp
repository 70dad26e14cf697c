#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tests/formats/onnx/reading.hpp"

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

/// A tensor of one byte each: int8 (type 3) or uint8 (type 2).
std::string bytes(const Integers& shape, std::int64_t type, const std::string& raw) {
  std::string sizes;
  for (const std::int64_t size : shape) sizes += integer(1, size);
  return sizes + integer(2, type) + text(9, raw);
}
std::string scale(const std::string& name, float value) { return initializer(name, tensor({}, Numbers{value})); }
std::string zero(const std::string& name, std::int64_t type, int value) {
  return initializer(name, bytes({}, type, std::string(1, static_cast<char>(value))));
}

/// Q and DQ of one tensor.
std::string pair_of(const std::string& from, const std::string& to, const Texts& grid) {
  Texts in = {from}, out = {to + "_codes"};
  in.insert(in.end(), grid.begin(), grid.end());
  out.insert(out.end(), grid.begin(), grid.end());
  return node({"QuantizeLinear", in, {to + "_codes"}}) + node({"DequantizeLinear", out, {to}});
}

/// A graph from x, [n][2], to y.
std::string graph(const std::string& nodes, std::int64_t opset = 17) {
  return file(nodes + input("x", {-1, 2}) + output("y"), opset);
}

/// What the two operators say in floats, for codes from lowest to highest.
double rounded(double x, float step, int middle, int lowest, int highest) {
  const double code = static_cast<double>(std::nearbyint(static_cast<float>(x) / step)) + middle;
  return static_cast<float>(std::min<double>(std::max<double>(code, lowest), highest) - middle) * step;
}

const std::string layer = node({"Gemm", {"a", "w", "b"}, {"z"}}) +
                          initializer("w", tensor({2, 2}, Numbers{1, -1, 2, 1})) +
                          initializer("b", tensor({2}, Numbers{0.5F, 0}));

}  // namespace

TEST_CASE("onnx codes: what a model computes is rounded half to even and ends with the codes") {
  struct Row {
    std::int64_t type;
    int zero, lowest, highest;
  };
  for (const Row& row : {Row{2, 0, 0, 255}, Row{2, 100, 0, 255}, Row{3, 0, -128, 127}, Row{3, -128, -128, 127}}) {
    const std::string content =
        graph(pair_of("x", "a", {"s", "n"}) + layer + pair_of("z", "y", {"t", "m"}) + scale("s", 0.25F) +
              zero("n", row.type, row.zero) + scale("t", 0.1F) + zero("m", row.type, row.zero));
    const model::Model found = read(content);
    CHECK(n_rounded_layers(found) == 2);
    for (int i = -400; i <= 400; ++i) {
      const double x = i / 8.0;  // every second one is half way between two codes
      const auto in = [&](double value) { return rounded(value, 0.25F, row.zero, row.lowest, row.highest); };
      const auto out = [&](double value) { return rounded(value, 0.1F, row.zero, row.lowest, row.highest); };
      const double a = in(x), b = in(0.5 - x);
      CHECK(model::predict(found, std::vector<double>{x, 0.5 - x}) ==
            std::vector<double>{out(a + 2 * b + 0.5), out(b - a)});
    }
  }
}

TEST_CASE("onnx codes: behind an activation, without a zero, and with reshapes between the two") {
  const std::string shape = initializer("shape", tensor({2}, Integers{-1, 2}));
  const std::string between = node({"QuantizeLinear", {"r", "t"}, {"c"}}) + node({"Reshape", {"c", "shape"}, {"d"}}) +
                              node({"DequantizeLinear", {"d", "t"}, {"y"}});
  const model::Model found = read(graph(node({"Identity", {"x"}, {"a"}}) + layer + node({"Tanh", {"z"}, {"r"}}) +
                                        between + shape + scale("t", 0.125F)));
  CHECK(n_rounded_layers(found) == 1);
  const auto out = [](double value) { return rounded(std::tanh(value), 0.125F, 0, 0, 255); };
  CHECK(model::predict(found, std::vector<double>{1.0, 0.25}) == std::vector<double>{out(2.0), out(-0.75)});
}

TEST_CASE("onnx codes: weights that are float, made codes and made floats again, are constants") {
  // Rounded to codes of 0.5 (column 0) and 0.25 (column 1), the last one at the end of int8.
  const std::string both =
      node({"QuantizeLinear", {"v", "s", "n"}, {"q"}, attribute("axis", std::int64_t{1})}) +
      node({"DequantizeLinear", {"q", "s", "n"}, {"w"}, attribute("axis", std::int64_t{1})}) +
      node({"MatMul", {"x", "w"}, {"y"}}) + initializer("v", tensor({2, 2}, Numbers{0.75F, 0.3F, 1.3F, 100})) +
      initializer("s", tensor({2}, Numbers{0.5F, 0.25F})) + initializer("n", bytes({2}, 3, std::string("\x00\x01", 2)));
  CHECK(answers(read(graph(both)), {{1, 0}, {0, 1}}) == std::vector<double>{1, 0.25, 1.5, 31.5});
  const std::string turned = node({"Transpose", {"v"}, {"w"}, attribute("perm", Integers{1, 0})}) +
                             node({"MatMul", {"x", "w"}, {"y"}}) +
                             initializer("v", tensor({3, 2}, Numbers{1, 2, 3, 4, 5, 6}));
  CHECK(answers(read(graph(turned)), {{1, 10}}) == std::vector<double>{21, 43, 65});
}

TEST_CASE("onnx codes: what is refused") {
  const auto with = [](const std::string& nodes) { return refusal(graph(nodes + scale("s", 0.5F) + scale("t", 2))); };
  const auto q = [](const Texts& inputs, const std::string& attributes = "") {
    return node({"QuantizeLinear", inputs, {"c"}, attributes});
  };
  const auto dq = [](const Texts& inputs) { return node({"DequantizeLinear", inputs, {"y"}}); };
  CHECK(with(q({"x", "s"}) + node({"Relu", {"c"}, {"y"}})) ==
        "m.onnx: node 1 (Relu): input 0 'c' has the codes of a QuantizeLinear, of which emlc reads what "
        "DequantizeLinear makes");
  CHECK(with(q({"x", "s"}) + node({"Add", {"c", "s"}, {"y"}})) ==
        "m.onnx: node 1 (Add): computes on the codes of a QuantizeLinear");
  CHECK(with(q({"x", "s"}) + node({"Cast", {"c"}, {"y"}, attribute("to", std::int64_t{1})})) ==
        "m.onnx: node 1 (Cast): input 0 'c' has the codes of a QuantizeLinear, of which emlc reads what "
        "DequantizeLinear makes");
  CHECK(with(node({"QuantizeLinear", {"x", "s"}, {"y"}})) ==
        "m.onnx: output 'y': has the codes of a QuantizeLinear, expected a DequantizeLinear behind it");
  CHECK(with(dq({"x", "s"})) ==
        "m.onnx: node 0 (DequantizeLinear): takes codes that no QuantizeLinear in front of it made");
  CHECK(with(q({"x", "s"}) + dq({"c", "t"})) ==
        "m.onnx: node 1 (DequantizeLinear): has another scale, zero or type than the QuantizeLinear in front of it");
  CHECK(with(q({"x", "s"}) + dq({"c", "s", "n"}) + zero("n", 3, 0)) ==
        "m.onnx: node 1 (DequantizeLinear): has another scale, zero or type than the QuantizeLinear in front of it");
  CHECK(with(q({"x", "v"}) + initializer("v", tensor({2}, Numbers{1, 2}))) ==
        "m.onnx: node 0 (QuantizeLinear): has 2 scales for what the model computes, expected one for all columns");
  CHECK(with(q({"x", "v"}) + scale("v", 0)) ==
        "m.onnx: node 0 (QuantizeLinear): has the scale 0, expected a finite number above 0");
  CHECK(with(q({"x", "s", "n"}) + initializer("n", tensor({}, Integers{0}))) ==
        "m.onnx: node 0 (QuantizeLinear): has codes of int64, expected int8, uint8, int16 or uint16");
  CHECK(with(q({"x", "s"}, attribute("output_dtype", std::int64_t{17}))) ==
        "m.onnx: node 0 (QuantizeLinear): has codes of type 17, expected int8, uint8, int16 or uint16");
  CHECK(with(q({"x", "s"}, attribute("block_size", std::int64_t{2}))) ==
        "m.onnx: node 0 (QuantizeLinear): has a scale for each block of a column, expected one for all");
  CHECK(with(node({"Transpose", {"x"}, {"y"}})) ==
        "m.onnx: node 0 (Transpose): input 0 'x' depends on the model's input, expected a constant");
  CHECK(with(node({"Transpose", {"s"}, {"y"}})) ==
        "m.onnx: node 0 (Transpose): turns something else than a matrix of numbers around");
}
