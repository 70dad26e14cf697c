// Parts of the data, losses with their intervals, and fronts, against numbers from elsewhere and loops too simple to
// be wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "cli/fit/goal.hpp"
#include "cli/fit/quality.hpp"
#include "cli/trial/split.hpp"

using namespace emlc::cli;
using namespace emlc::cli::fit;

namespace {

Trial trial(double flash, double loss) {
  Trial made{.choice = {}};
  made.loss.loss = made.loss.highest = loss;
  made.forms.push_back({.layout = {}, .costs = {.flash = flash, .ram = 10.0}});
  return made;
}

}  // namespace

TEST_CASE("split: halves of all rows, the same for a seed, others for another") {
  // SplitMix64 and Fisher-Yates in Python: seed 1, 10 rows.
  const RowSplit split = split_rows(10, {}, 1);
  CHECK(split.search == std::vector<std::size_t>{1, 2, 4, 8, 9});
  CHECK(split.validation == std::vector<std::size_t>{0, 3, 5, 6, 7});
  for (const std::size_t n : {2U, 3U, 171U, 540U}) {
    std::set<std::vector<std::size_t>> found;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const RowSplit one = split_rows(n, {}, seed);
      CHECK(one.search.size() == (n + 1) / 2);
      CHECK(std::is_sorted(one.search.begin(), one.search.end()));
      std::set<std::size_t> all(one.search.begin(), one.search.end());
      all.insert(one.validation.begin(), one.validation.end());
      CHECK(all.size() == n);
      CHECK(one.search.size() + one.validation.size() == n);
      found.insert(one.search);
    }
    if (n > 100) CHECK(found.size() == 20);
  }
}

TEST_CASE("split: the rows of a group stay together, and no part is empty") {
  const std::vector<std::string> groups = {"a", "b", "a", "c", "b", "d", "a", "e", "e", "f"};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RowSplit split = split_rows(groups.size(), groups, seed);
    std::set<std::string> seen;
    for (const std::size_t row : split.search) seen.insert(groups[row]);
    for (const std::size_t row : split.validation) CHECK(seen.count(groups[row]) == 0);
    CHECK_FALSE(split.search.empty());
    CHECK_FALSE(split.validation.empty());
  }
  const std::vector<std::string> two = {"small", "large", "large", "large"};
  for (std::uint64_t seed = 0; seed < 8; ++seed) CHECK_FALSE(split_rows(4, two, seed).validation.empty());
  CHECK(split_rows(3, std::vector<std::string>{"one", "one", "one"}, 1).validation.empty());
}

TEST_CASE("loss: the mean of the differences, with an interval that no difference does not make empty") {
  // 100 rows, 7 lost and 2 won: Agresti and Min's interval of two paired proportions is
  // (5 / 102) +- 1.959964 sqrt((10 - 25 / 102)) / 102.
  std::vector<double> trained(100, 1.0), device(100, 1.0);
  for (std::size_t i = 0; i < 7; ++i) device[i] = 0.0;
  for (std::size_t i = 7; i < 9; ++i) trained[i] = 0.0;
  const Loss loss = loss_of(Measure::accuracy, trained, device);
  CHECK(loss.trained == doctest::Approx(0.98));
  CHECK(loss.device == doctest::Approx(0.93));
  CHECK(loss.loss == doctest::Approx(0.05));
  CHECK(loss.lowest == doctest::Approx(-0.0109953).epsilon(1e-4));
  CHECK(loss.highest == doctest::Approx(0.1090345).epsilon(1e-4));
  const Loss none = loss_of(Measure::accuracy, trained, trained);
  CHECK(none.loss == 0.0);
  CHECK(none.highest > 0.0);
}

TEST_CASE("loss: of two parts together it is that of all rows") {
  std::vector<double> trained, device;
  std::uint32_t state = 5;
  const auto draw = [&state] { return (state = state * 1664525U + 1013904223U) >> 30U == 0 ? 0.0 : 1.0; };
  for (std::size_t i = 0; i < 90; ++i) {
    trained.push_back(draw());
    device.push_back(draw());
  }
  for (const Measure measure : {Measure::accuracy, Measure::r2}) {
    const Loss all = loss_of(measure, trained, device);
    const auto part = [&](std::size_t begin, std::size_t n) {
      return loss_of(measure, std::span(trained).subspan(begin, n), std::span(device).subspan(begin, n));
    };
    const Loss both = together(part(0, 31), part(31, 59));
    CHECK(both.n == 90);
    CHECK(both.trained == doctest::Approx(all.trained));
    CHECK(both.device == doctest::Approx(all.device));
    CHECK(both.loss == doctest::Approx(all.loss));
    CHECK(both.lowest == doctest::Approx(all.lowest));
    CHECK(both.highest == doctest::Approx(all.highest));
  }
}

TEST_CASE("loss: as much doubt as half of what the trained model has wrong, or as a loss that may be") {
  const auto counted = [](std::size_t n, std::size_t n_wrong, std::size_t n_lost, std::size_t n_won) {
    std::vector<double> trained(n, 1.0), device(n, 1.0);
    for (std::size_t i = 0; i < n_wrong; ++i) trained[i] = device[i] = 0.0;
    for (std::size_t i = 0; i < n_won; ++i) device[i] = 1.0;
    for (std::size_t i = 0; i < n_lost; ++i) device[n_wrong + i] = 0.0;
    return loss_of(Measure::accuracy, trained, device);
  };
  // 6 % are wrong, 1 % may be lost. Of 200 rows 2 lost and none won may be 2 / 202 + 1.959964 sqrt(3 - 4 / 202) / 202.
  CHECK(most_doubt(counted(200, 12, 0, 0), 0.01) == doctest::Approx(0.04));
  CHECK(most_doubt(counted(200, 0, 0, 0), 0.01) == doctest::Approx(0.0266513).epsilon(1e-4));
  const Goal goal{.objective = &all_objectives()[0], .max_loss = 0.01};
  CHECK(excess_of_doubt(goal, counted(200, 12, 2, 0)) == 0.0);
  CHECK(excess_of_doubt(goal, counted(200, 12, 6, 6)) == 0.0);  // 1.96 sqrt(13) / 202 is 3.5 %
  CHECK(excess_of_doubt(goal, counted(200, 12, 9, 9)) > 0.0);   // 1.96 sqrt(19) / 202 is 4.2 %
  CHECK(excess_of_doubt(goal, counted(200, 0, 2, 0)) == 0.0);
  CHECK(excess_of_doubt(goal, counted(200, 0, 3, 0)) > 0.0);
  CHECK(excess_of_doubt(goal, counted(20000, 1200, 190, 0)) == 0.0);
  Loss regression = counted(200, 12, 9, 9);
  regression.measure = Measure::r2;
  regression.trained = 0.5;
  CHECK(most_doubt(regression, 0.01) == doctest::Approx(0.26));
  for (const Measure measure : {Measure::agreement, Measure::fidelity}) {
    regression.measure = measure;
    CHECK(excess_of_doubt(goal, regression) == 0.0);
  }
}

TEST_CASE("loss: as many rows as would tell, and none where the loss is over the limit") {
  std::vector<double> trained(100, 1.0), device(100, 1.0);
  device[0] = 0.0;
  const Loss loss = loss_of(Measure::accuracy, trained, device);
  const auto rows = rows_to_tell(loss, 0.02);
  REQUIRE(rows);
  CHECK(*rows > 100);
  CHECK_FALSE(rows_to_tell(loss, 0.005));
}

TEST_CASE("front: none has less of both, by brute force over random trials") {
  const Goal goal{.objective = &all_objectives()[0], .max_loss = 0.01};
  std::uint32_t state = 7;
  const auto draw = [&state](std::uint32_t n) {
    return static_cast<double>((state = state * 1664525U + 1013904223U) >> 8U) / 16777216.0 * n;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<Trial> trials;
    for (int i = 0; i < 30; ++i) trials.push_back(trial(100.0 + std::floor(draw(20)), std::floor(draw(10)) / 100.0));
    trials.push_back(Trial{.choice = {}, .problem = "refused"});
    const std::vector<std::size_t> front = front_of(goal, trials);
    const auto flash = [&](std::size_t i) { return trials[i].forms.front().costs.flash; };
    for (std::size_t i = 0; i + 1 < trials.size(); ++i) {
      bool is_beaten = false;
      for (std::size_t j = 0; j + 1 < trials.size(); ++j) {
        const bool is_no_worse = flash(j) <= flash(i) && trials[j].loss.loss <= trials[i].loss.loss;
        is_beaten = is_beaten || (is_no_worse && (flash(j) < flash(i) || trials[j].loss.loss < trials[i].loss.loss));
      }
      const bool is_equal = std::any_of(front.begin(), front.end(), [&](std::size_t j) {
        return flash(j) == flash(i) && trials[j].loss.loss == trials[i].loss.loss;
      });
      CHECK(is_equal == !is_beaten);
    }
  }
}

TEST_CASE("front: a gain is no reason to leave out what changes fewer rows") {
  const Goal goal{.objective = &all_objectives()[0], .max_loss = 0.01};
  std::vector<Trial> trials = {trial(300, -0.09), trial(400, -0.02), trial(500, 0.0), trial(600, -0.03)};
  trials[0].loss.highest = 0.03;  // 12 points of interval above its mean
  trials[1].loss.highest = 0.06;  // 8
  trials[2].loss.highest = 0.02;  // 2
  trials[3].loss.highest = 0.01;  // 4
  CHECK(front_of(goal, trials) == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("goal: the best trial is within budgets and loss, else the nearest") {
  Goal goal{.objective = &all_objectives()[0], .max_loss = 0.01};
  const std::vector<Trial> trials = {trial(500, 0.0), trial(300, 0.01), trial(200, 0.05), trial(100, 0.2)};
  CHECK(best_trial(goal, trials) == std::optional<std::size_t>(1));
  goal.budget.flash = 250;
  CHECK(best_trial(goal, trials) == std::optional<std::size_t>(1));  // 20 % over the budget, against 4 times the loss
  goal.budget.ram = 5;
  CHECK(excess_of_costs(goal, trials[2].forms[0].costs) == doctest::Approx(1.0));
}
