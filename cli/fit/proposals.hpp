#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <vector>

#include "cli/fit/goal.hpp"
#include "cli/fit/trial.hpp"

namespace emlc::cli::fit {

/// What to try next, in an order that depends on the trials before alone. No choice twice.
class Proposals {
 public:
  explicit Proposals(std::span<const Dimension> dimensions);

  /// Those that were not proposed before.
  std::vector<Choice> fresh(std::vector<Choice> choices);
  /// Each dimension alone at some of its values, around `base`.
  std::vector<Choice> single_changes(const Choice& base);
  /// Values whose single changes of the first model were refused, or changed nothing, are not proposed any more.
  void leave_out_useless(std::span<const Trial> trials);
  /// Around the best trials that have not been looked around; empty when there is nothing new.
  std::vector<Choice> next(const Goal& goal, std::span<const Trial> trials);

 private:
  [[nodiscard]] bool is_useful(const Choice& choice) const;
  std::vector<Choice> stacked(const Goal& goal, std::span<const Trial> trials);
  std::vector<std::size_t> bases(const Goal& goal, std::span<const Trial> trials) const;

  std::span<const Dimension> dimensions_;
  std::vector<std::vector<char>> useless_;  ///< [dimension][value]
  std::set<Choice> seen_;
  std::set<Choice> expanded_, paired_;
  bool is_stacked_ = false;
};

/// The first trial that is a model: the defaults, unless they are refused; nullptr when there is none.
const Trial* first_model(std::span<const Trial> trials);

}  // namespace emlc::cli::fit
