#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/trial/answers.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// What is to be known of a network in integers: how inputs become codes, and of each layer its shift, the ranges of
/// weights, biases and (on the data that it was made with) outputs, its curve, and the share of values on `inputs` that
/// are above what a code holds. Shares are from 0 to 1, null where there is nothing to count.
/// @param model  that has `network`
nlohmann::ordered_json integer_facts(const model::Model& model, const model::IntegerNetwork& network,
                                     const Inputs& inputs);

}  // namespace emlc::cli
