#include "codegen/model/predict/step_errors.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/step_sources.hpp"
#include "codegen/model/steps/column_functions.hpp"
#include "codegen/model/steps/formulas.hpp"

namespace emlc::model {
namespace {

constexpr double step_unit = 0x1p-24;           ///< half a step of float32 between 1 and 2
constexpr double of_operation = 4 * step_unit;  ///< of a few operations, and of the digits of what they take
constexpr double of_curve = 16 * step_unit;     ///< of functions of libm, and of what is computed around them
constexpr double smallest_float32 = 0x1p-149;   ///< what is nearer to 0 keeps no digit, and maybe not its sign

enum class Computed { no, yes };
/// Where a step jumps for a column that is off: where the document does, or anywhere near.
enum class Jumps { right, anywhere };
using Numbers = std::vector<double>;

/// How far the function is from its value at x, anywhere up to `error` away.
double carried(const Step& step, const StepOutput& output, double x, double error) {
  if (error == 0.0 || output.kind == StepOutput::Kind::same) return error;
  if (!std::isfinite(error)) return infinity;
  const double middle = apply_to_column(step, output, x);
  std::vector<double> places = {x - error, x + error};
  for (const double at : breaks_of(step, output)) {
    if (!(at >= x - error && at <= x + error)) continue;
    places.push_back(at);
    places.push_back(next_below(NumberType::float64, at));
  }
  double most = 0.0;
  for (const double place : places) {
    const double value = apply_to_column(step, output, place);
    if (std::isnan(value) && std::isnan(middle)) continue;
    const double distance = value == middle ? 0.0 : std::abs(value - middle);
    most = std::max(most, std::isnan(distance) ? infinity : distance);
  }
  return most;
}

/// A normal distribution ends a little beside its quantiles, which is a jump where several of them are at the end.
bool is_beside_end(const Numbers& quantiles, double x, double error) {
  if (quantiles.size() < 2) return true;
  constexpr double margin = 4e-7;
  const double from_first = x - quantiles.front(), from_last = quantiles.back() - x;
  const bool has_first = quantiles[1] == quantiles.front(),
             has_last = quantiles[quantiles.size() - 2] == quantiles.back();
  return (has_first && from_first > 0.0 && from_first <= margin + error) ||
         (has_last && from_last > 0.0 && from_last <= margin + error);
}

/// The same for quantiles on the line: they do not jump but where x lies on several, which the device sees.
double carried_along(const Quantile& quantile, std::size_t column, double x, double error) {
  const Numbers& all = quantile.quantiles[column];
  const auto first = std::lower_bound(all.begin(), all.end(), x), behind = std::upper_bound(all.begin(), all.end(), x);
  if (behind - first > 1) return 0.0;
  if (quantile.output == QuantileOutput::normal && is_beside_end(all, x, error)) return infinity;
  const double low = first == all.begin() ? -infinity : next_above(NumberType::float64, *(first - 1));
  const double high = behind == all.end() ? infinity : next_below(NumberType::float64, *behind);
  const auto share = [&](double at) { return value_of(quantile.output, all, quantile.references, at); };
  const double lowest = share(std::max(x - error, low)), highest = share(std::min(x + error, high)), y = share(x);
  return std::max(std::abs(lowest - y), std::abs(highest - y));
}

/// What float32 adds to y = f(x) where the device computes it.
struct Rounding {
  const Step& step;
  const StepOutput& output;
  double x, y;
  Jumps jumps;

  double operator()(const Scaler& scaler) const {
    const std::size_t i = output.index;
    const bool divides = scaler.op == ScalerOp::subtract_divide;
    const double factor = std::abs(divides ? 1.0 / scaler.scale[i] : scaler.scale[i]);
    return of_operation * (std::abs(x) * factor + std::abs(scaler.offset[i]) * (divides ? factor : 1.0));
  }
  double operator()(const Columns& /*step*/) const { return step_unit * std::abs(y); }
  double operator()(const Impute& /*step*/) const { return step_unit * std::abs(y); }
  double operator()(const MissingIndicator& /*step*/) const { return 0.0; }
  double operator()(const OneHot& /*step*/) const { return step_unit * std::abs(y); }
  double operator()(const Lookup& /*step*/) const { return step_unit * std::abs(y); }
  double operator()(const Bins& /*step*/) const { return 0.0; }
  double operator()(const Binarize& /*step*/) const { return 0.0; }
  double operator()(const Function& /*step*/) const { return of_curve * (1.0 + std::abs(y)); }
  double operator()(const Power& power) const {
    // exp of a product: its digits are those of the exponent too.
    const double lambda = power.lambdas[output.index], size = std::abs(lambda) + std::abs(2.0 - lambda);
    const double exponent = size * std::abs(std::log(std::abs(x) + 1e-38));
    const double ends = 1.0 / std::max(std::abs(lambda), 1.0) + 1.0;
    return of_curve * (1.0 + exponent) * (ends + std::abs(y));
  }
  double operator()(const Quantile& quantile) const {
    const Numbers& all = quantile.quantiles[output.index];
    const double size = of_operation * std::max({std::abs(x), std::abs(all.front()), std::abs(all.back())});
    double own =
        jumps == Jumps::anywhere ? carried(step, output, x, size) : carried_along(quantile, output.index, x, size);
    if (quantile.output == QuantileOutput::uniform) return own + of_operation;
    constexpr double root_of_two_pi = 2.5066282746310002;
    own += of_curve * root_of_two_pi * std::exp(0.5 * y * y);
    return own + of_curve * std::abs(y);
  }
  double operator()(const Linear& /*step*/) const { return 0.0; }
  double operator()(const Polynomial& polynomial) const {
    return of_operation * static_cast<double>(polynomial.terms[output.index].size()) * std::abs(y);
  }
  double operator()(const Normalize& /*step*/) const { return 0.0; }
};

/// The errors of the results of a step that mixes the columns of its run.
struct Mixing : OfNoMixture {
  using OfNoMixture::operator();
  const Values& run;
  const std::vector<double>& results;

  std::vector<double> operator()(const Linear& linear) const {
    std::vector<double> errors;
    const std::size_t n = run.values.size();
    for (std::size_t row = 0; row < linear.bias.size(); ++row) {
      double size = std::abs(linear.bias[row]), error = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        const double weight = std::abs(linear.weights[row * n + i]);
        size += weight * std::abs(run.values[i]);
        error += weight * run.errors[i];
      }
      errors.push_back(error + of_operation * std::sqrt(static_cast<double>(n)) * size);
    }
    return errors;
  }
  std::vector<double> operator()(const Polynomial& polynomial) const {
    std::vector<double> errors;
    for (const std::vector<std::int32_t>& term : polynomial.terms) {
      double size = 1.0, error = 0.0;
      for (const std::int32_t column : term) {
        const auto i = static_cast<std::size_t>(column);
        const double value = std::abs(run.values[i]);
        error = error * (value + run.errors[i]) + size * run.errors[i];
        size *= value;
      }
      errors.push_back(error + of_operation * static_cast<double>(term.size()) * size);
    }
    return errors;
  }
  std::vector<double> operator()(const Normalize& normalize) const {
    double norm = 0.0, error = 0.0;
    for (std::size_t i = 0; i < run.values.size(); ++i) {
      const double size = std::abs(run.values[i]);
      norm =
          normalize.norm == Norm::max ? std::max(norm, size) : norm + (normalize.norm == Norm::l1 ? size : size * size);
      error = normalize.norm == Norm::max ? std::max(error, run.errors[i]) : error + run.errors[i];
    }
    if (normalize.norm == Norm::l2) norm = std::sqrt(norm);
    const auto n = static_cast<double>(run.values.size());
    // Squares leave float32 before their root does.
    constexpr double smallest = 1e-18, largest = 1e18;
    const bool is_odd = norm != 0.0 && normalize.norm == Norm::l2 && (norm < smallest || norm > largest);
    const bool is_unsafe = is_odd || (error > 0.0 && norm < 2.0 * error);
    std::vector<double> errors;
    for (std::size_t i = 0; i < run.values.size(); ++i) {
      if (norm == 0.0 && error == 0.0) {
        errors.push_back(0.0);
        continue;
      }
      const double own = (step_unit * (n + 16.0)) * std::abs(results[i]);
      errors.push_back(is_unsafe ? infinity : own + 2.0 * (run.errors[i] + std::abs(results[i]) * error) / norm);
    }
    return errors;
  }
};

/// What the error of a column becomes behind a step that jumps where the document does.
double carried_by_jumps(const Step& step, const StepOutput& output, double x, double error) {
  const auto* quantile = std::get_if<Quantile>(&step.kind);
  if (quantile != nullptr) return carried_along(*quantile, output.index, x, error);
  const auto* one_hot = std::get_if<OneHot>(&step.kind);
  const bool passes = one_hot != nullptr && !one_hot->categories[output.index];
  return passes ? error : 0.0;
}

/// The error of a column that is the same, or a function of one, behind a step.
double error_behind(const Step& step, const StepOutput& output, const Values& at, double y, Jumps jumps,
                    Computed computed) {
  const double x = at.values[output.column], before = at.errors[output.column];
  if (output.kind == StepOutput::Kind::same) return before;
  const double error =
      jumps == Jumps::right ? carried_by_jumps(step, output, x, before) : carried(step, output, x, before);
  if (computed == Computed::no) return error;
  return error + std::visit(Rounding{step, output, x, y, jumps}, step.kind);
}

Values through(const Step& step, const Values& at, Jumps jumps, Computed computed) {
  const auto first = static_cast<std::ptrdiff_t>(step.first);
  const auto n = static_cast<std::ptrdiff_t>(run_of(step, at.values.size()).n_in);
  const Values run{{at.values.begin() + first, at.values.begin() + first + n},
                   {at.errors.begin() + first, at.errors.begin() + first + n}};
  Values behind{apply_step(step, at.values), {}};
  const std::vector<double> results = mixed_values(step, run.values);
  const std::vector<double> mixed = std::visit(Mixing{{}, run, results}, step.kind);
  for (const StepOutput& output : outputs_of(step, at.values.size())) {
    const double y = behind.values[behind.errors.size()];
    double error = output.kind == StepOutput::Kind::mixed ? mixed[output.index]
                                                          : error_behind(step, output, at, y, jumps, computed);
    if (error > 0.0 && computed == Computed::yes) error += smallest_float32;
    const bool is_beyond = std::abs(y) > 1e-3 * info(NumberType::float32).highest && !std::isnan(y);
    behind.errors.push_back(is_beyond && computed == Computed::yes ? infinity : (std::isnan(error) ? 0.0 : error));
  }
  return behind;
}

}  // namespace

Values columns_behind(const Model& model, std::span<const double> x, std::size_t n_computed) {
  return columns_behind(model, Values{encoded(model.input, x), std::vector<double>(x.size(), 0.0)}, n_computed);
}

Values columns_behind(const Model& model, Values at, std::size_t n_computed) {
  constexpr double last_without_gaps = 0x1p24;
  for (std::size_t i = 0; i < at.values.size() && n_computed != 0; ++i) {
    if (std::abs(at.values[i]) > last_without_gaps) at.errors[i] += step_unit * std::abs(at.values[i]);
  }
  std::vector<Source> sources;
  for (const double error : at.errors) sources.push_back(error == 0.0 ? Source::exact : Source::computed);
  for (std::size_t index = 0; index < model.steps.size(); ++index) {
    const Step& step = model.steps[index];
    const auto run =
        std::span(sources).subspan(static_cast<std::size_t>(step.first), run_of(step, sources.size()).n_in);
    const Jumps jumps = looks_through(step, run) ? Jumps::right : Jumps::anywhere;
    at = through(step, at, jumps, index < n_computed ? Computed::yes : Computed::no);
    sources = sources_behind(step, sources);
  }
  return at;
}

std::size_t n_computed(std::span<const Step> steps, std::size_t width) {
  std::size_t n = 0;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const std::vector<StepOutput> outputs = outputs_of(steps[index], width);
    const auto is_mixed = [](const StepOutput& output) { return output.kind == StepOutput::Kind::mixed; };
    if (std::any_of(outputs.begin(), outputs.end(), is_mixed)) n = index + 1;
    width = width_behind(steps.subspan(index, 1), width);
  }
  return n;
}

}  // namespace emlc::model
