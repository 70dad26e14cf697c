#include "cli/fit/search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/fit/proposals.hpp"
#include "cli/fit/runner.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli::fit {
namespace {

/// Adds the trials of the choices; false when the search is over.
bool extend(Search& search, const Problem& problem, std::vector<Choice> choices, const Limits& limits,
            const Patience& patience, Progress& progress) {
  const std::size_t before = search.trials.size(), n_asked = choices.size();
  if (before + n_asked > limits.trials) choices.resize(limits.trials - before);
  const auto advance = [&](std::size_t n) {
    const double share = static_cast<double>(before + n) / static_cast<double>(limits.trials);
    progress.advance(limits.seconds ? std::max(share, patience.seconds() / *limits.seconds) : share);
  };
  std::vector<Trial> some = evaluate_all(problem, choices, limits.jobs, patience, advance);
  const bool is_cut = some.size() < choices.size();
  std::move(some.begin(), some.end(), std::back_inserter(search.trials));
  if (is_cut) {
    search.ending = patience.end().value_or(Ending::seconds);
  } else if (choices.size() < n_asked) {
    search.ending = Ending::trials;
  }
  return !is_cut && choices.size() == n_asked;
}

[[noreturn]] void throw_refusal(const Search& search) {
  throw Error({}, search.trials.empty() ? "the search was stopped before its first trial" : search.trials[0].problem);
}

/// Few trials of large models, which take long: a number that depends on the model alone.
std::size_t usual_trials(const Goal& goal, const Search& search) {
  constexpr double least = 60.0, most = 800.0, bytes_of_all = 8e6;
  const Trial* first = first_model(search.trials);
  if (first == nullptr) return static_cast<std::size_t>(most);
  return static_cast<std::size_t>(std::clamp(bytes_of_all / best_form(goal, *first).costs.flash, least, most));
}

}  // namespace

Search search(const Problem& problem, const Goal& goal, const Limits& asked, Progress& progress) {
  const Patience patience(asked.seconds);
  Search search;
  Proposals proposals(problem.model);
  progress.begin_step("searching");
  Limits limits = asked;
  if (limits.trials == 0) limits.trials = 1;
  const Choice defaults(problem.model.size(), 0);
  bool goes_on = extend(search, problem, proposals.fresh({defaults}), limits, patience, progress);
  if (asked.trials == 0) limits.trials = usual_trials(goal, search);
  goes_on = goes_on && extend(search, problem, proposals.single_changes(defaults), limits, patience, progress);
  const Trial* first = first_model(search.trials);
  if (first == nullptr) throw_refusal(search);
  // What has to be chosen for there to be a model at all is from where the rest is looked at.
  const Choice base = first->choice;
  if (base != defaults) {
    goes_on = goes_on && extend(search, problem, proposals.single_changes(base), limits, patience, progress);
  }
  proposals.leave_out_useless(search.trials);
  while (goes_on) {
    std::vector<Choice> choices = proposals.next(goal, search.trials);
    if (choices.empty()) break;
    goes_on = extend(search, problem, std::move(choices), limits, patience, progress);
  }
  search.seconds = patience.seconds();
  progress.pause();
  return search;
}

}  // namespace emlc::cli::fit
