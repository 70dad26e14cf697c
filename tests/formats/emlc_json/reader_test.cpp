#include "formats/emlc_json/emlc_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "tests/formats/emlc_json/documents.hpp"
#include "tests/formats/emlc_json/models.hpp"

using namespace emlc;
using namespace emlc::formats::documents;
using formats::read_emlc_json;

TEST_CASE("emlc-json: the smallest complete example reads as its publication says") {
  const model::Model model = read(smallest);
  CHECK(model.name.empty());
  CHECK(model.input.n_features == 2);
  CHECK(model.input.type == model::NumberType::float32);
  CHECK(model.output.task == model::Task::classification);
  CHECK(model.output.rule == model::DecisionRule::argmax);
  REQUIRE(model.output.targets.size() == 1);
  CHECK(model.output.targets[0].class_names == std::vector<std::string>{"off", "on"});
  CHECK(trees_of(model).divisor == 1.0);
  CHECK(root_of(model).feature == 1);
  CHECK(root_of(model).threshold == std::nextafter(0.5, 1.0));
  CHECK(predict(model, {9.0, 0.5}) == std::vector{0.75, 0.25});
  CHECK(predict(model, {9.0, 0.50000006}) == std::vector{0.0, 1.0});
  CHECK(model.test_vectors.inputs == std::vector<std::vector<double>>{{0, 0.5}, {0, 0.625}});
  CHECK(model.test_vectors.labels == std::vector<std::vector<std::string>>{{"off"}, {"on"}});
}

TEST_CASE("emlc-json: the keys of every object may come in any order") {
  const model::Model model = read(
      R"({"test_vectors":{"rtol":0,"labels":["off","on"],"outputs":[[0.75,0.25],[0,1]],"inputs":[[0,0.5],[0,0.625]]},
 "model":{"trees":[{"value":[null,[0.75,0.25],[0,1]],"right":[2,-1,-1],"left":[1,-1,-1],"threshold":[0.5,0,0],"feature":[1,-1,-1]}],
   "aggregate":"mean","leaf":"vector","compare":"<=","kind":"tree_ensemble"},
 "output":{"decision":{"rule":"argmax"},"targets":[{"class_names":["off","on"],"size":2}],"n_outputs":2,"task":"classification"},
 "input":{"n_features":2},"version":1,"format":"emlc-model"})");
  CHECK(predict(model, {9.0, 0.5}) == std::vector{0.75, 0.25});
  CHECK(model.test_vectors.inputs.size() == 2);
}

TEST_CASE("emlc-json: every key of the document itself arrives in the model") {
  const model::Model model = read(
      R"({"format":"emlc-model","version":1,"name":"box","description":"d",
 "producer":{"tool":"t","tool_version":"1","library":"l","library_version":"2","estimator":"e"},
 "input":{"n_features":2,"dtype":"int16","feature_names":["a","b"],"feature_min":[-1,-2],"feature_max":[1,2]},
 "output":{"task":"anomaly","n_outputs":2,"targets":[{"name":"p","size":1,"class_names":[-1,1]},{"size":1}],
   "decision":{"rule":"greater_equal","threshold":0.25}},
 "model":{"kind":"scaler","op":"multiply_add","offset":[1,2],"scale":[3,4],"clip":[-5,5]},
 "test_vectors":{"inputs":[[0,1]],"outputs":[[1,5]],"labels":[["1","1"]],"atol":0.5,"rtol":0.125}})");
  CHECK(model.name == "box");
  CHECK(model.input.type == model::NumberType::int16);
  CHECK(model.input.feature_names == std::vector<std::string>{"a", "b"});
  CHECK(model.input.minimum == std::vector{-1.0, -2.0});
  CHECK(model.input.maximum == std::vector{1.0, 2.0});
  CHECK(model.output.task == model::Task::anomaly);
  CHECK(model.output.rule == model::DecisionRule::greater_equal);
  CHECK(model.output.threshold == 0.25);
  REQUIRE(model.output.targets.size() == 2);
  CHECK(model.output.targets[0].name == "p");
  CHECK(model.output.targets[0].class_names == std::vector<std::string>{"-1", "1"});
  CHECK(model.output.targets[1].class_names.empty());
  REQUIRE(model.scalers.size() == 1);
  CHECK(model.scalers[0].op == model::ScalerOp::multiply_add);
  CHECK(model.scalers[0].offset == std::vector{1.0, 2.0});
  CHECK(model.scalers[0].scale == std::vector{3.0, 4.0});
  CHECK(model.scalers[0].clip == std::pair{-5.0, 5.0});
  CHECK(std::holds_alternative<std::monostate>(model.predictor));
  CHECK(model.test_vectors.labels == std::vector<std::vector<std::string>>{{"1", "1"}});
  CHECK(model.test_vectors.atol == 0.5);
  CHECK(model.test_vectors.rtol == 0.125);
}

TEST_CASE("emlc-json: class names and labels of any type are texts as they are written") {
  const auto classes = [](std::string_view names) {
    std::string document(smallest);
    document.replace(document.find(R"(["off","on"])"), 12, names);
    document.replace(document.find(R"("labels":["off","on"],)"), 22, "");
    return read(document).output.targets.at(0).class_names;
  };
  CHECK(classes("[0, 1]") == std::vector<std::string>{"0", "1"});
  CHECK(classes("[-1,1.0]") == std::vector<std::string>{"-1", "1.0"});
  CHECK(classes("[1e3 ,true]") == std::vector<std::string>{"1e3", "true"});
  CHECK(classes(R"([false,"\u00e9\n"])") == std::vector<std::string>{"false", "\xc3\xa9\n"});
  CHECK(classes("[18446744073709551616,9007199254740993]") ==
        std::vector<std::string>{"18446744073709551616", "9007199254740993"});
}

TEST_CASE("emlc-json: labels are one per row or one per target, null is a missing input") {
  const model::Model model = read(
      R"({"format":"emlc-model","version":1,"input":{"n_features":1},
 "output":{"task":"classification","n_outputs":4,"targets":[{"size":2,"class_names":[false,true]},{"size":2,"class_names":["a",7]}]},
 "model":{"kind":"tree_ensemble","compare":"<","leaf":"vector","aggregate":"sum","trees":[
   {"feature":[0,-1,-1],"threshold":[1,0,0],"left":[1,-1,-1],"right":[2,-1,-1],"value":[null,[1,0,1,0],[0,1,0,1]]}]},
 "test_vectors":{"inputs":[[0.5],[null]],"outputs":[[1,0,1,0],[0,1,0,1]],"labels":[[false,"a"],["true",7]]}})");
  CHECK(model.output.rule == model::DecisionRule::argmax);
  CHECK(std::isnan(model.test_vectors.inputs.at(1).at(0)));
  CHECK(model.test_vectors.labels == std::vector<std::vector<std::string>>{{"false", "a"}, {"true", "7"}});
}

TEST_CASE("emlc-json: what is left out has its default") {
  const model::Model model = read(regression(scalar_trees("[" + stump() + "]")));
  CHECK(model.input.type == model::NumberType::float32);
  REQUIRE(model.output.targets.size() == 1);
  CHECK(model.output.targets[0].size == 1);
  CHECK(model.output.rule == model::DecisionRule::none);
  CHECK(model.test_vectors.inputs.empty());
  const model::TreeEnsemble& trees = trees_of(model);
  CHECK(trees.feature_type == model::NumberType::float32);
  CHECK(trees.sum_type == model::NumberType::float64);
  CHECK(trees.base_score == std::vector{0.0});
  CHECK(trees.base_score_at == model::BaseScoreAt::start);
  CHECK(trees.divisor == 1.0);
  CHECK(trees.scale == 1.0);
  CHECK(trees.post_transform.kind == model::PostTransformKind::identity);
  CHECK(trees.trees.at(0).first_output == 0);
}

TEST_CASE("emlc-json: a network has its layers row by row") {
  const model::Model model = read(regression(
      R"({"kind":"mlp","layers":[{"weights":[[1,2],[3,4],[5,6]],"bias":[0,10,0],"activation":"leaky_relu","alpha":0.5},
 {"weights":[[1,-1,0],[0,0,2]],"bias":[0,0],"activation":"identity"}],"post_transform":{"name":"normalize"}})",
      2, 2));
  // Hidden: 1 - 4 = -3 -> -1.5; 3 - 8 + 10 = 5; 5 - 12 = -7 -> -3.5. Last: -6.5, -7. Shares of -13.5.
  CHECK(predict(model, {1.0, -2.0}) == std::vector{-6.5 / -13.5, -7.0 / -13.5});
  const auto& network = std::get<model::DenseNetwork>(model.predictor);
  CHECK(network.layers.at(0).alpha == 0.5);
  CHECK(network.layers.at(1).weights == std::vector<double>{1, -1, 0, 0, 0, 2});
}

TEST_CASE("emlc-json: a filter has its sections, its state and its sample rate") {
  const model::Model model = read(
      R"({"format":"emlc-model","version":1,"input":{"n_features":1},"output":{"task":"filter","n_outputs":1},
 "model":{"kind":"sos","sections":[[1,2,3,4,0.5,0.25],[1,0,0,1,0,0]],"initial_state":[[0.5,1],[0,0]],"sample_rate":8000},
 "test_vectors":{"inputs":[[4,0]],"outputs":[[1,1.875]]}})");
  const auto& cascade = std::get<model::SosCascade>(model.predictor);
  REQUIRE(cascade.sections.size() == 2);
  const model::SosSection& s = cascade.sections[0];
  CHECK(std::vector{s.b0, s.b1, s.b2, s.a0, s.a1, s.a2} == std::vector{1.0, 2.0, 3.0, 4.0, 0.5, 0.25});
  CHECK(cascade.sample_rate == 8000.0);
  CHECK(cascade.initial_state == std::vector<std::array<double, 2>>{{0.5, 1}, {0, 0}});
  CHECK(model.output.targets.empty());
}

TEST_CASE("emlc-json: a pipeline is its scalers and at most one model behind them") {
  const std::string halve = R"({"kind":"scaler","op":"subtract_divide","offset":[1],"scale":[2]})";
  const std::string negate = R"({"kind":"scaler","op":"multiply_add","offset":[0],"scale":[-1]})";
  const auto pipeline = [](const std::string& steps) { return R"({"kind":"pipeline","steps":[)" + steps + "]}"; };
  model::Model model = read(regression(pipeline(halve + "," + negate + "," + scalar_trees("[" + stump() + "]"))));
  CHECK(model.scalers.size() == 2);
  CHECK(predict_one(model, -4.0) == 10.0);  // (-4 - 1) / 2 * -1 = 2.5
  CHECK(predict_one(model, -5.0) == 20.0);
  model = read(regression(pipeline(pipeline(halve) + "," + pipeline(pipeline(negate) + "," + halve))));
  CHECK(model.scalers.size() == 3);
  CHECK(predict_one(model, 5.0) == -1.5);  // 2, -2, -1.5
}

TEST_CASE("emlc-json: keys that start with x_ are skipped wherever they are") {
  const std::string_view skipped = R"("x_":[{"x":[1,{}]},null,"1e999",true,-1.5e3],)";
  std::string document(smallest);
  std::size_t n_objects = 0;
  for (std::size_t at = document.find('{'); at != std::string::npos; at = document.find('{', at + 1 + skipped.size())) {
    document.insert(at + 1, skipped);
    ++n_objects;
  }
  CHECK(n_objects == 8);
  CHECK(predict(read(document), {9.0, 0.5}) == std::vector{0.75, 0.25});
}

TEST_CASE("emlc-json: integers may be written with a fraction of zero") {
  std::string document(smallest);
  document.replace(document.find("\"n_features\":2"), 14, "\"n_features\":2.0");
  document.replace(document.find("\"version\":1"), 11, "\"version\":10e-1");
  CHECK(read(document).input.n_features == 2);
}

TEST_CASE("emlc-json: recognised by its format key, wherever it is") {
  const auto recognised = [](std::string_view content) { return formats::is_emlc_json(content); };
  CHECK(recognised(smallest));
  CHECK(recognised(std::string("\xEF\xBB\xBF\r\n\t ") + std::string(smallest)));
  CHECK(recognised("{\"model\": {}, \"format\" :\n \"emlc-model\"}"));
  CHECK(recognised(R"({"x_note": "emlc-model", "format": "emlc-model")"));
  for (const std::string_view other :
       {"", "   ", "{", "{}", "[]", R"(["format", "emlc-model"])", R"({"learner": {"attributes": {}}})",
        R"({"format": "emlc-models"})", R"({"name": "emlc-model"})", R"("format": "emlc-model")",
        "b0,b1,b2,a0,a1,a2\n1,0,0,1,0,0\n"}) {
    CAPTURE(other);
    CHECK_FALSE(recognised(other));
  }
  CHECK(read_emlc_json(std::string("\xEF\xBB\xBF") + std::string(smallest), "m.json").input.n_features == 2);
}
