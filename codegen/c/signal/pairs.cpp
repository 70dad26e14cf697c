#include <fmt/format.h>

#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/parts.hpp"

/// Correlations: two windows side by side.
namespace emlc::c {
namespace {

using signal::Signal;

/// Puts the windows into x and u.
void print_windows(Look& look) {
  print_window(look, look.subject.of, "x", {});
  print_window(look, look.subject.other, "u", {});
}

std::string declared(const Look& look, const Exact& sum) {
  return fmt::format("{} {} = {};", type_of(look.names(), sum.bound), sum.text,
                     width_of(sum.bound) == 128 ? "{0, 0}" : "0");
}

void print_integer_pair(Look& look, const Signal& other) {
  const Names& names = look.names();
  const std::size_t n = look.n();
  const Exact x = sample_of(look.signal(), "x[i]"), u = sample_of(other, "u[i]");
  const auto count = static_cast<double>(n);
  const Exact sum_x = {"sum_x", count * x.bound}, sum_u = {"sum_u", count * u.bound};
  const Exact square_x = {"squares_x", count * x.bound * x.bound}, square_u = {"squares_u", count * u.bound * u.bound};
  const Exact products = {"products", count * x.bound * u.bound};
  for (const Exact& sum : {sum_x, sum_u, square_x, square_u, products}) look.out.line("{}", declared(look, sum));
  look.out.line("for (i = 0; i < {}; ++i) {{", n);
  for (const auto& [sum, term] : {std::pair{sum_x, x}, std::pair{sum_u, u}, std::pair{products, times(names, x, u)}}) {
    look.out.line("  {}", add_text(names, sum, term));
  }
  look.out.line("  {}", add_square_text(names, square_x, x));
  look.out.line("  {}", add_square_text(names, square_u, u));
  look.out.line("}}");
  const Exact size = constant(static_cast<std::int64_t>(n));
  const auto central = [&](const Exact& both, const Exact& a, const Exact& b) {
    const Exact numerator = minus(names, times(names, size, both), times(names, a, b));
    return fmt::format("{} / {}", float_of(names, numerator), count_literal(n, 2));
  };
  look.out.line("const float variance_x = {};", central(square_x, sum_x, sum_x));
  look.out.line("const float variance_u = {};", central(square_u, sum_u, sum_u));
  look.out.line("const float covariance = {};", central(products, sum_x, sum_u));
}

void print_offset(Look& look, std::string_view x) {
  look.out.line("float offset_{} = 0.0f, variance_{} = 0.0f;", x, x);
  look.out.line("for (i = 0; i < {0}; ++i) offset_{1} += {1}[i] - {1}[0];", look.n(), x);
  look.out.line("offset_{0} = offset_{0} / {1};", x, count_literal(look.n()));
}

void print_real_pair(Look& look) {
  const Names& names = look.names();
  print_offset(look, "x");
  print_offset(look, "u");
  look.out.line("float covariance = 0.0f;");
  look.out.line("for (i = 0; i < {}; ++i) {{", look.n());
  look.out.line("  const float d = x[i] - x[0] - offset_x, e = u[i] - u[0] - offset_u;");
  look.out.line("  variance_x += {};", rounded_product(names, "d", "d"));
  look.out.line("  variance_u += {};", rounded_product(names, "e", "e"));
  look.out.line("  covariance += {};", rounded_product(names, "d", "e"));
  look.out.line("}}");
  for (const std::string_view sum : {"variance_x", "variance_u", "covariance"}) {
    look.out.line("{0} = {0} / {1};", sum, count_literal(look.n()));
  }
}

}  // namespace

void print_pair(Look& look) {
  const Signal& other = at(look.making.plan.signals, look.subject.other);
  look.out.line("{} u[{}];", sample_type(other), look.n());
  print_windows(look);
  if (look.signal().is_integer) {
    print_integer_pair(look, other);
  } else {
    print_real_pair(look);
  }
  for (std::size_t index = 0; index < look.subject.features.size(); ++index) {
    print_value(look, index,
                "variance_x > 0.0f && variance_u > 0.0f ? "
                "covariance / (float)sqrtf(variance_x) / (float)sqrtf(variance_u) : 0.0f");
  }
}

}  // namespace emlc::c
