#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/formats/keras/tfjs_text.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::keras_test;

namespace {

using Row = std::vector<double>;

const std::vector<Row> inputs = {{0, 0},      {1, 2},    {-1, 0.5}, {3, -4},    {-0.25, -0.25},
                                 {100, -100}, {-40, 80}, {6, 0},    {0.5, 5.5}, {1e-3, -1e-3}};

// kernel [in][out]
const std::vector<Weight> dense_weights = {{"d/kernel", {2, 2}, {1, -1, 0.5, 2}}, {"d/bias", {2}, {0.25, -0.5}}};
const std::string dense = layer("Dense", "d", R"("units":2,"activation":"linear","use_bias":true)");

Row dense_of(const Row& x) { return {x[0] + 0.5 * x[1] + 0.25, -x[0] + 2 * x[1] - 0.5}; }

Row each(const Row& x, const std::function<double(double)>& f) {
  Row y;
  for (const double value : x) y.push_back(f(value));
  return y;
}

void check_answers(const Files& from, const std::function<Row(const Row&)>& expected) {
  const model::Model model = read(from).model;
  CHECK(model::check(model, "m.json").empty());
  for (const Row& x : inputs) {
    const Row found = model::predict(model, x), wanted = expected(x);
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CAPTURE(x[0]);
      CHECK(std::abs(found[i] - wanted[i]) <= 1e-12 * std::max(1.0, std::abs(wanted[i])));
    }
  }
}

double relu(double z) { return std::max(z, 0.0); }
double limited(double z, double low, double high) { return std::min(std::max(z, low), high); }
double elu(double z, double alpha) { return z < 0 ? alpha * std::expm1(z) : z; }

/// What follows a dense layer, and its formula.
struct After {
  std::string layer;
  std::function<double(double)> formula;
  std::vector<Weight> weights{};
};

const std::vector<After> each_layer = {
    {layer("ReLU", "a"), relu},
    {layer("ReLU", "a", R"("max_value":null,"negative_slope":0,"threshold":0)"), relu},
    {layer("ReLU", "a", R"("max_value":6)"), [](double z) { return limited(z, 0, 6); }},
    {layer("ReLU", "a", R"("max_value":1.5)"), [](double z) { return limited(z, 0, 1.5); }},
    {layer("ReLU", "a", R"("negative_slope":0.25)"), [](double z) { return z < 0 ? 0.25 * z : z; }},
    {layer("ReLU", "a", R"("max_value":2,"negative_slope":0.25)"),
     [](double z) { return std::min(z < 0 ? 0.25 * z : z, 2.0); }},
    {layer("LeakyReLU", "a", R"("alpha":0.15)"), [](double z) { return z < 0 ? 0.15 * z : z; }},
    {layer("LeakyReLU", "a", R"("negative_slope":0.5)"), [](double z) { return z < 0 ? 0.5 * z : z; }},
    {layer("LeakyReLU", "a"), [](double z) { return z < 0 ? 0.3 * z : z; }},
    {layer("ELU", "a", R"("alpha":0.5)"), [](double z) { return elu(z, 0.5); }},
    {layer("ELU", "a"), [](double z) { return elu(z, 1); }},
    {layer("PReLU", "a", R"("shared_axes":[1])"),
     [](double z) { return z < 0 ? -0.75 * z : z; },
     {{"a/alpha", {1}, {-0.75F}}}},
    {layer("Dropout", "a", R"("rate":0.5)"), [](double z) { return z; }},
    {layer("GaussianNoise", "a", R"("stddev":0.5)"), [](double z) { return z; }},
    {layer("Flatten", "a"), [](double z) { return z; }},
    {layer("Rescaling", "a", R"("scale":0.5,"offset":-3)"), [](double z) { return 0.5 * z - 3; }},
    {layer("Activation", "a", R"("activation":"linear")"), [](double z) { return z; }},
    {layer("Activation", "a", R"("activation":null)"), [](double z) { return z; }},
    {layer("Activation", "a", R"("activation":"relu")"), relu},
    {layer("Activation", "a", R"("activation":"relu6")"), [](double z) { return limited(z, 0, 6); }},
    {layer("Activation", "a", R"("activation":"leaky_relu")"), [](double z) { return z < 0 ? 0.2 * z : z; }},
    {layer("Activation", "a", R"("activation":"sigmoid")"), [](double z) { return 1 / (1 + std::exp(-z)); }},
    {layer("Activation", "a", R"("activation":"tanh")"), [](double z) { return std::tanh(z); }},
    {layer("Activation", "a", R"("activation":"softplus")"),
     [](double z) { return relu(z) + std::log1p(std::exp(-std::abs(z))); }},
    {layer("Activation", "a", R"("activation":"elu")"), [](double z) { return elu(z, 1); }},
    {layer("Activation", "a", R"("activation":"selu")"),
     [](double z) { return 1.0507009873554805 * elu(z, 1.6732632423543772); }},
    {layer("Activation", "a", R"("activation":"hard_sigmoid")"), [](double z) { return limited(0.2 * z + 0.5, 0, 1); }},
    {layer(
         "Activation", "a",
         R"("activation":{"module":"builtins","class_name":"function","config":"tanh","registered_name":"function"})"),
     [](double z) { return std::tanh(z); }},
};

std::vector<Weight> with(std::vector<Weight> weights, const std::vector<Weight>& more) {
  weights.insert(weights.end(), more.begin(), more.end());
  return weights;
}

}  // namespace

TEST_CASE("keras: every layer behind a dense one, before the end, alone, twice and before another dense one") {
  for (const After& after : each_layer) {
    CAPTURE(after.layer);
    const auto weights = with(dense_weights, after.weights);
    check_answers(sequential("2", {dense, after.layer}, weights),
                  [&](const Row& x) { return each(dense_of(x), after.formula); });
    check_answers(sequential("2", {dense, layer("ReLU", "r"), after.layer}, weights),
                  [&](const Row& x) { return each(each(dense_of(x), relu), after.formula); });
    std::string second = dense;
    second.replace(second.find(R"("d")"), 3, R"("e")");
    auto both = with(weights, {{"e/kernel", {2, 2}, {1, -1, 0.5, 2}}, {"e/bias", {2}, {0.25, -0.5}}});
    check_answers(sequential("2", {dense, after.layer, second}, both),
                  [&](const Row& x) { return dense_of(each(dense_of(x), after.formula)); });
  }
  for (const After& after : each_layer) {
    const bool does_nothing = after.formula(-7.0) == -7.0;
    if (does_nothing) continue;
    CAPTURE(after.layer);
    check_answers(sequential("2", {after.layer}, after.weights), [&](const Row& x) { return each(x, after.formula); });
  }
}

TEST_CASE("keras: hard_sigmoid is another one in Keras 3, and refused where the version is not said") {
  const std::string hard = layer("Activation", "a", R"("activation":"hard_sigmoid")");
  check_answers(sequential("2", {hard}, {}, "3.1.0"),
                [](const Row& x) { return each(x, [](double z) { return limited(z / 6 + 0.5, 0, 1); }); });
  CHECK(refusal(sequential("2", {hard}, {}, "")) ==
        "m.json: layer 'a' (Activation): 'hard_sigmoid' depends on the version of Keras, which the file does not say");
}

TEST_CASE("keras: slopes for each unit") {
  const std::vector<Weight> slopes = {{"p/alpha", {2}, {0.25, -2}}};
  const auto prelu = [](const Row& z) { return Row{z[0] < 0 ? 0.25 * z[0] : z[0], z[1] < 0 ? -2 * z[1] : z[1]}; };
  check_answers(sequential("2", {layer("PReLU", "p")}, slopes), prelu);
  check_answers(sequential("2", {dense, layer("PReLU", "p")}, with(dense_weights, slopes)),
                [&](const Row& x) { return prelu(dense_of(x)); });
}

TEST_CASE("keras: batch normalization before, behind and between layers, with and without its parts") {
  const std::vector<Weight> moments = {{"b/moving_mean", {2}, {0.5, -2}}, {"b/moving_variance", {2}, {4, 0.25}}};
  const std::vector<Weight> all = with({{"b/gamma", {2}, {3, -1}}, {"b/beta", {2}, {1, 0.5}}}, moments);
  const std::string whole = layer("BatchNormalization", "b", R"("axis":[1],"epsilon":0.001)");
  const std::string bare = layer("BatchNormalization", "b", R"("axis":-1,"epsilon":0.5,"center":false,"scale":false)");
  const auto normal = [](const Row& x) {
    return Row{3 * (x[0] - 0.5) / std::sqrt(4.001) + 1, -(x[1] + 2) / std::sqrt(0.251) + 0.5};
  };
  check_answers(sequential("2", {whole}, all), normal);
  check_answers(sequential("2", {bare}, moments), [](const Row& x) {
    return Row{(x[0] - 0.5) / std::sqrt(4.5), (x[1] + 2) / std::sqrt(0.75)};
  });
  const auto weights = with(dense_weights, all);
  const std::string act = layer("ReLU", "r");
  const auto relus = [](const Row& x) { return each(x, relu); };
  check_answers(sequential("2", {whole, dense}, weights), [&](const Row& x) { return dense_of(normal(x)); });
  check_answers(sequential("2", {dense, whole}, weights), [&](const Row& x) { return normal(dense_of(x)); });
  check_answers(sequential("2", {whole, act, dense}, weights),
                [&](const Row& x) { return dense_of(relus(normal(x))); });
  check_answers(sequential("2", {dense, act, whole}, weights),
                [&](const Row& x) { return normal(relus(dense_of(x))); });
  check_answers(sequential("2", {act, whole, dense}, weights),
                [&](const Row& x) { return dense_of(normal(relus(x))); });
  CHECK(read(sequential("2", {dense, whole, act}, weights)).model.scalers.empty());
  CHECK(std::get<model::DenseNetwork>(read(sequential("2", {dense, whole, act}, weights)).model.predictor)
            .layers.size() == 1);
}

TEST_CASE("keras: normalization, from its weights or its config, and back") {
  const std::vector<Weight> moments = {{"n/mean", {2}, {0.5, -2}}, {"n/variance", {2}, {4, 0}}};
  const auto normal = [](const Row& x) { return Row{(x[0] - 0.5) / 2, (x[1] + 2) / 1e-7}; };
  check_answers(sequential("2", {layer("Normalization", "n", R"("axis":[-1],"mean":null)")}, moments), normal);
  check_answers(
      sequential("2", {layer("Normalization", "n", R"("axis":[-1],"mean":[[0.5,-2]],"variance":[[4,0]])")}, {}),
      normal);
  check_answers(sequential("2", {layer("Normalization", "n", R"("axis":null,"mean":1,"variance":4)")}, {}),
                [](const Row& x) {
                  return Row{(x[0] - 1) / 2, (x[1] - 1) / 2};
                });
  check_answers(
      sequential("2", {layer("Normalization", "n", R"("axis":null)")}, {{"n/mean", {}, {1}}, {"n/variance", {}, {4}}}),
      [](const Row& x) {
        return Row{(x[0] - 1) / 2, (x[1] - 1) / 2};
      });
  check_answers(sequential("2", {layer("Normalization", "n", R"("axis":[-1],"invert":true)")}, moments),
                [](const Row& x) {
                  return Row{x[0] * 2 + 0.5, x[1] * 1e-7 - 2};
                });
  // Divided once: the scaler stays as the library computes it.
  CHECK(read(sequential("2", {layer("Normalization", "n")}, moments)).model.scalers.at(0).op ==
        model::ScalerOp::subtract_divide);
}

TEST_CASE("keras: what scales goes into the layers and leaves no scaler behind another") {
  const std::string scale = R"("scale":[2,0.5],"offset":[1,-1])";
  const std::vector<std::string> layers = {layer("Rescaling", "a", scale), layer("Rescaling", "b", scale),
                                           layer("Rescaling", "c", R"("scale":3)")};
  check_answers(sequential("2", layers, {}), [](const Row& x) {
    return Row{3 * (2 * (2 * x[0] + 1) + 1), 3 * (0.5 * (0.5 * x[1] - 1) - 1)};
  });
  CHECK(read(sequential("2", layers, {})).model.scalers.size() == 1);
}

TEST_CASE("keras: a table is flattened row after row") {
  const std::string flat = layer("Dense", "d", R"("units":1,"use_bias":false)");
  const Files from = sequential("1,2", {layer("Rescaling", "r", R"("scale":[1,10])"), layer("Flatten", "f"), flat},
                                {{"d/kernel", {2, 1}, {1, 1}}});
  check_answers(from, [](const Row& x) { return Row{x[0] + 10 * x[1]}; });
}

TEST_CASE("keras: the end says what the outputs mean") {
  const auto output = [](std::string_view activation) {
    const std::string last = layer("Activation", "a", fmt::format(R"("activation":"{}")", activation));
    return read(sequential("2", {dense, last}, dense_weights)).model.output;
  };
  CHECK(output("softmax").task == model::Task::classification);
  CHECK(output("softmax").rule == model::DecisionRule::argmax);
  CHECK(output("softmax").targets.size() == 1);
  CHECK(output("log_softmax").task == model::Task::classification);
  CHECK(output("log_softmax").rule == model::DecisionRule::argmax);
  CHECK(output("sigmoid").rule == model::DecisionRule::greater);
  CHECK(output("sigmoid").threshold == 0.5);
  CHECK(output("sigmoid").targets.size() == 2);
  CHECK(output("tanh").task == model::Task::regression);
  CHECK(output("tanh").rule == model::DecisionRule::none);
  CHECK(read(sequential("2", {layer("Rescaling", "r", R"("scale":2)")}, {})).model.output.task ==
        model::Task::transform);
}

TEST_CASE("keras: each layer is named with what became of it") {
  const std::vector<std::string> layers = {layer("Rescaling", "r", R"("scale":2)"),
                                           dense,
                                           layer("ReLU", "a"),
                                           layer("Dropout", "o"),
                                           layer("Rescaling", "q", R"("scale":2)"),
                                           layer("Activation", "t", R"("activation":"tanh")")};
  std::vector<std::string> found;
  for (const ReadNode& node : read(sequential("2", layers, dense_weights)).nodes) {
    found.push_back(fmt::format("{} {}: {}", node.name, node.op, node.became));
  }
  CHECK(found == std::vector<std::string>{"in InputLayer: nothing: it is the input", "r Rescaling: scaler 0",
                                          "d Dense: layer 0", "a ReLU: the activation of layer 0",
                                          "o Dropout: nothing: it computes in training only",
                                          "q Rescaling: part of layer 1", "t Activation: layer 1"});
}
