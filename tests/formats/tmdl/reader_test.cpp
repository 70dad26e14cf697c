#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "formats/format.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/formats/tmdl/reading.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;

const model::DenseNetwork& network_of(const model::Model& model) {
  return std::get<model::DenseNetwork>(model.predictor);
}

}  // namespace

TEST_CASE("tmdl: a blob is recognised by its magic") {
  CHECK(formats::recognise(to_text(read_blob("mlp_2_3_2_f32")), "x").name == "tmdl");
  CHECK((formats::format_called("tmdl").recognise == formats::is_tmdl));
  CHECK_FALSE(formats::is_tmdl("MAI"));
}

TEST_CASE("tmdl: a float network of TinyMaix is read with its weights as they are") {
  const model::Model model = read(read_blob("mlp_2_3_2_f32"));
  CHECK(model::check(model, "m.tmdl").empty());
  const model::Model expected = relu_network();
  REQUIRE(network_of(model).layers.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const model::DenseLayer& found = network_of(model).layers[i];
    const model::DenseLayer& wanted = network_of(expected).layers[i];
    CHECK(found.weights == wanted.weights);
    CHECK(found.bias == wanted.bias);
    CHECK(found.activation == wanted.activation);
  }
  CHECK(model.input.n_features == 2);
  CHECK(model.output.task == model::Task::classification);
  CHECK(model.output.rule == model::DecisionRule::argmax);
  CHECK(model.output.targets.at(0).size == 2);
}

TEST_CASE("tmdl: without SOFTMAX a network of TinyMaix gives plain numbers") {
  Blob blob = to_blob(formats::write_tmdl(two_targets()).bytes);
  blob.resize(blob.size() - 8);  // the target sizes
  std::fill(blob.begin() + EMLC_AT_MAGIC, blob.begin() + EMLC_TMDL_HEADER_SIZE, std::uint8_t{0});
  const model::Model model = read(blob);
  CHECK(model.output.task == model::Task::regression);
  CHECK(model.output.rule == model::DecisionRule::none);
  CHECK(model.output.targets.at(0).size == 5);
}

TEST_CASE("tmdl: an int8 network of TinyMaix is read as the real weights that its integers stand for") {
  const model::Model model = read(read_blob("mlp_2_3_2_i8"));
  CHECK(model::check(model, "m.tmdl").empty());
  const auto near = [](const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= 1e-6);
  };
  const auto& layers = network_of(model).layers;
  // The integers, scales and zero points (all 0) of the published test vector.
  constexpr double ws0 = 0.0078740157, ws1 = 0.0059055118, in_s = 0.0158730168, fc_ws = 0.0157480314;
  constexpr double fc_in_s = 0.0168650802;
  near(layers[0].weights, {127 * ws0, -64 * ws0, 42 * ws1, 127 * ws1, -127 * ws0, 64 * ws0});
  near(layers[0].bias, {4068 * ws0 * in_s, -2577 * ws1 * in_s, 1068 * ws0 * in_s});
  near(layers[1].weights, {64 * fc_ws, -64 * fc_ws, 32 * fc_ws, -32 * fc_ws, 127 * fc_ws, -64 * fc_ws});
  near(layers[1].bias, {941 * fc_ws * fc_in_s, -2824 * fc_ws * fc_in_s});
  CHECK(layers[0].activation == model::Activation::relu);
  CHECK(layers[1].activation == model::Activation::softmax);
}

TEST_CASE("tmdl: the zero point of an int8 input is taken out of the bias") {
  Blob blob = read_blob("mlp_2_3_2_i8");
  const std::uint32_t conv = EMLC_TMDL_HEADER_SIZE;
  put_u32(blob, conv + EMLC_LAYER_AT_IN_ZP, static_cast<std::uint32_t>(-5));
  blob.at(conv + EMLC_CONV_AT_ACT) = EMLC_CONV_ACT_RELU6;
  const model::Model model = read(blob), plain = read(read_blob("mlp_2_3_2_i8"));
  const model::DenseLayer &shifted = network_of(model).layers[0], &before = network_of(plain).layers[0];
  CHECK(shifted.activation == model::Activation::relu6);
  // At q = in_zp the input is 0 and the sum is in_zp * sum of the row + b_q: the bias as read has to be that.
  for (std::size_t row = 0; row < 3; ++row) {
    const double row_sum = before.weights[2 * row] + before.weights[2 * row + 1];
    const double in_s = static_cast<double>(emlc_read_f32(&blob[conv + EMLC_LAYER_AT_IN_S]));
    CHECK(shifted.bias[row] == doctest::Approx(before.bias[row] - 5.0 * in_s * row_sum).epsilon(1e-9));
  }
}

TEST_CASE("tmdl: what emlc wrote is read back and written again byte for byte") {
  for (const auto& model : {relu_network(), tanh_network(), two_targets(), filter(), trees(), scalers()}) {
    const std::string bytes = formats::write_tmdl(model).bytes;
    const model::Model again = formats::read_tmdl(bytes, "m.tmdl");
    CHECK_NOTHROW(model::check(again, "m.tmdl"));
    CHECK(again.output.task == model.output.task);
    CHECK(again.output.rule == model.output.rule);
    CHECK(again.output.threshold == model.output.threshold);
    CHECK(again.output.targets.size() == model.output.targets.size());
    CHECK((formats::write_tmdl(again).bytes == bytes));
  }
}
