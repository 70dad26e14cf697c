#include "codegen/model/steps/formulas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace emlc::model {
namespace {

template <std::size_t n>
double polynomial(const std::array<double, n>& from_highest, double x) {
  double sum = 0.0;
  for (const double coefficient : from_highest) sum = sum * x + coefficient;
  return sum;
}

/// As scikit-learn has it: a power next to 0 or 2 is the logarithm.
double yeo_johnson(double lambda, double x) {
  constexpr double spacing = std::numeric_limits<double>::epsilon();
  if (x >= 0.0) return std::abs(lambda) < spacing ? std::log1p(x) : (std::pow(x + 1.0, lambda) - 1.0) / lambda;
  const double mirrored = 2.0 - lambda;
  return std::abs(mirrored) > spacing ? -(std::pow(1.0 - x, mirrored) - 1.0) / mirrored : -std::log1p(-x);
}

/// As scipy.special.boxcox has it.
double box_cox(double lambda, double x) {
  constexpr double next_to_zero = 1e-19;
  const double logarithm = std::log(x);
  return std::abs(lambda) < next_to_zero ? logarithm : std::expm1(lambda * logarithm) / lambda;
}

/// Linear between points whose x ascend; the ends beyond them. Of equal points the last one counts.
template <typename At>
double interpolated(const At& at, std::size_t n, double x) {
  if (x < at(0).first) return at(0).second;
  if (x >= at(n - 1).first) return at(n - 1).second;
  std::size_t low = 0, high = n - 1;  // at(low) <= x < at(high)
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (at(middle).first <= x ? low : high) = middle;
  }
  const auto [x0, y0] = at(low);
  const auto [x1, y1] = at(high);
  return (y1 - y0) / (x1 - x0) * (x - x0) + y0;
}

double share_below(std::span<const double> quantiles, std::span<const double> references, double x) {
  using Point = std::pair<double, double>;
  const std::size_t n = quantiles.size();
  const auto rising = [&](std::size_t i) { return Point(quantiles[i], references[i]); };
  const auto mirrored = [&](std::size_t i) { return Point(-quantiles[n - 1 - i], -references[n - 1 - i]); };
  return 0.5 * (interpolated(rising, n, x) - interpolated(mirrored, n, -x));
}

}  // namespace

double value_of(FunctionName function, double x) {
  if (std::isnan(x)) return x;
  switch (function) {
    case FunctionName::log:
      return std::log(x);
    case FunctionName::log1p:
      return std::log1p(x);
    case FunctionName::log2:
      return std::log2(x);
    case FunctionName::log10:
      return std::log10(x);
    case FunctionName::exp:
      return std::exp(x);
    case FunctionName::expm1:
      return std::expm1(x);
    case FunctionName::sqrt:
      return std::sqrt(x);
    case FunctionName::square:
      return x * x;
    case FunctionName::abs:
      return std::abs(x);
    case FunctionName::reciprocal:
      return 1.0 / (x + 0.0);  // of -0 it is infinity too: the two zeros are one number
  }
  throw std::logic_error("function without a formula");
}

double value_of(PowerMethod method, double lambda, double x) {
  if (std::isnan(x)) return x;
  if (method == PowerMethod::yeo_johnson) return yeo_johnson(lambda, x);
  return x < 0.0 ? no_value : box_cox(lambda, x);
}

double value_of(QuantileOutput output, std::span<const double> quantiles, std::span<const double> references,
                double x) {
  if (std::isnan(x)) return x;
  const bool is_normal = output == QuantileOutput::normal;
  // Next to its ends a normal distribution counts as beyond them.
  const double margin = is_normal ? 1e-7 : 0.0;
  double share = share_below(quantiles, references, x);
  if (x + margin >= quantiles.back() && (!is_normal || x + margin > quantiles.back())) share = 1.0;
  if (x - margin <= quantiles.front() && (!is_normal || x - margin < quantiles.front())) share = 0.0;
  if (!is_normal) return share;
  const double low = normal_quantile(margin - std::numeric_limits<double>::epsilon());
  const double high = normal_quantile(1.0 - (margin - std::numeric_limits<double>::epsilon()));
  return std::clamp(normal_quantile(share), low, high);
}

double normal_quantile(double p) {
  if (std::isnan(p)) return p;
  if (p <= 0.0) return -infinity;
  if (p >= 1.0) return infinity;
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q *
           polynomial<8>({2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
                          13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608},
                         r) /
           polynomial<8>({5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
                          5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0},
                         r);
  }
  const double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  double value = 0.0;
  if (r <= 5.0) {
    value = polynomial<8>(
                {7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
                 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734},
                r - 1.6) /
            polynomial<8>(
                {1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
                 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0},
                r - 1.6);
  } else {
    value = polynomial<8>({2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                           0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
                           5.4637849111641143699, 6.6579046435011037772},
                          r - 5.0) /
            polynomial<8>({2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
                           7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
                           0.59983220655588793769, 1.0},
                          r - 5.0);
  }
  return q < 0.0 ? -value : value;
}

}  // namespace emlc::model
