#pragma once

#include "codegen/c/scaler/step_code.hpp"

/// Steps that compute curves and norms.
namespace emlc::c {

void print_function(const StepCode& code, const model::Function& function);
void print_power(const StepCode& code, const model::Power& power);
void print_quantile(const StepCode& code, const model::Quantile& quantile);
void print_normalize(const StepCode& code, const model::Normalize& normalize);

}  // namespace emlc::c
