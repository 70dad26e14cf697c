#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "cli/console/progress.hpp"
#include "cli/fit/goal.hpp"
#include "cli/fit/trial.hpp"

namespace emlc::cli::fit {

/// How far a search may go. It is the same for the same number of trials, whatever the time and the cores.
struct Limits {
  std::size_t trials = 0;  ///< 0: as many as suit the size of the model
  std::optional<double> seconds{};
  std::size_t jobs = 1;  ///< threads
};

enum class Ending {
  complete,    ///< nothing is left to try near the best points
  trials,      ///< the number of trials was reached
  seconds,     ///< the time was up
  interrupted  ///< the user asked to stop
};

struct Search {
  std::vector<Trial> trials;  ///< in the order they were thought of; the first one has all defaults
  Ending ending = Ending::complete;
  double seconds = 0.0;
};

/// Tries the defaults, single changes of them, then neighbours of the best points until nothing gets better. What an
/// interrupt finds done is kept. Throws Error where not one choice makes a model.
Search search(const Problem& problem, const Goal& goal, const Limits& limits, Progress& progress);

}  // namespace emlc::cli::fit
