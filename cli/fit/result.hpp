#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/console/command_line.hpp"
#include "cli/console/progress.hpp"
#include "cli/fit/goal.hpp"
#include "cli/fit/search.hpp"

namespace emlc::cli::fit {

/// A choice worth knowing: on the front, or the smallest of those that change no answer.
struct Point {
  std::size_t trial = 0;             ///< its place in the search
  std::string chosen;                ///< options that the search has chosen, `--voting hard`; empty: the defaults
  std::vector<std::string> options;  ///< of convert, all of them as arguments
  std::string command;               ///< the whole command line that makes it
  Costs costs;
  Loss search{}, validation{};
  std::string sha256{};  ///< of what the command writes
};

/// What a search found.
struct Result {
  std::vector<Point> points{};          ///< by rising objective
  std::optional<std::size_t> chosen{};  ///< the first point that meets the goal on both parts
  std::size_t nearest = 0;              ///< without one: the point that misses it by the least
  std::size_t n_trials = 0;
  Ending ending = Ending::complete;
  double seconds = 0.0;
};

/// Makes points of the front, asks the validation part about each of them, and chooses.
/// @param line  with the compile options as the user gave them
Result conclude(const Problem& problem, const Goal& goal, const Search& search, const CommandLine& line,
                std::size_t jobs, Progress& progress);

/// By how much the point breaks the goal, on the part that is worse; 0: nowhere.
double excess(const Goal& goal, const Point& point);

/// The job that the command of the point is.
Job job_of(const Problem& problem, const Point& point);

}  // namespace emlc::cli::fit
