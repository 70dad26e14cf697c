#include "codegen/model/steps/step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "codegen/model/steps/column_functions.hpp"

namespace emlc::model {
namespace {

std::size_t size(std::int32_t n) { return static_cast<std::size_t>(n); }

/// As many columns behind the run as in it.
Run same_width(std::size_t n) { return {n, n}; }

Run run_of(const Scaler& scaler, std::size_t /*width*/) { return same_width(scaler.offset.size()); }
Run run_of(const Columns& columns, std::size_t width) { return {width, columns.indices.size()}; }
Run run_of(const Impute& impute, std::size_t /*width*/) { return same_width(impute.values.size()); }
Run run_of(const MissingIndicator& indicator, std::size_t /*width*/) { return same_width(size(indicator.n_columns)); }
Run run_of(const OneHot& one_hot, std::size_t /*width*/) {
  Run run{one_hot.categories.size(), 0};
  for (const Categories& column : one_hot.categories) run.n_out += column ? column->size() : 1;
  return run;
}
Run run_of(const Lookup& lookup, std::size_t /*width*/) { return same_width(lookup.from.size()); }
Run run_of(const Bins& bins, std::size_t /*width*/) { return same_width(bins.edges.size()); }
Run run_of(const Binarize& binarize, std::size_t /*width*/) { return same_width(binarize.thresholds.size()); }
Run run_of(const Function& function, std::size_t /*width*/) { return same_width(size(function.n_columns)); }
Run run_of(const Power& power, std::size_t /*width*/) { return same_width(power.lambdas.size()); }
Run run_of(const Quantile& quantile, std::size_t /*width*/) { return same_width(quantile.quantiles.size()); }
Run run_of(const Linear& linear, std::size_t /*width*/) { return {size(linear.n_in), linear.bias.size()}; }
Run run_of(const Polynomial& polynomial, std::size_t /*width*/) {
  return {size(polynomial.n_columns), polynomial.terms.size()};
}
Run run_of(const Normalize& normalize, std::size_t /*width*/) { return same_width(size(normalize.n_columns)); }

/// In the order of StepKind.
constexpr std::array<std::string_view, std::variant_size_v<StepKind>> kind_names = {
    "scaler",   "columns",  "impute", "missing_indicator", "one_hot", "lookup",     "bins",
    "binarize", "function", "power",  "quantile",          "linear",  "polynomial", "normalize"};

}  // namespace

std::string_view name(const Step& step) { return kind_names.at(step.kind.index()); }

std::string_view name(FunctionName function) {
  switch (function) {
    case FunctionName::log:
      return "log";
    case FunctionName::log1p:
      return "log1p";
    case FunctionName::log2:
      return "log2";
    case FunctionName::log10:
      return "log10";
    case FunctionName::exp:
      return "exp";
    case FunctionName::expm1:
      return "expm1";
    case FunctionName::sqrt:
      return "sqrt";
    case FunctionName::square:
      return "square";
    case FunctionName::abs:
      return "abs";
    case FunctionName::reciprocal:
      return "reciprocal";
  }
  throw std::logic_error("function without a name");
}

std::string_view name(PowerMethod method) {
  switch (method) {
    case PowerMethod::yeo_johnson:
      return "yeo_johnson";
    case PowerMethod::box_cox:
      return "box_cox";
  }
  throw std::logic_error("power without a name");
}

std::string_view name(QuantileOutput output) {
  switch (output) {
    case QuantileOutput::uniform:
      return "uniform";
    case QuantileOutput::normal:
      return "normal";
  }
  throw std::logic_error("quantile output without a name");
}

std::string_view name(Norm norm) {
  switch (norm) {
    case Norm::l1:
      return "l1";
    case Norm::l2:
      return "l2";
    case Norm::max:
      return "max";
  }
  throw std::logic_error("norm without a name");
}

Run run_of(const Step& step, std::size_t width) {
  return std::visit([width](const auto& kind) { return run_of(kind, width); }, step.kind);
}

std::size_t width_behind(std::span<const Step> steps, std::size_t width) {
  for (const Step& step : steps) {
    const Run run = run_of(step, width);
    width = width - run.n_in + run.n_out;
  }
  return width;
}

std::vector<double> apply_step(const Step& step, std::span<const double> x) {
  const auto run = x.subspan(size(step.first), run_of(step, x.size()).n_in);
  const std::vector<double> mixed = mixed_values(step, run);
  std::vector<double> y;
  for (const StepOutput& output : outputs_of(step, x.size())) {
    const bool is_mixed = output.kind == StepOutput::Kind::mixed;
    y.push_back(is_mixed ? mixed[output.index] : apply_to_column(step, output, x[output.column]));
  }
  return y;
}

}  // namespace emlc::model
