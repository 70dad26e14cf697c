#include "codegen/signal/cost.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "codegen/signal/level/level_cost.hpp"
#include "codegen/signal/parts.hpp"
#include "codegen/signal/spectrum/spectrum_cost.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::signal {
namespace {

/// The width that a computation has: of integers up to so many bits, or float32.
enum Width { narrow, wide, widest, real };

/// Instructions by Width.
using Weights = std::array<double, 4>;

constexpr Weights add = {1, 2, 6, 75}, multiply = {1, 45, 140, 65}, compare = {3, 6, 14, 30};
/// Of a sample of a window: to load it, and to count.
constexpr Weights walk = {4, 5, 8, 4};
constexpr double divide = 180, root = 550, convert = 60;

Width width_of(bool is_integer, double largest) {
  if (!is_integer) return real;
  return largest < 0x1p31 ? narrow : largest < 0x1p63 ? wide : widest;
}

std::size_t bytes_of(Width width) { return width == wide ? 8 : width == widest ? 16 : 4; }

std::size_t sample_bytes(const Signal& signal) {
  return signal.is_integer ? static_cast<std::size_t>(variable_bits(signal.range)) / 8 : 4;
}

Width sample_width(const Signal& signal) {
  return width_of(signal.is_integer, static_cast<double>(magnitude(signal.range)));
}

const Signal& at(const Plan& plan, std::int32_t index) { return plan.signals[static_cast<std::size_t>(index)]; }

double filter_instructions(const Signal& signal) {
  const auto n = static_cast<double>(signal.filter.sections.size());
  if (signal.arithmetic == model::Arithmetic::float32) return n * (5 * multiply[real] + 4 * add[real]);
  const bool is_short = model::info(signal.arithmetic).sample_bits == 16;
  return n * (is_short ? 45.0 : 5 * multiply[wide] + 30);
}

double operation_instructions(const Plan& plan, const Signal& signal) {
  const Width in = sample_width(at(plan, signal.from.front())), out = sample_width(signal);
  const auto n = static_cast<double>(signal.from.size());
  switch (signal.operation) {
    case Operation::channel:
      return 0;
    case Operation::difference:
      return 4 + add[out];
    case Operation::absolute:
      return 3 + compare[out];
    case Operation::square:
      return 2 + multiply[out];
    case Operation::norm1:
      return n * (3 + compare[in] + add[out]);
    case Operation::norm2:
      return n * (2 + multiply[in == real ? real : wide] + add[in == real ? real : wide]) + convert + root;
    case Operation::norm2_squared:
      return n * (2 + multiply[out] + add[out]);
    case Operation::dot:
      return n / 2 * (4 + multiply[out] + add[out]);
    case Operation::scale:
      return 2 + multiply[out] + add[out] + (in == real || out != real ? 0 : convert);
    case Operation::clip:
      return 2 * compare[out];
    case Operation::median3:
      return 6 + 3 * compare[out];
    case Operation::median5:
      return 10 + 8 * compare[out];
    case Operation::moving_sum:
    case Operation::moving_average: {
      const double sum = in == real ? signal.length * (4 + add[real]) : 12 + 2 * add[out == real ? wide : out];
      return sum + (signal.operation == Operation::moving_average ? divide + convert : 0);
    }
    case Operation::decimate:
      return 5;
    case Operation::remove_mean:
      return add[real] + (in == real ? 0 : multiply[wide] + convert + divide);
    case Operation::cumulative_sum:
      return 4 + add[out];
    case Operation::sos:
    case Operation::weighting:
    case Operation::mean_square:
    case Operation::time_weighting:
      return is_filter(signal) ? filter_instructions(signal) : level_cost(signal).instructions;
  }
  return 0;
}

/// Samples that an operation remembers.
std::size_t remembered(const Signal& signal) {
  switch (signal.operation) {
    case Operation::difference:
      return 1;
    case Operation::median3:
      return 2;
    case Operation::median5:
      return 4;
    case Operation::moving_sum:
    case Operation::moving_average:
      return static_cast<std::size_t>(signal.length);
    default:
      return 0;
  }
}

/// Instructions of the parts of one window, and bytes of what is kept of it instead of samples.
struct PartCost {
  const Signal& signal;
  double n, largest;
  double instructions = 0.0;
  std::size_t sums = 0;

  [[nodiscard]] Width width(int power) const { return width_of(signal.is_integer, n * std::pow(largest, power)); }
  void sum(int power, double of_sample) {
    const Width own = width(power);
    instructions += n * (walk[own] + of_sample + add[own]);
    sums += bytes_of(own);
  }
};

Needs expanded(Needs needs, bool is_integer) {
  if ((needs & (need_third | need_fourth)) != 0) needs |= need_variance;
  if (is_integer && (needs & need_variance) != 0) needs |= need_sum | need_energy;
  if ((needs & need_counts) != 0) needs |= need_sum;
  return needs;
}

void add_parts(PartCost& cost, Needs needs) {
  const Width own = sample_width(cost.signal);
  if ((needs & need_sum) != 0) cost.sum(1, 0);
  if ((needs & need_energy) != 0) cost.sum(2, multiply[cost.width(2)]);
  if ((needs & need_absolutes) != 0) cost.sum(1, compare[own]);
  if ((needs & need_jumps) != 0) cost.sum(1, add[own] + compare[own]);
  if (!cost.signal.is_integer && (needs & need_variance) != 0) cost.sum(2, 4 * add[real] + multiply[real]);
  if ((needs & need_third) != 0) cost.sum(3, 2 * multiply[cost.width(3)]);
  if ((needs & need_fourth) != 0) cost.sum(4, 2 * multiply[cost.width(4)]);
  if ((needs & need_jump_variance) != 0) cost.sum(2, add[own] + multiply[cost.width(2)]);
  if ((needs & need_bend_variance) != 0) cost.sum(2, 2 * add[own] + multiply[cost.width(2)]);
  if ((needs & need_extremes) != 0) {
    cost.instructions += cost.n * (walk[own] + 2 * compare[own]);
    cost.sums += 2 * sample_bytes(cost.signal);
  }
  if ((needs & need_place) != 0) cost.sums += 2;
  if ((needs & need_counts) != 0) cost.instructions += cost.n * (walk[own] + 3 * compare[own]);
  if ((needs & (need_order | need_sorted)) != 0) {
    cost.instructions += cost.n * (walk[own] + std::log2(cost.n + 1) * (4 + compare[own]));
  }
}

/// What makes the number of a feature of the parts of its window.
double end_instructions(const Feature& feature, double n) {
  const double ratio = 2 * convert + divide;
  if (is_level(feature.statistic)) return ratio + logarithm_instructions;
  switch (feature.statistic) {
    case Statistic::mean:
    case Statistic::mean_absolute:
    case Statistic::mean_crossings:
      return ratio;
    case Statistic::variance:
      return ratio + 3 * multiply[widest];
    case Statistic::deviation:
      return ratio + 3 * multiply[widest] + root;
    case Statistic::rms:
    case Statistic::crest_factor:
      return ratio + root;
    case Statistic::skewness:
    case Statistic::kurtosis:
    case Statistic::mobility:
    case Statistic::complexity:
      return 3 * ratio + root + 8 * multiply[widest];
    case Statistic::correlation:
    case Statistic::autocorrelation:
      return n * (walk[wide] + multiply[wide] + add[wide]) + 3 * ratio + 2 * root;
    case Statistic::entropy:
      return n * (walk[narrow] + std::log2(static_cast<double>(feature.edges.size()) + 1) * 8) +
             static_cast<double>(feature.edges.size() + 1) * add[real] + divide;
    case Statistic::quantile:
      return feature.is_linear ? 2 * convert + multiply[real] + add[real] : 20;
    case Statistic::mad:
      return n / 2 * 20;
    case Statistic::spectral:
      return taken_instructions(feature.spectrum);
    default:
      return feature.is_integer ? 10 : convert;
  }
}

/// Sums of integers and extremes of any numbers can be kept for each hop; all else looks at the samples again.
bool needs_samples(const Feature& feature, const Signal& signal) {
  constexpr Needs of_samples = need_order | need_sorted | need_counts;
  constexpr Needs merged = need_extremes | need_place;
  const Needs needs = info(feature.statistic).needs;
  if ((needs & of_samples) != 0 || signal.is_of_window || feature.statistic == Statistic::spectral) return true;
  if (!signal.is_integer) return (needs & ~merged) != 0 || feature.statistic == Statistic::entropy;
  return feature.statistic == Statistic::autocorrelation;
}

std::size_t panes(const Plan& plan) {
  const Window& window = plan.window;
  if (window.length % window.hop != 0) return 1;
  return static_cast<std::size_t>(window.length / window.hop);
}

PartCost parts_of_window(const Plan& plan, const Signal& signal, Needs needs) {
  PartCost cost{signal, static_cast<double>(window_samples(plan, signal)),
                signal.is_integer ? static_cast<double>(magnitude(signal.range)) : 0.0};
  add_parts(cost, expanded(needs, signal.is_integer));
  return cost;
}

/// The signal whose samples a window keeps: of one of the window that of the stream.
const Signal& kept(const Plan& plan, const Signal& signal) {
  return signal.is_of_window ? at(plan, signal.from.front()) : signal;
}

}  // namespace

Cost signal_cost(const Plan& plan, const Signal& signal) {
  if (signal.operation == Operation::channel) return {};
  Cost cost{.instructions = operation_instructions(plan, signal) / signal.stride};
  const Signal& operand = at(plan, signal.from.front());
  cost.ram = signal.operation == Operation::decimate ? 2 : remembered(signal) * sample_bytes(operand);
  if (is_of_levels(signal.operation)) cost.ram = level_cost(signal).ram;
  if (is_filter(signal)) {
    const std::size_t words = signal.arithmetic == model::Arithmetic::float32 ? 8 : 2 * 2 * sample_bytes(signal);
    cost.ram = signal.filter.sections.size() * words;
  }
  return cost;
}

Cost feature_cost(const Plan& plan, const Feature& feature) {
  const Signal& signal = at(plan, feature.of);
  Cost cost;
  const auto add_signal = [&](const Signal& one) {
    const PartCost parts = parts_of_window(plan, one, info(feature.statistic).needs);
    cost.instructions += parts.instructions;
    const Signal& samples = kept(plan, one);
    cost.ram +=
        needs_samples(feature, one) ? window_samples(plan, samples) * sample_bytes(samples) : parts.sums * panes(plan);
  };
  add_signal(signal);
  if (feature.statistic == Statistic::spectral) cost.instructions += form_instructions(signal, feature.spectrum);
  if (feature.other >= 0) add_signal(at(plan, feature.other));
  if (feature.statistic == Statistic::entropy && !needs_samples(feature, signal)) {
    cost.ram += (feature.edges.size() + 1) * 2 * panes(plan);
  }
  if (feature.statistic == Statistic::correlation && !needs_samples(feature, signal)) cost.ram += 16 * panes(plan);
  cost.instructions += end_instructions(feature, static_cast<double>(window_samples(plan, signal)));
  return cost;
}

Cost plan_cost(const Plan& plan) {
  Cost cost;
  struct Use {
    Needs needs = 0;
    bool is_used = false, keeps_samples = false;
  };
  std::vector<Use> uses(plan.signals.size());
  std::set<std::pair<std::int32_t, SpectrumForm>> forms;
  for (const Feature& feature : plan.features) {
    for (const std::int32_t index : {feature.of, feature.other}) {
      if (index < 0) continue;
      Use& use = uses[static_cast<std::size_t>(index)];
      use.is_used = true;
      use.needs |= info(feature.statistic).needs;
      use.keeps_samples = use.keeps_samples || needs_samples(feature, at(plan, index));
    }
    cost.instructions += end_instructions(feature, static_cast<double>(window_samples(plan, at(plan, feature.of))));
    if (feature.statistic == Statistic::spectral && forms.emplace(feature.of, feature.spectrum.form).second) {
      cost.instructions += form_instructions(at(plan, feature.of), feature.spectrum);
    }
  }
  for (std::size_t index = 0; index < uses.size(); ++index) {
    const Signal& signal = plan.signals[index];
    const Cost own = signal_cost(plan, signal);
    cost.ram += own.ram;
    cost.instructions += own.instructions * (signal.is_of_window ? plan.window.length : plan.window.hop);
    if (!uses[index].is_used) continue;
    const PartCost parts = parts_of_window(plan, signal, uses[index].needs);
    cost.instructions += parts.instructions;
    const Signal& samples = kept(plan, signal);
    cost.ram +=
        uses[index].keeps_samples ? window_samples(plan, samples) * sample_bytes(samples) : parts.sums * panes(plan);
  }
  return cost;
}

}  // namespace emlc::signal
