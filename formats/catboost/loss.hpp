#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::formats::catboost {

/// What CatBoost's predict and predict_proba make of the sum of the leaves.
struct Loss {
  std::string_view name;
  model::PostTransformKind transform;
  model::DecisionRule rule;  ///< greater: a probability above 0.5, of each output on its own
};

const Loss* find_loss(std::string_view name);  ///< nothing when there is none of that name

/// @param class_names  empty, or one for each class
model::Output output_of(const Loss& loss, std::int32_t n_outputs, const std::vector<std::string>& class_names);

}  // namespace emlc::formats::catboost
