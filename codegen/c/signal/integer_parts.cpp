#include <fmt/format.h>

#include <algorithm>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/parts.hpp"

namespace emlc::c {
namespace {

using namespace signal;

/// Prints the loop over the samples of integers.
struct Loop {
  Look& look;
  Needs needs;
  IntegerParts parts;

  [[nodiscard]] bool has(Needs some) const { return (needs & some) != 0; }
  [[nodiscard]] bool asks(Statistic statistic) const { return c::asks(look.subject, statistic); }
  /// Does a sample need the one before?
  [[nodiscard]] bool has_neighbours() const {
    return has(any_difference) || has_zero_crossings(look) || asks(Statistic::slope_sign_changes);
  }
  /// Differences add up to the last sample less the one before the first.
  [[nodiscard]] bool telescopes() const { return has_ends(look.making, look.subject.of); }
  /// Squares of 33 or 34 bits: of halves they have 32, where a word times a word gives no more.
  [[nodiscard]] bool halves() const {
    constexpr double least = 0x1p16, most = 0x1p17;
    const double bound = sample_of(look.signal(), "x").bound;
    return least <= bound && bound < most && width_of(parts.energy.bound) == 64;
  }
  [[nodiscard]] bool splits_energy() const {
    const Square square = square_of(look.names(), sample_of(look.signal(), "x"));
    return width_of(parts.energy.bound) == 128 && square.is_unsigned_word;
  }
  void line(const std::string& text) const { look.out.line("{}", text); }
  void declare(const Exact& sum) const {
    const bool is_wide = width_of(sum.bound) == 128;
    look.out.line("{} {} = {};", type_of(look.names(), sum.bound), sum.text, is_wide ? "{0, 0}" : "0");
  }
  void add(const Exact& sum, const Exact& term) const { line(add_text(look.names(), sum, term)); }
};

void declare_parts(const Loop& loop) {
  const IntegerParts& p = loop.parts;
  const std::string type = sample_type(loop.look.signal());
  const std::string_view limit = type == "int32_t" ? "INT32" : type == "uint32_t" ? "UINT32" : "INT64";
  if (loop.has(need_sum | any_moment)) loop.declare(p.sum);
  if (loop.has(need_energy | any_moment)) {
    if (loop.splits_energy()) {
      loop.line("uint64_t squares[2] = {0, 0}; /* sums of lower and upper words */");
    } else {
      loop.declare(p.energy);
      if (loop.halves()) loop.line("uint32_t odd = 0;");
    }
  }
  if (loop.has(need_third | need_fourth)) loop.declare(p.cubes);
  if (loop.has(need_fourth)) loop.declare(p.fourths);
  if (loop.has(need_absolutes)) loop.declare(p.absolutes);
  if (loop.has(need_extremes)) {
    loop.look.out.line("{0} lowest = {1}_MAX, highest = {2};", type, limit,
                       type == "uint32_t" ? "0" : fmt::format("{}_MIN", limit));
  }
  if (loop.has(need_place)) loop.line("int32_t highest_at = 0;");
  if (loop.has(need_jumps)) loop.declare(p.jumps);
  if (loop.has(need_jump_variance)) loop.declare(p.jump_energy);
  if (loop.has(need_bend_variance)) loop.declare(p.bend_energy);
  if (loop.asks(Statistic::zero_crossings)) loop.line("int32_t zero_crossings = 0;");
  if (loop.asks(Statistic::slope_sign_changes)) {
    loop.line("int32_t slope_changes = 0;");
    loop.look.out.line("{} before_that = 0;", type);
  }
  if (loop.has_neighbours()) loop.look.out.line("{} before = 0;", type);
  if (loop.has(need_bend_variance)) loop.look.out.line("{} bend_from = 0;", type_of(loop.look.names(), p.jump.bound));
}

void print_neighbours(const Loop& loop, const Exact& x, const std::string& sample) {
  const Names& names = loop.look.names();
  const IntegerParts& p = loop.parts;
  loop.line("if (i > 0) {");
  if (loop.has(any_difference)) {
    const Exact before = sample_of(loop.look.signal(), "before");
    loop.look.out.line("  const {} jump = {};", type_of(names, p.jump.bound), minus(names, x, before).text);
    if (loop.has(need_jumps)) {
      loop.line("  " + add_text(names, p.jumps, {"(jump < 0 ? -jump : jump)", p.jump.bound}));
    }
    if (loop.has(need_jump_variance)) loop.line("  " + add_square_text(names, p.jump_energy, p.jump));
    if (loop.has(need_bend_variance)) {
      const Exact bend = minus(names, p.jump, {"bend_from", p.jump.bound});
      loop.look.out.line("  const {} bend = {};", type_of(names, bend.bound), bend.text);
      loop.look.out.line("  if (i > 1) {{ {} }}", add_square_text(names, p.bend_energy, {"bend", bend.bound}));
      loop.line("  bend_from = jump;");
    }
  }
  print_sign_changes(loop.look, sample, "0");
  loop.line("}");
  loop.look.out.line("before = {};", sample);
}

/// Words of 32 bits of squares add up for themselves: two sums of 64 bits take less than one of 128. x * x is four
/// times the product of its halves, one of which has what x is odd by, and 1 where it is.
void print_square(const Loop& loop, const Exact& x) {
  const Names& names = loop.look.names();
  if (loop.splits_energy()) {
    return loop.look.out.line("{}add_square_(squares, (uint32_t){});", names.symbol, magnitude_of(x));
  }
  if (!loop.halves()) return loop.line(add_square_text(names, loop.parts.energy, x));
  loop.look.out.line("energy += (uint32_t)({0} >> 1) * (uint32_t)({0} - ({0} >> 1));", x.text);
  loop.look.out.line("odd += (uint32_t){} & 1u;", x.text);
}

void print_sample(const Loop& loop, const std::string& sample) {
  const Names& names = loop.look.names();
  const IntegerParts& p = loop.parts;
  const Exact x = sample_of(loop.look.signal(), sample);
  if (loop.has(need_sum | any_moment) && !loop.telescopes()) loop.add(p.sum, x);
  if (loop.has(need_energy | any_moment)) print_square(loop, x);
  if (loop.has(need_third | need_fourth)) loop.add(p.cubes, times(names, times(names, x, x), x));
  if (loop.has(need_fourth)) loop.add(p.fourths, times(names, times(names, x, x), times(names, x, x)));
  if (loop.has(need_absolutes)) loop.add(p.absolutes, {fmt::format("({0} < 0 ? -{0} : {0})", x.text), x.bound});
  if (loop.has(need_extremes)) {
    loop.look.out.line("if ({0} < lowest) lowest = {0};", sample);
    if (loop.has(need_place)) {
      loop.look.out.line("if (highest < {0}) {{ highest = {0}; highest_at = i; }}", sample);
    } else {
      loop.look.out.line("if (highest < {0}) highest = {0};", sample);
    }
  }
  if (loop.has_neighbours()) print_neighbours(loop, x, sample);
}

/// (n * squares - sum * sum) / (n * n)
std::string variance_text(const Names& names, std::size_t n, const Exact& sum, const Exact& squares) {
  return fmt::format("{} / {}", float_of(names, spread(names, n, squares, sum)), count_literal(n, 2));
}

void print_higher_moments(const Loop& loop) {
  const Names& names = loop.look.names();
  const IntegerParts& p = loop.parts;
  const std::size_t n = loop.look.n();
  const Exact count = constant(static_cast<std::int64_t>(n));
  const auto product = [&](const Exact& a, const Exact& b) { return times(names, a, b); };
  const Exact square = product(p.sum, p.sum), n_squared = constant(static_cast<std::int64_t>(n * n));
  if (loop.asks(Statistic::skewness)) {
    const Exact first = product(n_squared, p.cubes);
    const Exact second = product(product(constant(3), count), product(p.sum, p.energy));
    const Exact third = product(product(constant(2), p.sum), square);
    loop.look.out.line("const float third = {} / {};", float_of(names, plus(names, minus(names, first, second), third)),
                       count_literal(n, 3));
  }
  if (!loop.has(need_fourth)) return;
  const Exact a = product(product(n_squared, count), p.fourths);
  const Exact b = product(product(product(constant(4), n_squared), p.sum), p.cubes);
  const Exact c = product(product(product(constant(6), count), square), p.energy);
  const Exact d = product(product(constant(3), square), square);
  const Exact sum = minus(names, plus(names, minus(names, a, b), c), d);
  loop.look.out.line("const float fourth = {} / {};", float_of(names, sum), count_literal(n, 4));
}

/// `last - first` of what is in between: exact differences add up to it.
void print_difference_variances(const Loop& loop) {
  const Names& names = loop.look.names();
  const IntegerParts& p = loop.parts;
  const std::size_t n = loop.look.n();
  const auto sample = [&](std::size_t i) { return sample_of(loop.look.signal(), fmt::format("x[{}]", i)); };
  if (loop.has(need_jump_variance)) {
    const Exact all = n > 1 ? minus(names, sample(n - 1), sample(0)) : constant(0);
    loop.look.out.line("const float jump_variance = {};",
                       n > 1 ? variance_text(names, n - 1, all, p.jump_energy) : "0.0f");
  }
  if (!loop.has(need_bend_variance)) return;
  std::string text = "0.0f";
  if (n > 2) {
    const Exact last = minus(names, sample(n - 1), sample(n - 2)), first = minus(names, sample(1), sample(0));
    text = variance_text(names, n - 2, minus(names, last, first), p.bend_energy);
  }
  loop.look.out.line("const float bend_variance = {};", text);
}

void print_mean_crossings(const Loop& loop) {
  const Names& names = loop.look.names();
  const std::size_t n = loop.look.n();
  const Exact scaled = times(names, sample_of(loop.look.signal(), "x[i]"), constant(static_cast<std::int64_t>(n)));
  const double bound = std::max(scaled.bound, loop.parts.sum.bound);
  const std::string left = widened(names, scaled, bound), right = widened(names, loop.parts.sum, bound);
  const std::string is_low = width_of(bound) == 128 ? fmt::format("{}wide_is_less_({}, {})", names.symbol, left, right)
                                                    : fmt::format("{} < {}", left, right);
  loop.line("int32_t mean_crossings = 0;");
  loop.line("{");
  loop.line("  int was_low = 0;");
  loop.look.out.line("  for (i = 0; i < {}; ++i) {{", n);
  loop.look.out.line("    const int is_low = {};", is_low);
  loop.line("    mean_crossings += i > 0 && is_low != was_low;");
  loop.line("    was_low = is_low;");
  loop.line("  }");
  loop.line("}");
}

void print_telescoped(const Loop& loop, const Exact& first, const Exact& last) {
  const Names& names = loop.look.names();
  const Exact &sum = loop.parts.sum, all = minus(names, last, first);
  const bool is_narrower = width_of(sum.bound) < width_of(all.bound);
  loop.look.out.line("sum = {};", is_narrower ? fmt::format("({}){}", type_of(names, sum.bound), all.text)
                                              : widened(names, all, sum.bound));
}

/// What the loop has of squares becomes their sum.
void print_energy(const Loop& loop) {
  if (loop.splits_energy()) {
    return loop.look.out.line("const {0}wide energy = {0}wide_joined_(squares[0], squares[1]);",
                              loop.look.names().symbol);
  }
  if (loop.halves()) loop.line("energy = 4 * energy + odd;");
}

}  // namespace

IntegerParts integer_parts(const Signal& signal, std::size_t samples) {
  const auto m = static_cast<double>(magnitude(signal.range)), n = static_cast<double>(samples);
  return {.sum = {"sum", n * m},
          .energy = {"energy", n * m * m},
          .cubes = {"cubes", n * m * m * m},
          .fourths = {"fourths", n * m * m * m * m},
          .absolutes = {"absolutes", n * m},
          .jump = {"jump", 2 * m},
          .jumps = {"jumps", 2 * n * m},
          .jump_energy = {"jump_energy", 4 * n * m * m},
          .bend_energy = {"bend_energy", 16 * n * m * m}};
}

void print_integer_parts(Look& look) {
  const Needs extremes = extremes_of_order(look) ? Needs{need_extremes} : Needs{0};
  const Loop loop{look, needs_of(look.subject) & ~extremes, integer_parts(look.signal(), look.n())};
  declare_parts(loop);
  const auto body = [&](const std::string& sample) { print_sample(loop, sample); };
  const bool has_sum = loop.has(need_sum | any_moment) && loop.telescopes();
  const auto ends = [&](const Exact& first, const Exact& last) { print_telescoped(loop, first, last); };
  if (needs_array(look.making, look.subject)) {
    print_window(look, look.subject.of, "x", body, has_sum ? Ends(ends) : Ends{});
  } else {
    print_samples(look, look.subject.of, body, has_sum ? Ends(ends) : Ends{});
  }
  if (loop.has(need_energy | any_moment)) print_energy(loop);
  if (loop.has(any_moment)) {
    look.out.line("const float variance = {};",
                  variance_text(look.names(), look.n(), loop.parts.sum, loop.parts.energy));
  }
  print_higher_moments(loop);
  print_difference_variances(loop);
  if (loop.asks(Statistic::mean_crossings)) print_mean_crossings(loop);
}

}  // namespace emlc::c
