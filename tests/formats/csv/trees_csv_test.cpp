#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/format.hpp"
#include "formats/writers.hpp"

namespace {

using namespace emlc::model;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Model read(std::string_view text) {
  Model model = emlc::formats::read_emlearn_csv(text, "f.csv");
  CHECK(check(model, "f.csv").empty());
  return model;
}

std::string write(const Model& model) { return emlc::formats::write_csv(model).bytes; }

/// Two boosted trees with everything that only the extended form can say.
Model boosted() {
  TreeEnsemble ensemble{.n_features = 3, .n_outputs = 2, .leaf_width = 1, .leaf_values = {0.1, -2.5, 1e-7, 0.25}};
  ensemble.trees = {
      {.nodes = {Split{2, 16.795, 1, 4, 1}, Split{0, -infinity, 2, 3, 2}, Leaf{1}, Leaf{0}, Leaf{2}}},
      {.nodes = {Leaf{3}}, .first_output = 1},
  };
  ensemble.base_score = {0.5, -0.5};
  ensemble.base_score_at = BaseScoreAt::end;
  ensemble.divisor = 3.0;
  ensemble.scale = 0.1;
  ensemble.post_transform = {.kind = PostTransformKind::sigmoid, .scale = 2.0};
  Model model{.name = "boosted"};
  model.input.n_features = 3;
  model.output = {.task = Task::classification,
                  .n_outputs = 2,
                  .targets = {{.name = "rain, or snow", .class_names = {"no", "yes\nplease"}},
                              {.name = "", .class_names = {"a\\b", "ja, sí"}}},
                  .rule = DecisionRule::greater,
                  .threshold = 0.1};
  model.predictor = std::move(ensemble);
  CHECK(check(model, "test").empty());
  return model;
}

// 0.1 decides about float32 outputs as the float32 below it does: 0.1F itself passes `> 0.1`.
constexpr const char* boosted_text =
    "emlc,trees,1\nname,boosted\ninput,float32,3\noutput,classification,2\n"
    "target,1,rain, or snow\nclass,no\nclass,yes\\nplease\ntarget,1\nclass,a\\\\b\nclass,ja, sí\n"
    "decision,greater,0.099999994\n"
    "trees,2\nleaves,4,1\nsplits,2\nbase,end,0.5,-0.5\ndivide,3\nmultiply,0.1\npost,sigmoid,2\n"
    "l,1e-07\nl,-2.5\nl,0.1\nl,0.25\nr,0\nr,-4,1\nn,2,16.795,1,-1,1\nn,0,-inf,-2,-3,1\nend\n";

}  // namespace

TEST_CASE("trees-csv: everything that only the extended form can say, byte for byte") {
  CHECK(write(boosted()) == boosted_text);
}

TEST_CASE("trees-csv: reads back to the model of the device") {
  const Model model = read(boosted_text);
  CHECK(emlc::formats::recognise(boosted_text, "f.csv").name == "emlearn-csv");
  CHECK(model.name == "boosted");
  CHECK(model.output.targets[0].name == "rain, or snow");
  CHECK(model.output.targets[0].class_names == std::vector<std::string>{"no", "yes\nplease"});
  CHECK(model.output.targets[1].class_names == std::vector<std::string>{"a\\b", "ja, sí"});
  CHECK(write(model) == boosted_text);
  const Model exact = boosted();
  const double threshold = 16.795F;
  for (const double x : {threshold, static_cast<double>(std::nextafter(16.795F, 0.0F)), missing, 1e30, -infinity}) {
    CAPTURE(x);
    const std::vector<double> expected = predict(exact, std::vector<double>{0, 0, x});
    const std::vector<double> out = predict(model, std::vector<double>{0, 0, x});
    CHECK(out[0] == doctest::Approx(expected[0]).epsilon(1e-6));
    CHECK(out[1] == doctest::Approx(expected[1]).epsilon(1e-6));
    CHECK(decide(model.output, out) == decide(exact.output, expected));
  }
}

TEST_CASE("trees-csv: integer features keep exact thresholds up to int32") {
  TreeEnsemble ensemble{.n_features = 1, .n_outputs = 1, .leaf_values = {1.5, 2.5}};
  ensemble.trees = {{.nodes = {Split{0, 16777217, 1, 2, 2}, Leaf{0}, Leaf{1}}}};
  ensemble.feature_type = NumberType::int32;
  ensemble.base_score = {0.0};
  Model model;
  model.input = {.n_features = 1, .type = NumberType::int32};
  model.output.targets = {{}};
  model.predictor = ensemble;
  CHECK(write(model) ==
        "emlc,trees,1\ninput,int32,1\noutput,regression,1\ntarget,1\ndecision,none\ntrees,1\nleaves,2,1\nsplits,1\n"
        "l,1.5\nl,2.5\nr,0\nn,0,16777217,-1,-2\nend\n");
  const Model back = read(write(model));
  CHECK(predict(back, std::vector{16777216.0}) == std::vector{1.5});
  CHECK(predict(back, std::vector{16777217.0}) == std::vector{2.5});
  // Every value goes left: both sides lead there.
  std::get<Split>(ensemble.trees[0].nodes[0]).threshold = infinity;
  model.predictor = ensemble;
  CHECK(write(model).find("\nn,0,0,-1,-1\n") != std::string::npos);
}

TEST_CASE("trees-csv: float64 features are float32, and equal rows are written once") {
  TreeEnsemble ensemble{.n_features = 1, .n_outputs = 2, .leaf_width = 2};
  ensemble.leaf_values = {0.1, 0.9, 0.5, 0.5, 0.1 + 1e-12, 0.9};
  ensemble.trees = {{.nodes = {Split{0, 0.3, 1, 2, 2}, Leaf{0}, Leaf{2}}}};
  ensemble.feature_type = NumberType::float64;
  ensemble.base_score = {0.0, 0.0};
  Model model;
  model.input = {.n_features = 1, .type = NumberType::float64};
  model.output = {.task = Task::regression, .n_outputs = 2, .targets = {{.size = 2}}};
  model.predictor = ensemble;
  CHECK(write(model) ==
        "emlc,trees,1\ninput,float32,1\noutput,regression,2\ntarget,2\ndecision,none\ntrees,1\nleaves,1,2\nsplits,1\n"
        "l,0.1 0.9\nr,0\nn,0,0.3,-1,-1\nend\n");
}

TEST_CASE("trees-csv: a value beyond float32 is refused") {
  Model model = boosted();
  std::get<TreeEnsemble>(model.predictor).leaf_values[0] = 1e39;
  CHECK_THROWS_WITH_AS(write(model), "model.leaf_values: 1e+39 does not fit float32", emlc::Error);
}

TEST_CASE("trees-csv: a text cut anywhere, or with a line missing, is refused") {
  const std::string whole = boosted_text;
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(emlc::formats::read_trees_csv(whole.substr(0, size), "f.csv"), emlc::Error);
  }
  const std::size_t first_row = whole.find("trees,2");
  for (std::size_t at = first_row; at < whole.size(); at = whole.find('\n', at) + 1) {
    if (whole.compare(at, 4, "base") == 0 || whole.compare(at, 6, "divide") == 0) continue;
    if (whole.compare(at, 8, "multiply") == 0 || whole.compare(at, 4, "post") == 0) continue;
    std::string text = whole;
    text.erase(at, whole.find('\n', at) + 1 - at);
    CAPTURE(text);
    CHECK_THROWS_AS(emlc::formats::read_trees_csv(text, "f.csv"), emlc::Error);
  }
}

TEST_CASE("trees-csv: a bad record is refused with file, line and field") {
  const std::string head = "emlc,trees,1\ninput,float32,2\noutput,regression,2\ntarget,2\n";
  const std::string sizes = "trees,1\nleaves,1,2\nsplits,1\n";
  struct Bad {
    std::string text;
    const char* message;
  };
  for (const Bad& bad : {
           Bad{"emlc,trees,2\nend\n", "f.csv:1: version: version '2' is not supported, expected 1"},
           Bad{"emlc,trees\nend\n", "f.csv:1: expected 'emlc,trees,1'"},
           Bad{"emlc,trees,1\n", "f.csv: there is no record 'end', the file was cut off"},
           Bad{"emlc,trees,1\nend\nend\n", "f.csv:3: expected nothing after the record 'end'"},
           Bad{"emlc,trees,1\nend\n", "f.csv: there is no record 'input'"},
           Bad{"emlc,trees,1\ninput,float32,2\nend\n", "f.csv: there is no record 'output'"},
           Bad{"emlc,trees,1\ninput,float64,2\nend\n",
               "f.csv:2: type: unknown type 'float64', did you mean 'float32'?"},
           Bad{"emlc,trees,1\ninput,float32,0\nend\n",
               "f.csv:2: n_features: expected an integer from 1 to 32767, found '0'"},
           Bad{"emlc,trees,1\ninput,float32\nend\n", "f.csv:2: a record 'input' has 2 fields, this one has 1"},
           Bad{"emlc,trees,1\ninput,int8,2\ninput,int8,2\nend\n", "f.csv:3: a second record 'input'"},
           Bad{"emlc,trees,1\noutput,filter,2\nend\n",
               "f.csv:2: task: unknown task 'filter', expected one of classification, regression, anomaly, transform"},
           Bad{"emlc,trees,1\noutput,anomaly,1\noutput,anomaly,1\nend\n", "f.csv:3: a second record 'output'"},
           Bad{"emlc,trees,1\nname,for\nend\n",
               "f.csv:2: name: expected a C identifier that is no keyword, found 'for'"},
           Bad{"emlc,trees,1\nclass,x\nend\n", "f.csv:2: expected a record 'target' before 'class'"},
           Bad{"emlc,trees,1\ntarget,1,a\\b\nend\n",
               "f.csv:2: target: a backslash is written \\\\, a line end \\n or \\r"},
           Bad{"emlc,trees,1\ndecision,most\nend\n",
               "f.csv:2: rule: unknown decision rule 'most', expected one of argmax, greater, greater_equal, none"},
           Bad{"emlc,trees,1\ndecision,greater,x\nend\n", "f.csv:2: threshold: not a finite float32: 'x'"},
           Bad{"emlc,trees,1\ntress,1\nend\n", "f.csv:2: unknown record 'tress', did you mean 'trees'?"},
           Bad{"emlc,trees,1\npost,softmx\nend\n",
               "f.csv:2: post: unknown post-transform 'softmx', did you mean 'softmax'?"},
           Bad{"emlc,trees,1\npost,isolation,1,0,0\nend\n", "f.csv:2: denominator: must not be 0"},
           Bad{"emlc,trees,1\ndivide,0\nend\n", "f.csv:2: divide: must not be 0"},
           Bad{"emlc,trees,1\nmultiply,1e39\nend\n", "f.csv:2: multiply: not a finite float32: '1e39'"},
           Bad{"emlc,trees,1\nbase,middle,1\nend\n",
               "f.csv:2: base: unknown place 'middle', expected one of start, end"},
           Bad{"emlc,trees,1\nl,1\nend\n", "f.csv:2: expected a record 'leaves' before 'l'"},
           Bad{"emlc,trees,1\nr,0\nend\n",
               "f.csv:2: expected records 'output' and 'leaves' before 'r', with rows no wider than the output"},
           Bad{"emlc,trees,1\nn,0,1,-1,-1\nend\n", "f.csv:2: expected a record 'input' before 'n'"},
           Bad{head + "end\n", "f.csv: there is no record 'trees'"},
           Bad{head + sizes + "end\n", "f.csv: 'trees' says 1, there are 0 lines 'r'"},
           Bad{head + sizes + "r,0\nend\n", "f.csv: 'leaves' says 1, there are 0 lines 'l'"},
           Bad{head + sizes + "r,0\nl,1 2\nend\n", "f.csv: 'splits' says 1, there are 0 lines 'n'"},
           Bad{head + sizes + "l,1\nend\n", "f.csv:8: l: the row has 1 values, 'leaves' says 2"},
           Bad{head + sizes + "l,1 x\nend\n", "f.csv:8: l: not a finite float32: 'x'"},
           Bad{head + sizes + "r,0,1\nend\n", "f.csv:8: first_output: expected an integer from 0 to 0, found '1'"},
           Bad{head + sizes + "n,2,1,-1,-1\nend\n", "f.csv:8: feature: expected an integer from 0 to 1, found '2'"},
           Bad{head + sizes + "n,0,nan,-1,-1\nend\n", "f.csv:8: threshold: not a finite float32: 'nan'"},
           Bad{head + sizes + "n,0,1,0,-1\nend\n",
               "f.csv:8: left: a jump of 0 would never end, expected 1 to 32767 or a leaf -1 to -32768"},
           Bad{head + sizes + "n,0,1,-1,-1,2\nend\n",
               "f.csv:8: default_left: expected an integer from 0 to 1, found '2'"},
           Bad{head + sizes + "n,0,1,-1\nend\n", "f.csv:8: a record 'n' has 4 to 5 fields, this one has 3"},
           Bad{head + sizes + "l,1 2\nr,0\nn,0,1,-1,1\nend\n",
               "f.csv:10: right: leads to node 1, there is none behind node 0"},
           Bad{head + sizes + "base,start,1\nl,1 2\nr,0\nn,0,1,-1,-1\nend\n",
               "f.csv: 'base' has 1 scores, 'output' says 2"},
           Bad{"emlc,trees,1\ninput,uint8,1\noutput,regression,1\nn,0,1.5,-1,-1\nend\n",
               "f.csv:4: threshold: expected an integer from 0 to 255, found '1.5'"},
           Bad{"emlc,trees,1\ninput,uint8,1\noutput,regression,2\ntarget,1\nend\n",
               "f.csv: the targets have 1 outputs, 'output' says 2"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(emlc::formats::read_emlearn_csv(bad.text, "f.csv"), bad.message, emlc::Error);
  }
}
