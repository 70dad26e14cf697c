#include <doctest/doctest.h>

#include "tests/formats/onnx/reading.hpp"

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

/// A graph from x, [n][2], to y, with what is wrong in it.
std::string graph(const std::string& nodes, std::int64_t opset = 17) {
  return file(nodes + input("x", {-1, 2}) + output("y"), opset);
}
const std::string matmul = node({"MatMul", {"x", "w"}, {"y"}});
const std::string weights = initializer("w", tensor({2, 1}, Numbers{1, 2}));

}  // namespace

TEST_CASE("onnx refusals: what is no model, or ends too early") {
  const std::string whole = graph(matmul + weights);
  CHECK(refusal(whole).empty());
  // Behind the graph there are only versions.
  const std::size_t graph_end = whole.rfind(text(8, text(1, "") + integer(2, 17)));
  for (std::size_t size = 1; size < graph_end; ++size) CHECK_FALSE(refusal(whole.substr(0, size)).empty());
  CHECK(refusal(whole.substr(0, 30)) ==
        "m.onnx: byte 15: expected a field that ends in its message, the file has 30 bytes");
  CHECK(refusal(integer(1, 8)) == "m.onnx: graph: there is none");
  CHECK(refusal(integer(1, 8) + text(7, matmul + weights + input("x", {-1, 2}) + output("y"))) ==
        "m.onnx: opset_import: there is none, expected the versions of the operators");
  CHECK(refusal(text(7, text(1, "\x0a\x7f"))) ==
        "m.onnx: byte 6: expected a field that ends in its message, the file has 6 bytes");
}

TEST_CASE("onnx refusals: small files that ask for much memory") {
  std::string many;
  for (int index = 0; index < 1000000; ++index) many += std::string("\x0a\x00", 2);
  CHECK(refusal(text(7, many)) ==
        "m.onnx: model: its parts would need 732 MiB of memory, far more than 2000004 bytes should: most are empty");
  const std::string large = initializer("w", tensor({1 << 20, 1 << 20}, Numbers{1}));
  CHECK(refusal(graph(matmul + large)) ==
        "m.onnx: initializer 'w': has a shape of more elements than any file holds: 1048576 x 1048576");
  const std::string wide = file(node({"Relu", {"x"}, {"y"}}) + input("x", {-1, 65536}) + output("y"));
  CHECK(refusal(wide) ==
        "m.onnx: node 0 (Relu): needs 4294967296 numbers, with those of all nodes before it more than " +
            std::to_string((1U << 22U) + wide.size()));
}

TEST_CASE("onnx refusals: tensors") {
  const auto with = [](const std::string& tensor) { return refusal(graph(matmul + initializer("w", tensor))); };
  const std::string at = "m.onnx: initializer 'w': ";
  CHECK(with(tensor({2, 1}, Numbers{1})) == at + "has 1 elements, its shape [2, 1] 2");
  CHECK(with(tensor({-2, 1}, Numbers{1, 2})) == at + "expected sizes from 0 on, found -2");
  CHECK(with(integer(1, 2) + integer(1, 1) + integer(2, 1) + text(9, "1234567")) ==
        at + "has 7 bytes, no whole number of elements of 4 bytes");
  CHECK(with(integer(1, 2) + integer(2, 10) + text(9, "1234")) ==
        at + "has elements of type 10, which emlc does not read");
  CHECK(with(integer(1, 1) + integer(2, 3) + text(5, varint(300))) ==
        at + "the element 300 is out of the range of int8, -128 to 127");
  CHECK(with(tensor({2, 1}, Numbers{}) + integer(14, 1) + text(13, text(1, "location") + text(2, "/etc/passwd"))) ==
        at + "has its elements in another file, which emlc never opens: save the model with all of its data inside");
  CHECK(refusal(graph(matmul + weights + weights)) == at + "is there twice");
}

TEST_CASE("onnx refusals: graphs") {
  CHECK(refusal(graph(matmul)) ==
        "m.onnx: node 0 (MatMul): its input 'w' is made by no node before it, and is no input or initializer");
  CHECK(refusal(graph(node({"Relu", {"b"}, {"a"}}) + node({"Relu", {"a"}, {"b"}}) + matmul + weights)) ==
        "m.onnx: node 0 (Relu): its input 'b' is made by no node before it, and is no input or initializer");
  CHECK(refusal(graph(matmul + matmul + weights)) == "m.onnx: node 1 (MatMul): gives 'y', which is there already");
  CHECK(refusal(graph(node({"MatMul", {"x", "w"}, {"z"}}) + weights)) == "m.onnx: output 'y': is made by no node");
  CHECK(refusal(graph(node({"Conv", {"x"}, {"y"}, "", "", "first"}))) ==
        "m.onnx: node 'first' (Conv): emlc does not read this operator (docs/formats.md lists those it does)");
  CHECK(refusal(graph(node({"Gelu", {"x"}, {"y"}, "", "com.other"}))) ==
        "m.onnx: node 0 (Gelu): its domain 'com.other' has no version among the model's opsets");
  CHECK(refusal(graph(node({"Relu", {"x"}, {"y"}, text(5, text(1, "body") + text(6, ""))}))) ==
        "m.onnx: node 0 (Relu), attribute 'body': is a graph of its own, emlc reads graphs without branches and loops");
  CHECK(refusal(graph(node({"Relu", {"x"}, {"y"}, attribute("slope", 1.0F)}))) ==
        "m.onnx: node 0 (Relu): has the attribute 'slope', which emlc does not know");
  CHECK(refusal(graph(node({"Gemm", {"x", "w"}, {"y"}, attribute("alpha", 1.0F) + attribute("alpha", 2.0F)}) +
                      weights)) == "m.onnx: node 0 (Gemm): has attribute 'alpha' twice");
  CHECK(refusal(graph(matmul + weights, 99)) == "m.onnx: opset_import: version 99 of ai.onnx, expected 1 to 26");
  CHECK(refusal(graph(node({"Relu", {"x"}, {"y"}}), 5)) ==
        "m.onnx: node 0 (Relu): is read from version 6 of its opset on, the model has 5");
  CHECK(refusal(text(2, "x") + text(7, "") + text(25, "")) ==
        "m.onnx: functions: the model has functions of its own, emlc reads none");
}

TEST_CASE("onnx refusals: inputs and outputs") {
  const auto with = [](const std::string& ports) { return refusal(file(matmul + weights + ports)); };
  CHECK(with(output("y")) == "m.onnx: graph: has no input");
  CHECK(with(input("x", {-1, 2})) == "m.onnx: graph: has no output");
  CHECK(with(input("x", {-1, -1}) + output("y")).empty());
  CHECK(refusal(file(node({"Relu", {"x"}, {"y"}}) + input("x", {-1, -1}) + output("y"))) ==
        "m.onnx: input 'x': has no fixed number of features, and no node that says it");
  CHECK(with(input("x", {-1, 2, 2}) + output("y")) ==
        "m.onnx: input 'x': has 3 dimensions, expected a row of features for each sample");
  CHECK(with(input("x", {-1, 70000}) + output("y")) == "m.onnx: input 'x': has 70000 features, more than 65536");
  CHECK(with(input("x", {-1, 2}, 8) + output("y")) ==
        "m.onnx: input 'x': has elements of string, expected numbers of float, double or at most 32 bits");
  CHECK(with(input("x", {-1, 2}) + input("x", {-1, 2}) + output("y")) == "m.onnx: input 'x': is there twice");
  CHECK(with(input("x", {-1, 3}) + output("y")) == "m.onnx: node 0 (MatMul): takes rows of 2 numbers, 3 come in");
  CHECK(with(input("x", {-1, 2}) + output("y") + output("w")) == "m.onnx: output 'w': is a constant");
  CHECK(with(input("x", {-1, 2}) + output("y") + output("y")) ==
        "m.onnx: output 'y': is a second output of numbers, expected one, and one of classes");
}

TEST_CASE("onnx refusals: what the model has no place for, by node and operator") {
  const auto with = [](const std::string& nodes) { return refusal(graph(nodes)); };
  CHECK(with(node(ml({"Normalizer", {"x"}, {"y"}, attribute("norm", "MAX")}))) ==
        "m.onnx: node 0 (Normalizer): divides each row by its norm MAX: by the largest number, not the largest "
        "magnitude, "
        "which the model has no place for");
  CHECK(with(node(ml({"OneHotEncoder", {"x"}, {"y"}, attribute("zeros", std::int64_t{1})}))) ==
        "m.onnx: node 0 (OneHotEncoder): has no categories");
  CHECK(with(node({"Identity", {"x"}, {"y"}})) == "m.onnx: graph: gives its input as it is, expected a model");
  CHECK(
      with(node(ml({"SVMRegressor", {"x"}, {"y"}, attribute("kernel_type", "POLY")}))) ==
      "m.onnx: node 0 (SVMRegressor): has the kernel POLY, emlc reads LINEAR alone: the model has no place for support "
      "vectors");
}
