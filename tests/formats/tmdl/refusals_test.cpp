#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/formats/tmdl/reading.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;

/// Why the reader refuses a blob; `read` when it does not.
std::string refusal(const Blob& blob) {
  try {
    read(blob);
  } catch (const Error& error) {
    return error.what();
  }
  return "read";
}

/// One byte that is wrong, and what the reader says.
struct Bad {
  std::size_t at;
  int value;
  const char* message;
};

void check_refusals(const Blob& plain, std::initializer_list<Bad> cases, bool sealed) {
  for (const Bad& bad : cases) {
    Blob blob = plain;
    blob.at(bad.at) = static_cast<std::uint8_t>(bad.value);
    if (sealed) reseal(blob);
    CHECK(refusal(blob) == std::string("m.tmdl: ") + bad.message);
    CHECK(open(blob) != EMLC_OK);
  }
}

}  // namespace

TEST_CASE("tmdl: a file cut at any byte is refused, with the byte and the field") {
  std::vector<Blob> blobs = {read_blob("mlp_2_3_2_f32"), read_blob("mlp_2_3_2_i8")};
  for (const auto& model :
       {relu_network(), tanh_network(), two_targets(), filter(), integer_filter({}), trees(), scalers()}) {
    blobs.push_back(to_blob(formats::write_tmdl(model).bytes));
  }
  for (const Blob& whole : blobs) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Blob cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string message = refusal(cut);
      CAPTURE(size);
      CAPTURE(message);
      CHECK(message.starts_with("m.tmdl: byte "));
      CHECK(open(cut) != EMLC_OK);
    }
  }
  const Blob file = read_blob("mlp_2_3_2_f32");
  const auto cut_at = [&](std::ptrdiff_t size) { return refusal(Blob(file.begin(), file.begin() + size)); };
  CHECK(cut_at(3) == "m.tmdl: byte 0 (magic): expected 'MAIX'");
  CHECK(cut_at(11) == "m.tmdl: byte 10 (layer_cnt): the file is cut off: it has 11 bytes, 2 are needed here");
  CHECK(cut_at(63) == "m.tmdl: byte 36 (reserved): the file is cut off: it has 63 bytes, 28 are needed here");
  CHECK(cut_at(100) == "m.tmdl: byte 64 (layers[0]): the file is cut off: it has 100 bytes, 48 are needed here");
  CHECK(cut_at(150) ==
        "m.tmdl: byte 68 (layers[0].size): the file is cut off: the layer has 120 bytes, the file only "
        "86 more");
  const Blob own = to_blob(formats::write_tmdl(relu_network()).bytes);
  CHECK(refusal(Blob(own.begin(), own.begin() + 327)) ==
        "m.tmdl: byte 44 (total_size): the blob has 328 bytes, the file 327");
}

TEST_CASE("tmdl: a bad file of TinyMaix is refused with the byte and the field") {
  constexpr std::size_t conv = 64, fc = 184, softmax = 280;
  check_refusals(
      read_blob("mlp_2_3_2_f32"),
      {
          {0, 'm', "byte 0 (magic): expected 'MAIX'"},
          {4, 1, "byte 4 (mdl_type): 1 (int16) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)"},
          {4, 3, "byte 4 (mdl_type): 3 (fp16) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)"},
          {4, 4, "byte 4 (mdl_type): 4 (fp8 1.4.3) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)"},
          {4, 5, "byte 4 (mdl_type): 5 (fp8 1.5.2) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)"},
          {4, 9, "byte 4 (mdl_type): 9 (unknown) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)"},
          {6, 2, "byte 6 (input_cnt): expected 1, found 2"},
          {8, 0, "byte 8 (output_cnt): expected 1, found 0"},
          {10, 0, "byte 10 (layer_cnt): there is no layer"},
          {22, 0, "byte 20 (in_dims): expected dims of 1 to 65535 values"},
          {33, 1, "byte 28 (out_dims): 514 values, the last layer gives 2"},
          {40, 1, "byte 36 (reserved): expected 28 bytes of 0 or emlc's header"},
          {4, 0x45, "byte 36 (reserved): expected 28 bytes of 0 or emlc's header"},
          {conv, 1, "byte 64 (layers[0].type): 1 (GAP): convolutions are not supported yet"},
          {conv, 5, "byte 64 (layers[0].type): 5 (DWCONV2D): convolutions are not supported yet"},
          {conv, 6, "byte 64 (layers[0].type): 6 (ADD): convolutions are not supported yet"},
          {conv, 7, "byte 64 (layers[0].type): 7 is not known"},
          {conv + 4, 0x7C, "byte 68 (layers[0].size): expected a multiple of 8 from 48 on, found 124"},
          {conv + 4, 0x28, "byte 68 (layers[0].size): expected a multiple of 8 from 48 on, found 40"},
          {conv + 4, 0x48, "byte 68 (layers[0].size): a CONV2D has 80 bytes or more, found 72"},
          {conv + 48, 3,
           "byte 112 (layers[0].kernel_w): expected 1 (a dense layer), found 3: convolutions are not supported yet"},
          {conv + 53, 2,
           "byte 117 (layers[0].dilation_h): expected 1 (a dense layer), found 2: convolutions are not supported yet"},
          {conv + 18, 2, "byte 80 (layers[0].in_dims): expected a picture of 1x1: convolutions are not supported yet"},
          {conv + 54, 3, "byte 118 (layers[0].act): activation 3 is not one that TinyMaix applies to float networks"},
          {conv + 57, 1, "byte 120 (layers[0].pad): expected no padding: convolutions are not supported yet"},
          {conv + 60, 2,
           "byte 124 (layers[0].depth_mul): expected 0 (a dense layer), found 2: convolutions are not supported yet"},
          {fc + 22, 4, "byte 200 (layers[1].in_dims): 3 values come in, the layer takes 4"},
          {fc + 12, 8,
           "byte 184 (layers[1]): this FC layer is not valid: an index, an offset or a number is out of its range"},
          {fc + 59, 0x7F,
           "byte 184 (layers[1]): this FC layer is not valid: an index, an offset or a number is out of its range"},
          {fc, EMLC_LAYER_SCALER,
           "byte 184 (layers[1]): this scaler layer is not valid: the model is valid, but this runtime does not do "
           "what "
           "it asks for"},
          {softmax + 2, 0,
           "byte 280 (layers[2]): this SOFTMAX layer is not valid: the model is valid, but this runtime does not do "
           "what it asks for"},
      },
      false);
  check_refusals(read_blob("mlp_2_3_2_i8"),
                 {{12, 1, "byte 12 (buf_size): the buffer is smaller than the input"},
                  {conv + 54, 2,
                   "byte 118 (layers[0].act): activation 2 is not one that TinyMaix applies to int8 "
                   "networks"}},
                 false);
}

TEST_CASE("tmdl: numbers that are not finite are refused where they are") {
  const auto with = [](Blob blob, std::size_t at, float value) {
    put_f32(blob, at, value);
    reseal(blob);
    return refusal(blob);
  };
  const Blob network = to_blob(formats::write_tmdl(relu_network()).bytes);
  CHECK(with(network, 148, std::nanf("")) == "m.tmdl: byte 148 (layers[0].weights[1]): not a finite number");
  CHECK(with(network, 272, INFINITY) == "m.tmdl: byte 272 (layers[1].bias[0]): not a finite number");
  const Blob scaler = to_blob(formats::write_tmdl(scalers()).bytes);
  CHECK(with(scaler, 64 + 64 + 8, INFINITY) == "m.tmdl: byte 136 (layers[0].offset[2]): not a finite number");
  CHECK(with(scaler, 64 + 52, INFINITY) == "m.tmdl: byte 116 (layers[0].low): not a finite number");
}

TEST_CASE("tmdl: a bad blob of emlc is refused with the byte and the field") {
  const Blob network = to_blob(formats::write_tmdl(tanh_network()).bytes);
  constexpr std::size_t scaler = 64, dense = 144;
  check_refusals(
      network,
      {
          {40, 3, "byte 40 (version): expected 1 or 2, found 3"},
          {42, 0x84, "byte 42 (flags): 0x0084 has bits that are not known"},
          {42, 0x70, "byte 42 (flags): 0x0070 has bits that are not known"},
          {48, 0, "byte 48 (crc): the checksum is 0x339f8800, that of the bytes 0x339f884e: the file was changed"},
          {scaler + 60, 1,
           "byte 48 (crc): the checksum is 0x339f884e, that of the bytes 0x40a07245: the file was "
           "changed"},
      },
      false);
  check_refusals(
      network,
      {
          {scaler, 3,
           "byte 64 (layers[0]): this SOFTMAX layer is not valid: the model is valid, but this runtime does "
           "not do what it asks for"},
          {scaler + 48, 2,
           "byte 64 (layers[0]): this scaler layer is not valid: the model is valid, but this runtime "
           "does not do what it asks for"},
          {scaler + 50, 2, "byte 64 (layers[0]): this scaler layer is not valid: the data is not what its format says"},
          {dense + 48, 9,
           "byte 144 (layers[1]): this dense layer is not valid: the model is valid, but this runtime "
           "does not do what it asks for"},
          {52, 8, "byte 0 (header): the device runtime refuses this blob: the data is not what its format says"},
          {60, 8, "byte 60 (targets): expected 0 or 336, found 8"},
      },
      true);
  const Blob targets = to_blob(formats::write_tmdl(two_targets()).bytes);
  check_refusals(
      targets,
      {{60, 1, "byte 60 (targets): expected 0 or 192, found 1"},
       {60, 0,
        "byte 0 (header): the device runtime refuses this blob: a size or a count is 0, or does not fit its "
        "data"},
       {194, 3, "byte 0 (header): the device runtime refuses this blob: the data is not what its format says"}},
      true);
  const Blob low_pass = to_blob(formats::write_tmdl(filter()).bytes);
  check_refusals(low_pass,
                 {{112, 0,
                   "byte 64 (layers[0]): this sos layer is not valid: a size or a count is 0, or does not fit "
                   "its data"},
                  {112, 3,
                   "byte 64 (layers[0]): this sos layer is not valid: an index, an offset or a number is out "
                   "of its range"}},
                 true);
}

TEST_CASE("tmdl: an order of layers that no model has is refused") {
  // Each blob is put together from the layers of good ones.
  const auto layer = [](const model::Model& model, std::size_t index) {
    const Blob blob = to_blob(formats::write_tmdl(model).bytes);
    std::size_t at = EMLC_TMDL_HEADER_SIZE;
    for (; index > 0; --index) at += emlc_read_u32(&blob[at + EMLC_LAYER_AT_SIZE]);
    const auto first = blob.begin() + static_cast<std::ptrdiff_t>(at);
    return Blob(first, first + emlc_read_u32(&blob[at + EMLC_LAYER_AT_SIZE]));
  };
  const auto join = [](std::vector<Blob> layers, std::uint16_t flags) {
    Blob blob = to_blob(formats::write_tmdl(trees()).bytes);
    blob.resize(EMLC_TMDL_HEADER_SIZE);
    put_u16(blob, EMLC_AT_LAYER_CNT, static_cast<std::uint16_t>(layers.size()));
    put_u32(blob, EMLC_AT_BUF_SIZE, 8U * static_cast<std::uint32_t>(layers.size()));
    put_u32(blob, EMLC_AT_WORK_SIZE, 8U * static_cast<std::uint32_t>(layers.size() - 1));
    put_u16(blob, EMLC_AT_FLAGS, flags);
    put_u32(blob, EMLC_AT_TARGETS, 0);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const bool is_last = i + 1 == layers.size();
      put_u16(layers[i], EMLC_LAYER_AT_IS_OUT, is_last ? 1 : 0);
      put_u32(layers[i], EMLC_LAYER_AT_IN_OFT, i == 0 ? 0 : 8U * static_cast<std::uint32_t>(i - 1));
      put_u32(layers[i], EMLC_LAYER_AT_OUT_OFT, is_last ? 0 : 8U * static_cast<std::uint32_t>(i));
      blob.insert(blob.end(), layers[i].begin(), layers[i].end());
    }
    put_u32(blob, EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()));
    reseal(blob);
    return blob;
  };
  model::Model square = relu_network();  // 2 values in, 2 out, in emlc's layers
  auto& network = std::get<model::DenseNetwork>(square.predictor);
  network.layers = {
      {.n_in = 2, .n_out = 2, .weights = {1, 0, 0, 1}, .bias = {0, 0}, .activation = model::Activation::tanh}};
  network.post_transform.kind = model::PostTransformKind::exp;
  const Blob dense = layer(square, 0), post = layer(square, 1), forest = layer(trees(), 0);
  const Blob scale = layer(tanh_network(), 0);
  constexpr std::uint16_t regression = EMLC_TASK_REGRESSION << EMLC_FLAGS_TASK_SHIFT;
  CHECK(refusal(join({scale, dense, post}, regression)) == "read");
  CHECK(refusal(join({scale, forest}, regression)) == "read");
  // The device runs these; emlc's models have no such order.
  for (const Blob& blob :
       {join({forest, dense}, regression), join({dense, forest}, regression), join({dense, scale}, regression),
        join({post}, regression), join({dense, post, dense}, regression)}) {
    CHECK(open(blob) == EMLC_OK);
  }
  CHECK(refusal(join({forest, dense}, regression))
            .ends_with("(layers[1]): this layer cannot come after trees or a filter"));
  CHECK(refusal(join({dense, forest}, regression))
            .ends_with("(layers[1]): trees cannot come after layers other than scalers and steps"));
  CHECK(
      refusal(join({dense, scale}, regression)).ends_with("(layers[1]): a scaler has to come before all other layers"));
  CHECK(refusal(join({post}, regression)) ==
        "m.tmdl: byte 64 (layers[0]): a post-transform has to come after a dense layer");
  CHECK(refusal(join({dense, post, dense}, regression))
            .ends_with("(layers[2]): this layer cannot come after the softmax or the post-transform of the outputs"));
  CHECK(refusal(join({dense}, EMLC_TASK_FILTER << EMLC_FLAGS_TASK_SHIFT)) ==
        "m.tmdl: byte 42 (flags): the task is 'filter', the layers are a dense network");
}
