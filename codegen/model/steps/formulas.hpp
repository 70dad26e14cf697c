#pragma once

#include <span>

#include "codegen/model/steps/step.hpp"

/// The numbers of single steps, in double. NaN gives NaN.
namespace emlc::model {

double value_of(FunctionName function, double x);
double value_of(PowerMethod method, double lambda, double x);

/// The share of the column with these quantiles at x, or the quantile of the normal distribution there.
double value_of(QuantileOutput output, std::span<const double> quantiles, std::span<const double> references, double x);

/// The quantile of the standard normal distribution at p, 0 to 1 (M. J. Wichura, Algorithm AS 241, Applied Statistics
/// 37, 1988: PPND16, relative accuracy about 1e-16); -infinity at 0, infinity at 1.
double normal_quantile(double p);

}  // namespace emlc::model
