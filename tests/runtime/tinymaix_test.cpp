#include <emlc/tmdl_typed.h>

#include <cmath>
#include <random>

#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc::test;

/// The inputs of the test vectors, which the unmodified TinyMaix runtime has answered.
const std::vector<std::vector<float>> inputs = {{0.0F, 0.0F}, {1.0F, 0.0F},  {0.0F, 1.0F},
                                                {1.0F, 1.0F}, {-1.0F, 2.0F}, {0.5F, -0.25F}};

std::uint32_t layer_at(const Blob& blob, int index) {
  std::uint32_t oft = EMLC_TMDL_HEADER_SIZE;
  while (index-- > 0) oft += emlc_read_u32(&blob[oft + EMLC_LAYER_AT_SIZE]);
  return oft;
}

}  // namespace

TEST_CASE("tinymaix: the float network gives the outputs of the TinyMaix runtime") {
  const std::vector<std::vector<double>> outputs = {{0.874076307, 0.12592189}, {0.962672114, 0.0373259224},
                                                    {0.607662559, 0.39233622}, {0.56217593, 0.437822938},
                                                    {0.76629287, 0.233705595}, {0.936284065, 0.0637140572}};
  const Blob blob = read_blob("mlp_2_3_2_f32");
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<float> y = run(blob, inputs[row]);
    for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(static_cast<double>(y[i]) - outputs[row][i]) <= 1e-6);
  }
}

TEST_CASE("tinymaix: the int8 network gives the outputs of the TinyMaix runtime exactly") {
  const std::vector<std::vector<float>> outputs = {{0.87109375F, 0.12890625F}, {0.9609375F, 0.0390625F},
                                                   {0.609375F, 0.390625F},     {0.578125F, 0.421875F},
                                                   {0.76171875F, 0.23828125F}, {0.93359375F, 0.06640625F}};
  const Blob blob = read_blob("mlp_2_3_2_i8");
  for (std::size_t row = 0; row < inputs.size(); ++row) CHECK(run(blob, inputs[row]) == outputs[row]);
}

TEST_CASE("tinymaix: a file says what it needs, and softmax makes it a classifier") {
  for (const char* name : {"mlp_2_3_2_f32", "mlp_2_3_2_i8"}) {
    const Blob blob = read_blob(name);
    emlc_model model;
    REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
    CHECK(model.n_features == 2);
    CHECK(model.n_outputs == 2);
    CHECK(model.n_targets == 1);
    CHECK(model.work_size == 24);
    CHECK(model.rule == EMLC_RULE_ARGMAX);
    const std::vector<float> y = {0.25F, 0.75F}, tie = {0.5F, 0.5F};
    CHECK(emlc_predict_class(&model, y.data()) == 1);
    CHECK(emlc_predict_class(&model, tie.data()) == 0);
    CHECK(emlc_predict_target(&model, y.data(), 1) == EMLC_ERR_RANGE);
  }
}

TEST_CASE("tinymaix: bytes after the last layer are ignored") {
  Blob blob = read_blob("mlp_2_3_2_f32");
  const std::vector<float> y = run(blob, inputs[0]);
  blob.resize(blob.size() + 100, 0xFF);
  CHECK(run(blob, inputs[0]) == y);
}

TEST_CASE("tinymaix: RESHAPE passes values on, as the first, an inner and the last layer") {
  const Blob plain = read_blob("mlp_2_3_2_f32");
  for (int before = 0; before <= 3; ++before) {
    CAPTURE(before);
    Blob blob = plain;
    const std::uint32_t at = layer_at(blob, before);
    Blob reshape(EMLC_LAYER_HEADER_SIZE);
    const std::uint32_t neighbour = before == 0 ? layer_at(blob, 0) : layer_at(blob, before - 1);
    const std::uint32_t dims = before == 0 ? EMLC_LAYER_AT_IN_DIMS : EMLC_LAYER_AT_OUT_DIMS;
    const std::uint32_t oft =
        emlc_read_u32(&blob[neighbour + (before == 0 ? EMLC_LAYER_AT_IN_OFT : EMLC_LAYER_AT_OUT_OFT)]);
    put_u16(reshape, EMLC_LAYER_AT_TYPE, EMLC_LAYER_RESHAPE);
    put_u32(reshape, EMLC_LAYER_AT_SIZE, EMLC_LAYER_HEADER_SIZE);
    put_u32(reshape, EMLC_LAYER_AT_IN_OFT, oft);
    put_u32(reshape, EMLC_LAYER_AT_OUT_OFT, oft);
    for (std::uint32_t i = 0; i < 8; ++i) {
      reshape[EMLC_LAYER_AT_IN_DIMS + i] = blob[neighbour + dims + i];
      reshape[EMLC_LAYER_AT_OUT_DIMS + i] = blob[neighbour + dims + i];
    }
    if (before == 0) {  // a picture of 2x1 pixels becomes 2 channels
      put_u16(reshape, EMLC_LAYER_AT_IN_DIMS + 2, 2);
      put_u16(reshape, EMLC_LAYER_AT_IN_DIMS + 6, 1);
    }
    if (before == 3) {
      put_u16(reshape, EMLC_LAYER_AT_IS_OUT, 1);
      put_u16(blob, neighbour + EMLC_LAYER_AT_IS_OUT, 0);
    }
    blob.insert(blob.begin() + at, reshape.begin(), reshape.end());
    put_u16(blob, EMLC_AT_LAYER_CNT, 4);
    for (const std::vector<float>& x : inputs) CHECK(run(blob, x) == run(plain, x));
  }
}

TEST_CASE("tinymaix: whatever the scale, values become codes and codes values as the formulas say") {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> exponent(-140.0F, 127.0F), value(-300.0F, 300.0F);
  for (int i = 0; i < 20000; ++i) {
    const float power = std::exp2(std::floor(exponent(random)));
    const emlc_quantization scale = {i % 2 == 0 ? power : std::exp2(exponent(random)), i % 256 - 128};
    const float x = value(random) * scale.scale;
    std::int8_t code = 0;
    emlc_quantize_all_i8(&x, 1, scale, &code);
    REQUIRE(code == emlc_truncate_i8(x / scale.scale + static_cast<float>(scale.zero_point)));
    code = static_cast<std::int8_t>(i / 256 % 256 - 128);
    REQUIRE(emlc_dequantize_i8(code, scale) == static_cast<float>(code - scale.zero_point) * scale.scale);
  }
}

TEST_CASE("tinymaix: what the formulas say happens at the edges of int8") {
  CHECK(emlc_truncate_i8(-1.99F) == -1);
  CHECK(emlc_truncate_i8(1.99F) == 1);
  CHECK(emlc_truncate_i8(254.0F) == -2);  // no saturation: what 127 * 2 was seen to give
  CHECK(emlc_truncate_i8(-129.0F) == 127);
  CHECK(emlc_truncate_i8(128.0F) == -128);
  CHECK(emlc_truncate_i8(3e9F) == 0);
  CHECK(emlc_truncate_i8(-3e9F) == 0);
  CHECK(emlc_truncate_i8(std::nanf("")) == 0);
}

TEST_CASE("tinymaix: an int8 convolution can have no activation, ReLU and ReLU6") {
  // One unit: real = (4 * x_q + 0) * (1 * 0.5), out step 0.25.
  const std::int8_t weight = 4;
  const std::int32_t bias = 0;
  const float scale = 1.0F;
  const auto unit = [&](int act, std::int8_t x) {
    const emlc_dense_i8 layer = {&weight, &bias, &scale, 1, 1, {0.5F, 0}, {0.25F, -3}, act};
    std::int8_t y = 0;
    emlc_run_dense_i8(&layer, &x, &y);
    return y;
  };
  CHECK(unit(EMLC_CONV_ACT_NONE, -2) == -19);  // -4 / 0.25 - 3
  CHECK(unit(EMLC_ACT_FC, -2) == -19);
  CHECK(unit(EMLC_CONV_ACT_RELU, -2) == -3);
  CHECK(unit(EMLC_CONV_ACT_RELU, 5) == 37);
  CHECK(unit(EMLC_CONV_ACT_RELU6, 5) == 21);
}

TEST_CASE("tinymaix: codes are answered as the real values that they stand for") {
  const Blob blob = read_blob("mlp_2_3_2_i8");
  emlc_model model;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
  const float scale = emlc_read_f32(&blob[layer_at(blob, 0) + EMLC_LAYER_AT_IN_S]);
  for (int first = -128; first < 128; ++first) {
    const std::vector<std::int8_t> codes = {static_cast<std::int8_t>(first), static_cast<std::int8_t>(-1 - first)};
    std::vector<float> work(6), y(2);
    REQUIRE(emlc_run_i8(&model, codes.data(), y.data(), work.data()) == EMLC_OK);
    // The middle of what becomes a code: the zero point is 0, and codes are cut off towards 0.
    const auto real = [&](int code) { return (static_cast<float>(code) + (code < 0 ? -0.5F : 0.5F)) * scale; };
    CHECK(y == run(blob, {real(first), real(-1 - first)}));
  }
}

TEST_CASE("tinymaix: what a dense network does not have is refused") {
  struct Bad {
    const char* what;
    std::uint32_t at;
    std::uint8_t value;
    emlc_status status;
  };
  const Blob plain = read_blob("mlp_2_3_2_f32");
  const std::uint32_t conv = layer_at(plain, 0), fc = layer_at(plain, 1), softmax = layer_at(plain, 2);
  for (const Bad& bad : {
           Bad{"magic", 3, 'Y', EMLC_ERR_FORMAT},
           Bad{"int16", EMLC_AT_MDL_TYPE, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"fp16", EMLC_AT_MDL_TYPE, 3, EMLC_ERR_UNSUPPORTED},
           Bad{"emlc's type without emlc's header", EMLC_AT_MDL_TYPE, EMLC_TMDL_EMLC, EMLC_ERR_FORMAT},
           Bad{"two inputs", EMLC_AT_INPUT_CNT, 2, EMLC_ERR_UNSUPPORTED},
           Bad{"two outputs", EMLC_AT_OUTPUT_CNT, 2, EMLC_ERR_UNSUPPORTED},
           Bad{"no layer", EMLC_AT_LAYER_CNT, 0, EMLC_ERR_SIZE},
           Bad{"one layer less", EMLC_AT_LAYER_CNT, 2, EMLC_ERR_UNSUPPORTED},
           Bad{"one layer more", EMLC_AT_LAYER_CNT, 4, EMLC_ERR_UNSUPPORTED},
           Bad{"buffer too small", EMLC_AT_BUF_SIZE, 16, EMLC_ERR_RANGE},
           Bad{"other inputs", EMLC_AT_IN_DIMS + 6, 3, EMLC_ERR_FORMAT},
           Bad{"no inputs", EMLC_AT_IN_DIMS + 6, 0, EMLC_ERR_SIZE},
           Bad{"other outputs", EMLC_AT_OUT_DIMS + 6, 3, EMLC_ERR_FORMAT},
           Bad{"reserved bytes", EMLC_AT_FLAGS, 1, EMLC_ERR_FORMAT},
           Bad{"global average pooling", conv, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"depthwise convolution", conv, 5, EMLC_ERR_UNSUPPORTED},
           Bad{"emlc's layer in a file of TinyMaix", fc, EMLC_LAYER_DENSE, EMLC_ERR_UNSUPPORTED},
           Bad{"an output in the middle", conv + EMLC_LAYER_AT_IS_OUT, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"no output", softmax + EMLC_LAYER_AT_IS_OUT, 0, EMLC_ERR_UNSUPPORTED},
           Bad{"layer size", conv + EMLC_LAYER_AT_SIZE, 0x7C, EMLC_ERR_ALIGN},
           Bad{"layer without a header", conv + EMLC_LAYER_AT_SIZE, 40, EMLC_ERR_SIZE},
           Bad{"convolution without a body", conv + EMLC_LAYER_AT_SIZE, 48, EMLC_ERR_SIZE},
           Bad{"the buffer's place of the input", fc + EMLC_LAYER_AT_IN_OFT, 0, EMLC_ERR_FORMAT},
           Bad{"output on top of the input", fc + EMLC_LAYER_AT_OUT_OFT, 8, EMLC_ERR_RANGE},
           Bad{"output out of the buffer", fc + EMLC_LAYER_AT_OUT_OFT, 24, EMLC_ERR_RANGE},
           Bad{"output not aligned", fc + EMLC_LAYER_AT_OUT_OFT, 4, EMLC_ERR_ALIGN},
           Bad{"rows that do not chain", fc + EMLC_LAYER_AT_IN_DIMS + 6, 2, EMLC_ERR_FORMAT},
           Bad{"a picture", conv + EMLC_LAYER_AT_OUT_DIMS + 2, 2, EMLC_ERR_UNSUPPORTED},
           Bad{"3x1 kernel", conv + EMLC_CONV_AT_KERNEL, 3, EMLC_ERR_UNSUPPORTED},
           Bad{"dilation", conv + EMLC_CONV_AT_KERNEL + 5, 2, EMLC_ERR_UNSUPPORTED},
           Bad{"ReLU6 in float, which TinyMaix forgets", conv + EMLC_CONV_AT_ACT, 3, EMLC_ERR_UNSUPPORTED},
           Bad{"tanh, which TinyMaix ignores", conv + EMLC_CONV_AT_ACT, 4, EMLC_ERR_UNSUPPORTED},
           Bad{"padding", conv + EMLC_CONV_AT_PAD + 3, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"depth multiplier", conv + EMLC_CONV_AT_DEPTH_MUL, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"weights before the layer's data", conv + EMLC_CONV_AT_W_OFT, 44, EMLC_ERR_RANGE},
           Bad{"weights beyond the layer", conv + EMLC_CONV_AT_W_OFT, 100, EMLC_ERR_RANGE},
           Bad{"weights not aligned", conv + EMLC_CONV_AT_W_OFT, 82, EMLC_ERR_ALIGN},
           Bad{"bias beyond the layer", fc + EMLC_FC_AT_B_OFT, 0x5C, EMLC_ERR_RANGE},
       }) {
    CAPTURE(bad.what);
    Blob blob = plain;
    blob.at(bad.at) = bad.value;
    CHECK(open(blob) == bad.status);
  }
}

TEST_CASE("tinymaix: scales and zero points of int8 have to make sense") {
  const Blob plain = read_blob("mlp_2_3_2_i8");
  const std::uint32_t conv = layer_at(plain, 0);
  const auto with_scale = [&](std::uint32_t at, float scale) {
    Blob blob = plain;
    put_f32(blob, conv + at, scale);
    return open(blob);
  };
  const auto with_zero_point = [&](std::uint32_t at, int zero_point) {
    Blob blob = plain;
    put_u32(blob, conv + at, static_cast<std::uint32_t>(zero_point));
    return open(blob);
  };
  for (const std::uint32_t at : {EMLC_LAYER_AT_IN_S, EMLC_LAYER_AT_OUT_S}) {
    CHECK(with_scale(at, 1.0F) == EMLC_OK);
    for (const float scale : {0.0F, -1.0F, std::nanf(""), INFINITY}) CHECK(with_scale(at, scale) == EMLC_ERR_RANGE);
  }
  for (const std::uint32_t at : {EMLC_LAYER_AT_IN_ZP, EMLC_LAYER_AT_OUT_ZP}) {
    for (const int zero_point : {-128, 127}) CHECK(with_zero_point(at, zero_point) == EMLC_OK);
    for (const int zero_point : {-129, 128}) CHECK(with_zero_point(at, zero_point) == EMLC_ERR_RANGE);
  }
}

TEST_CASE("tinymaix: a file cut at any byte is refused") {
  for (const char* name : {"mlp_2_3_2_f32", "mlp_2_3_2_i8"}) {
    const Blob whole = read_blob(name);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      const Blob cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(open(cut) != EMLC_OK);
    }
  }
}

TEST_CASE("runtime: NULL, a blob or memory that is not aligned and the wrong kind of model are refused") {
  Blob blob = read_blob("mlp_2_3_2_f32");
  emlc_model model;
  CHECK(emlc_tmdl_open(nullptr, 100, &model) == EMLC_ERR_NULL);
  CHECK(emlc_tmdl_open(blob.data(), blob.size(), nullptr) == EMLC_ERR_NULL);
  Blob shifted(blob.size() + 4);
  std::copy(blob.begin(), blob.end(), shifted.begin() + 4);
  CHECK(emlc_tmdl_open(shifted.data() + 4, blob.size(), &model) == EMLC_ERR_ALIGN);
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
  std::vector<float> x(2), y(2, 7.0F), work(7);
  CHECK(emlc_run(nullptr, x.data(), y.data(), work.data()) == EMLC_ERR_NULL);
  CHECK(emlc_run(&model, nullptr, y.data(), work.data()) == EMLC_ERR_NULL);
  CHECK(emlc_run(&model, x.data(), nullptr, work.data()) == EMLC_ERR_NULL);
  CHECK(emlc_run(&model, x.data(), y.data(), nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_run(&model, x.data(), y.data(), reinterpret_cast<char*>(work.data()) + 1) == EMLC_ERR_ALIGN);
  CHECK(emlc_filter_reset(&model, work.data()) == EMLC_ERR_UNSUPPORTED);
  CHECK(emlc_filter(&model, work.data(), x.data(), y.data(), 2) == EMLC_ERR_UNSUPPORTED);
  CHECK(emlc_predict_class(nullptr, y.data()) == EMLC_ERR_NULL);
  CHECK(emlc_predict_class(&model, nullptr) == EMLC_ERR_NULL);
  CHECK(y == std::vector<float>{7.0F, 7.0F});
}
