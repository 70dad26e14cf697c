#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"

/// What the objectives of XGBoost make of the sum of the leaves, the margin. Computed in float32, as the library does.
namespace emlc::formats::xgboost {

/// How the base score, which is written as the library's answer, becomes a margin.
enum class Link {
  identity,
  logit,  ///< -log(1 / b - 1)
  log,
};

/// What is decided from the answer.
enum class Labels {
  none,
  of_each,  ///< every output is a probability of its own: class 1 above 0.5
  largest,  ///< the first largest output
};

struct Objective {
  std::string_view name;
  Link link;
  model::PostTransformKind transform;
  Labels labels;
};

const Objective* find_objective(std::string_view name);  ///< nothing when there is none of that name
std::vector<std::string_view> objective_names();

/// The margin that `base_score` stands for, rounded to float32; NaN when the link has none for it.
double margin_of(Link link, double base_score);

/// The outputs of a model with that objective.
model::Output output_of(const Objective& objective, std::int32_t n_outputs);
model::PostTransform transform_of(const Objective& objective);

}  // namespace emlc::formats::xgboost
