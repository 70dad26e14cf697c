#pragma once

#include <emlc/activations.h>
#include <emlc/sos.h>
#include <emlc/sos_fixed.h>
#include <emlc/steps.h>
#include <emlc/tmdl_format.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "codegen/model/model.hpp"

/// What the model calls things and the numbers that a .tmdl blob has for them.
namespace emlc::formats {

inline constexpr std::array<std::pair<model::Activation, int>, 9> activation_codes = {{
    {model::Activation::identity, EMLC_IDENTITY},
    {model::Activation::relu, EMLC_RELU},
    {model::Activation::relu6, EMLC_RELU6},
    {model::Activation::leaky_relu, EMLC_LEAKY_RELU},
    {model::Activation::tanh, EMLC_TANH},
    {model::Activation::logistic, EMLC_LOGISTIC},
    {model::Activation::softmax, EMLC_SOFTMAX},
    {model::Activation::softplus, EMLC_SOFTPLUS},
    {model::Activation::elu, EMLC_ELU},
}};

inline constexpr std::array<std::pair<model::PostTransformKind, int>, 10> post_transform_codes = {{
    {model::PostTransformKind::identity, EMLC_POST_IDENTITY},
    {model::PostTransformKind::sigmoid, EMLC_POST_SIGMOID},
    {model::PostTransformKind::softmax, EMLC_POST_SOFTMAX},
    {model::PostTransformKind::exp, EMLC_POST_EXP},
    {model::PostTransformKind::hinge, EMLC_POST_HINGE},
    {model::PostTransformKind::signed_square, EMLC_POST_SIGNED_SQUARE},
    {model::PostTransformKind::log1p_exp, EMLC_POST_LOG1P_EXP},
    {model::PostTransformKind::normalize, EMLC_POST_NORMALIZE},
    {model::PostTransformKind::isolation, EMLC_POST_ISOLATION},
    {model::PostTransformKind::log_softmax, EMLC_POST_LOG_SOFTMAX},
}};

inline constexpr std::array<std::pair<model::ScalerOp, int>, 2> scaler_codes = {{
    {model::ScalerOp::subtract_divide, EMLC_SCALER_SUBTRACT_DIVIDE},
    {model::ScalerOp::multiply_add, EMLC_SCALER_MULTIPLY_ADD},
}};

inline constexpr std::array<std::pair<model::FunctionName, int>, 10> function_codes = {{
    {model::FunctionName::log, EMLC_STEP_LOG},
    {model::FunctionName::log1p, EMLC_STEP_LOG1P},
    {model::FunctionName::log2, EMLC_STEP_LOG2},
    {model::FunctionName::log10, EMLC_STEP_LOG10},
    {model::FunctionName::exp, EMLC_STEP_EXP},
    {model::FunctionName::expm1, EMLC_STEP_EXPM1},
    {model::FunctionName::sqrt, EMLC_STEP_SQRT},
    {model::FunctionName::square, EMLC_STEP_SQUARE},
    {model::FunctionName::abs, EMLC_STEP_ABS},
    {model::FunctionName::reciprocal, EMLC_STEP_RECIPROCAL},
}};

inline constexpr std::array<std::pair<model::PowerMethod, int>, 2> power_codes = {{
    {model::PowerMethod::yeo_johnson, EMLC_STEP_YEO_JOHNSON},
    {model::PowerMethod::box_cox, EMLC_STEP_BOX_COX},
}};

inline constexpr std::array<std::pair<model::QuantileOutput, int>, 2> quantile_codes = {{
    {model::QuantileOutput::uniform, EMLC_STEP_UNIFORM},
    {model::QuantileOutput::normal, EMLC_STEP_NORMAL},
}};

inline constexpr std::array<std::pair<model::Norm, int>, 3> norm_codes = {{
    {model::Norm::l1, EMLC_STEP_L1},
    {model::Norm::l2, EMLC_STEP_L2},
    {model::Norm::max, EMLC_STEP_MAX},
}};

inline constexpr std::array<std::pair<model::DecisionRule, int>, 4> rule_codes = {{
    {model::DecisionRule::none, EMLC_RULE_NONE},
    {model::DecisionRule::argmax, EMLC_RULE_ARGMAX},
    {model::DecisionRule::greater, EMLC_RULE_GREATER},
    {model::DecisionRule::greater_equal, EMLC_RULE_GREATER_EQUAL},
}};

inline constexpr std::array<std::pair<model::Task, int>, 5> task_codes = {{
    {model::Task::classification, EMLC_TASK_CLASSIFICATION},
    {model::Task::regression, EMLC_TASK_REGRESSION},
    {model::Task::anomaly, EMLC_TASK_ANOMALY},
    {model::Task::transform, EMLC_TASK_TRANSFORM},
    {model::Task::filter, EMLC_TASK_FILTER},
}};

inline constexpr std::array<std::pair<model::Arithmetic, int>, 4> arithmetic_codes = {{
    {model::Arithmetic::q15, EMLC_SOS_Q15},
    {model::Arithmetic::mixed, EMLC_SOS_MIXED},
    {model::Arithmetic::q31, EMLC_SOS_Q31},
    {model::Arithmetic::q15_cmsis, EMLC_SOS_Q15_CMSIS},
}};

inline constexpr std::array<std::pair<model::SosRounding, int>, 3> rounding_codes = {{
    {model::SosRounding::down, EMLC_SOS_ROUND_DOWN},
    {model::SosRounding::nearest, EMLC_SOS_ROUND_NEAREST},
    {model::SosRounding::feedback, EMLC_SOS_ROUND_FEEDBACK},
}};

inline constexpr std::array<std::pair<model::SosStructure, int>, 4> structure_codes = {{
    {model::SosStructure::direct, EMLC_SOS_DIRECT},
    {model::SosStructure::delta, EMLC_SOS_DELTA},
    {model::SosStructure::compensated, EMLC_SOS_COMPENSATED},
    {model::SosStructure::pairs, EMLC_SOS_PAIRS},
}};

/// The number of `value` in a table above.
template <typename Table, typename Value>
constexpr int code_of(const Table& table, Value value) {
  for (const auto& [known, code] : table) {
    if (known == value) return code;
  }
  throw std::logic_error("a table of codes is not complete");
}

/// What `code` means; nothing when the table does not have it.
template <typename Value, std::size_t n>
constexpr std::optional<Value> value_of(const std::array<std::pair<Value, int>, n>& table, int code) {
  for (const auto& [value, known] : table) {
    if (known == code) return value;
  }
  return std::nullopt;
}

}  // namespace emlc::formats
