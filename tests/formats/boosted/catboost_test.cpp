#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::libraries;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// The sample of the format's description, and its answers by hand: two questions, bit 0 is the first.
const std::string document = R"({"features_info":{"float_features":[
{"feature_index":0,"flat_feature_index":0,"borders":[0.5],"has_nans":false,"nan_value_treatment":"AsIs","feature_id":""},
{"feature_index":1,"flat_feature_index":1,"borders":[2.0],"has_nans":true,"nan_value_treatment":"AsTrue","feature_id":""}]},
"model_info":{"params":{"loss_function":{"type":"RMSE","params":{}}}},
"oblivious_trees":[{"splits":[
{"split_type":"FloatFeature","float_feature_index":0,"border":0.5,"split_index":0},
{"split_type":"FloatFeature","float_feature_index":1,"border":2.0,"split_index":1}],
"leaf_values":[1,2,3,4]}],
"scale_and_bias":[0.5,[10]]})";

model::Model read_text(const std::string& content) { return recognise(content, "m").read(content, "m", {}).model; }

double answer(const model::Model& model, double a, double b) { return model::predict(model, std::vector{a, b}).at(0); }

struct Bad {
  std::string_view from, to, problem;
};

}  // namespace

TEST_CASE("catboost: leaves are found by the bits of the splits, above a border is true") {
  const model::Model model = read_text(document);
  CHECK(answer(model, 0.6, 1) == 11.0);
  CHECK(answer(model, 0.5, 3) == 11.5);
  CHECK(answer(model, 1, missing) == 12.0);
  CHECK(answer(model, missing, 1) == 10.5);
  CHECK(answer(model, 0.5000000001, 2) == 10.5);  // float32 has neither
  CHECK(answer(model, 0.50000006, 2.0000003) == 12.0);
  // AsTrue counts where the feature had missing values in training alone.
  CHECK(answer(read_text(with(document, "\"has_nans\":true", "\"has_nans\":false")), 0, missing) == 10.5);
  CHECK(answer(read_text(with(document, ",[10]", ",10")), 0.6, 1) == 11.0);
  CHECK(answer(read_text(with(document, ",\n\"scale_and_bias\":[0.5,[10]]", "")), 0.6, 1) == 2.0);
}

TEST_CASE("catboost: a tree without a split is its leaf") {
  const std::size_t begin = document.find("[{\"splits\""), end = document.find("\"scale_and");
  const std::string lone =
      document.substr(0, begin) + "[{\"splits\":null,\"leaf_values\":[7]}],\n" + document.substr(end);
  CHECK(answer(read_text(lone), 0, 0) == 13.5);
}

TEST_CASE("catboost: what is wrong is refused with its place") {
  for (const Bad& bad : std::vector<Bad>{
           {"\"RMSE\"", "\"RMSEWithUncertainty\"",
            "m:4: model_info.params: the loss 'RMSEWithUncertainty' is not supported"},
           {"\"loss_function\"", "\"loss\"",
            "m:4: model_info.params: loss_function.type is missing, nothing says what the outputs are"},
           {"\"AsTrue\"", "\"AsTruth\"",
            "m:3: features_info.float_features[1].nan_value_treatment: unknown treatment 'AsTruth', did you mean "
            "'AsTrue'?"},
           {"\"feature_index\":1", "\"feature_index\":0",
            "m:3: features_info.float_features[1].feature_index: feature 0 is there twice"},
           {"\"flat_feature_index\":1", "\"flat_feature_index\":-1",
            "m:3: features_info.float_features[1].flat_feature_index: expected an integer from 0 to 65535, found -1"},
           {"\"float_feature_index\":1", "\"float_feature_index\":2",
            "m:7: oblivious_trees[0].splits[1].float_feature_index: there is no float feature 2, the model has 2"},
           {"FloatFeature", "OneHotFeature",
            "m:6: oblivious_trees[0].splits[0].split_type: 'OneHotFeature' is not supported, only splits of float "
            "features are"},
           {"\"border\":0.5", "\"border\":1e300",
            "m:6: oblivious_trees[0].splits[0].border: the border is beyond float32"},
           {"[1,2,3,4]", "[1,2,3]", "m:5: oblivious_trees[0]: a leaf has no value"},
           {"[1,2,3,4]", "[1,2,3,4,5]",
            "m:8: oblivious_trees[0].leaf_values: has 5 entries, expected 1 outputs times 2 to the power of 2"},
           {"[0.5,[10]]", "[0.5,[10,11]]", "m:9: scale_and_bias: has 2 biases, the model has 1 outputs"},
           {"\"scale_and_bias\"", "\"ctr_data\":{},\"scale_and_bias\"",
            "m:9: ctr_data: the model counts categories, only float features are supported"},
           {"\"model_info\"", "\"trees\":[{\"value\":1}],\"model_info\"",
            "m:4: trees: there are oblivious_trees too, a model has one of both"},
       }) {
    CAPTURE(bad.from);
    CAPTURE(bad.to);
    CHECK(refusal(with(document, bad.from, bad.to)) == bad.problem);
  }
}

TEST_CASE("catboost: nested trees, several outputs and their refusals") {
  const std::size_t begin = document.find("\"oblivious_trees\"");
  const std::string nested = document.substr(0, begin) +
                             R"("trees":[{"split":{"split_type":"FloatFeature","float_feature_index":0,"border":0.5},
"left":{"value":[1,2],"weight":3},"right":{"value":[3,4],"weight":1}}],
"scale_and_bias":[1,[]]})";
  CHECK(model::predict(read_text(nested), std::vector{0.5, 0.0}) == std::vector{1.0, 2.0});
  CHECK(model::predict(read_text(nested), std::vector{0.6, 0.0}) == std::vector{3.0, 4.0});
  CHECK(refusal(with(nested, "[3,4]", "[3]")) == "m:6: trees[0].right.value: has 1 numbers, the model has 2 outputs");
  CHECK(refusal(with(nested, ",\"right\":{\"value\":[3,4],\"weight\":1}", "")) ==
        "m:5: trees[0]: the split has not two children");
}

TEST_CASE("cbm: the models of the JSON form") {
  for (const char* name : {"multirmse", "lossguide", "binary_missing_max"}) {
    CAPTURE(std::string(name));
    const std::filesystem::path at = folder() / "catboost-1.2.10" / name;
    const model::Model json = libraries::read_file(at / "model.json").model;
    const model::Model cbm = libraries::read_file(at / "model.cbm").model;
    CHECK(cbm.input.n_features == json.input.n_features);
    CHECK(cbm.output.rule == json.output.rule);
    for (const std::vector<double>& x : read_rows(at / "X.npy"))
      CHECK(model::predict(cbm, x) == model::predict(json, x));
  }
}

TEST_CASE("cbm: refusals") {
  const std::string good = content_of(folder() / "catboost-1.2.10/multirmse/model.cbm");
  const auto as_bytes = [](std::initializer_list<std::int32_t> numbers) {
    std::string bytes;
    for (const std::int32_t number : numbers) {
      for (int byte = 0; byte < 4; ++byte) bytes += static_cast<char>(static_cast<std::uint32_t>(number) >> (8 * byte));
    }
    return bytes;
  };
  CHECK(refusal(good.substr(0, 6)) == "m: byte 4 (size): 4 bytes are expected here, the file has 2");
  CHECK(refusal(good.substr(0, 100)) == "m: byte 8 (model): 18208 bytes are expected here, the file has 92");
  CHECK(refusal(with(good, "FlabuffersModel_v1", "FlabuffersModel_v2")) ==
        "m: byte 24 (FormatVersion): expected 'FlabuffersModel_v1', found 'FlabuffersModel_v2'");
  // The splits of the first tree, as the JSON form names them; a number beyond all borders, and one below 0.
  const std::string splits = as_bytes({70, 23, 49, 16});
  for (const std::int32_t number : {95, -1}) {
    CHECK(refusal(with(good, splits, as_bytes({number, 23, 49, 16})))
              .find(fmt::format("(TreeSplits[0]): there is no split {}, float features have 95", number)) !=
          std::string::npos);
  }
  CHECK(refusal(with(good, "_function\":{\"type\":\"MultiRMSE\"", "_function\":{\"type\":\"MultiRM__\"")) ==
        "m: model_info.params: the loss 'MultiRM__' is not supported");
}
