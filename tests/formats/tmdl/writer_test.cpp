#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;

Blob blob_of(const model::Model& model) { return to_blob(formats::write_tmdl(model).bytes); }

emlc_model opened(const Blob& blob) {
  emlc_model model;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
  return model;
}

/// The blob answers like the interpreter on a grid around 0.
void check_agreement(const model::Model& model, double tolerance) {
  const Blob blob = blob_of(model);
  for (float a = -4.0F; a <= 4.0F; a += 0.5F) {
    for (float b = -4.0F; b <= 4.0F; b += 0.5F) {
      std::vector<float> x(static_cast<std::size_t>(model.input.n_features), a - b);
      x[0] = a;
      x[1] = b;
      const std::vector<double> expected = model::predict(model, std::vector<double>(x.begin(), x.end()));
      const std::vector<float> y = run(blob, x);
      REQUIRE(y.size() == expected.size());
      for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(std::abs(static_cast<double>(y[i]) - expected[i]) <= tolerance);
      }
    }
  }
}

}  // namespace

TEST_CASE("tmdl: the test vector of TinyMaix comes out byte for byte but for the reserved bytes") {
  const layout::Artifact artifact = formats::write_tmdl(relu_network());
  const Blob expected = read_blob("mlp_2_3_2_f32");
  Blob found = to_blob(artifact.bytes);
  CHECK(artifact.warnings.empty());
  CHECK(emlc_read_u32(&found[EMLC_AT_MAGIC]) == EMLC_TMDL_MAGIC);
  CHECK(emlc_read_u16(&found[EMLC_AT_VERSION]) == 2);
  CHECK(emlc_read_u32(&found[EMLC_AT_TOTAL_SIZE]) == 328);
  CHECK(emlc_read_u32(&found[EMLC_AT_WORK_SIZE]) == 24);
  std::fill(found.begin() + EMLC_AT_MAGIC, found.begin() + EMLC_TMDL_HEADER_SIZE, std::uint8_t{0});
  CHECK(found == expected);
}

TEST_CASE("tmdl: every part is accounted for") {
  for (const auto& model : {relu_network(), tanh_network(), two_targets(), filter(), trees(), scalers()}) {
    const layout::Artifact artifact = formats::write_tmdl(model);
    CHECK(layout::flash(artifact) == artifact.bytes.size());
    CHECK(artifact.bytes.size() % 8 == 0);
    CHECK(artifact.ram == opened(to_blob(artifact.bytes)).work_size);
  }
  CHECK(formats::write_tmdl(relu_network()).ram == 24);
  CHECK(formats::write_tmdl(two_targets()).ram == 0);
  CHECK(formats::write_tmdl(filter()).ram == 16);
  CHECK(formats::write_tmdl(scalers()).ram == 16);
  CHECK(formats::write_tmdl(tanh_network()).ram == 8 + 16);
}

TEST_CASE("tmdl: networks, trees and scalers answer like the interpreter") {
  check_agreement(relu_network(), 2e-6);  // TinyMaix's softmax takes 1e-6 off
  check_agreement(tanh_network(), 5e-7);
  check_agreement(two_targets(), 0.0);
  check_agreement(trees(), 5e-7);
  check_agreement(scalers(), 0.0);
  model::Model scaled_trees = trees();
  scaled_trees.scalers = {{.offset = {0.5, -1.0}, .scale = {2.0, 0.25}}};
  check_agreement(scaled_trees, 5e-7);
}

TEST_CASE("tmdl: every activation and post-transform reaches the device") {
  for (const auto activation : {model::Activation::identity, model::Activation::relu, model::Activation::relu6,
                                model::Activation::leaky_relu, model::Activation::tanh, model::Activation::logistic,
                                model::Activation::softmax, model::Activation::softplus, model::Activation::elu}) {
    CAPTURE(name(activation));
    model::Model model = relu_network();
    auto& layers = std::get<model::DenseNetwork>(model.predictor).layers;
    layers[0].activation = activation;
    const bool has_alpha = activation == model::Activation::leaky_relu || activation == model::Activation::elu;
    layers[0].alpha = has_alpha ? 0.25 : 0.0;
    check_agreement(model, 3e-6);
  }
  using Kind = model::PostTransformKind;
  for (const auto kind : {Kind::identity, Kind::sigmoid, Kind::softmax, Kind::exp, Kind::hinge, Kind::signed_square,
                          Kind::log1p_exp, Kind::isolation, Kind::log_softmax}) {
    CAPTURE(name(kind));
    model::Model model = tanh_network();
    auto& network = std::get<model::DenseNetwork>(model.predictor);
    network.layers[1].activation = model::Activation::identity;
    network.post_transform = {.kind = kind, .scale = 0.5, .denominator = 4.0, .offset = 0.25};
    check_agreement(model, 2e-6);
  }
}

TEST_CASE("tmdl: what TinyMaix can say is written for TinyMaix, the rest with a warning for emlc's runtime") {
  const auto mdl_type = [](const model::Model& model) { return blob_of(model)[EMLC_AT_MDL_TYPE]; };
  const auto warnings = [](const model::Model& model) { return formats::write_tmdl(model).warnings; };
  using Warnings = std::vector<std::string>;
  model::Model linear = two_targets();
  CHECK(mdl_type(linear) == EMLC_TMDL_F32);
  auto& network = std::get<model::DenseNetwork>(linear.predictor);
  network.post_transform.kind = model::PostTransformKind::softmax;
  CHECK(mdl_type(linear) == EMLC_TMDL_F32);
  network.post_transform.scale = 2.0;
  CHECK(mdl_type(linear) == EMLC_TMDL_EMLC);
  CHECK(warnings(linear) ==
        Warnings{"the post-transform is 'softmax' with a scale of 2, which TinyMaix cannot say: the "
                 "blob is for emlc's runtime only"});
  network.post_transform = {.kind = model::PostTransformKind::sigmoid};
  CHECK(warnings(linear) == Warnings{"the post-transform is 'sigmoid', which TinyMaix cannot say: the blob is for "
                                     "emlc's runtime only"});
  CHECK(mdl_type(tanh_network()) == EMLC_TMDL_EMLC);
  CHECK(warnings(tanh_network()) == Warnings{"the input scaler is not folded into the first layer, which TinyMaix "
                                             "cannot say: the blob is for emlc's runtime only"});
  model::Model tanh = tanh_network();
  tanh.scalers.clear();
  CHECK(warnings(tanh) == Warnings{"layers[0] has the activation 'tanh', which TinyMaix cannot say: the blob is for "
                                   "emlc's runtime only"});
  CHECK(warnings(trees()).empty());
}

TEST_CASE("tmdl: trees behind a scaler come with a warning, and so does a section that float32 makes unstable") {
  model::Model scaled = trees();
  scaled.scalers = {{.offset = {0.0, 0.0}, .scale = {1.0, 1.0}, .clip = {{-1.0, 1.0}}}};
  CHECK(formats::write_tmdl(scaled).warnings ==
        std::vector<std::string>{"the device scales the input in float32: decisions close to a threshold can differ"});
  model::Model unstable = filter();
  auto& sections = std::get<model::SosCascade>(unstable.predictor).sections;
  sections[1] = {.a1 = -(1.0 - 1e-12), .a2 = 0.0};
  CHECK(formats::write_tmdl(unstable).warnings ==
        std::vector<std::string>{"sections[1]: rounded to float32 the section is unstable"});
}

TEST_CASE("tmdl: a filter starts from its initial state and answers like the interpreter") {
  const model::Model model = filter();
  const Blob blob = blob_of(model);
  const emlc_model filter = opened(blob);
  CHECK(filter.n_sections == 2);
  const std::vector<float> x = {1.0F, -0.5F, 0.25F, 2.0F, 0.0F, 0.0F, -1.0F, 0.0F};
  const std::vector<double> expected =
      model::filter(std::get<model::SosCascade>(model.predictor), std::vector<double>(x.begin(), x.end()));
  std::vector<float> state(filter.work_size / sizeof(float)), y(x.size());
  for (int again = 0; again < 2; ++again) {
    REQUIRE(emlc_filter_reset(&filter, state.data()) == EMLC_OK);
    REQUIRE(emlc_filter(&filter, state.data(), x.data(), y.data(), 3) == EMLC_OK);
    REQUIRE(emlc_filter(&filter, state.data(), &x[3], &y[3], 5) == EMLC_OK);
    for (std::size_t n = 0; n < y.size(); ++n) {
      CHECK(std::abs(static_cast<double>(y[n]) - expected[n]) <= 1e-6);
    }
  }
  CHECK(emlc_run(&filter, x.data(), y.data(), state.data()) == EMLC_ERR_UNSUPPORTED);
  CHECK(emlc_filter_reset(nullptr, state.data()) == EMLC_ERR_NULL);
  CHECK(emlc_filter_reset(&filter, nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_filter(nullptr, state.data(), x.data(), y.data(), 1) == EMLC_ERR_NULL);
  CHECK(emlc_filter(&filter, nullptr, x.data(), y.data(), 1) == EMLC_ERR_NULL);
}

TEST_CASE("tmdl: the blob takes the model's decisions, target by target") {
  const model::Model model = two_targets();
  const Blob blob = blob_of(model);
  const emlc_model device = opened(blob);
  CHECK(device.n_targets == 2);
  for (const std::vector<float>& y :
       {std::vector<float>{1, 2, 3, 2, 1}, {2, 1, 1, 3, 2}, {0, 0, 0, 0, 0}, {1, 1, 1, 2, 2}}) {
    const auto expected = model::decide(model.output, std::vector<double>(y.begin(), y.end()));
    CHECK(emlc_predict_target(&device, y.data(), 0) == expected[0]);
    CHECK(emlc_predict_target(&device, y.data(), 1) == expected[1]);
    CHECK(emlc_predict_class(&device, y.data()) == expected[0]);
    CHECK(emlc_predict_target(&device, y.data(), 2) == EMLC_ERR_RANGE);
  }
  const std::vector<float> y = {0.0F, 1.0F};
  const Blob regression = blob_of(trees());
  const emlc_model no_rule = opened(regression);
  CHECK(no_rule.n_targets == 2);
  CHECK(emlc_predict_class(&no_rule, y.data()) == EMLC_ERR_UNSUPPORTED);
}

TEST_CASE("tmdl: a threshold that is no float32 decides the same for every float32") {
  using model::DecisionRule;
  for (const double threshold : {0.1, 0.3, -0.1, 0.5, 16777217.0, 1e-50, -1e-50}) {
    for (const DecisionRule rule : {DecisionRule::greater, DecisionRule::greater_equal}) {
      model::Model model = two_targets();
      model.output.rule = rule;
      model.output.threshold = threshold;
      model.output.targets.assign(5, {.size = 1});
      const Blob blob = blob_of(model);
      const emlc_model device = opened(blob);
      CHECK(device.n_targets == 5);
      const auto near = static_cast<float>(threshold);
      const float below = std::nextafter(near, -INFINITY), above = std::nextafter(near, INFINITY);
      const std::vector<float> y = {near, below, above, std::nanf(""), 0.0F};
      const auto expected = model::decide(model.output, std::vector<double>(y.begin(), y.end()));
      for (std::uint32_t i = 0; i < 5; ++i) {
        CAPTURE(threshold);
        CAPTURE(i);
        CHECK(emlc_predict_target(&device, y.data(), i) == expected[i]);
      }
    }
  }
}

TEST_CASE("tmdl: a filter with structures has their bits, from its initial state and from silence") {
  model::Model model = mixed_filter();
  auto& cascade = std::get<model::SosCascade>(model.predictor);
  cascade.structures[2] = model::SosStructure::delta;  // the runtime adds the sums of direct in another order
  CHECK(formats::write_tmdl(model).ram == 64);
  for (const int round : {0, 1}) {
    CAPTURE(round);
    if (round == 1) cascade.initial_state.clear();
    const Blob blob = blob_of(model);
    const emlc_model filter = opened(blob);
    CHECK(filter.n_sections == 4);
    CHECK(filter.work_size == 64);
    CHECK(blob.size() == (round == 0 ? 64U + 64U + 4U * 36U + 8U : 64U + 64U + 4U * 20U + 8U));
    std::vector<float> state(filter.work_size / sizeof(float), 99.0F), x, y(100);
    for (int n = 0; n < 100; ++n) x.push_back(static_cast<float>(n % 7) / 8.0F);
    REQUIRE(emlc_filter_reset(&filter, state.data()) == EMLC_OK);
    REQUIRE(emlc_filter(&filter, state.data(), x.data(), y.data(), 33) == EMLC_OK);
    REQUIRE(emlc_filter(&filter, state.data(), &x[33], &y[33], 67) == EMLC_OK);
    CHECK(y == model::filter_float32(cascade, x));
  }
}

TEST_CASE("tmdl: a filter with structures is read back as the filter that it is") {
  const model::Model model = mixed_filter();
  const auto& written = std::get<model::SosCascade>(model.predictor);
  const model::Model read = formats::read_tmdl(formats::write_tmdl(model).bytes, "m.tmdl");
  const auto& found = std::get<model::SosCascade>(read.predictor);
  REQUIRE(found.sections.size() == 4);
  for (std::size_t i = 0; i < found.sections.size(); ++i) {
    CAPTURE(i);
    // Not a1 and a2 alone: the small differences that low corners are made of.
    const auto before = model::coefficients(written.sections[i], model::SosStructure::delta);
    const auto after = model::coefficients(found.sections[i], model::SosStructure::delta);
    for (std::size_t k = 0; k < before.size(); ++k) CHECK(std::abs(after[k] - before[k]) <= 1e-7 * std::abs(before[k]));
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(std::abs(found.initial_state[i][k] - written.initial_state[i][k]) < 1e-7);
    }
  }
}

TEST_CASE("tmdl: a model that does not fit is refused") {
  const auto message = [](const model::Model& model) -> std::string {
    try {
      formats::write_tmdl(model);
    } catch (const Error& error) {
      return error.what();
    }
    return "written";
  };
  model::Model model = relu_network();
  auto& layers = std::get<model::DenseNetwork>(model.predictor).layers;
  layers[1].weights[2] = 1e39;
  CHECK(message(model) == "layers[1].weights[2]: 1e+39 does not fit float32");
  layers[1].weights[2] = std::numeric_limits<float>::max();
  CHECK(message(model) == "written");
  layers[0].bias[1] = -1e39;
  CHECK(message(model) == "layers[0].bias[1]: -1e+39 does not fit float32");
  model = scalers();
  model.scalers[0].scale[1] = 1e-50;
  CHECK(message(model) == "scalers[0].scale[1]: 1e-50 is 0 in float32, and something is divided by it");
  model.scalers[1].scale[1] = 1e-50;  // multiplied, so 0 is only rounding
  model.scalers[0].scale[1] = 1.0;
  CHECK(message(model) == "written");
  model = tanh_network();
  model.output.threshold = 1e300;
  CHECK(message(model) == "output.decision.threshold: 1e+300 does not fit float32");
  model = tanh_network();
  model.input.n_features = 65536;
  CHECK(message(model) == "input.n_features: 65536 values, a .tmdl holds at most 65535");
  model = two_targets();
  model.output.n_outputs = 65536;
  CHECK(message(model) == "output.n_outputs: 65536 values, a .tmdl holds at most 65535");
  model = relu_network();
  std::get<model::DenseNetwork>(model.predictor).layers[0].n_out = 65536;
  CHECK(message(model) == "layers[0].weights: 65536 values, a .tmdl holds at most 65535");
}
