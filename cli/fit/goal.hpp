#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/fit/trial.hpp"

namespace emlc::cli::fit {

/// A number of a point that may be the one to make small.
struct Objective {
  std::string_view name;          ///< as written in --minimise
  std::string_view title;         ///< in a table
  std::string_view unit;          ///< ` bytes`, or nothing
  double (*value)(const Costs&);  ///< infinite where it is not known
};
std::span<const Objective> all_objectives();

/// What is looked for.
struct Goal {
  const Objective* objective = nullptr;
  Budget budget{};
  double max_loss = 0.0;
};

/// Where a point breaks the goal: by how much, relative to the limit; 0: nowhere.
double excess_of_costs(const Goal& goal, const Costs& costs);
double excess_of_loss(const Goal& goal, const Loss& loss);
/// Of what the loss may be for all that the rows tell, see most_doubt().
double excess_of_doubt(const Goal& goal, const Loss& loss);

/// The form of a trial that meets the budgets with the least of the objective, or else misses them by the least.
const Form& best_form(const Goal& goal, const Trial& trial);

/// Places of trials such that none is better in both objective and what may be lost by the search part: the upper end
/// of the interval, which also tells apart losses that are the same by other numbers of changed rows, and where that is
/// the same the difference of the outputs. A gain counts as no loss. By rising objective.
std::vector<std::size_t> front_of(const Goal& goal, std::span<const Trial> trials);

/// The trial to go on from: the least objective within budgets and loss; while there is none, the nearest one.
std::optional<std::size_t> best_trial(const Goal& goal, std::span<const Trial> trials);

}  // namespace emlc::cli::fit
