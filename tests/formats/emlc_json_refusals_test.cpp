#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/formats/emlc_documents.hpp"

using namespace emlc;
using namespace emlc::formats::documents;
using formats::read_emlc_json;

namespace {

/// What the reader says; empty when it is content.
std::string refusal(std::string_view document) {
  try {
    read_emlc_json(document, "m.json");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The smallest document with one piece of it replaced.
std::string changed(std::string_view from, std::string_view to) {
  std::string document(smallest);
  const std::size_t at = document.find(from);
  REQUIRE(at != std::string::npos);
  return document.replace(at, from.size(), to);
}

struct Row {
  std::string_view from, to, problem;
};

void check_refusals(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CAPTURE(row.to);
    CHECK(refusal(changed(row.from, row.to)) == std::string("m.json:") + std::string(row.problem));
  }
}

/// A change of a tree of two leaves.
void check_tree_refusals(const std::vector<Row>& rows, std::string_view of_model = "") {
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CAPTURE(row.to);
    std::string document = regression(scalar_trees("[" + stump(R"("x_":0,)") + "]", of_model));
    const std::size_t at = document.find(row.from);
    REQUIRE(at != std::string::npos);
    document.replace(at, row.from.size(), row.to);
    CHECK(refusal(document) == std::string("m.json:1: model.trees[0]") + std::string(row.problem));
  }
}

}  // namespace

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

TEST_CASE("emlc-json: the nodes of a tree have to be a tree") {
  check_tree_refusals({
      {"[1,-1,-1]", "[3,-1,-1]", ".left[0]: child 3 is out of range, the tree has 3 nodes"},
      {"[1,-1,-1]", "[-1,-1,-1]", ".left[0]: child -1 is out of range, the tree has 3 nodes"},
      {"[1,-1,-1]", "[0,-1,-1]", ".left[0]: node 0 is reached a second time, every node has one parent"},
      {"[1,-1,-1]", "[2,-1,-1]", ".right[0]: node 2 is reached a second time, every node has one parent"},
      {"[2,-1,-1]", "[1,-1,-1]", ".right[0]: node 1 is reached a second time, every node has one parent"},
      {"[2,-1,-1]", "[2,0,-1]", ".left[1]: child -1 is out of range, the tree has 3 nodes"},
      {"\"feature\":[0,", "\"feature\":[1,", ".feature[0]: feature 1 is out of range, the model has 1"},
      {"\"feature\":[0,", "\"feature\":[-1,", ".feature[0]: feature -1 is out of range, the model has 1"},
      {"[null,10,20]", "[5,10,20]", ".value[0]: must be null, the node has children"},
      {"[null,10,20]", "[null,10,null]", ".value[2]: is null, but the node is a leaf"},
      {"[null,10,20]", "[null,[10],20]", ".value[1]: is a list, only leaves of the form 'vector' are lists"},
      {"[null,10,20]", "[null,10]", ".value: has 2 entries, feature has 3"},
      {"[2.5,0,0]", "[2.5,0,0,0]", ".threshold: has 4 entries, feature has 3"},
      {"[1,-1,-1]", "[1,-1]", ".left: has 2 entries, feature has 3"},
      {"[2,-1,-1]", "[]", ".right: has 0 entries, feature has 3"},
      {"[0,-1,-1]", "[]", ".feature: there is no node"},
      {"\"x_\":0", "\"output\":1", ".output: column 1 is out of range, the model has 1 outputs"},
      {"\"x_\":0", "\"weight\":1e308", ".value[1]: is too large after it was multiplied by the tree's weight"},
  });
  const std::string orphan =
      R"([{"feature":[-1,0,-1],"threshold":[0,1,0],"left":[-1,2,-1],"right":[-1,2,-1],"value":[1,null,2]}])";
  CHECK(refusal(regression(scalar_trees(orphan))) ==
        "m.json:1: model.trees[0].feature[1]: the node is not reached from the root");
  const std::string cycle = R"([{"feature":[0,0,-1,-1],"threshold":[0,1,0,0],"left":[1,0,-1,-1],"right":[2,3,-1,-1],)"
                            R"("value":[null,null,1,2]}])";
  CHECK(refusal(regression(scalar_trees(cycle))) ==
        "m.json:1: model.trees[0].left[1]: node 0 is reached a second time, every node has one parent");
}

TEST_CASE("emlc-json: a refusal after the reading still finds its line") {
  std::string document = changed("\"trees\":[{", "\"trees\":[\n{\n");
  document.replace(document.find("\"left\":[1,-1,-1]"), 16, "\"left\":\n[1,\n-1,\n7]");
  document.replace(document.find("\"right\":[2,-1,-1]"), 17, "\"right\":\n[2,\n-1,\n-1]");
  CHECK(refusal(document) == "m.json:9: model.trees[0].left[2]: child 7 is out of range, the tree has 3 nodes");
}

TEST_CASE("emlc-json: missing values and categories") {
  check_tree_refusals(
      {{"\"x_\":0", "\"weight\":1", ": the key 'default_left' is missing, the model says where missing values go"},
       {"\"x_\":0", "\"default_left\":[true]", ".default_left: has 1 entries, feature has 3"},
       {"\"x_\":0", "\"default_left\":[1,0,0]", ".default_left[0]: expected true or false, found 1"}},
      R"("missing":"nan",)");
  check_tree_refusals(
      {{"\"x_\":0", "\"default_left\":[true,true,true]",
        ": the key 'missing_type' is missing, the model says 'per_node'"},
       {"\"x_\":0", "\"default_left\":[true,true,true],\"missing_type\":[\"nan\"]",
        ".missing_type: has 1 entries, feature has 3"},
       {"\"x_\":0", "\"missing_type\":[\"zeros\"]", ".missing_type[0]: unknown value 'zeros', did you mean 'zero'?"},
       {"\"x_\":0", "\"missing_type\":7", ".missing_type: expected a list of texts, found 7"}},
      R"("missing":"per_node",)");
  check_tree_refusals({
      {"\"x_\":0", "\"categories_left\":{\"3\":[]}", ".categories_left.3: there is no such node, the tree has 3"},
      {"\"x_\":0", "\"categories_right\":{\"1\":[]}",
       ".categories_right.1: the node is a leaf, only an inner node has categories"},
      {"\"x_\":0", "\"categories_left\":{\"0\":[],\"00\":[]}", ".categories_left.0: the node is there twice"},
      {"\"x_\":0", "\"categories_left\":{\"x_a\":[]}",
       ".categories_left.x_a: expected a node number as the key, found 'x_a'"},
      {"\"x_\":0", "\"categories_left\":{\"-1\":[]}",
       ".categories_left.-1: expected a node number as the key, found '-1'"},
      {"\"x_\":0", "\"categories_left\":{\"\":[]}", ".categories_left.: expected a node number as the key, found ''"},
      {"\"x_\":0", "\"categories_left\":{\"99999999999\":[]}",
       ".categories_left.99999999999: expected a node number as the key, found '99999999999'"},
      {"\"x_\":0", "\"categories_left\":{\"0\":[-1]}",
       ".categories_left.0[0]: expected an integer, 0 or more, found -1"},
      {"\"x_\":0", "\"categories_left\":[]", ".categories_left: expected an object, found a list"},
      {"\"x_\":0", "\"categories_left\":{\"0\":[1,2]},\"categories_right\":{\"0\":[3,2]}",
       ".categories_right.0: category 2 goes left too"},
  });
}

TEST_CASE("emlc-json: leaves that do not fit the outputs") {
  check_refusals({
      {"[0.75,0.25],[0,1]]}]", "[0.75,0.25],[0,1,2]]}]",
       "4: model.trees[0].value[2]: has 3 numbers, the model has 2 outputs"},
      {"[0.75,0.25],[0,1]]}]", "[0.75,0.25],1]}]",
       "4: model.trees[0].value[2]: is a number, leaves of the form 'vector' are lists"},
      {"[{\"feature\"", "[{\"output\":1,\"feature\"",
       "4: model.trees[0].output: only a tree with scalar leaves has an output column of its own"},
  });
  const auto class_index = [](std::string_view value) {
    return refusal(fmt::format(
        R"({{"format":"emlc-model","version":1,"input":{{"n_features":1}},"output":{{"task":"classification","n_outputs":3}},
 "model":{{"kind":"tree_ensemble","compare":"<=","leaf":"class_index","aggregate":"mean","trees":[
 {{"feature":[-1],"threshold":[0],"left":[-1],"right":[-1],"value":[{}]}}]}}}})",
        value));
  };
  CHECK(class_index("2").empty());
  CHECK(class_index("3") == "m.json:3: model.trees[0].value[0]: class 3 is out of range, the model has 3 outputs");
  CHECK(class_index("-1") == "m.json:3: model.trees[0].value[0]: class -1 is out of range, the model has 3 outputs");
  CHECK(class_index("0.5") == "m.json:3: model.trees[0].value[0]: class 0.5 is out of range, the model has 3 outputs");
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
