#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/combine/members.hpp"
#include "formats/format.hpp"
#include "tests/formats/emlc_json/documents.hpp"
#include "tests/formats/emlc_json/refusals.hpp"

using namespace emlc;
using namespace emlc::formats::documents;

namespace {

/// weights * x + 0, one output for each row.
std::string linear(std::string_view weights, std::string_view bias) {
  return fmt::format(R"({{"kind":"mlp","layers":[{{"weights":{},"bias":{},"activation":"identity"}}]}})", weights,
                     bias);
}

std::string member(std::string_view model, std::string_view output, std::string_view more = "") {
  return fmt::format("{{\"model\":{},\n\"output\":{}{}}}", model, output, more);
}

std::string combine(std::string_view rule, std::string_view members, std::string_view more = "") {
  return fmt::format(R"({{"kind":"combine","rule":"{}","members":[{}]{}}})", rule, members, more);
}

const std::string one = member(linear("[[2]]", "[0]"), R"({"n_outputs":1})");
const std::string yes =
    member(linear("[[2]]", "[0]"), R"({"n_outputs":1,"decision":{"rule":"greater","threshold":1}})");

/// What the reader or check says, with the line that check's field is in.
std::string problem(const std::string& document) {
  try {
    read(document);
  } catch (const Error& error) {
    return formats::located(formats::format_called("emlc-json"), document, error).what();
  }
  return {};
}

std::string nested(int depth) {
  std::string model = linear("[[2]]", "[0]");
  for (int i = 0; i < depth; ++i) model = combine("mean", member(model, R"({"n_outputs":1})"));
  return regression(model);
}

}  // namespace

TEST_CASE("emlc-json: a combination of two, with all that a member may have") {
  const std::string first =
      member(linear("[[1],[10]]", "[0,0]"), R"({"n_outputs":2})",
             R"(,"columns":[1,0],"weight":3,"calibration":[{"method":"sigmoid","slope":0,"offset":0},)"
             R"({"method":"isotonic","x":[0,4],"y":[1,3]}])");
  const std::string second = member(scalar_trees("[" + stump() + "]"), R"({"n_outputs":1})", R"(,"columns":[0,0])");
  const model::Model model = read(regression(combine("mean", first + "," + second), 1, 2));
  const auto& combination = std::get<model::Combination>(model.predictor);
  REQUIRE(combination.members.size() == 2);
  CHECK(combination.divisor == 4.0);
  CHECK(combination.members[1].columns == std::vector<std::int32_t>{0, 0});
  const std::vector<double> y = model::predict(model, std::vector{2.0});
  CHECK(y == std::vector{(3.0 * 0.5 + 10.0) / 4.0, (3.0 * 2.0 + 10.0) / 4.0});
}

TEST_CASE("emlc-json: chains, decisions, a final model, columns that pass") {
  const std::string second = member(linear("[[1,1]]", "[0]"), R"({"n_outputs":1})");
  const std::string chain = yes.substr(0, yes.size() - 1) + R"(,"result":"decision"})";
  const std::string final_model = linear("[[1,10,100]]", "[0.5]");
  const model::Model model = read(regression(
      combine("concatenate", chain + "," + second, R"(,"chained":true,"passthrough":true,"final":)" + final_model)));
  // The decision is 1 for 2 * 3 > 1; the second gives 3 + 1.
  CHECK(predict_one(model, 3.0) == 1.0 + 40.0 + 300.0 + 0.5);
  CHECK(predict_one(model, 0.0) == 0.0 + 0.0 + 0.0 + 0.5);
}

TEST_CASE("emlc-json: steps of a member and steps in front of all") {
  const std::string scaler = R"({"kind":"scaler","op":"multiply_add","offset":[1],"scale":[2]})";
  const std::string inner = fmt::format(R"({{"kind":"pipeline","steps":[{},{}]}})", scaler, linear("[[1]]", "[0]"));
  const std::string model = combine("mean", member(inner, R"({"n_outputs":1})"));
  const std::string outer = fmt::format(R"({{"kind":"pipeline","steps":[{},{}]}})", scaler, model);
  CHECK(predict_one(read(regression(outer)), 3.0) == 15.0);
}

TEST_CASE("emlc-json: combinations nest three deep") {
  CHECK(predict_one(read(nested(3)), 4.0) == 8.0);
  CHECK(problem(nested(4)) ==
        "m.json:1: model.members[0].model.members[0].model.members[0].model: combinations are nested more than 3 deep");
  CHECK(problem(nested(10)).ends_with("nested more than 3 deep"));
}

TEST_CASE("emlc-json: what is wrong with a combination") {
  struct Case {
    std::string model, expected;
  };
  const std::string sos = R"({"kind":"sos","sections":[[1,0,0,1,0,0]]})";
  const auto calibrated = [](std::string_view calibration) {
    return combine("mean", member(linear("[[2]]", "[0]"), R"({"n_outputs":1})",
                                  fmt::format(R"(,"calibration":[{}])", calibration)));
  };
  for (const Case& row : std::vector<Case>{
           {R"({"kind":"combine","rule":"mean"})",
            "1: model: the key 'members' is missing in a model of kind 'combine'"},
           {combine("mean", ""), "1: model.members: there is no member"},
           {combine("median", one), "1: model.rule: unknown value 'median', did you mean 'mean'?"},
           {combine("mean", R"({"output":{"n_outputs":1}})"), "1: model.members[0]: the key 'model' is missing"},
           {combine("mean", R"({"model":{"kind":"mlp","layers":[]}})"),
            "1: model.members[0]: the key 'output' is missing"},
           {combine("mean", member(linear("[[2]]", "[0]"), R"({"n_outputs":1,"task":"regression"})")),
            "2: model.members[0].output.task: unknown key 'task', expected one of n_outputs, decision"},
           {combine("mean", member(sos, R"({"n_outputs":1})")),
            "1: model.members[0].model: is a filter, which takes signals and no rows"},
           {combine("mean", member(linear("[[2,3]]", "[0]"), R"({"n_outputs":1})")),
            "1: model.members[0].model.layers[0].weights: rows have 2 values, 1 come in"},
           {combine("mean", one + "," + member(linear("[[2],[3]]", "[0,0]"), R"({"n_outputs":2})")),
            "2: model.members[1]: gives 2 values, the first member 1: 'mean' takes as many of each"},
           {combine("mean", one, R"(,"chained":true)"),
            "2: model.chained: is for the rule 'concatenate', this one is 'mean'"},
           {combine("mean", one, R"(,"chained":1)"), "2: model.chained: expected true or false, found 1"},
           {combine("mean", one, R"(,"post_transform":{"name":"isolation"})"),
            "2: model.post_transform: 'isolation' needs the key 'denominator'"},
           {combine("votes", one),
            "2: model.members[0].output.decision.rule: is 'none', the rule 'votes' needs the decision of each member"},
           {combine("votes", yes + "," + yes, R"(,"final":[])"), "3: model.final: expected an object, found a list"},
           {combine("one_vs_one", yes + "," + yes),
            "1: model.members: there are 2 members, 'one_vs_one' has one for each pair of classes: 1, 3, 6, 10, ..."},
           {combine("mean", one, R"(,"final":)" + sos), "2: model.final: is a filter, which takes signals and no rows"},
           {combine("concatenate", one + "," + one, R"(,"final":)" + linear("[[2]]", "[0]")),
            "3: model.final.layers[0].weights: rows have 1 values, 2 come in"},
           {combine("mean", one, R"(,"passthrough":true)"),
            "2: model.passthrough: is for a final model, there is none"},
           {calibrated(""), "2: model.members[0].calibration: it is empty, expected one for each value of the member"},
           {calibrated(R"({"method":"sigmoid","slope":1})"),
            "2: model.members[0].calibration[0]: 'sigmoid' needs the key 'offset'"},
           {calibrated(R"({"method":"isotonic","x":[1],"y":[1],"slope":1})"),
            "2: model.members[0].calibration[0].slope: 'isotonic' has none"},
           {calibrated(R"({"method":"isotonic","x":[1,1],"y":[1,2]})"),
            "2: model.members[0].calibration[0].x[1]: is 1, not above the point before it, 1"},
           {R"({"kind":"mlp","layers":[],"members":[]})", "1: model: a model of kind 'mlp' has no key 'members'"},
           {fmt::format(R"({{"kind":"pipeline","steps":[{},{}]}})", combine("mean", one), linear("[[2]]", "[0]")),
            "1: model.steps[0]: a model of kind 'combine' has to be the last step of its pipeline"},
       }) {
    CAPTURE(row.model);
    CHECK(problem(regression(row.model)).substr(0, 7) == "m.json:");
    CHECK(problem(regression(row.model)) == "m.json:" + row.expected);
  }
}

TEST_CASE("emlc-json: many members of many outputs are refused before they take memory") {
  const std::string wide = member(R"({"kind":"tree_ensemble","compare":"<","leaf":"scalar","aggregate":"sum","trees":[)"
                                  R"({"feature":[-1],"threshold":[0],"left":[-1],"right":[-1],"value":[1]}]})",
                                  R"({"n_outputs":4096})");
  std::string members = wide;
  for (int i = 1; i < 17; ++i) members += "," + wide;
  CHECK(problem(regression(combine("mean", members), 1, 4096)) ==
        "m.json:17: model.members[16]: the members have more than 65536 outputs together");
}
