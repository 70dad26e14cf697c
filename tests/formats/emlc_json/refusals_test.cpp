#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/formats/emlc_json/documents.hpp"
#include "tests/formats/emlc_json/refusals.hpp"

using namespace emlc;
using namespace emlc::formats::documents;

TEST_CASE("emlc-json: text that is no JSON is refused where it stops being it") {
  check_refusals({
      {"[0.5,0,0]", "[0.5,NaN,0]", "4: model.trees[0].threshold[1]: not valid JSON: unexpected 'NaN'"},
      {"[0.5,0,0]", "[0.5,-Infinity,0]", "4: model.trees[0].threshold[1]: not valid JSON: unexpected '-Infinity'"},
      {"[0.5,0,0]", "[0.5,1e999,0]", "4: model.trees[0].threshold[1]: the number 1e999 is too large"},
      {"[0.5,0,0]", "[0.5,-1e999,0]", "4: model.trees[0].threshold[1]: the number -1e999 is too large"},
      {"[0.5,0,0]", "[0.5,.5,0]", "4: model.trees[0].threshold[1]: not valid JSON: unexpected '.5'"},
      {"[0.5,0,0]", "[0.5,1.,0]", "4: model.trees[0].threshold[1]: not valid JSON: unexpected ','"},
      {"[0.5,0,0]", "[0.5,01,0]", "4: model.trees[0].threshold[2]: not valid JSON: unexpected '01'"},
      {"[0.5,0,0]", "[0.5,,0]", "4: model.trees[0].threshold[1]: not valid JSON: unexpected ','"},
      {"[0.5,0,0]", "[0.5,0,]", "4: model.trees[0].threshold[2]: not valid JSON: unexpected ']'"},
      {"[0.5,0,0]", "[0.5,0;0]", "4: model.trees[0].threshold[2]: not valid JSON: unexpected '0;0'"},
      {"[0.5,0,0]", "[0.5,0}", "4: model.trees[0].threshold[2]: not valid JSON: unexpected '}'"},
      {"\"rtol\":0}}", "\"rtol\":0}} x", "5: not valid JSON: unexpected 'x'"},
      {"\"version\":1", "\"version\" 1", "1: version: not valid JSON: unexpected '1'"},
      {"\"version\":1", "version:1", "1: format: not valid JSON: unexpected 'version'"},
      {"\"off\"", "\"o\tff\"", "2: output.targets[0].class_names[0]: not valid JSON: unexpected '\\x09'"},
      {"\"off\"", "\"o\xff\"", "2: output.targets[0].class_names[0]: not valid JSON: unexpected 'o\\xff'"},
      {"\"off\"", "\"\\q\"", "2: output.targets[0].class_names[0]: not valid JSON: unexpected '\\q'"},
      {"\"off\"", "\"off\" \"on\"", "2: output.targets[0].class_names[1]: not valid JSON: unexpected '\"on\"'"},
      {"\"off\"", "/* */\"off\"", "2: output.targets[0].class_names[0]: not valid JSON: unexpected '/*'"},
  });
  CHECK(refusal("") == "m.json:1: the file ends in the middle of the JSON document");
  CHECK(refusal("[1]") == "m.json:1: expected an object, found a list");
  CHECK(refusal("7") == "m.json:1: expected an object, found 7");
}

TEST_CASE("emlc-json: a document that is cut anywhere is refused with a line") {
  for (std::size_t size = 0; size < smallest.size(); ++size) {
    CAPTURE(size);
    const std::string text = refusal(smallest.substr(0, size));
    CHECK(text.starts_with("m.json:"));
    CHECK(text.ends_with("the file ends in the middle of the JSON document"));
  }
}

TEST_CASE("emlc-json: nesting has a limit, in values that are skipped too") {
  const auto nested = [](std::size_t depth) {
    return changed("\"version\":1", "\"x_\":" + std::string(depth, '[') + std::string(depth, ']') + ",\"version\":1");
  };
  CHECK(refusal(nested(63)).empty());
  std::string path = "x_";
  for (int depth = 0; depth < 63; ++depth) path += "[0]";
  CHECK(refusal(nested(64)) == "m.json:1: " + path + ": lists and objects are nested more than 64 deep");
  CHECK(refusal(nested(1'000'000)).ends_with("nested more than 64 deep"));
}

TEST_CASE("emlc-json: keys that are unknown, missing or there twice") {
  check_refusals({
      {"\"version\":1", "\"verion\":1", "1: verion: unknown key 'verion', did you mean 'version'?"},
      {"\"version\":1,", "", "5: the key 'version' is missing"},
      {"\"version\":1", "\"version\":1,\"version\":1", "1: version: the key is there twice"},
      {"\"threshold\":[0.5,0,0],", "", "4: model.trees[0]: the key 'threshold' is missing"},
      {"\"threshold\":[0.5,0,0],", "\"threshold\":[0.5,0,0],\"threshold\":[0.5,0,0],",
       "4: model.trees[0].threshold: the key is there twice"},
      {"\"threshold\":[0.5,0,0],", "\"tresholds\":[0.5,0,0],",
       "4: model.trees[0].tresholds: unknown key 'tresholds', did you mean 'threshold'?"},
      {"\"rule\":\"argmax\"", "\"\":1", "2: output.decision.: unknown key '', expected one of rule, threshold"},
      {"\"kind\":\"tree_ensemble\",", "", "4: model: the key 'kind' is missing"},
      {"\"leaf\":\"vector\",", "", "3: model: the key 'leaf' is missing in a model of kind 'tree_ensemble'"},
      {"\"leaf\":\"vector\",", "\"leaf\":\"vector\",\"op\":\"multiply_add\",",
       "3: model: a model of kind 'tree_ensemble' has no key 'op'"},
      {"\"kind\":\"tree_ensemble\"", "\"kind\":\"mlp\"", "3: model: a model of kind 'mlp' has no key 'compare'"},
  });
}

TEST_CASE("emlc-json: values of another type or out of range") {
  check_refusals({
      {"\"version\":1", "\"version\":2", "1: version: is 2, this emlc reads version 1"},
      {"\"version\":1", "\"version\":\"1\"", "1: version: expected an integer, 1 or more, found '1'"},
      {"\"n_features\":2", "\"n_features\":1.9", "1: input.n_features: expected an integer from 1 to 65536, found 1.9"},
      {"\"n_features\":2", "\"n_features\":0", "1: input.n_features: expected an integer from 1 to 65536, found 0"},
      {"\"n_features\":2", "\"n_features\":65537",
       "1: input.n_features: expected an integer from 1 to 65536, found 65537"},
      {"\"n_features\":2", "\"n_features\":99999999999999999999999",
       "1: input.n_features: expected an integer from 1 to 65536, found 99999999999999999999999"},
      {"\"n_outputs\":2", "\"n_outputs\":4097", "2: output.n_outputs: expected an integer from 1 to 4096, found 4097"},
      {"\"size\":2", "\"size\":-1", "2: output.targets[0].size: expected an integer from 1 to 4096, found -1"},
      {"\"float32\"", "\"float23\"", "1: input.dtype: unknown value 'float23', did you mean 'float32'?"},
      {"\"float32\"", "32", "1: input.dtype: expected one of float32, float64, int8, uint8, int16, int32, found 32"},
      {"\"vector\"", "\"rows\"", "3: model.leaf: unknown value 'rows', expected one of vector, scalar, class_index"},
      {"{\"n_features\":2,\"dtype\":\"float32\"}", "[2]", "1: input: expected an object, found a list"},
      {"[{\"size\":2,\"class_names\":[\"off\",\"on\"]}]", "{}",
       "2: output.targets: expected a list of objects, found an object"},
      {"[{\"size\":2,\"class_names\":[\"off\",\"on\"]}]", "[null]",
       "2: output.targets[0]: expected an object, found null"},
      {"\"off\"", "[\"off\"]",
       "2: output.targets[0].class_names[0]: expected a text, a number, true or false, found a list"},
      {"\"off\"", "null", "2: output.targets[0].class_names[0]: expected a text, a number, true or false, found null"},
      {"[0.5,0,0]", "0.5", "4: model.trees[0].threshold: expected a list of numbers, found 0.5"},
      {"[0.5,0,0]", "[0.5,0,\"0\"]", "4: model.trees[0].threshold[2]: expected a number, found '0'"},
      {"[0.5,0,0]", "[0.5,0,true]", "4: model.trees[0].threshold[2]: expected a number, found true"},
      {"[0.5,0,0]", "[0.5,0,{\"a\":1}]", "4: model.trees[0].threshold[2]: expected a number, found an object"},
      {"\"feature\":[1,", "\"feature\":[1.5,",
       "4: model.trees[0].feature[0]: expected an integer, -1 or more, found 1.5"},
      {"\"feature\":[1,", "\"feature\":[2147483648,",
       "4: model.trees[0].feature[0]: expected an integer, -1 or more, found 2147483648"},
      {"\"feature\":[1,", "\"feature\":[-2,",
       "4: model.trees[0].feature[0]: expected an integer, -1 or more, found -2"},
      {"[null,[0.75", "[\"\",[0.75",
       "4: model.trees[0].value[0]: expected null, a number or a list of numbers, found ''"},
      {"[null,[0.75", "[null,[null", "4: model.trees[0].value[1][0]: expected a number, found null"},
      {"[[0,0.5]", "[[0,\"0.5\"]", "5: test_vectors.inputs[0][1]: expected a number, found '0.5'"},
      {"[[0,0.5]", "[0", "5: test_vectors.inputs[0]: expected a list of numbers, found 0"},
      {"[[0.75,0.25],[0,1]],\"labels\"", "[[null,0.25],[0,1]],\"labels\"",
       "5: test_vectors.outputs[0][0]: expected a number, found null"},
      {"\"atol\":0", "\"atol\":-0.5", "5: test_vectors.atol: expected a number, 0 or more, found -0.5"},
      {"\"labels\":[\"off\"", "\"labels\":[[[1]]",
       "5: test_vectors.labels[0][0]: expected a text, a number, true or false, found a list"},
  });
  CHECK(refusal(changed("\"version\":1", "\"version\":1,\"producer\":{\"tool\":7}")) ==
        "m.json:1: producer.tool: expected a text, found 7");
  CHECK(refusal(changed("\"version\":1", "\"version\":1,\"name\":null")) ==
        "m.json:1: name: expected a text, found null");
}

TEST_CASE("emlc-json: a refusal after the reading still finds its line") {
  std::string document = changed("\"trees\":[{", "\"trees\":[\n{\n");
  document.replace(document.find("\"left\":[1,-1,-1]"), 16, "\"left\":\n[1,\n-1,\n7]");
  document.replace(document.find("\"right\":[2,-1,-1]"), 17, "\"right\":\n[2,\n-1,\n-1]");
  CHECK(refusal(document) == "m.json:9: model.trees[0].left[2]: child 7 is out of range, the tree has 3 nodes");
}

TEST_CASE("emlc-json: what an ensemble, a network, a scaler or a filter cannot be") {
  const auto model = [](std::string_view text) { return refusal(regression(text)); };
  CHECK(model(scalar_trees("[]")) == "m.json:1: model.trees: there is no tree");
  CHECK(
      model(R"({"kind":"tree_ensemble","compare":"<=","leaf":"scalar","aggregate":"mean","base_score":[1],"trees":[)" +
            stump() + "]}") == "m.json:1: model: a mean with a base_score needs base_score_at, 'start' or 'end'");
  CHECK(model(scalar_trees("[" + stump() + "]", R"("post_transform":{"name":"isolation"},)")) ==
        "m.json:1: model.post_transform: 'isolation' needs the key 'denominator'");
  CHECK(model(scalar_trees("[" + stump() + "]", R"("post_transform":{"name":"exp","offset":1},)")) ==
        "m.json:1: model.post_transform.offset: 'exp' takes none, only 'isolation' does");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[],"bias":[],"activation":"relu"}]})") ==
        "m.json:1: model.layers[0].weights: there is no row");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[[1],[1,2]],"bias":[0,0],"activation":"relu"}]})") ==
        "m.json:1: model.layers[0].weights[1]: has 2 numbers, the first row has 1");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[[1]],"bias":[0],"activation":"elu"}]})") ==
        "m.json:1: model.layers[0]: the activation 'elu' needs the key 'alpha'");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[[1]],"bias":[0],"activation":"relu","alpha":1}]})") ==
        "m.json:1: model.layers[0].alpha: the activation 'relu' takes no alpha");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[[1]],"bias":[0],"activation":"prelu"}]})") ==
        "m.json:1: model.layers[0]: the activation 'prelu' needs the key 'slopes'");
  CHECK(model(R"({"kind":"mlp","layers":[{"weights":[[1]],"bias":[0],"activation":"relu","slopes":[]}]})") ==
        "m.json:1: model.layers[0].slopes: the activation 'relu' takes no slopes");
  CHECK(model(R"({"kind":"scaler","op":"multiply_add","offset":[0],"scale":[1],"clip":[1]})") ==
        "m.json:1: model.clip: has 1 numbers, expected 2");
  CHECK(model(R"({"kind":"sos","sections":[[1,0,0,1,0]]})") ==
        "m.json:1: model.sections[0]: has 5 numbers, expected 6");
  CHECK(model(R"({"kind":"sos","sections":[[1,0,0,1,0,0]],"initial_state":[[1]]})") ==
        "m.json:1: model.initial_state[0]: has 1 numbers, expected 2");
  CHECK(model(R"({"kind":"sos","sections":[[1,0,0,1,0,0]],"sample_rate":0})") ==
        "m.json:1: model.sample_rate: must be above 0");
}

TEST_CASE("emlc-json: pipelines and decisions that are not possible") {
  const std::string scaler = R"({"kind":"scaler","op":"multiply_add","offset":[0],"scale":[1]})";
  const std::string trees = scalar_trees("[" + stump() + "]");
  const auto pipeline = [](const std::string& steps) {
    return refusal(regression(R"({"kind":"pipeline","steps":[)" + steps + "]}"));
  };
  CHECK(pipeline(scaler + "," + trees).empty());
  CHECK(pipeline("") == "m.json:1: model.steps: there is no step");
  CHECK(pipeline(trees + "," + scaler) ==
        "m.json:1: model.steps[0]: a model of kind 'tree_ensemble' has to be the last step of its pipeline");
  CHECK(pipeline(R"({"kind":"pipeline","steps":[)" + trees + "]}," + trees) ==
        "m.json:1: model.steps[0].steps[0]: a model of kind 'tree_ensemble' has to be the last step of its pipeline");
  CHECK(pipeline(R"({"kind":"pipeline"})") ==
        "m.json:1: model.steps[0]: the key 'steps' is missing in a model of kind 'pipeline'");
  check_refusals({
      {"\"rule\":\"argmax\"", "\"rule\":\"greater\"",
       "2: output.decision: the rule 'greater' needs the key 'threshold'"},
  });
  std::string undecided = regression(trees);
  undecided.replace(undecided.find("regression"), 10, "classification");
  CHECK(refusal(undecided) == "m.json:1: output: a classification with a single output needs the key 'decision'");
}
