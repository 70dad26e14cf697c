#include <fmt/format.h>

#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/parts.hpp"

/// The parts of a window of reals: float32, one operation after the other in the order of signal::parts_of().
namespace emlc::c {
namespace {

using namespace signal;

struct Loop {
  Look& look;
  Needs needs;

  [[nodiscard]] bool has(Needs some) const { return (needs & some) != 0; }
  [[nodiscard]] bool asks(Statistic statistic) const { return c::asks(look.subject, statistic); }
  [[nodiscard]] bool has_mean() const {
    return asks(Statistic::mean) || asks(Statistic::leq) || asks(Statistic::mean_crossings);
  }
  [[nodiscard]] bool has_sum() const { return has_mean() || asks(Statistic::sum); }
  [[nodiscard]] bool has_neighbours() const {
    return has(need_jumps) || asks(Statistic::zero_crossings) || asks(Statistic::slope_sign_changes);
  }
  void line(const std::string& text) const { look.out.line("{}", text); }
  [[nodiscard]] std::string product(const std::string& a, const std::string& b) const {
    return rounded_product(look.names(), a, b);
  }
  [[nodiscard]] std::string mean(const std::string& sum) const {
    return fmt::format("{} / {}", sum, count_literal(look.n()));
  }
};

void declare_parts(const Loop& loop) {
  if (loop.has_sum()) loop.line("float sum = 0.0f;");
  if (loop.has(need_energy)) loop.line("float energy = 0.0f;");
  if (loop.has(need_absolutes)) loop.line("float absolutes = 0.0f;");
  if (loop.has(need_extremes)) loop.line("float lowest = 0.0f, highest = 0.0f;");
  if (loop.has(need_place)) loop.line("int32_t highest_at = 0;");
  if (loop.has(need_jumps)) loop.line("float jumps = 0.0f;");
  if (loop.asks(Statistic::zero_crossings)) loop.line("int32_t zero_crossings = 0;");
  if (loop.asks(Statistic::slope_sign_changes)) {
    loop.line("int32_t slope_changes = 0;");
    loop.line("float before_that = 0.0f;");
  }
  if (loop.has_neighbours()) loop.line("float before = 0.0f;");
}

void print_extremes(const Loop& loop, const std::string& x) {
  loop.look.out.line("if (i == 0) lowest = highest = {};", x);
  loop.look.out.line("if ({0} < lowest) lowest = {0};", x);
  if (loop.has(need_place)) {
    loop.look.out.line("if (highest < {0}) {{ highest = {0}; highest_at = i; }}", x);
  } else {
    loop.look.out.line("if (highest < {0}) highest = {0};", x);
  }
}

void print_sample(const Loop& loop, const std::string& x) {
  if (loop.has_sum()) loop.look.out.line("sum += {};", x);
  if (loop.has(need_energy)) loop.look.out.line("energy += {};", loop.product(x, x));
  if (loop.has(need_absolutes)) loop.look.out.line("absolutes += {0} < 0.0f ? -{0} : {0};", x);
  if (loop.has(need_extremes)) print_extremes(loop, x);
  if (!loop.has_neighbours()) return;
  loop.line("if (i > 0) {");
  if (loop.has(need_jumps)) {
    loop.look.out.line("  const float jump = {} - before;", x);
    loop.line("  jumps += jump < 0.0f ? -jump : jump;");
  }
  print_sign_changes(loop.look, x, "0.0f");
  loop.line("}");
  loop.look.out.line("before = {};", x);
}

/// The mean of a power of what is centred.
void print_moment(const Loop& loop, std::string_view name, const std::string& term) {
  loop.look.out.line("float {} = 0.0f;", name);
  loop.look.out.line("for (i = 0; i < {}; ++i) {{", loop.look.n());
  loop.line("  const float d = x[i] - x[0] - offset;");
  loop.look.out.line("  {} += {};", name, term);
  loop.line("}");
  loop.look.out.line("{0} = {0} / {1};", name, count_literal(loop.look.n()));
}

void print_moments(const Loop& loop) {
  loop.line("float offset = 0.0f;");
  loop.look.out.line("for (i = 0; i < {}; ++i) offset += x[i] - x[0];", loop.look.n());
  loop.look.out.line("offset = {};", loop.mean("offset"));
  const std::string square = loop.product("d", "d");
  print_moment(loop, "variance", square);
  if (loop.asks(Statistic::skewness)) print_moment(loop, "third", loop.product(square, "d"));
  if (loop.has(need_fourth)) print_moment(loop, "fourth", loop.product(square, square));
}

/// The variance of what `term` is for i from 0 to n - 1.
void print_variance_of(const Loop& loop, std::string_view name, std::size_t n, std::string_view term,
                       std::string_view first) {
  loop.look.out.line("float {} = 0.0f;", name);
  loop.line("{");
  loop.look.out.line("  const float first = {};", first);
  loop.line("  float mean_of = 0.0f;");
  loop.look.out.line("  for (i = 0; i < {}; ++i) mean_of += {} - first;", n, term);
  loop.look.out.line("  mean_of = mean_of / {};", count_literal(n));
  loop.look.out.line("  for (i = 0; i < {}; ++i) {{", n);
  loop.look.out.line("    const float d = {} - first - mean_of;", term);
  loop.look.out.line("    {} += {};", name, loop.product("d", "d"));
  loop.line("  }");
  loop.look.out.line("  {0} = {0} / {1};", name, count_literal(n));
  loop.line("}");
}

void print_difference_variances(const Loop& loop) {
  const std::size_t n = loop.look.n();
  const auto nothing = [&](std::string_view name) { loop.look.out.line("const float {} = 0.0f;", name); };
  if (loop.has(need_jump_variance)) {
    if (n > 1) {
      print_variance_of(loop, "jump_variance", n - 1, "(x[i + 1] - x[i])", "x[1] - x[0]");
    } else {
      nothing("jump_variance");
    }
  }
  if (!loop.has(need_bend_variance)) return;
  if (n > 2) {
    print_variance_of(loop, "bend_variance", n - 2, "((x[i + 2] - x[i + 1]) - (x[i + 1] - x[i]))",
                      "(x[2] - x[1]) - (x[1] - x[0])");
  } else {
    nothing("bend_variance");
  }
}

void print_mean_crossings(const Loop& loop) {
  loop.line("int32_t mean_crossings = 0;");
  loop.look.out.line("for (i = 1; i < {}; ++i) mean_crossings += (x[i - 1] < mean) != (x[i] < mean);", loop.look.n());
}

}  // namespace

void print_real_parts(Look& look) {
  const Loop loop{look, needs_of(look.subject)};
  declare_parts(loop);
  const auto body = [&](const std::string& sample) { print_sample(loop, sample); };
  if (needs_array(look.making, look.subject)) {
    print_window(look, look.subject.of, "x", body);
  } else {
    print_samples(look, look.subject.of, body);
  }
  if (loop.has_mean()) look.out.line("const float mean = {};", loop.mean("sum"));
  if (loop.has(any_moment)) print_moments(loop);
  print_difference_variances(loop);
  if (loop.asks(Statistic::mean_crossings)) print_mean_crossings(loop);
}

}  // namespace emlc::c
