#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;

model::IntegerNetwork& integers(model::Model& model) {
  return *std::get<model::DenseNetwork>(model.predictor).integers;
}

/// The largest difference of a blob's answers to a model's on a grid from -1 to 1.
double largest_difference(const Blob& blob, const model::Model& reference) {
  double largest = 0.0;
  for (float a = -1.0F; a <= 1.0F; a += 0.125F) {
    for (float b = -1.0F; b <= 1.0F; b += 0.125F) {
      const std::vector<float> y = run(blob, {a, b});
      const std::vector<double> expected = model::predict(reference, std::vector<double>{a, b});
      for (std::size_t i = 0; i < y.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(y[i]) - expected[i]));
      }
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("tmdl int8: answers stay close to the float network, for TinyMaix and read back") {
  const layout::Artifact artifact = formats::write_tmdl(int8_network());
  const Blob blob = to_blob(artifact.bytes);
  CHECK(blob.at(EMLC_AT_MDL_TYPE) == EMLC_TMDL_I8);
  CHECK(largest_difference(blob, relu_network()) < 0.03);
  const model::Model again = formats::read_tmdl(artifact.bytes, "m.tmdl");
  CHECK(model::check(again, "m.tmdl").empty());
  CHECK(again.output.rule == model::DecisionRule::argmax);
  CHECK(largest_difference(blob, again) < 0.03);
  std::size_t sum = 0;
  for (const layout::Part& part : artifact.parts) sum += part.bytes;
  CHECK(sum == artifact.bytes.size());
  CHECK(artifact.warnings ==
        std::vector<std::string>{"TinyMaix does not limit its input: outside of -2 to 1.98438 it wraps around"});
}

TEST_CASE("tmdl int8: no layer wraps around, however far its values are from what the data showed") {
  model::Model model = int8_network();
  integers(model).ranges = {{-1.0, 1.0}, {0.0, 0.25}, {-0.25, 0.25}};
  const std::string bytes = formats::write_tmdl(model).bytes;
  const Blob blob = to_blob(bytes);
  // The limits are those of ReLU6, which the network as read has too.
  const model::Model limited = formats::read_tmdl(bytes, "m.tmdl");
  CHECK(std::get<model::DenseNetwork>(limited.predictor).layers[0].activation == model::Activation::relu6);
  CHECK(std::get<model::DenseNetwork>(limited.predictor).layers[1].activation == model::Activation::relu6);
  CHECK(largest_difference(blob, limited) < 0.03);
}

TEST_CASE("tmdl int8: without softmax the outputs are the real ones, and their limit is said") {
  model::Model model = int8_network();
  std::get<model::DenseNetwork>(model.predictor).layers.back().activation = model::Activation::identity;
  std::get<model::DenseNetwork>(model.predictor).post_transform = {};
  model.output.task = model::Task::regression;
  model.output.rule = model::DecisionRule::none;
  const layout::Artifact artifact = formats::write_tmdl(model);
  model::Model reference = model;
  std::get<model::DenseNetwork>(reference.predictor).integers.reset();
  CHECK(largest_difference(to_blob(artifact.bytes), reference) < 0.08);
  REQUIRE(artifact.warnings.size() == 2);
  CHECK(artifact.warnings[1] == "layers[1]: TinyMaix does not limit its values, beyond 3.3 they wrap around");
}

TEST_CASE("tmdl int8: for emlearn_cnn the scores come out, whose softmax is that of the network") {
  const layout::Artifact artifact = formats::write_tmdl(int8_network(), {.profile = layout::TmdlProfile::emlearn_cnn});
  const Blob blob = to_blob(artifact.bytes);
  CHECK(emlc_read_u16(&blob[EMLC_AT_LAYER_CNT]) == 2);
  CHECK(blob.at(EMLC_AT_OUT_DEQ) == 1);
  CHECK(emlc_read_u16(&blob[EMLC_AT_OUT_DIMS]) == 1);            // one-dimensional, as the module wants it
  CHECK(emlc_read_u32(&blob[EMLC_AT_BUF_SIZE]) <= blob.size());  // the module allocates the size of the file
  CHECK(artifact.warnings ==
        std::vector<std::string>{"TinyMaix does not limit its input: outside of -2 to 1.98438 it wraps around",
                                 "emlearn_cnn takes bytes: round(x / 0.015625) + 128, from 0 to 255",
                                 "outputs are scores; softmax of score * 1.2 gives the probabilities"});
  for (const std::vector<float>& x : {std::vector{0.5F, -0.25F}, std::vector{-1.0F, 1.0F}}) {
    std::vector<double> p;
    for (const float score : run(blob, x)) p.push_back(1.2 * static_cast<double>(score));
    model::apply_post_transform({.kind = model::PostTransformKind::softmax}, p);
    const std::vector<double> expected = model::predict(relu_network(), std::vector<double>(x.begin(), x.end()));
    for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(p[i] - expected[i]) < 0.03);
  }
  CHECK_THROWS_WITH_AS(formats::write_tmdl(relu_network(), {.profile = layout::TmdlProfile::emlearn_cnn}),
                       "--tmdl-profile: emlearn-cnn takes int8 networks: give --weights int8, and a dense network as "
                       "the model",
                       Error);
}

TEST_CASE("tmdl int8: features with a code each get one scale, that covers all") {
  model::Model model = int8_network();
  integers(model).exponent = {6, 5};
  integers(model).offset = {128, 100};
  CHECK(largest_difference(to_blob(formats::write_tmdl(model).bytes), relu_network()) < 0.03);
}

TEST_CASE("tmdl int8: what TinyMaix does not have is refused") {
  model::Model wide = int8_network();
  integers(wide).width = model::IntegerWidth::bits16;
  CHECK_THROWS_WITH_AS(formats::write_tmdl(wide),
                       "--weights: int16 networks are not in the .tmdl format that TinyMaix runs; use int8", Error);
  model::Model curved = int8_network();
  std::get<model::DenseNetwork>(curved.predictor).layers[0].activation = model::Activation::tanh;
  CHECK_THROWS_WITH_AS(formats::write_tmdl(curved),
                       "--weights: layers[0] has the activation 'tanh', which TinyMaix has not in int8", Error);
  CHECK_THROWS_WITH_AS(formats::write_csv(int8_network()),
                       "--weights: a CSV holds float networks only; write a header or a .tmdl", Error);
}
