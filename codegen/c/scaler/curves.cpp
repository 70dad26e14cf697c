#include "codegen/c/scaler/curves.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <utility>

#include "codegen/c/common/literal.hpp"
#include "codegen/model/steps/formulas.hpp"

namespace emlc::c {
namespace {

using model::NumberType;

/// The helper that changes values in place.
Helper helper_of(model::FunctionName function) {
  switch (function) {
    case model::FunctionName::log:
      return Helper::log;
    case model::FunctionName::log1p:
      return Helper::each_log1p;
    case model::FunctionName::log2:
      return Helper::log2;
    case model::FunctionName::log10:
      return Helper::log10;
    case model::FunctionName::exp:
      return Helper::exp;
    case model::FunctionName::expm1:
      return Helper::each_expm1;
    case model::FunctionName::sqrt:
      return Helper::sqrt;
    case model::FunctionName::square:
      return Helper::square;
    case model::FunctionName::abs:
      return Helper::abs;
    case model::FunctionName::reciprocal:
      return Helper::reciprocal;
  }
  throw std::logic_error("function without device code");
}

void copy_run(const StepCode& code, std::size_t n) {
  if (code.from.array == code.to.array) return;
  code.out.line("for (size_t i = 0; i < {}; ++i) {} = (float){};", n, code.result("i"), code.in("i"));
}

std::string start_of_run(const StepCode& code) {
  return code.first == 0 ? code.to.array : fmt::format("{} + {}", code.to.array, code.first);
}

std::string limit(double value) { return rounded_literal(value, "quantiles"); }

/// Where a normal distribution ends: next to its ends a value counts as beyond them.
void print_normal_ends(const StepCode& code, const std::vector<double>& quantiles) {
  constexpr double margin = 1e-7;
  const double low = model::smallest_at_least(NumberType::float32, quantiles.front() + margin);
  const double high = model::largest_at_most(NumberType::float32, quantiles.back() - margin);
  const double end = -model::normal_quantile(margin - std::numeric_limits<double>::epsilon());
  code.out.line("if (z < {}) {{", limit(low));
  code.out.line("  y = {};", float_literal(model::round_to(NumberType::float32, -end)));
  code.out.line("}} else if (z > {}) {{", limit(high));
  code.out.line("  y = {};", float_literal(model::round_to(NumberType::float32, end)));
  code.out.line("}} else {{");
  code.out.line("  y = {}(y);", helper_name(Helper::normal_quantile, code.names));
  code.out.line("  if (y < {0}) y = {0};", float_literal(model::round_to(NumberType::float32, -end)));
  code.out.line("  if (y > {0}) y = {0};", float_literal(model::round_to(NumberType::float32, end)));
  code.out.line("}}");
}

/// The expression that reads an element of a table.
using Element = std::function<std::string(std::string_view index)>;

Element element_of(std::string read) {
  return
      [read = std::move(read)](std::string_view index) { return std::string(read).replace(read.find('@'), 1, index); };
}

/// Sets y to the share at z, which lies between the first of n quantiles and the last one.
void print_interpolation(const StepCode& code, const Element& q, const Element& r, std::size_t n) {
  code.out.line("size_t low = 0, high = {};", n - 1);
  code.out.line("while (high - low > 1) {{");
  code.out.line("  const size_t middle = (low + high) / 2;");
  code.out.line("  if ({} <= z) {{", q("middle"));
  code.out.line("    low = middle;");
  code.out.line("  }} else {{");
  code.out.line("    high = middle;");
  code.out.line("  }}");
  code.out.line("}}");
  code.out.line("y = {0} + (z - {1}) * (({2} - {0}) / ({3} - {1}));", r("low"), q("low"), r("high"), q("high"));
  code.out.line("if (z == {}) {{", q("low"));
  code.out.line("  high = low; /* equal quantiles: the mean of both ends */");
  code.out.line("  while ({} == z) --low;", q("low - 1"));
  code.out.line("  y = 0.5f * ({} + {});", r("low"), r("high"));
  code.out.line("}}");
}

void print_share(const StepCode& code, const model::Quantile& quantile, std::size_t column) {
  const std::vector<double>& quantiles = quantile.quantiles[column];
  const std::size_t n = quantiles.size();
  const Element q = element_of(code.floats(fmt::format("quantiles{}", column), quantiles, "@"));
  const Element r =
      element_of(fmt::format("{}READ_F32(&{}{}references_[@])", code.names.macro, code.names.symbol, code.prefix));
  code.out.line("if (z == z) {{");
  {
    const auto body = code.out.indent();
    code.out.line("float y = 0.0f;");
    code.out.line("if (z >= {}) {{", q(fmt::to_string(n - 1)));
    code.out.line("  y = 1.0f;");
    code.out.line("}} else if (z > {}) {{", q("0"));
    {
      const auto between = code.out.indent();
      print_interpolation(code, q, r, n);
    }
    code.out.line("}}");
    if (quantiles.front() >= quantiles.back()) code.out.line("if (z <= {}) y = 0.0f;", q("0"));
    if (quantile.output == model::QuantileOutput::normal) print_normal_ends(code, quantiles);
    code.out.line("z = y;");
  }
  code.out.line("}}");
  code.out.line("{} = z;", code.result(fmt::to_string(column)));
}

}  // namespace

void print_function(const StepCode& code, const model::Function& function) {
  const auto n = static_cast<std::size_t>(function.n_columns);
  copy_run(code, n);
  const Helper helper = helper_of(function.function);
  code.core.helpers.insert(helper);
  code.out.line("{}({}, {});", helper_name(helper, code.names), start_of_run(code), n);
}

void print_power(const StepCode& code, const model::Power& power) {
  const Helper helper = power.method == model::PowerMethod::yeo_johnson ? Helper::yeo_johnson : Helper::box_cox;
  code.core.helpers.insert(helper);
  code.each(power.lambdas.size(), [&] {
    code.out.line("{} = {}(z, {});", code.result("i"), helper_name(helper, code.names),
                  code.floats("lambdas", power.lambdas, "i"));
  });
}

void print_quantile(const StepCode& code, const model::Quantile& quantile) {
  if (quantile.output == model::QuantileOutput::normal) code.core.helpers.insert(Helper::normal_quantile);
  static_cast<void>(code.floats("references", quantile.references, "0"));
  for (std::size_t i = 0; i < quantile.quantiles.size(); ++i) {
    code.one(i, [&] { print_share(code, quantile, i); });
  }
}

void print_normalize(const StepCode& code, const model::Normalize& normalize) {
  const auto n = static_cast<std::size_t>(normalize.n_columns);
  copy_run(code, n);
  const Helper helper = normalize.norm == model::Norm::l1   ? Helper::normalize_l1
                        : normalize.norm == model::Norm::l2 ? Helper::normalize_l2
                                                            : Helper::normalize_max;
  code.core.helpers.insert(helper);
  code.out.line("{}({}, {});", helper_name(helper, code.names), start_of_run(code), n);
}

}  // namespace emlc::c
