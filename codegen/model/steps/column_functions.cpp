#include "codegen/model/steps/column_functions.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/model/steps/formulas.hpp"

namespace emlc::model {
namespace {

using Outputs = std::vector<StepOutput>;
using OutputKind = StepOutput::Kind;

/// Adds the outputs of a run that begins at column `first`.
struct Adding {
  Outputs& outputs;
  std::size_t first;

  void add(OutputKind kind, std::size_t column, std::size_t index, std::size_t part = 0) const {
    outputs.push_back({kind, column, index, part});
  }
  void each_by_itself(std::size_t n) const {
    for (std::size_t i = 0; i < n; ++i) add(OutputKind::function, first + i, i);
  }
  void all_mixed(std::size_t n) const {
    for (std::size_t i = 0; i < n; ++i) add(OutputKind::mixed, 0, i);
  }

  void operator()(const Scaler& scaler) const { each_by_itself(scaler.offset.size()); }
  void operator()(const Columns& columns) const {
    for (const std::int32_t index : columns.indices) add(OutputKind::function, static_cast<std::size_t>(index), 0);
  }
  void operator()(const Impute& impute) const { each_by_itself(impute.values.size()); }
  void operator()(const MissingIndicator& indicator) const {
    each_by_itself(static_cast<std::size_t>(indicator.n_columns));
  }
  void operator()(const OneHot& one_hot) const {
    for (std::size_t i = 0; i < one_hot.categories.size(); ++i) {
      const std::size_t n = one_hot.categories[i] ? one_hot.categories[i]->size() : 1;
      for (std::size_t part = 0; part < n; ++part) add(OutputKind::function, first + i, i, part);
    }
  }
  void operator()(const Lookup& lookup) const { each_by_itself(lookup.from.size()); }
  void operator()(const Bins& bins) const { each_by_itself(bins.edges.size()); }
  void operator()(const Binarize& binarize) const { each_by_itself(binarize.thresholds.size()); }
  void operator()(const Function& function) const { each_by_itself(static_cast<std::size_t>(function.n_columns)); }
  void operator()(const Power& power) const { each_by_itself(power.lambdas.size()); }
  void operator()(const Quantile& quantile) const { each_by_itself(quantile.quantiles.size()); }
  void operator()(const Linear& linear) const { all_mixed(linear.bias.size()); }
  void operator()(const Polynomial& polynomial) const {
    for (std::size_t i = 0; i < polynomial.terms.size(); ++i) {
      const std::vector<std::int32_t>& term = polynomial.terms[i];
      const bool is_power = std::all_of(term.begin(), term.end(), [&](auto column) { return column == term.front(); });
      const std::size_t column = term.empty() ? 0 : static_cast<std::size_t>(term.front());
      if (is_power) add(OutputKind::function, first + column, i);
      if (!is_power) add(OutputKind::mixed, 0, i);
    }
  }
  void operator()(const Normalize& normalize) const { all_mixed(static_cast<std::size_t>(normalize.n_columns)); }
};

/// What a column makes of x, before it is rounded; of a polynomial after each product.
struct Applying {
  const StepOutput& output;
  NumberType type;
  double x;

  double operator()(const Scaler& scaler) const { return apply_scaler(scaler, output.index, x); }
  double operator()(const Columns& /*columns*/) const { return x; }
  double operator()(const Impute& impute) const {
    const double value = impute.values[output.index];
    return is_missing(impute.missing) && !std::isnan(value) ? value : x;
  }
  double operator()(const MissingIndicator& indicator) const { return is_missing(indicator.missing) ? 1.0 : 0.0; }
  double operator()(const OneHot& one_hot) const {
    const Categories& column = one_hot.categories[output.index];
    if (!column) return x;
    const std::vector<double>& listed = (*column)[output.part];
    return std::find(listed.begin(), listed.end(), x) != listed.end() ? 1.0 : 0.0;
  }
  double operator()(const Lookup& lookup) const {
    if (std::isnan(x)) return x;
    const std::vector<double>& from = lookup.from[output.index];
    const auto at = std::lower_bound(from.begin(), from.end(), x);
    if (at == from.end() || *at != x) return lookup.otherwise[output.index];
    return lookup.to[output.index][static_cast<std::size_t>(at - from.begin())];
  }
  double operator()(const Bins& bins) const {
    if (std::isnan(x)) return x;
    const std::vector<double>& edges = bins.edges[output.index];
    return static_cast<double>(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin());
  }
  double operator()(const Binarize& binarize) const { return x > binarize.thresholds[output.index] ? 1.0 : 0.0; }
  double operator()(const Function& function) const { return value_of(function.function, x); }
  double operator()(const Power& power) const { return value_of(power.method, power.lambdas[output.index], x); }
  double operator()(const Quantile& quantile) const {
    return value_of(quantile.output, quantile.quantiles[output.index], quantile.references, x);
  }
  double operator()(const Linear& /*linear*/) const { return x; }
  double operator()(const Polynomial& polynomial) const {
    const std::size_t n_factors = polynomial.terms[output.index].size();
    double product = n_factors == 0 ? 1.0 : round_to(type, x);
    for (std::size_t i = 1; i < n_factors; ++i) product = round_to(type, product * x);
    return product;
  }
  double operator()(const Normalize& /*normalize*/) const { return x; }

  [[nodiscard]] bool is_missing(double missing) const { return std::isnan(missing) ? std::isnan(x) : x == missing; }
};

/// A single number is a piece of its own.
void add_number(std::vector<double>& breaks, double number) {
  if (std::isnan(number)) return;
  breaks.push_back(number);
  breaks.push_back(next_above(NumberType::float64, number));
}

struct Breaking {
  const StepOutput& output;
  using Breaks = std::vector<double>;

  static Breaks around(double missing) {
    Breaks breaks;
    add_number(breaks, missing);
    return breaks;
  }
  static Breaks around(const std::vector<double>& numbers) {
    Breaks breaks;
    for (const double number : numbers) add_number(breaks, number);
    return breaks;
  }

  Breaks operator()(const Scaler& /*scaler*/) const { return {}; }
  Breaks operator()(const Columns& /*columns*/) const { return {}; }
  Breaks operator()(const Impute& impute) const { return around(impute.missing); }
  Breaks operator()(const MissingIndicator& indicator) const { return around(indicator.missing); }
  Breaks operator()(const OneHot& one_hot) const {
    const Categories& column = one_hot.categories[output.index];
    return column ? around((*column)[output.part]) : Breaks{};
  }
  Breaks operator()(const Lookup& lookup) const { return around(lookup.from[output.index]); }
  Breaks operator()(const Bins& /*bins*/) const { return {}; }
  Breaks operator()(const Binarize& /*binarize*/) const { return {}; }
  Breaks operator()(const Function& function) const {
    switch (function.function) {
      case FunctionName::log1p:
        return {-1.0};
      case FunctionName::log:
      case FunctionName::log2:
      case FunctionName::log10:
      case FunctionName::sqrt:
      case FunctionName::square:
      case FunctionName::abs:
      case FunctionName::reciprocal:
        return {0.0};
      case FunctionName::exp:
      case FunctionName::expm1:
        return {};
    }
    return {};
  }
  Breaks operator()(const Power& power) const { return power.method == PowerMethod::box_cox ? Breaks{0.0} : Breaks{}; }
  Breaks operator()(const Quantile& /*quantile*/) const { return {}; }
  Breaks operator()(const Linear& /*linear*/) const { return {}; }
  Breaks operator()(const Polynomial& polynomial) const {
    return polynomial.terms[output.index].size() > 1 ? Breaks{0.0} : Breaks{};
  }
  Breaks operator()(const Normalize& /*normalize*/) const { return {}; }
};

/// The results of what mixes columns; nothing of other steps.
struct Mixing : OfNoMixture {
  using OfNoMixture::operator();
  NumberType type;
  std::span<const double> x;

  [[nodiscard]] double rounded(double value) const { return round_to(type, value); }

  std::vector<double> operator()(const Linear& linear) const {
    std::vector<double> y = linear.bias;
    for (std::size_t row = 0; row < y.size(); ++row) {
      for (std::size_t column = 0; column < x.size(); ++column) {
        y[row] = rounded(y[row] + rounded(linear.weights[row * x.size() + column] * x[column]));
      }
    }
    return y;
  }
  std::vector<double> operator()(const Polynomial& polynomial) const {
    std::vector<double> y;
    for (const std::vector<std::int32_t>& term : polynomial.terms) {
      double product = term.empty() ? 1.0 : rounded(x[static_cast<std::size_t>(term.front())]);
      for (std::size_t i = 1; i < term.size(); ++i) {
        product = rounded(product * x[static_cast<std::size_t>(term[i])]);
      }
      y.push_back(product);
    }
    return y;
  }
  std::vector<double> operator()(const Normalize& normalize) const {
    const double norm = norm_of(normalize.norm);
    std::vector<double> y(x.begin(), x.end());
    if (norm == 0.0) return y;
    for (double& value : y) value = rounded(value / norm);
    return y;
  }

  [[nodiscard]] double norm_of(Norm norm) const {
    double sum = 0.0;
    for (const double value : x) {
      switch (norm) {
        case Norm::l1:
          sum = rounded(sum + std::abs(value));
          break;
        case Norm::l2:
          sum = rounded(sum + rounded(value * value));
          break;
        case Norm::max:
          // NaN stays: a comparison with it does not hold.
          sum = std::abs(value) <= sum ? sum : std::abs(value);
          break;
      }
      if (std::isnan(sum)) return sum;
    }
    return norm == Norm::l2 ? rounded(std::sqrt(sum)) : sum;
  }
};

}  // namespace

std::vector<StepOutput> outputs_of(const Step& step, std::size_t width) {
  const Run run = run_of(step, width);
  const auto first = static_cast<std::size_t>(step.first);
  Outputs outputs;
  for (std::size_t column = 0; column < first; ++column) outputs.push_back({.column = column});
  std::visit(Adding{outputs, first}, step.kind);
  for (std::size_t column = first + run.n_in; column < width; ++column) outputs.push_back({.column = column});
  return outputs;
}

double apply_to_column(const Step& step, const StepOutput& output, double x) {
  if (output.kind == StepOutput::Kind::same) return x;
  return round_to(step.type, std::visit(Applying{output, step.type, x}, step.kind));
}

std::vector<double> breaks_of(const Step& step, const StepOutput& output) {
  if (output.kind == StepOutput::Kind::same) return {};
  return std::visit(Breaking{output}, step.kind);
}

std::vector<double> mixed_values(const Step& step, std::span<const double> run) {
  return std::visit(Mixing{{}, step.type, run}, step.kind);
}

}  // namespace emlc::model
