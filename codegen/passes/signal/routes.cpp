#include "codegen/passes/signal/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/signal/operation.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::passes {
namespace {

using namespace signal;

const Signal& at(const Plan& plan, std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)]; }

Link divided(Wide divisor) { return {.kind = Link::Kind::ratio, .factor = divisor}; }
Link affine(Wide factor, Wide addend) { return {.kind = Link::Kind::affine, .factor = factor, .addend = addend}; }
const Link root = {.kind = Link::Kind::root};

bool is_order(Part part) { return part == Part::lowest || part == Part::highest || part == Part::order; }

/// The part that a statistic is the monotone end of.
std::optional<Route> start_of(const Feature& feature, std::size_t n_samples) {
  const auto n = static_cast<Wide>(n_samples);
  const auto of_part = [&](Part part, std::vector<Link> links) {
    return Route{.part = part, .of = feature.of, .links = std::move(links)};
  };
  // An integer that is too long for a feature leaves as the float32 nearest to it.
  const auto whole = [&](Part part) {
    return of_part(part, feature.is_integer ? std::vector<Link>{} : std::vector{divided(1)});
  };
  const auto placed = [&](double q) {
    Route route = whole(Part::order);
    route.place = static_cast<std::int32_t>(order_place(q, n_samples));
    return route;
  };
  switch (feature.statistic) {
    case Statistic::mean:
      return of_part(Part::sum, {divided(n)});
    case Statistic::sum:
      return whole(Part::sum);
    case Statistic::energy:
      return whole(Part::energy);
    case Statistic::rms:
      return of_part(Part::energy, {divided(n), root});
    case Statistic::mean_absolute:
      return of_part(Part::absolutes, {divided(n)});
    case Statistic::variance:
      return of_part(Part::spread, {divided(n * n)});
    case Statistic::deviation:
      return of_part(Part::spread, {divided(n * n), root});
    case Statistic::waveform_length:
      return whole(Part::jumps);
    case Statistic::minimum:
      return whole(Part::lowest);
    case Statistic::maximum:
      return whole(Part::highest);
    case Statistic::median:
      return placed(0.5);
    case Statistic::quantile:
      if (feature.is_linear) return std::nullopt;
      return placed(feature.quantile);
    default:  // no one integer is behind it, or it is that integer itself
      return std::nullopt;
  }
}

/// The signal of an operation on the same operands, appended where there is none; nothing where it would need more bits
/// than a signal may have.
std::optional<std::int32_t> find_or_append(Plan& plan, const Signal& like, Operation operation) {
  for (std::size_t index = 0; index < plan.signals.size(); ++index) {
    const Signal& signal = plan.signals[index];
    if (signal.operation == operation && signal.from == like.from && signal.length == like.length) {
      return static_cast<std::int32_t>(index);
    }
  }
  const auto is_integer = [&](std::int32_t index) { return at(plan, index).is_integer; };
  if (!std::all_of(like.from.begin(), like.from.end(), is_integer)) return std::nullopt;
  const std::string_view suffix = info(operation).name;
  Signal signal{.name = fmt::format("{}_{}", like.name, suffix),
                .operation = operation,
                .from = like.from,
                .length = like.length,
                .path = like.path,
                .stride = like.stride};
  const Numbers numbers = info(operation).numbers(plan, signal);
  if (!numbers.is_integer || bits_of(numbers.range) > most_sample_bits) return std::nullopt;
  signal.range = numbers.range;
  plan.signals.push_back(std::move(signal));
  return static_cast<std::int32_t>(plan.signals.size() - 1);
}

/// In front of what the route has.
Route through(const Route& route, std::int32_t operand, std::vector<Link> links, bool falls = false) {
  Route next = route;
  next.of = operand;
  links.insert(links.end(), route.links.begin(), route.links.end());
  next.links = std::move(links);
  if (falls && route.part != Part::order) next.part = route.part == Part::lowest ? Part::highest : Part::lowest;
  return next;
}

/// A gain that rounds to 0 would make NaN of infinity, an offset beyond float32 of what comes to the other end.
std::optional<Link> scale_link(const Signal& signal) {
  if (signal.gain == 0.0) return std::nullopt;
  if (signal.is_integer) return affine(static_cast<Wide>(signal.gain), static_cast<Wide>(signal.offset));
  const Link link{
      .kind = Link::Kind::scale, .gain = static_cast<float>(signal.gain), .offset = static_cast<float>(signal.offset)};
  const bool is_usual = link.gain != 0.0F && std::isfinite(link.gain) && std::isfinite(link.offset);
  return is_usual ? std::optional(link) : std::nullopt;
}

/// An order statistic of a monotone function of each sample is the function of an order statistic.
std::optional<Route> order_through(Plan& plan, const Route& route, std::size_t n) {
  const Signal signal = at(plan, route.of);
  switch (signal.operation) {
    case Operation::scale: {
      const std::optional<Link> link = scale_link(signal);
      if (!link) return std::nullopt;
      Route next = through(route, signal.from.front(), {*link}, is_falling(std::vector{*link}));
      if (is_falling(std::vector{*link})) next.place = static_cast<std::int32_t>(n) - 1 - route.place;
      return next;
    }
    case Operation::clip:
      return through(route, signal.from.front(),
                     {{.kind = Link::Kind::clip, .minimum = signal.minimum, .maximum = signal.maximum}});
    case Operation::norm2:
      if (const auto squares = find_or_append(plan, signal, Operation::norm2_squared)) {
        return through(route, *squares, {divided(1), root});
      }
      return std::nullopt;
    case Operation::moving_average:
      if (const auto sums = find_or_append(plan, signal, Operation::moving_sum)) {
        return through(route, *sums, {divided(signal.length)});
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

/// Sums of a signal that are sums of its operand.
std::optional<Route> sum_through(const Plan& plan, const Route& route, std::size_t n) {
  const Signal& signal = at(plan, route.of);
  if (signal.from.size() != 1 || !signal.is_integer || signal.is_of_window) return std::nullopt;
  const std::int32_t operand = signal.from.front();
  Route next = through(route, operand, {});
  const auto gain = static_cast<Wide>(signal.gain), offset = static_cast<Wide>(signal.offset);
  switch (signal.operation) {
    case Operation::scale:
      if (gain == 0) return std::nullopt;
      if (route.part == Part::sum) return through(route, operand, {affine(gain, static_cast<Wide>(n) * offset)});
      if (route.part == Part::spread) return through(route, operand, {affine(gain * gain, 0)});
      if (route.part == Part::jumps) return through(route, operand, {affine(gain < 0 ? -gain : gain, 0)});
      return std::nullopt;
    case Operation::absolute:
    case Operation::norm1:
      next.part = Part::absolutes;
      return route.part == Part::sum ? std::optional(next) : std::nullopt;
    case Operation::square:
    case Operation::norm2_squared:
      next.part = Part::energy;
      return route.part == Part::sum ? std::optional(next) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// What a key can be of n integers of a signal; nothing where its sums would be too long.
std::optional<Range> range_of(const Plan& plan, const Route& route) {
  const Range& x = at(plan, route.of).range;
  const auto n = static_cast<Wide>(window_samples(plan, at(plan, route.of)));
  const auto largest = static_cast<double>(magnitude(x)), size = static_cast<double>(n);
  const bool is_square = route.part == Part::spread || route.part == Part::energy;
  const StatisticInfo& row = info(is_square                   ? Statistic::variance
                                  : route.part == Part::jumps ? Statistic::waveform_length
                                                              : Statistic::mean);
  if (row.largest_sum(largest, size) >= std::ldexp(1.0, most_sum_bits - 1)) return std::nullopt;
  const Wide distance = x.highest - x.lowest;
  switch (route.part) {
    case Part::sum:
      return Range{n * x.lowest, n * x.highest};
    case Part::energy:
      return Range{0, n * magnitude(x) * magnitude(x)};
    case Part::absolutes:
      return Range{0, n * magnitude(x)};
    case Part::spread:  // the sum over all pairs of (x - y)^2, most where half of them are at each end
      return Range{0, n * n / 4 * distance * distance};
    case Part::jumps:
      return Range{0, (n - 1) * distance};
    default:
      return x;
  }
}

class Finder {
 public:
  Finder(Plan& plan, const std::vector<char>& is_used) : plan_(plan), stuck_(plan.signals.size(), 0) {
    // What cannot be taken of another signal keeps its own: nothing is taken from there then that needs the same.
    for (std::size_t index = 0; index < plan.features.size(); ++index) {
      const Feature& feature = plan.features[index];
      if (is_used[index] == 0) continue;
      const std::optional<Route> start = start_of(feature, samples(feature.of));
      if (start && step(*start)) continue;
      Needs needs = info(feature.statistic).needs;
      if ((needs & need_variance) != 0) needs |= need_sum | need_energy;
      if ((needs & need_sorted) != 0) needs |= need_order;
      for (const std::int32_t of : {feature.of, feature.other}) {
        if (of >= 0) stuck_[static_cast<std::size_t>(of)] |= needs;
      }
    }
  }

  std::optional<Route> find(const Feature& feature) {
    std::optional<Route> route = start_of(feature, samples(feature.of));
    if (!route || (!at(plan_, route->of).is_integer && !is_order(route->part))) return std::nullopt;
    std::optional<Route> best;
    while (route) {
      if (at(plan_, route->of).is_integer) keep(*route, best);
      const Needs own =
          static_cast<std::size_t>(route->of) < stuck_.size() ? stuck_[static_cast<std::size_t>(route->of)] : 0;
      const Needs needs = needs_of(route->part) | (is_order(route->part) ? need_order : Needs{0});
      if ((own & needs) != 0) break;
      route = step(*route);
    }
    return best;
  }

 private:
  [[nodiscard]] std::size_t samples(std::int32_t index) const { return window_samples(plan_, at(plan_, index)); }

  std::optional<Route> step(const Route& route) {
    return is_order(route.part) ? order_through(plan_, route, samples(route.of))
                                : sum_through(plan_, route, samples(route.of));
  }

  /// The ends of an order are extremes.
  void keep(Route route, std::optional<Route>& best) const {
    const auto n = static_cast<std::int32_t>(samples(route.of));
    if (route.part == Part::order && route.place == n - 1) route.part = Part::highest;
    if (route.part == Part::order && route.place == 0) route.part = Part::lowest;
    if (route.part != Part::order) route.place = 0;
    const std::optional<Range> range = range_of(plan_, route);
    if (!range) return;
    route.range = *range;
    best = std::move(route);
  }

  Plan& plan_;
  std::vector<Needs> stuck_;
};

}  // namespace

std::vector<std::optional<Route>> routes_of(Plan& plan, const std::vector<char>& is_used) {
  Finder finder(plan, is_used);
  std::vector<std::optional<Route>> routes;
  for (std::size_t index = 0; index < plan.features.size(); ++index) {
    routes.push_back(is_used[index] != 0 ? finder.find(plan.features[index]) : std::nullopt);
  }
  return routes;
}

}  // namespace emlc::passes
