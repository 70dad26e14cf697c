#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "tests/model/combination_samples.hpp"

using namespace emlc::model;
using namespace samples;

namespace {

Model mean() {
  return combination(CombineRule::mean,
                     {member(linear({1.0, 2.0}, {0.0, 0.0}), 2), member(stump_ensemble(1.0, {0.0, 1.0}), 1),
                      member(linear({1.0, 2.0}, {0.0, 0.0}), 2)},
                     1, 2);
}

Model votes() {
  return classifier(combination(CombineRule::votes,
                                {member(linear({1.0}, {0.0}), 1, DecisionRule::greater),
                                 member(linear({1.0, 2.0}, {0.0, 0.0}), 2, DecisionRule::argmax)},
                                1, 2));
}

Model pairs(std::size_t n) {
  std::vector<Member> members(n, member(linear({1.0}, {0.0}), 1, DecisionRule::greater));
  return combination(CombineRule::one_vs_one, std::move(members), 1, 3);
}

Model side_by_side() {
  return combination(CombineRule::concatenate,
                     {member(linear({1.0}, {0.0}), 1), member(stump_ensemble(1.0, {0.0, 1.0}), 1)}, 1, 2);
}

template <class Change>
std::string refusal(Model model, Change change) {
  change(combination_of(model), model);
  try {
    check(model, "m");
  } catch (const emlc::Error& error) {
    return error.what();
  }
  return {};
}

Model nested(int depth) {
  Model model = combination(CombineRule::mean, {member(linear({1.0}, {0.0}), 1)}, 1, 1);
  for (int i = 1; i < depth; ++i) {
    Member inner;
    inner.model = std::move(model);
    inner.columns = {0};
    model = combination(CombineRule::mean, {inner}, 1, 1);
  }
  return model;
}

}  // namespace

TEST_CASE("check: combinations pass as they are") {
  for (const Model& model : {votes(), pairs(3), side_by_side(), nested(3)}) CHECK(check(model, "m").empty());
}

TEST_CASE("check: what is wrong with a combination is said with its place") {
  const auto same = [](const Model& model, const std::string& problem, auto change) {
    CHECK(refusal(model, change) == problem);
  };
  same(mean(), "m: model.members[1]: gives 1 values, the first member 2: 'mean' takes as many of each",
       [](Combination&, Model&) {});
  same(side_by_side(), "m: model.members: there is no member", [](Combination& c, Model&) { c.members.clear(); });
  same(side_by_side(), "m: model.members[1].columns[0]: column 1 is out of range, the member has 1 outputs",
       [](Combination& c, Model&) { c.members[1].columns = {1}; });
  same(side_by_side(), "m: model.members[1].columns: there is no column",
       [](Combination& c, Model&) { c.members[1].columns.clear(); });
  same(side_by_side(), "m: model.members[1].calibration: has 2 entries, expected 1",
       [](Combination& c, Model&) { c.members[1].calibration.resize(2); });
  same(side_by_side(), "m: model.members[0].calibration[0].x[1]: is 1, not above the point before it, 1",
       [](Combination& c, Model&) {
         c.members[0].calibration = {{.method = CalibrationMethod::isotonic, .x = {1.0, 1.0}, .y = {0.0, 1.0}}};
       });
  same(side_by_side(), "m: model.members[0].calibration[0].y: has 1 entries, expected 2", [](Combination& c, Model&) {
    c.members[0].calibration = {{.method = CalibrationMethod::isotonic, .x = {1.0, 2.0}, .y = {0.0}}};
  });
  same(side_by_side(), "m: model.members[0].calibration[0].x: there is no point",
       [](Combination& c, Model&) { c.members[0].calibration = {{.method = CalibrationMethod::isotonic}}; });
  same(side_by_side(), "m: model.members[0].calibration[0].slope: must be a finite number",
       [](Combination& c, Model&) { c.members[0].calibration = {{.slope = std::numeric_limits<double>::infinity()}}; });
  same(side_by_side(), "m: model.members[0].weight: the rule 'concatenate' has no weights, only 'mean' and 'votes' do",
       [](Combination& c, Model&) { c.members[0].weight = 2.0; });
  same(side_by_side(), "m: model.members[0].result: there is no decision, the rule of the member is 'none'",
       [](Combination& c, Model&) { c.members[0].result = MemberResult::decision; });
  same(side_by_side(), "m: model.members: the rule 'concatenate' gives 2 values, the outputs are 3",
       [](Combination&, Model& model) { model.output.n_outputs = model.output.targets[0].size = 3; });
  same(side_by_side(), "m: model.passthrough: is for a final model, there is none",
       [](Combination& c, Model&) { c.passes_columns = true; });
  same(side_by_side(), "m: model.final: takes 1 columns, 2 come in", [](Combination& c, Model& model) {
    c.last = {regression(linear({1.0, 1.0}, {0.0, 0.0}), 1, 2)};
    c.last[0].output = model.output;
  });
  same(side_by_side(), "m: model.members[0]: takes 2 columns, 1 come in",
       [](Combination& c, Model&) { c.members[0].model.input.n_features = 2; });
  same(side_by_side(), "m: model.members[1].model: is a filter, which takes signals and no rows",
       [](Combination& c, Model&) { c.members[1].model.predictor = SosCascade{}; });
  same(side_by_side(), "m: model.members[1].model.trees[0] node 0: feature 5 is out of range, the model has 1 features",
       [](Combination& c, Model&) {
         auto& trees = std::get<TreeEnsemble>(c.members[1].model.predictor);
         std::get<Split>(trees.trees[0].nodes[0]).feature = 5;
       });
  same(votes(), "m: model.chained: is for the rule 'concatenate', this one is 'votes'",
       [](Combination& c, Model&) { c.is_chained = true; });
  same(votes(), "m: model.members[0].result: is for the rule 'concatenate', this one is 'votes'",
       [](Combination& c, Model&) {
         c.members[0].result = MemberResult::decision;
         c.members[0].columns.clear();
       });
  same(votes(), "m: model.members[1].weight: must be a finite number, 0 or more",
       [](Combination& c, Model&) { c.members[1].weight = -1.0; });
  same(votes(), "m: model.members: the weights must add up to a number above 0", [](Combination& c, Model&) {
    for (Member& member : c.members) member.weight = 0.0;
  });
  same(votes(),
       "m: model.members[1].output.decision.rule: is 'none', the rule 'votes' needs the decision of each member",
       [](Combination& c, Model&) { c.members[1].model.output.rule = DecisionRule::none; });
  same(votes(), "m: model.members[1]: decides between 3 classes, the first member between 2",
       [](Combination& c, Model&) {
         c.members[1] = member(linear({1.0, 2.0, 3.0}, {0.0, 0.0, 0.0}), 3, DecisionRule::argmax);
       });
  same(pairs(4),
       "m: model.members: there are 4 members, 'one_vs_one' has one for each pair of classes: 1, 3, 6, 10, ...",
       [](Combination&, Model&) {});
  same(nested(4),
       "m: model.members[0].model.members[0].model.members[0].model: combinations are nested more than 3 deep",
       [](Combination&, Model&) {});
}

TEST_CASE("check: the final model has the path of the document") {
  Model model = combination(CombineRule::concatenate, {member(linear({1.0}, {0.0}), 1)}, 1, 1);
  combination_of(model).last = {regression(linear({1.0}, {std::numeric_limits<double>::infinity()}))};
  CHECK(refusal(model, [](Combination&, Model&) {}) == "m: model.final.layers[0].bias[0]: must be a finite number");
}
