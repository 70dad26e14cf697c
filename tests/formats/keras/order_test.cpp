#include <doctest/doctest.h>

#include "codegen/model/predict/predict.hpp"
#include "tests/formats/keras/tfjs_text.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::keras_test;

namespace {

const std::vector<Weight> weights = {{"d/kernel", {1, 1}, {2}}, {"e/kernel", {1, 1}, {3}}};

/// A layer of a functional model: its class, name, config and the calls of it.
std::string called(std::string_view class_name, std::string_view name, std::string_view config,
                   std::string_view inbound) {
  const std::string plain = layer(class_name, name, config);
  return fmt::format(R"({},"name":"{}","inbound_nodes":{}}})", plain.substr(0, plain.size() - 1), name, inbound);
}

std::string of_keras_2(std::string_view producer) { return fmt::format(R"([[["{}",0,0,{{}}]]])", producer); }
std::string of_keras_3(std::string_view producer) {
  return fmt::format(R"([{{"args":[{{"class_name":"__keras_tensor__","config":{{"shape":[null,1],"dtype":"float32",)"
                     R"("keras_history":["{}",0,0]}}}}],"kwargs":{{"mask":null}}}}])",
                     producer);
}

constexpr std::string_view one_unit = R"("units":1,"use_bias":false)";
std::string input(std::string_view name = "in") {
  return called("InputLayer", name, R"("batch_shape":[null,1])", "[]");
}

Files functional(const std::vector<std::string>& layers, std::string_view inputs = R"(["in",0,0])",
                 std::string_view outputs = R"([["e",0,0]])", std::string_view class_name = "Functional") {
  return files(fmt::format(R"({{"model_config":{{"class_name":"{}","config":{{"name":"f","layers":[{}],)"
                           R"("input_layers":{},"output_layers":{}}}}},"keras_version":"2.15.0"}})",
                           class_name, fmt::join(layers, ","), inputs, outputs),
               weights);
}

std::vector<std::string> chain(std::string (*producer)(std::string_view)) {
  return {input(), called("Dense", "d", one_unit, producer("in")),
          called("Activation", "r", R"("activation":"relu")", producer("d")),
          called("Dense", "e", one_unit, producer("r"))};
}

std::string refusal_of(std::vector<std::string> layers) { return refusal(functional(layers)); }

}  // namespace

TEST_CASE("keras: a functional chain is followed from its output, as Keras 2 and 3 write it, in any order") {
  for (const auto producer : {of_keras_2, of_keras_3}) {
    for (const char* class_name : {"Functional", "Model"}) {
      std::vector<std::string> layers = chain(producer);
      const auto answers = [&] {
        const model::Model model = read(functional(layers, R"([["in",0,0]])", R"(["e",0,0])", class_name)).model;
        return std::vector{model::predict(model, std::vector{5.0})[0], model::predict(model, std::vector{-5.0})[0]};
      };
      CHECK(answers() == std::vector{30.0, 0.0});
      std::swap(layers[0], layers[3]);
      std::swap(layers[1], layers[2]);
      CHECK(answers() == std::vector{30.0, 0.0});
    }
  }
}

TEST_CASE("keras: what is no chain is refused by the layer's name") {
  auto layers = chain(of_keras_2);
  layers[3] = called("Dense", "e", one_unit, R"([[["r",0,0,{}],["d",0,0,{}]]])");
  CHECK(refusal_of(layers) ==
        "m.json: layer 'e' (Dense): takes the outputs of 2 layers, only chains of layers are supported");
  layers[3] = called("Dense", "e", one_unit, R"([[["r",0,0,{}]],[["d",0,0,{}]]])");
  CHECK(refusal_of(layers) == "m.json: layer 'e' (Dense): is called 2 times, in a chain a layer is called once");
  layers[3] = called("Dense", "e", one_unit, of_keras_2("nobody"));
  CHECK(refusal_of(layers) == "m.json: layer 'e' (Dense): takes the output of the layer 'nobody', which is not there");
  layers[3] = called("Dense", "e", one_unit, of_keras_2("d"));
  CHECK(refusal_of(layers) ==
        "m.json: layer 'r' (Activation): is not on the way from the input to the output, only chains of layers are "
        "supported");
  layers = chain(of_keras_2);
  layers[1] = called("Dense", "d", one_unit, of_keras_2("r"));
  CHECK(refusal_of(layers) ==
        "m.json: layer 'e' (Dense): does not come of the input: its layers take one another's outputs");
  layers = chain(of_keras_2);
  layers[1] = called("Dense", "e", one_unit, of_keras_2("in"));
  CHECK(refusal_of(layers) == "m.json: layer 'e' (Dense): there are two layers of this name");
  layers = chain(of_keras_2);
  CHECK(refusal(functional(layers, "[]")) == "m.json: the model has 0 inputs, a chain has one");
  CHECK(refusal(functional(layers, R"([["in",0,0],["d",0,0]])")) == "m.json: the model has 2 inputs, a chain has one");
  CHECK(refusal(functional(layers, R"(["in",0,0])", R"([["e",0,0],["d",0,0]])")) ==
        "m.json: the model has 2 outputs, a chain has one");
  CHECK(refusal(functional(layers, R"(["in",0,0])", R"([["x",0,0]])")) ==
        "m.json: the output is the layer 'x', which is not there");
  CHECK(refusal(functional(layers, R"(["in",0,0])", R"([["e",0,0]])", "Graph")) ==
        "m.json: the model is a Graph, expected a Sequential or a Functional one");
}
