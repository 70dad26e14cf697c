#include "formats/catboost/loss.hpp"

#include <array>

namespace emlc::formats::catboost {
namespace {

using model::DecisionRule;
using model::PostTransformKind;

constexpr Loss raw(std::string_view name) { return {name, PostTransformKind::identity, DecisionRule::none}; }

constexpr std::array losses = {
    Loss{"Logloss", PostTransformKind::sigmoid, DecisionRule::greater},
    Loss{"CrossEntropy", PostTransformKind::sigmoid, DecisionRule::greater},
    Loss{"MultiLogloss", PostTransformKind::sigmoid, DecisionRule::greater},
    Loss{"MultiCrossEntropy", PostTransformKind::sigmoid, DecisionRule::greater},
    Loss{"MultiClass", PostTransformKind::softmax, DecisionRule::argmax},
    Loss{"MultiClassOneVsAll", PostTransformKind::sigmoid, DecisionRule::argmax},
    Loss{"Poisson", PostTransformKind::exp, DecisionRule::none},
    Loss{"Tweedie", PostTransformKind::exp, DecisionRule::none},
    raw("RMSE"),
    raw("MAE"),
    raw("Quantile"),
    raw("MultiQuantile"),
    raw("LogLinQuantile"),
    raw("Expectile"),
    raw("Huber"),
    raw("Lq"),
    raw("LogCosh"),
    raw("MAPE"),
    raw("MultiRMSE"),
    raw("MultiRMSEWithMissingValues"),
    raw("Cox"),
    raw("SurvivalAft"),
    raw("QueryRMSE"),
    raw("QuerySoftMax"),
    raw("PairLogit"),
    raw("PairLogitPairwise"),
    raw("YetiRank"),
    raw("YetiRankPairwise"),
    raw("StochasticRank"),
    raw("LambdaMart"),
};

}  // namespace

const Loss* find_loss(std::string_view name) {
  for (const Loss& loss : losses) {
    if (loss.name == name) return &loss;
  }
  return nullptr;
}

model::Output output_of(const Loss& loss, std::int32_t n_outputs, const std::vector<std::string>& class_names) {
  model::Output output{.n_outputs = n_outputs};
  const bool is_each = loss.rule == DecisionRule::greater;
  output.targets.assign(is_each ? static_cast<std::size_t>(n_outputs) : 1U, {.size = is_each ? 1 : n_outputs});
  if (loss.rule == DecisionRule::none) return output;
  output.task = model::Task::classification;
  output.rule = loss.rule;
  if (is_each) output.threshold = 0.5;
  // Several labels of one row have no names of their own.
  const std::size_t n_classes = is_each ? 2U : static_cast<std::size_t>(n_outputs);
  if (output.targets.size() == 1 && class_names.size() == n_classes) output.targets[0].class_names = class_names;
  return output;
}

}  // namespace emlc::formats::catboost
