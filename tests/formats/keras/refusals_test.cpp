#include <doctest/doctest.h>

#include "tests/formats/keras/tfjs_text.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::keras_test;

namespace {

const std::vector<Weight> weights = {{"d/kernel", {2, 2}, {1, -1, 0.5, 2}}, {"d/bias", {2}, {0.25, -0.5}}};
const std::string dense = layer("Dense", "d", R"("units":2)");

/// What is said against one layer on a row of two values.
std::string of_layer(const std::string& text, const std::vector<Weight>& its_weights = {},
                     std::string_view shape = "2") {
  return refusal(sequential(shape, {text}, its_weights));
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("keras: layers and settings that are not supported are refused by the layer's name") {
  CHECK(of_layer(layer("LSTM", "memory", R"("units":3)"))
            .starts_with(
                "m.json: layer 'memory' (LSTM): is not supported; supported are InputLayer, Dense, Activation, "));
  CHECK(
      of_layer(layer("Activation", "a", R"("activation":"swish")"))
          .starts_with("m.json: layer 'a' (Activation): the activation 'swish' is not supported; supported are linear, "
                       "relu, relu6, leaky_relu, sigmoid, "));
  CHECK(of_layer(
            layer("Activation", "a", R"("activation":{"class_name":"LeakyReLU","config":{"name":"relu","alpha":0.1}})"))
            .starts_with("m.json: layer 'a' (Activation): the activation 'LeakyReLU' is not supported"));
  CHECK(of_layer(layer("Dense", "d", R"("units":2,"dtype":"float16")")) ==
        "m.json: layer 'd' (Dense): computes in 'float16', only float32 is supported");
  CHECK(of_layer(layer("Dense", "d",
                       R"("units":2,"dtype":{"class_name":"DTypePolicy","config":{"name":"mixed_float16"}})")) ==
        "m.json: layer 'd' (Dense): computes in 'mixed_float16', only float32 is supported");
  CHECK(of_layer(layer("Dense", "d", R"("units":0)")) == "m.json: layer 'd' (Dense): has 0 units, expected 1 to 4096");
  CHECK(of_layer(layer("Dense", "d", R"("units":2.5)")) ==
        "m.json: layer 'd' (Dense): has 2.5 units, expected 1 to 4096");
  CHECK(of_layer(layer("Dense", "d", R"("units":"2")")) == "m.json: layer 'd' (Dense): 'units' is not a number");
  CHECK(of_layer(layer("Dense", "d", R"("units":2,"use_bias":1)"), weights) ==
        "m.json: layer 'd' (Dense): 'use_bias' is not a boolean");
  CHECK(of_layer(layer("ReLU", "r", R"("threshold":1)")) ==
        "m.json: layer 'r' (ReLU): has a threshold other than 0, where its answers jump; no activation of emlc does "
        "that");
  CHECK(of_layer(layer("ReLU", "r", R"("max_value":0)")) ==
        "m.json: layer 'r' (ReLU): has a max_value of 0, expected one above 0");
  CHECK(of_layer(layer("Softmax", "s", R"("axis":2)")) ==
        "m.json: layer 's' (Softmax): works along the axes (2), expected the last one");
  CHECK(of_layer(layer("Rescaling", "r", R"("scale":[1,2,3])")) ==
        "m.json: layer 'r' (Rescaling): 'scale' has 3 numbers, expected 1 or 2");
  CHECK(of_layer(layer("Normalization", "n", R"("mean":0,"variance":-1)")) ==
        "m.json: layer 'n' (Normalization): has a variance of -1, below 0");
  CHECK(of_layer(layer("BatchNormalization", "b", R"("scale":false,"center":false)"),
                 {{"b/moving_mean", {2}, {0, 0}}, {"b/moving_variance", {2}, {1, -1}}}) ==
        "m.json: layer 'b' (BatchNormalization): has a variance of -1 with an epsilon of 0.001, expected more than 0");
  CHECK(of_layer(layer("Flatten", "f", R"("data_format":"channels_first")"), {}, "2,3") ==
        "m.json: layer 'f' (Flatten): moves channels that come first to the end, only channels_last is supported");
  CHECK(
      of_layer(dense, weights, "3,2") ==
      "m.json: layer 'd' (Dense): a dense layer of an input of shape (3, 2) is not supported, only of a row of values; "
      "put a Flatten before it");
  const std::string after = layer("Activation", "a", R"("activation":"log_softmax")") + "," + layer("ELU", "e");
  CHECK(of_layer(after) == "m.json: layer 'e' (ELU): comes behind a log_softmax, which has to be the last");
  CHECK(of_layer(layer("Activation", "a", R"("activation":"softmax")"), {}, "2,3") ==
        "m.json: layer 'a' (Activation): a softmax of an input of shape (2, 3) is not supported, only of a row of "
        "values; "
        "put a Flatten before it");
  CHECK(of_layer(layer("Dropout", "o")) == "m.json: no layer of the model computes anything");
}

TEST_CASE("keras: inputs without a fixed shape, or of a size that no device has") {
  const auto shape = [](std::string_view text) { return of_layer(layer("ReLU", "r"), {}, text); };
  CHECK(shape("null") == "m.json: layer 'in' (InputLayer): its input has a shape that is not fixed");
  CHECK(shape("0") == "m.json: layer 'in' (InputLayer): its input has 0 values, expected 1 to 65536");
  CHECK(shape("65536,2") == "m.json: layer 'in' (InputLayer): its input has 131072 values, expected 1 to 65536");
  CHECK(
      shape("1025") ==
      "m.json: layer 'r' (ReLU): activations without a dense layer just before them take layers of 1050625 weights of "
      "their own, up to this one of 1025 values; at most 1048576 may be");
  CHECK(refusal(files(
            R"({"class_name":"Sequential","config":{"layers":[{"class_name":"ReLU","config":{"name":"r"}}]}})", {})) ==
        "m.json: layer 'r' (ReLU): does not say the shape of its input");
  CHECK(refusal(files(R"({"class_name":"Sequential","config":{"layers":[]}})", {})) ==
        "m.json: the model has no layer");
  CHECK(refusal(files("{}", {})) == "m.json: the model has no layer");
  CHECK(refusal(files(R"({"class_name":"Sequential","config":[7]})", {})) ==
        "m.json:1: modelTopology.config[0]: expected an object, found 7");
}

TEST_CASE("keras: numbers that are not finite are refused where they are") {
  const float infinity = std::numeric_limits<float>::infinity();
  auto bad = weights;
  bad[1].values[0] = infinity;
  CHECK(of_layer(dense, bad) == "m.json: layer 'd' (Dense): 'bias' has a number that is not finite");
  CHECK(of_layer(layer("PReLU", "p"), {{"p/alpha", {2}, {0, -infinity}}}) ==
        "m.json: layer 'p' (PReLU): 'alpha' has a number that is not finite");
}

TEST_CASE("tfjs: weights that are not there, of another shape or type, or do not fill their files") {
  const Files good = sequential("2", {dense}, weights);
  const auto of_manifest = [&](std::string_view from, std::string_view to) {
    return refusal({with(good.model, from, to), good.weights});
  };
  CHECK(refusal(good).empty());
  CHECK(of_manifest("d/bias", "e/bias") == "m.json: weightsManifest 'd/bias': is not there");
  CHECK(of_manifest("d/bias", "x/d/kernel") == "m.json: weightsManifest 'd/kernel': is there twice");
  CHECK(of_manifest(R"("shape":[2,2])", R"("shape":[4,1])") ==
        "m.json: weightsManifest 'd/kernel': has the shape (4, 1), expected (2, 2)");
  CHECK(of_manifest(R"("shape":[2,2])", R"("shape":[3,2])") ==
        "m.json: weightsManifest 'd/bias': is longer than the 0 bytes that are left of its files");
  CHECK(of_manifest(R"("shape":[2,2])", R"("shape":[2147483647,2147483647,2147483647])") ==
        "m.json: weightsManifest 'd/kernel': is longer than the 24 bytes that are left of its files");
  CHECK(of_manifest(R"("shape":[2,2])", R"("shape":[2,1])") ==
        "m.json: weightsManifest: 8 of 24 bytes of 'w.bin' are of no weight");
  CHECK(of_manifest(R"("dtype":"float32")", R"("dtype":"int32")") ==
        "m.json: weightsManifest 'd/kernel': is of type 'int32', expected float32");
  CHECK(of_manifest(R"("dtype":"float32")", R"("dtype":"string")") ==
        "m.json: weightsManifest 'd/kernel': is of type 'string', only float32 is supported");
  CHECK(of_manifest(R"("dtype":"float32")", R"("dtype":"float32","quantization":{"dtype":"uint8"})") ==
        "m.json: weightsManifest 'd/kernel': is quantized; convert the model without quantization");
  CHECK(of_manifest("w.bin", "v.bin") == "m.json: its weights are in 'v.bin', which is not given");
  CHECK(of_manifest("layers-model", "graph-model") ==
        "m.json: format: is 'graph-model', expected 'layers-model': a graph of operations has no layers; convert the "
        "Keras model with tensorflowjs_converter --output_format tfjs_layers_model");
}

TEST_CASE("tfjs: the files of the weights are beside the model") {
  const Files good = sequential("2", {dense}, weights);
  const Format& format = format_called("tfjs");
  CHECK(format.companions(good.model, "m.json") == std::vector<std::string>{"w.bin"});
  for (const char* path : {"../w.bin", "/etc/passwd", "", ".", "..", "a\\\\b", "C:w.bin", "a/w.bin", "w\\u0000.bin"}) {
    CAPTURE(path);
    CHECK_THROWS_AS(format.companions(with(good.model, "w.bin", path), "m.json"), Error);
  }
  CHECK_THROWS_WITH_AS(format.companions(with(good.model, "w.bin", "../w.bin"), "m.json"),
                       "m.json: weightsManifest: names '../w.bin', expected the name of a file beside it", Error);
  // Once each: a short list must not stand for much memory.
  CHECK_THROWS_WITH_AS(format.companions(with(good.model, R"(["w.bin"])", R"(["w.bin","w.bin"])"), "m.json"),
                       "m.json: weightsManifest: names 'w.bin' twice", Error);
}
