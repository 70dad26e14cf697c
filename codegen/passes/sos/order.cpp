#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <set>
#include <utility>

#include "codegen/passes/sos/design.hpp"

namespace emlc::passes {
namespace {

using model::SosCascade;
using model::SosRounding;
using model::SosSection;

using Powers = std::vector<double>;  ///< |.|^2 at each frequency

/// The sections at the frequencies that matter, as factors that may be combined anew.
struct Parts {
  std::vector<double> widths;  ///< of the bands around the frequencies
  Powers error;                ///< of a rounding error before the poles
  std::vector<Powers> numerators, denominators;
};

/// b0 of a section, or b1 or b2 where those before are 0.
double first_coefficient(const SosSection& s) { return s.b0 != 0.0 ? s.b0 : (s.b1 != 0.0 ? s.b1 : s.b2); }

Parts parts_of(const SosCascade& cascade, SosRounding rounding) {
  const std::vector<double> frequencies = model::response_frequencies(cascade, {});
  Parts parts;
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double low = i == 0 ? 0.0 : frequencies[i - 1];
    const double high = i + 1 == frequencies.size() ? 0.5 : frequencies[i + 1];
    parts.widths.push_back((high - low) / 2.0);
    const double sine = 2.0 * std::sin(std::numbers::pi * frequencies[i]);
    parts.error.push_back(rounding == SosRounding::feedback ? sine * sine : 1.0);
  }
  for (const SosSection& s : cascade.sections) {
    const SosCascade numerator{.sections = {{.b0 = s.b0, .b1 = s.b1, .b2 = s.b2}}};
    const SosCascade all_pole{.sections = {{.a1 = s.a1, .a2 = s.a2}}};
    parts.numerators.emplace_back();
    parts.denominators.emplace_back();
    for (const double frequency : frequencies) {
      parts.numerators.back().push_back(std::pow(model::gain(numerator, frequency), 2.0));
      parts.denominators.back().push_back(std::pow(model::gain(all_pole, frequency), 2.0));
    }
  }
  return parts;
}

/// Which numerator and which denominator each section has.
struct Order {
  std::vector<std::size_t> zeros, poles;
};

/// Power of the rounding noise at the output, but for a factor that all orders share.
double noise(const Parts& parts, const Order& order) {
  const std::size_t n = order.poles.size(), n_frequencies = parts.widths.size();
  Powers behind(n_frequencies, 1.0);  // from the output of a section to that of the cascade
  std::vector<double> arriving(n, 0.0);
  for (std::size_t section = n; section-- > 0;) {
    const Powers& poles = parts.denominators[order.poles[section]];
    const Powers& zeros = parts.numerators[order.zeros[section]];
    for (std::size_t i = 0; i < n_frequencies; ++i) {
      arriving[section] += parts.widths[i] * parts.error[i] * poles[i] * behind[i];
      behind[i] *= poles[i] * zeros[i];
    }
  }
  // A section that may peak at 1 is amplified by what follows it: the peak of what it would have without scaling.
  Powers before(n_frequencies, 1.0);
  double sum = arriving[n - 1];
  for (std::size_t section = 0; section + 1 < n; ++section) {
    for (std::size_t i = 0; i < n_frequencies; ++i) {
      before[i] *= parts.denominators[order.poles[section]][i] * parts.numerators[order.zeros[section]][i];
    }
    sum += arriving[section] * *std::max_element(before.begin(), before.end());
  }
  return sum;
}

using List = std::vector<std::size_t> Order::*;  ///< zeros or poles

/// Swaps two entries, in all of `lists` at once, where that makes less noise; true when any did.
bool improve(const Parts& parts, Order& order, std::initializer_list<List> lists, double& least) {
  constexpr double worth_it = 0.99;
  const std::size_t n = order.poles.size();
  bool is_better = false;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      Order other = order;
      for (const List list : lists) std::swap((other.*list)[i], (other.*list)[j]);
      const double found = noise(parts, other);
      if (!(found < worth_it * least)) continue;
      order = std::move(other);
      least = found;
      is_better = true;
    }
  }
  return is_better;
}

/// a0 is 1, and the coefficients of x start with 1; the gain that this takes away goes to the first section.
SosCascade normalised(const SosCascade& cascade) {
  SosCascade result = cascade;
  double gain = 1.0;
  for (SosSection& s : result.sections) {
    const double first = first_coefficient(s);
    const double scale = first == 0.0 ? 1.0 : first;
    gain *= scale / s.a0;
    s = {s.b0 / scale, s.b1 / scale, s.b2 / scale, 1.0, s.a1 / s.a0, s.a2 / s.a0};
  }
  SosSection& s = result.sections.front();
  s.b0 *= gain;
  s.b1 *= gain;
  s.b2 *= gain;
  return result;
}

Order as_given(const SosCascade& cascade) {
  Order order;
  for (std::size_t i = 0; i < cascade.sections.size(); ++i) {
    order.zeros.push_back(i);
    order.poles.push_back(i);
  }
  return order;
}

/// Swaps as long as they win.
Order improved(const Parts& parts, Order order) {
  constexpr std::size_t most_sections = 16;  // beyond, a search takes long for filters that nobody has
  const std::size_t n = order.poles.size();
  double least = noise(parts, order);
  bool is_better = n > 1 && n <= most_sections;
  while (is_better) {
    is_better = improve(parts, order, {&Order::poles, &Order::zeros}, least);
    is_better = improve(parts, order, {&Order::zeros}, least) || is_better;
    is_better = improve(parts, order, {&Order::poles}, least) || is_better;
  }
  return order;
}

SosCascade in_order(const SosCascade& flat, const Order& order) {
  SosCascade result = flat;
  for (std::size_t i = 0; i < flat.sections.size(); ++i) {
    const SosSection& zeros = flat.sections[order.zeros[i]];
    const SosSection& poles = flat.sections[order.poles[i]];
    result.sections[i] = {zeros.b0, zeros.b1, zeros.b2, 1.0, poles.a1, poles.a2};
  }
  return normalised(result);
}

std::vector<Order> all_orders(const Order& sorted) {
  std::vector<Order> orders;
  Order order = sorted;
  do {
    order.zeros = sorted.zeros;
    do {
      orders.push_back(order);
    } while (std::next_permutation(order.zeros.begin(), order.zeros.end()));
  } while (std::next_permutation(order.poles.begin(), order.poles.end()));
  return orders;
}

std::vector<Order> neighbours(const Order& order) {
  static constexpr std::array<std::array<List, 2>, 3> lists = {
      {{&Order::poles, &Order::zeros}, {&Order::zeros, nullptr}, {&Order::poles, nullptr}}};
  std::vector<Order> orders = {order};
  for (std::size_t i = 0; i < order.poles.size(); ++i) {
    for (std::size_t j = i + 1; j < order.poles.size(); ++j) {
      for (const auto& swapped : lists) {
        orders.push_back(order);
        for (const List list : swapped) {
          if (list != nullptr) std::swap((orders.back().*list)[i], (orders.back().*list)[j]);
        }
      }
    }
  }
  return orders;
}

/// The coefficients of all sections, which tell two orders apart.
std::vector<double> numbers_of(const SosCascade& cascade) {
  std::vector<double> numbers;
  for (const SosSection& s : cascade.sections) numbers.insert(numbers.end(), {s.b0, s.b1, s.b2, s.a1, s.a2});
  return numbers;
}

}  // namespace

SosCascade order_sections(const SosCascade& cascade, SosRounding rounding) {
  const SosCascade flat = normalised(cascade);
  return in_order(flat, improved(parts_of(flat, rounding), as_given(flat)));
}

std::vector<SosCascade> likely_orders(const SosCascade& cascade, SosRounding rounding, std::size_t count) {
  constexpr std::size_t few_sections = 4;  // with 576 orders
  const SosCascade flat = normalised(cascade);
  const Parts parts = parts_of(flat, rounding);
  const Order given = as_given(flat);
  std::vector<std::pair<double, Order>> found;
  for (Order& order : given.poles.size() <= few_sections ? all_orders(given) : neighbours(improved(parts, given))) {
    const double power = noise(parts, order);
    found.emplace_back(power, std::move(order));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  std::set<std::vector<double>> known;
  std::vector<SosCascade> orders;
  for (const auto& [power, order] : found) {
    SosCascade ordered = in_order(flat, order);
    if (orders.size() < count && known.insert(numbers_of(ordered)).second) orders.push_back(std::move(ordered));
  }
  return orders;
}

}  // namespace emlc::passes
