#include "cli/fit/proposals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

// note [search]
// First every dimension alone, then its single changes stacked on each other: that is near the best where dimensions
// do not meet. From there neighbours of the best point, and of points of the front near the loss that is allowed, are
// tried until they bring nothing new; then pairs of steps, one forwards and one back, which lead around a corner.

namespace emlc::cli::fit {
namespace {

/// Values of an ordered dimension to begin with: a half, three quarters and all of the way.
std::vector<std::size_t> first_values(const Dimension& dimension) {
  const std::size_t last = dimension.values.size() - 1;
  std::vector<std::size_t> values;
  for (std::size_t i = 1; i <= last; ++i) {
    const bool is_first = i == (last + 1) / 2 || i == (3 * last + 3) / 4 || i == last;
    if (dimension.order == Order::free || is_first) values.push_back(i);
  }
  return values;
}

/// Other values of a dimension: of an ordered one the next ones and some further off.
std::vector<std::size_t> other_values(const Dimension& dimension, std::size_t value) {
  std::vector<std::size_t> values;
  if (dimension.order == Order::free) {
    for (std::size_t i = 0; i < dimension.values.size(); ++i) {
      if (i != value) values.push_back(i);
    }
    return values;
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}}) {
    if (value + step < dimension.values.size()) values.push_back(value + step);
    if (value >= step) values.push_back(value - step);
  }
  if (value > 3) values.push_back(0);
  return values;
}

Choice changed(const Choice& choice, std::size_t dimension, std::size_t value) {
  Choice result = choice;
  result[dimension] = value;
  return result;
}

std::vector<Choice> neighbours(std::span<const Dimension> dimensions, const Choice& choice) {
  std::vector<Choice> all;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    for (const std::size_t value : other_values(dimensions[i], choice[i])) all.push_back(changed(choice, i, value));
  }
  return all;
}

/// One ordered dimension a step further, another one a step back.
std::vector<Choice> pairs(std::span<const Dimension> dimensions, const Choice& choice) {
  std::vector<Choice> all;
  for (std::size_t forwards = 0; forwards < dimensions.size(); ++forwards) {
    if (choice[forwards] + 1 >= dimensions[forwards].values.size()) continue;
    for (std::size_t back = 0; back < dimensions.size(); ++back) {
      if (back == forwards || choice[back] == 0) continue;
      all.push_back(changed(changed(choice, forwards, choice[forwards] + 1), back, choice[back] - 1));
    }
  }
  return all;
}

/// True when the two differ in this dimension and in no other.
bool differ_in(std::size_t dimension, const Choice& a, const Choice& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] != b[i]) != (i == dimension)) return false;
  }
  return true;
}

bool is_same(const Trial& a, const Trial& b) {
  const auto same_costs = [](const Form& x, const Form& y) {
    return x.layout == y.layout && x.costs.flash == y.costs.flash && x.costs.ram == y.costs.ram &&
           x.costs.work.operations == y.costs.work.operations;
  };
  return a.loss.device == b.loss.device &&
         std::equal(a.forms.begin(), a.forms.end(), b.forms.begin(), b.forms.end(), same_costs);
}

}  // namespace

const Trial* first_model(std::span<const Trial> trials) {
  const auto found =
      std::find_if(trials.begin(), trials.end(), [](const Trial& trial) { return !trial.forms.empty(); });
  return found == trials.end() ? nullptr : &*found;
}

Proposals::Proposals(std::span<const Dimension> dimensions) : dimensions_(dimensions) {
  for (const Dimension& dimension : dimensions) useless_.emplace_back(dimension.values.size(), 0);
}

bool Proposals::is_useful(const Choice& choice) const {
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (useless_[i][choice[i]] != 0) return false;
  }
  return true;
}

std::vector<Choice> Proposals::fresh(std::vector<Choice> choices) {
  std::erase_if(choices, [&](const Choice& choice) { return !is_useful(choice) || !seen_.insert(choice).second; });
  return choices;
}

void Proposals::leave_out_useless(std::span<const Trial> trials) {
  const Trial& base = *first_model(trials);
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    bool is_any_taken = false;
    for (const Trial& trial : trials) {
      const std::size_t value = trial.choice[i];
      if (!differ_in(i, trial.choice, base.choice)) continue;
      is_any_taken = is_any_taken || !trial.forms.empty();
      if (trial.forms.empty()) useless_[i][value] = 1;
      if (trial.forms.empty() || !is_same(trial, base)) continue;
      // What an ordered dimension reduces less than this changes nothing either.
      const std::size_t first = dimensions_[i].order == Order::ordered ? 1 : value;
      std::fill(useless_[i].begin() + static_cast<std::ptrdiff_t>(first),
                useless_[i].begin() + static_cast<std::ptrdiff_t>(value) + 1, 1);
    }
    if (is_any_taken) continue;
    std::fill(useless_[i].begin(), useless_[i].end(), 1);
    useless_[i][base.choice[i]] = 0;
  }
}

std::vector<Choice> Proposals::single_changes(const Choice& base) {
  std::vector<Choice> all;
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    for (const std::size_t value : first_values(dimensions_[i])) all.push_back(changed(base, i, value));
  }
  return fresh(std::move(all));
}

/// The best allowed change of each dimension, the one that wins most first, each on top of those before.
std::vector<Choice> Proposals::stacked(const Goal& goal, std::span<const Trial> trials) {
  struct Win {
    double objective;
    std::size_t dimension, value;
  };
  std::vector<Win> wins;
  const Trial& base = *first_model(trials);
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    Win win{std::numeric_limits<double>::infinity(), i, 0};
    for (const Trial& trial : trials) {
      if (trial.choice[i] == base.choice[i] || trial.forms.empty() || excess_of_loss(goal, trial.loss) > 0.0) continue;
      const double objective = goal.objective->value(best_form(goal, trial).costs);
      if (objective < win.objective) win = {objective, i, trial.choice[i]};
    }
    if (win.objective < goal.objective->value(best_form(goal, base).costs)) wins.push_back(win);
  }
  std::stable_sort(wins.begin(), wins.end(), [](const Win& a, const Win& b) { return a.objective < b.objective; });
  std::vector<Choice> all;
  Choice choice = base.choice;
  for (const Win& win : wins) {
    choice[win.dimension] = win.value;
    all.push_back(choice);
  }
  return fresh(std::move(all));
}

/// The best trial, then those of the front whose loss is nearest to the allowed one.
std::vector<std::size_t> Proposals::bases(const Goal& goal, std::span<const Trial> trials) const {
  constexpr std::size_t most = 4;
  std::vector<std::size_t> front = front_of(goal, trials);
  std::stable_sort(front.begin(), front.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(trials[a].loss.loss - goal.max_loss) < std::abs(trials[b].loss.loss - goal.max_loss);
  });
  if (const auto best = best_trial(goal, trials)) front.insert(front.begin(), *best);
  std::vector<std::size_t> chosen;
  for (const std::size_t i : front) {
    const bool is_new =
        !expanded_.contains(trials[i].choice) && std::find(chosen.begin(), chosen.end(), i) == chosen.end();
    if (is_new && chosen.size() < most) chosen.push_back(i);
  }
  return chosen;
}

std::vector<Choice> Proposals::next(const Goal& goal, std::span<const Trial> trials) {
  if (!is_stacked_) {
    is_stacked_ = true;
    std::vector<Choice> all = stacked(goal, trials);
    if (!all.empty()) return all;
  }
  while (true) {
    const std::vector<std::size_t> around = bases(goal, trials);
    if (around.empty()) break;
    std::vector<Choice> all;
    for (const std::size_t i : around) {
      expanded_.insert(trials[i].choice);
      const std::vector<Choice> some = neighbours(dimensions_, trials[i].choice);
      all.insert(all.end(), some.begin(), some.end());
    }
    all = fresh(std::move(all));
    if (!all.empty()) return all;
  }
  const auto best = best_trial(goal, trials);
  if (!best || !paired_.insert(trials[*best].choice).second) return {};
  return fresh(pairs(dimensions_, trials[*best].choice));
}

}  // namespace emlc::cli::fit
