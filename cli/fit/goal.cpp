#include "cli/fit/goal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace emlc::cli::fit {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double excess(double value, std::optional<std::size_t> limit) {
  if (!limit) return 0.0;
  const double most = static_cast<double>(*limit);
  return std::max(0.0, value - most) / most;
}

/// What may be lost. What is gained may be luck, of which hundreds of trials find some: it counts as nothing lost, and
/// what is left is how many rows have changed.
double untrusted(const Loss& loss) { return loss.highest - std::min(loss.loss, 0.0); }

}  // namespace

std::span<const Objective> all_objectives() {
  static constexpr std::array objectives = {
      Objective{"flash", "flash", " bytes", [](const Costs& costs) { return costs.flash; }},
      Objective{"ram", "RAM", " bytes", [](const Costs& costs) { return costs.ram; }},
      Objective{"comparisons", "comparisons, worst case", "",
                [](const Costs& costs) { return costs.work.comparisons.value_or(infinite); }},
      Objective{"operations", "operations", "", [](const Costs& costs) { return costs.work.operations; }},
  };
  return objectives;
}

double excess_of_costs(const Goal& goal, const Costs& costs) {
  const bool has_limit = goal.budget.flash || goal.budget.ram;
  double sum = excess(costs.flash, goal.budget.flash) + excess(costs.ram, goal.budget.ram);
  if (goal.budget.comparisons) sum += excess(costs.work.comparisons.value_or(infinite), goal.budget.comparisons);
  // What is not known is over its budget, as for convert.
  return !costs.is_known && has_limit ? std::max(sum, 1.0) : sum;
}

double excess_of_loss(const Goal& goal, const Loss& loss) {
  constexpr double least = 1e-3, rounding = 1e-12;  // a limit of 0 is a limit too
  return std::max(0.0, loss.loss - goal.max_loss - rounding) / std::max(goal.max_loss, least);
}

double excess_of_doubt(const Goal& goal, const Loss& loss) {
  constexpr double rounding = 1e-12;
  const double most = most_doubt(loss, goal.max_loss);
  return std::isinf(most) ? 0.0 : std::max(0.0, loss.highest - most - rounding) / std::max(most, goal.max_loss);
}

const Form& best_form(const Goal& goal, const Trial& trial) {
  const auto key = [&](const Form& form) {
    return std::tuple(excess_of_costs(goal, form.costs), goal.objective->value(form.costs), form.costs.flash);
  };
  return *std::min_element(trial.forms.begin(), trial.forms.end(),
                           [&](const Form& a, const Form& b) { return key(a) < key(b); });
}

std::vector<std::size_t> front_of(const Goal& goal, std::span<const Trial> trials) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (!trials[i].forms.empty()) order.push_back(i);
  }
  const auto risk = [&](std::size_t i) { return std::tuple(untrusted(trials[i].loss), trials[i].difference); };
  const auto objective = [&](std::size_t i) { return goal.objective->value(best_form(goal, trials[i]).costs); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(objective(a), risk(a), a) < std::tuple(objective(b), risk(b), b);
  });
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    if (front.empty() || risk(i) < risk(front.back())) front.push_back(i);
  }
  return front;
}

std::optional<std::size_t> best_trial(const Goal& goal, std::span<const Trial> trials) {
  const auto key = [&](const Trial& trial) {
    const Costs& costs = best_form(goal, trial).costs;
    // As if the validation part told the same as the search part.
    const double doubt = excess_of_doubt(goal, together(trial.loss, trial.loss));
    return std::tuple(excess_of_costs(goal, costs) + excess_of_loss(goal, trial.loss) + doubt,
                      goal.objective->value(costs), trial.loss.loss);
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].forms.empty()) continue;
    if (!best || key(trials[i]) < key(trials[*best])) best = i;
  }
  return best;
}

}  // namespace emlc::cli::fit
