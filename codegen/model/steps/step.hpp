#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codegen/model/number_type.hpp"
#include "codegen/model/scaler.hpp"

/// What is done to a row of columns before the model sees it. A step works on a run of neighbouring columns; its
/// results stand in the place of the run, all other columns pass unchanged. Values that say "none" are NaN: a missing
/// value is told apart from numbers by being none.
namespace emlc::model {

inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// Column i of the result is column indices[i] of the whole row; columns may repeat and go.
struct Columns {
  std::vector<std::int32_t> indices;
};

/// A missing value becomes the number of its column; NaN as that number leaves it as it is.
struct Impute {
  std::vector<double> values;
  double missing = no_value;  ///< NaN, or the number that stands for a missing value
};

/// 1 where a value is missing, else 0.
struct MissingIndicator {
  std::int32_t n_columns = 0;
  double missing = no_value;
};

/// The outputs of one column, each a list of numbers: 1 where x is one of them, else 0. Nothing: the column passes.
using Categories = std::optional<std::vector<std::vector<double>>>;
struct OneHot {
  std::vector<Categories> categories;
};

/// to[i] where x is from[i], for each column; the numbers of `from` ascend. Other numbers become `otherwise`.
struct Lookup {
  std::vector<std::vector<double>> from, to;
  std::vector<double> otherwise;  ///< NaN: missing
};

/// How many of the column's edges, which ascend, are <= x.
struct Bins {
  std::vector<std::vector<double>> edges;
};

/// 1 where x > the threshold of its column, else 0, also for NaN.
struct Binarize {
  std::vector<double> thresholds;
};

enum class FunctionName { log, log1p, log2, log10, exp, expm1, sqrt, square, abs, reciprocal };
struct Function {
  FunctionName function = FunctionName::log;
  std::int32_t n_columns = 0;
};

/// yeo_johnson takes all numbers; box_cox those above 0, others become NaN. As scikit-learn's PowerTransformer before
/// it standardises.
enum class PowerMethod { yeo_johnson, box_cox };
struct Power {
  PowerMethod method = PowerMethod::yeo_johnson;
  std::vector<double> lambdas;
};

/// The share of a distribution that lies below x: the mean of two interpolations, one from either side where quantiles
/// are equal, with the ends clipped; normal: the quantile of the normal distribution at that share. As scikit-learn's
/// QuantileTransformer.
enum class QuantileOutput { uniform, normal };
struct Quantile {
  std::vector<std::vector<double>> quantiles;  ///< [n_columns][n], they ascend
  std::vector<double> references;              ///< [n], they ascend, from 0 to 1
  QuantileOutput output = QuantileOutput::uniform;
};
inline constexpr std::size_t most_quantiles = 256;

/// y = weights * x + bias, summed in the order of the columns, from the bias on.
struct Linear {
  std::int32_t n_in = 0;
  std::vector<double> weights;  ///< [n_out][n_in]
  std::vector<double> bias;     ///< [n_out]
};

/// Each term is the product of the columns of the run that it lists, from the first one on; of none it is 1.
struct Polynomial {
  std::int32_t n_columns = 0;
  std::vector<std::vector<std::int32_t>> terms;
};

/// The run divided by its norm; one whose norm is 0 stays as it is.
enum class Norm { l1, l2, max };
struct Normalize {
  Norm norm = Norm::l2;
  std::int32_t n_columns = 0;
};

using StepKind = std::variant<Scaler, Columns, Impute, MissingIndicator, OneHot, Lookup, Bins, Binarize, Function,
                              Power, Quantile, Linear, Polynomial, Normalize>;

struct Step {
  std::int32_t first = 0;                 ///< of the run
  NumberType type = NumberType::float64;  ///< results are rounded to it, see apply_step; of a scaler its own
  StepKind kind{};
};

/// More is no model but a file that keeps readers busy.
inline constexpr std::size_t most_steps = 64;

std::string_view name(const Step& step);  ///< as documents have it: `one_hot`
std::string_view name(FunctionName function);
std::string_view name(PowerMethod method);
std::string_view name(QuantileOutput output);
std::string_view name(Norm norm);

/// How many columns the step takes of a row of `width`, from step.first on, and how many it puts in their place.
struct Run {
  std::size_t n_in = 0, n_out = 0;
};
Run run_of(const Step& step, std::size_t width);
/// The width of the row behind the steps.
std::size_t width_behind(std::span<const Step> steps, std::size_t width);

/// What is wrong with a step in front of which a row has `width` columns: nothing, or the key of a document that is at
/// fault and a sentence about it. The other functions take steps without a problem.
struct StepProblem {
  std::string key, problem;
};
std::optional<StepProblem> problem_of(const Step& step, std::size_t width);

/// The row behind the step. Elementwise functions are computed in double and rounded once; of linear, polynomial and
/// normalize each product, sum, root and quotient is rounded.
/// @param x  [width]
std::vector<double> apply_step(const Step& step, std::span<const double> x);

}  // namespace emlc::model
