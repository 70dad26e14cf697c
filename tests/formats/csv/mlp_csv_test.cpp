#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/format.hpp"
#include "formats/writers.hpp"

namespace {

using namespace emlc::model;

Model read(std::string_view text) {
  Model model = emlc::formats::read_mlp_csv(text, "f.csv");
  CHECK(check(model, "f.csv").empty());
  return model;
}

std::string write(const Model& model) { return emlc::formats::write_csv(model).bytes; }

/// A scaler with limits, a hidden layer of every kind of parameter, two classes.
Model small_network() {
  Model model{.name = "weather"};
  model.input = {.n_features = 2, .type = NumberType::float64};
  model.output = {.task = Task::classification,
                  .n_outputs = 2,
                  .targets = {{.name = "sky", .size = 2, .class_names = {"clear", "rain"}}},
                  .rule = DecisionRule::argmax};
  model.scalers = {{.op = ScalerOp::subtract_divide, .offset = {1, -2.5}, .scale = {0.5, 4}, .clip = {{-1, 1}}},
                   {.op = ScalerOp::multiply_add, .offset = {0, 0.1}, .scale = {1, 2}, .clip = {}}};
  DenseNetwork network;
  network.layers = {{.n_in = 2,
                     .n_out = 3,
                     .weights = {1, -2, 0.25, 1e-9, 3, 0.1},
                     .bias = {0.5, 0, -1},
                     .activation = Activation::leaky_relu,
                     .alpha = 0.01},
                    {.n_in = 3, .n_out = 2, .weights = {1, 2, 3, -1, -2, -3}, .bias = {0, 0.125}}};
  network.post_transform.kind = PostTransformKind::softmax;
  model.predictor = network;
  CHECK(check(model, "test").empty());
  return model;
}

constexpr const char* small_text =
    "emlc,mlp,1\nname,weather\ninput,float32,2\noutput,classification,2\ntarget,2,sky\nclass,clear\nclass,rain\n"
    "decision,argmax\nnetwork,2,2\n"
    "scaler,subtract_divide,-1,1\noffset,1,-2.5\nscale,0.5,4\nscaler,multiply_add\noffset,0,0.1\nscale,1,2\n"
    "layer,leaky_relu,2,3,0.01\nw,1,-2\nw,0.25,1e-09\nw,3,0.1\nb,0.5,0,-1\n"
    "layer,identity,3,2\nw,1,2,3\nw,-1,-2,-3\nb,0,0.125\npost,softmax\nend\n";

}  // namespace

TEST_CASE("mlp-csv: a network with scalers, byte for byte") {
  CHECK(write(small_network()) == small_text);
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(small_network());
  CHECK(emlc::layout::flash(artifact) == artifact.bytes.size());
  CHECK(artifact.warnings.empty());
}

TEST_CASE("mlp-csv: reads back to the same network") {
  const Model model = read(small_text);
  CHECK(emlc::formats::recognise(small_text, "f.csv").name == "mlp-csv");
  CHECK(write(model) == small_text);
  CHECK(class_names(model, 0) == std::vector<std::string>{"clear", "rain"});
  const Model exact = small_network();
  for (const std::vector<double>& x : {std::vector<double>{0, 0}, {1.25, -3}, {1e6, -1e6}, {0.9, 2}}) {
    const std::vector<double> expected = predict(exact, x), out = predict(model, x);
    CHECK(out[0] == doctest::Approx(expected[0]).epsilon(1e-6));
    CHECK(out[1] == doctest::Approx(expected[1]).epsilon(1e-6));
  }
}

TEST_CASE("mlp-csv: every activation, post-transform and type of input has its name") {
  for (const Activation activation :
       {Activation::identity, Activation::relu, Activation::relu6, Activation::leaky_relu, Activation::tanh,
        Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu}) {
    Model model = small_network();
    std::get<DenseNetwork>(model.predictor).layers[0].activation = activation;
    CHECK(std::get<DenseNetwork>(read(write(model)).predictor).layers[0].activation == activation);
  }
  for (const PostTransformKind kind :
       {PostTransformKind::identity, PostTransformKind::sigmoid, PostTransformKind::softmax, PostTransformKind::exp,
        PostTransformKind::hinge, PostTransformKind::signed_square, PostTransformKind::log1p_exp,
        PostTransformKind::normalize, PostTransformKind::isolation, PostTransformKind::log_softmax}) {
    Model model = small_network();
    std::get<DenseNetwork>(model.predictor).post_transform = {
        .kind = kind, .scale = 0.5, .denominator = 3.0, .offset = 0.25};
    const PostTransform back = std::get<DenseNetwork>(read(write(model)).predictor).post_transform;
    CHECK(back.kind == kind);
    CHECK(back.scale == 0.5);
    CHECK(back.denominator == (kind == PostTransformKind::isolation ? 3.0 : 1.0));
    CHECK(back.offset == (kind == PostTransformKind::isolation ? 0.25 : 0.0));
  }
  for (const NumberType type :
       {NumberType::float32, NumberType::int8, NumberType::uint8, NumberType::int16, NumberType::int32}) {
    Model model = small_network();
    model.input.type = type;
    CHECK(read(write(model)).input.type == type);
  }
}

TEST_CASE("mlp-csv: scalers alone are a model") {
  Model model;
  model.input.n_features = 1;
  model.output = {.task = Task::transform, .n_outputs = 1, .targets = {{}}};
  model.scalers = {{.op = ScalerOp::subtract_divide, .offset = {1}, .scale = {2}, .clip = {}}};
  CHECK(write(model) ==
        "emlc,mlp,1\ninput,float32,1\noutput,transform,1\ntarget,1\ndecision,none\nnetwork,1,0\n"
        "scaler,subtract_divide\noffset,1\nscale,2\nend\n");
  CHECK(predict(read(write(model)), std::vector{4.0}) == std::vector{1.5});
}

TEST_CASE("mlp-csv: the decision about a float32 output is the one about the exact threshold") {
  Model model = small_network();
  std::get<DenseNetwork>(model.predictor).layers[1] = {.n_in = 3, .n_out = 1, .weights = {1, 2, 3}, .bias = {0}};
  std::get<DenseNetwork>(model.predictor).post_transform.kind = PostTransformKind::sigmoid;
  model.output.n_outputs = 1;
  model.output.targets = {{.class_names = {"clear", "rain"}}};
  struct Row {
    DecisionRule rule;
    double threshold;
    const char* text;
  };
  // The float32 nearest to 0.1 is above it, the one nearest to 0.7 is below it.
  for (const Row& row : {Row{DecisionRule::greater, 0.5, "decision,greater,0.5\n"},
                         Row{DecisionRule::greater, 0.1, "decision,greater,0.099999994\n"},
                         Row{DecisionRule::greater_equal, 0.1, "decision,greater_equal,0.1\n"},
                         Row{DecisionRule::greater, 0.7, "decision,greater,0.7\n"},
                         Row{DecisionRule::greater_equal, 0.7, "decision,greater_equal,0.70000005\n"}}) {
    model.output.rule = row.rule;
    model.output.threshold = row.threshold;
    CHECK(write(model).find(row.text) != std::string::npos);
  }
}

TEST_CASE("mlp-csv: a number that float32 cannot hold is refused") {
  Model model = small_network();
  std::get<DenseNetwork>(model.predictor).layers[0].weights[2] = -1e39;
  CHECK_THROWS_WITH_AS(write(model), "layer.weights: -1e+39 does not fit float32", emlc::Error);
  model = small_network();
  model.scalers[0].scale[1] = 1e-60;
  CHECK_THROWS_WITH_AS(write(model), "scaler.scale: 1e-60 is 0 in float32, and the feature is divided by it",
                       emlc::Error);
}

TEST_CASE("mlp-csv: a text cut anywhere, or with a line missing, is refused") {
  const std::string whole = small_text;
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(emlc::formats::read_mlp_csv(whole.substr(0, size), "f.csv"), emlc::Error);
  }
  for (std::size_t at = whole.find("network"); at < whole.size(); at = whole.find('\n', at) + 1) {
    if (whole.compare(at, 4, "post") == 0) continue;
    std::string text = whole;
    text.erase(at, whole.find('\n', at) + 1 - at);
    CAPTURE(text);
    CHECK_THROWS_AS(emlc::formats::read_mlp_csv(text, "f.csv"), emlc::Error);
  }
}

TEST_CASE("mlp-csv: a bad record is refused with file, line and field") {
  const std::string head = "emlc,mlp,1\ninput,float32,2\noutput,regression,1\ntarget,1\n";
  struct Bad {
    std::string text;
    const char* message;
  };
  for (const Bad& bad : {
           Bad{"emlc,mlp,0\nend\n", "f.csv:1: version: version '0' is not supported, expected 1"},
           Bad{"emlc,trees,1\nend\n", "f.csv:1: expected 'emlc,mlp,1'"},
           Bad{head + "end\n", "f.csv: there is no record 'network'"},
           Bad{head + "network,0,0\nend\n", "f.csv: there is neither a scaler nor a layer"},
           Bad{head + "network,0\nend\n", "f.csv:5: a record 'network' has 2 fields, this one has 1"},
           Bad{head + "w,1\nend\n", "f.csv:5: expected a record 'scaler', 'layer' or 'end', found 'w'"},
           Bad{head + "scaler,divide\nend\n",
               "f.csv:5: scaler: unknown operation 'divide', expected one of subtract_divide, multiply_add"},
           Bad{head + "scaler,multiply_add,1\nend\n", "f.csv:5: clip: has one limit, expected two or none"},
           Bad{head + "scaler,multiply_add,1,0\nend\n", "f.csv:5: clip: the lower limit is above the upper one"},
           Bad{head + "scaler,multiply_add\nscale,1,1\nend\n", "f.csv:6: expected a record 'offset', found 'scale'"},
           Bad{head + "scaler,multiply_add\noffset,1\nend\n", "f.csv:6: offset: has 1 values, expected 2"},
           Bad{head + "scaler,multiply_add\noffset,1,1\nend\n", "f.csv: there is no record 'scale'"},
           Bad{head + "scaler,subtract_divide\noffset,1,1\nscale,1,0\nend\n",
               "f.csv:7: scale: must not be 0, the feature is divided by it"},
           Bad{head + "layer,rely,2,1\nend\n", "f.csv:5: activation: unknown activation 'rely', did you mean 'relu'?"},
           Bad{head + "layer,relu,3,1\nend\n", "f.csv:5: n_in: the layer takes 3 values, 2 come in"},
           Bad{head + "layer,relu,2,0\nend\n", "f.csv:5: n_out: expected an integer from 1 to 32767, found '0'"},
           Bad{head + "layer,relu,2\nend\n", "f.csv:5: a record 'layer' has 3 to 4 fields, this one has 2"},
           Bad{head + "layer,relu,2,1\nw,1,2,3\nend\n", "f.csv:6: w: has 3 values, expected 2"},
           Bad{head + "layer,relu,2,1\nw,1,inf\nend\n", "f.csv:6: w: not a finite float32: 'inf'"},
           Bad{head + "layer,relu,2,1\nb,1\nend\n", "f.csv:6: expected a record 'w', found 'b'"},
           Bad{head + "layer,relu,2,1\nw,1,2\nw,1,2\nend\n", "f.csv:7: expected a record 'b', found 'w'"},
           Bad{head + "layer,relu,2,1\nw,1,2\nb,1,2\nend\n", "f.csv:7: b: has 2 values, expected 1"},
           Bad{head + "layer,relu,2,1\nw,1,2\nb,1\nscaler,multiply_add\nend\n",
               "f.csv:8: a scaler comes before the layers"},
           Bad{head + "network,1,1\nlayer,relu,2,1\nw,1,2\nb,1\nend\n",
               "f.csv: 'network' says 1 scalers and 1 layers, there are 0 and 1"},
           Bad{head + "network,0,1\nlayer,relu,2,2\nw,1,2\nw,1,2\nb,1,1\nend\n",
               "f.csv: the last step has 2 outputs, 'output' says 1"},
           Bad{head + "weights,1,2\nend\n",
               "f.csv:5: unknown record 'weights', expected one of name, input, output, target, class, decision, "
               "network, scaler, offset, scale, layer, w, b, post"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(emlc::formats::read_mlp_csv(bad.text, "f.csv"), bad.message, emlc::Error);
  }
}
