#pragma once

#include <span>
#include <vector>

namespace emlc::passes {

/// How what rounding one weight of a layer does to its sums is made up for by the weights that are rounded after it.
/// Empty: not at all, weights are rounded to nearest.
struct Compensation {
  std::vector<double> pull{};  ///< [n_in][n_in], below the diagonal; in the unit of the values that come in
};

/// @param values  [n_rows][n_in] what comes into the layer on the data; what is not finite counts as the mean
/// @param means   [n_in]
/// @return        empty for layers that are too wide
Compensation compensation_of(std::span<const std::vector<double>> values, std::span<const double> means);

/// Each weight becomes one of the two integers next to it, at most `limit` in magnitude: see note [weights that make up
/// for each other] in weight_rounding.cpp.
/// @param exact   [n_in] weights of a row in steps
/// @param scales  [n_in] real value of one step of the codes that come in
std::vector<double> round_weights(std::span<const double> exact, const Compensation& compensation,
                                  std::span<const double> scales, double limit);

}  // namespace emlc::passes
