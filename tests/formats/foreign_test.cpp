#include "formats/foreign.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "codegen/model/error.hpp"
#include "formats/format.hpp"
#include "formats/onnx/onnx.hpp"

using namespace emlc::formats;

TEST_CASE("foreign: no row takes what emlc reads, nor a table") {
  for (const std::string_view content :
       {"x^2,y\n1,2\n", "BZh,b\n1,2\n", "tree,b\n1,2\n", "x,y\n1,2\n", "1,0,0,1,0,0\n", "f,2\nl,0\nr,0\n",
        "emlc,mlp,1\nend\n", "MAIX", "CBM,1\n", "PK,1\n", "\x80,1\n", "", "a",
        "{\"format\": \"emlc-model\", \"x_note\": \"tree_info features_info gradient_booster\", \"tree_info\": 1}"}) {
    CAPTURE(content);
    const ForeignFile* file = foreign_file(content);
    CHECK(file == nullptr);
  }
}

TEST_CASE("foreign: a file that is cut short is of the same kind, or of none") {
  // tests/hostile has a file of every row.
  const std::string_view pickle("\x80\x04\x95\x10\0\0\0.", 8);
  CHECK(foreign_file(pickle)->name == "a pickle of Python");
  for (std::size_t size = 0; size < pickle.size(); ++size) CHECK(foreign_file(pickle.substr(0, size)) == nullptr);
  CHECK_THROWS_WITH_AS(recognise(pickle, "m.pkl"),
                       "m.pkl: is a pickle of Python; export the estimator where it was trained: "
                       "emlc_export.export(estimator, X, 'm.json')",
                       emlc::Error);
}

TEST_CASE(
    "foreign: XGBoost's old binary form is known by what stands at its places, a class of any model may be a gbtree") {
  // As XGBoost 1.7.6 writes m.bin: "binf" (older ones begin without it), 136 bytes of parameters, two texts.
  const auto text = [](const std::string& name) {
    return std::string(1, char(name.size())) + std::string(7, '\0') + name;
  };
  const std::string parameters = std::string("\0\0\0?", 4) + std::string(132, '\0');
  for (const std::string booster : {"gbtree", "dart", "gblinear"}) {
    for (const std::string& begin : {std::string("binf"), std::string()}) {
      const std::string whole = begin + parameters + text("binary:logistic") + text(booster);
      CAPTURE(booster);
      REQUIRE(foreign_file(whole) != nullptr);
      CHECK(foreign_file(whole)->name == "a model of XGBoost in its old binary form");
      for (std::size_t size = 0; size < whole.size(); ++size) CHECK(foreign_file(whole.substr(0, size)) == nullptr);
    }
  }
  CHECK(foreign_file("MAIX" + std::string(132, '\0') + text("") + text("gbtree")) == nullptr);
  CHECK(foreign_file("MAIX" + std::string(300, '\0') + text("classes") + text("gbtree")) == nullptr);
  CHECK(foreign_file(R"({"learner": {"gradient_booster": {}, "feature_names": ["class_name", "layers", "emlc.x"]}})") ==
        nullptr);
}

TEST_CASE("formats: ONNX is known by its fields, whoever wrote it") {
  // The first bytes of what torch.onnx and tf2onnx write: version 8, the producer, its version.
  const std::string_view torch(
      "\x08\x08\x12\x07pytorch\x1a\x05"
      "2.1.0:\xdd\x09\x0a\x66",
      22);
  CHECK(is_onnx(torch));
  for (std::size_t size = 0; size <= 11; ++size) CHECK_FALSE(is_onnx(torch.substr(0, size)));
  CHECK_FALSE(is_onnx("\x08\x08\x12\x07pytorch\x7f...."));
  CHECK_FALSE(is_onnx("\x08\x1e\x12\x07pytorch\x1a...."));
}

TEST_CASE("foreign: a model of TensorFlow.js is no architecture of Keras") {
  const ForeignFile* file =
      foreign_file(R"({"format":"layers-model","generatedBy":"TensorFlow.js tfjs-layers v4.22.0","modelTopology":)"
                   R"({"class_name":"Sequential","config":{"layers":[]}},"weightsManifest":[]})");
  CHECK(file == nullptr);
}

TEST_CASE("foreign: checkpoints of PyTorch, new and old, are refused with the lines that export them") {
  constexpr std::string_view old_form = "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.";
  for (const std::string_view content : {std::string_view("PK\x03\x04..archive/data.pkl.."), old_form}) {
    CHECK_THROWS_WITH_AS(
        recognise(content, "m.pt"),
        "m.pt: is a checkpoint of PyTorch; nothing is ever unpickled; three lines of Python export the "
        "network where it was trained: 'from emlc_export import export'; 'network = "
        "torch.load(\"m.pt\")', or the network with its state_dict loaded; 'export(network, X, "
        "\"m.json\")'",
        emlc::Error);
  }
}
