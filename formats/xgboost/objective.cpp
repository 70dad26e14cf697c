#include "formats/xgboost/objective.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "codegen/model/error.hpp"

namespace emlc::formats::xgboost {
namespace {

using model::PostTransformKind;

// The names and what predict() makes of a margin, as `output_margin=False` gives it; survival gives the margin, which
// is the logarithm of what the library calls its prediction.
constexpr std::array objectives = {
    Objective{"reg:squarederror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:linear", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:squaredlogerror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:pseudohubererror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:absoluteerror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:quantileerror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:expectileerror", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"reg:logistic", Link::logit, PostTransformKind::sigmoid, Labels::none},
    Objective{"reg:gamma", Link::log, PostTransformKind::exp, Labels::none},
    Objective{"reg:tweedie", Link::log, PostTransformKind::exp, Labels::none},
    Objective{"count:poisson", Link::log, PostTransformKind::exp, Labels::none},
    Objective{"binary:logistic", Link::logit, PostTransformKind::sigmoid, Labels::of_each},
    Objective{"binary:logitraw", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"binary:hinge", Link::identity, PostTransformKind::hinge, Labels::of_each},
    Objective{"multi:softprob", Link::identity, PostTransformKind::softmax, Labels::largest},
    Objective{"multi:softmax", Link::identity, PostTransformKind::identity, Labels::largest},
    Objective{"rank:pairwise", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"rank:ndcg", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"rank:map", Link::identity, PostTransformKind::identity, Labels::none},
    Objective{"survival:cox", Link::log, PostTransformKind::identity, Labels::none},
    Objective{"survival:aft", Link::log, PostTransformKind::identity, Labels::none},
};

}  // namespace

const Objective* find_objective(std::string_view name) {
  for (const Objective& objective : objectives) {
    if (objective.name == name) return &objective;
  }
  return nullptr;
}

std::vector<std::string_view> objective_names() {
  std::vector<std::string_view> names;
  names.reserve(objectives.size());
  for (const Objective& objective : objectives) names.push_back(objective.name);
  return names;
}

double margin_of(Link link, double base_score) {
  // In float throughout, log of a float included: what the library calls, whose last bit is not that of the exact
  // value.
  const auto score = static_cast<float>(base_score);
  switch (link) {
    case Link::identity:
      return score;
    case Link::logit:
      if (score <= 0.0F || score >= 1.0F) break;
      return -std::log(1.0F / score - 1.0F);
    case Link::log:
      if (score <= 0.0F) break;
      return std::log(score);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

model::Output output_of(const Objective& objective, std::int32_t n_outputs) {
  model::Output output{.n_outputs = n_outputs};
  const bool is_each = objective.labels == Labels::of_each;
  output.targets.assign(is_each ? static_cast<std::size_t>(n_outputs) : 1U, {.size = is_each ? 1 : n_outputs});
  if (objective.labels == Labels::none) return output;
  output.task = model::Task::classification;
  output.rule = is_each ? model::DecisionRule::greater : model::DecisionRule::argmax;
  if (is_each) output.threshold = 0.5;
  return output;
}

model::PostTransform transform_of(const Objective& objective) {
  return {.kind = objective.transform, .type = model::NumberType::float32};
}

}  // namespace emlc::formats::xgboost
