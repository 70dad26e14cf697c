#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/formats/emlc_json/documents.hpp"
#include "tests/formats/emlc_json/refusals.hpp"

using namespace emlc;
using namespace emlc::formats::documents;

namespace {

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
