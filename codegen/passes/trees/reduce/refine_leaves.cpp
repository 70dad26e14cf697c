#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/passes/judge.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"
#include "codegen/passes/trees/reduce/leaf_problem.hpp"

// note [refining]
// Margins are linear in the leaf table, so what fits the labels best is a least squares or a logistic problem. Leaves
// are fitted each by itself before they are clustered, which says more than clusters can, and the centroids once more.
// A few hundred labels could say anything about a table of a thousand values: how far values may go from where they
// are, the ridge, is found by cross-validation. Each ridge is fitted to four fifths of the rows and tried on the last,
// five times over, and where none is better than the table as it was, that stays.

namespace emlc::passes {
namespace {

using model::TreeEnsemble;

constexpr std::string_view option = "--refine-leaves";
constexpr std::array ridges = {100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01};
constexpr std::size_t n_folds = 5;

[[noreturn]] void refuse(const std::string& problem) { throw Error({.field = std::string(option)}, problem); }

/// The loss that the outputs of the model stand for.
LeafLoss loss_for(const model::Model& model, const TreeEnsemble& ensemble) {
  if (model::is_one_hot(ensemble))
    refuse("leaves that are votes have no values to refine; leave it or --voting hard out");
  const model::PostTransformKind kind = ensemble.post_transform.kind;
  if (kind == model::PostTransformKind::sigmoid) return LeafLoss::logistic;
  if (kind == model::PostTransformKind::softmax && model.output.targets.size() == 1) return LeafLoss::softmax;
  if (kind == model::PostTransformKind::identity) return LeafLoss::squared;
  refuse(
      fmt::format("fits values, margins of sigmoid or softmax of one target, or class shares; outputs of this model "
                  "are transformed by {}",
                  name(kind)));
}

LeafProblem problem_of(const model::Model& model, const TreeEnsemble& ensemble, const Judge& judge) {
  LeafProblem problem{.loss = loss_for(model, ensemble),
                      .n_rows = ensemble.n_rows(),
                      .width = static_cast<std::size_t>(ensemble.leaf_width),
                      .reached = reached_rows(model, ensemble, judge.inputs())};
  for (const model::Tree& tree : ensemble.trees) {
    problem.first_output.push_back(static_cast<std::size_t>(tree.first_output));
  }
  const double unit = ensemble.post_transform.scale;
  problem.gain = ensemble.scale / ensemble.divisor * unit;
  for (const double base : ensemble.base_score) {
    const bool is_at_start = ensemble.base_score_at == model::BaseScoreAt::start;
    problem.base.push_back(base * (is_at_start ? problem.gain : unit));
  }
  for (std::size_t row = 0; row < judge.n_rows(); ++row) {
    problem.expected.emplace_back(judge.expected(row).begin(), judge.expected(row).end());
  }
  return problem;
}

/// Rows by turns in five folds.
std::vector<std::size_t> fold(std::size_t n, std::size_t index, bool (*is_in)(std::size_t, std::size_t)) {
  std::vector<std::size_t> samples;
  for (std::size_t sample = 0; sample < n; ++sample) {
    if (is_in(sample % n_folds, index)) samples.push_back(sample);
  }
  return samples;
}
bool is_tried(std::size_t fold_of_sample, std::size_t index) { return fold_of_sample == index; }
bool is_fitted(std::size_t fold_of_sample, std::size_t index) { return fold_of_sample != index; }

/// The loss of samples that the table was not fitted to, over all folds.
double held_out_loss(const LeafProblem& problem, const std::vector<double>& start, double ridge) {
  double sum = 0.0;
  const std::size_t n = problem.expected.size();
  for (std::size_t index = 0; index < n_folds; ++index) {
    const auto fitted = fold(n, index, is_fitted), tried = fold(n, index, is_tried);
    sum += loss_of(problem, best_values(problem, start, ridge, fitted), tried);
  }
  return sum;
}

/// Nothing where no ridge is better than what is there, see note [refining].
std::optional<double> best_ridge(const LeafProblem& problem, const std::vector<double>& start,
                                 const std::function<void(double)>& watch) {
  const std::vector<std::size_t> all = fold(problem.expected.size(), n_folds, is_fitted);
  double smallest = loss_of(problem, start, all);
  std::optional<double> best;
  for (std::size_t index = 0; index < ridges.size(); ++index) {
    const double loss = held_out_loss(problem, start, ridges[index]);
    if (watch) watch(static_cast<double>(index + 1) / static_cast<double>(ridges.size() + 1));
    // The first that is worse than a stronger one ends the search: weaker ones only fit more of the noise.
    if (best && !(loss < smallest)) break;
    if (!(loss < smallest)) continue;
    smallest = loss;
    best = ridges[index];
  }
  return best;
}

/// What all rows of class shares add up to; nothing where they are no shares.
std::optional<double> whole_of(const std::vector<double>& values, std::size_t width) {
  const double whole = std::accumulate(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(width), 0.0);
  for (std::size_t first = 0; first < values.size(); first += width) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = row + static_cast<std::ptrdiff_t>(width);
    const bool is_share =
        *std::min_element(row, end) >= 0.0 && std::abs(std::accumulate(row, end, 0.0) - whole) <= 1e-6 * whole;
    if (width == 1 || !is_share) return std::nullopt;
  }
  return whole;
}

/// Shares stay shares: none below 0, of two the one what the other leaves.
void make_shares(std::vector<double>& values, std::size_t width, double whole) {
  for (std::size_t first = 0; first < values.size(); first += width) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = row + static_cast<std::ptrdiff_t>(width);
    std::transform(row, end, row, [](double share) { return std::max(share, 0.0); });
    const double sum = std::accumulate(row, end, 0.0);
    if (sum > 0.0) std::transform(row, end, row, [&](double share) { return share / sum * whole; });
    if (width == 2) row[0] = whole - row[1];
  }
}

/// Every leaf gets a row of its own.
void part_leaves(TreeEnsemble& ensemble) {
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  std::vector<double> values;
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* leaf = std::get_if<model::Leaf>(&node);
      if (leaf == nullptr) continue;
      const double* row = &ensemble.leaf_values[static_cast<std::size_t>(leaf->row) * width];
      leaf->row = static_cast<model::RowId>(values.size() / width);
      values.insert(values.end(), row, row + width);
    }
  }
  ensemble.leaf_values = std::move(values);
}

void join_equal_leaves(TreeEnsemble& ensemble) {
  DistinctRows rows = distinct_rows(ensemble);
  replace_rows(ensemble, std::move(rows.values), rows.index_of_row);
}

/// Fits the table as it is; `pass` is for the note.
PassResult fit_table(model::Model& model, const PassConfig& config, const Judge& judge, std::string_view pass) {
  auto& ensemble = std::get<TreeEnsemble>(model.predictor);
  const double before = judge.loss(model);
  const LeafProblem problem = problem_of(model, ensemble, judge);
  const std::vector<double> start = ensemble.leaf_values;
  const std::optional<double> ridge = best_ridge(problem, start, config.watch);
  if (!ridge)
    return {.changes = 0, .warnings = {}, .notes = {fmt::format("{}: the labels say no better values", pass)}};
  const std::vector<std::size_t> all = fold(judge.n_rows(), n_folds, is_fitted);
  const bool has_shares = model.output.task == model::Task::classification && problem.loss == LeafLoss::squared;
  const std::optional<double> whole = has_shares ? whole_of(start, problem.width) : std::nullopt;
  ensemble.leaf_values = best_values(problem, start, *ridge, all);
  if (whole) make_shares(ensemble.leaf_values, problem.width, *whole);
  return {.changes = ensemble.n_rows(),
          .warnings = {},
          .notes = {fmt::format("{}: {} leaf rows by {} labels, ridge {}; {}", pass, ensemble.n_rows(), judge.n_rows(),
                                *ridge, judge.change(before, judge.loss(model)))}};
}

}  // namespace

PassResult refine_leaves(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<TreeEnsemble>(model.predictor);
  const Judge judge(model, config, option);
  if (ensemble.leaf_width == 1 || config.leaf_clusters) {
    part_leaves(ensemble);
  } else {
    join_equal_leaves(ensemble);
  }
  return fit_table(model, config, judge, "refine-leaves");
}

PassResult refit_clusters(model::Model& model, const PassConfig& config) {
  const Judge judge(model, config, option);
  join_equal_leaves(std::get<TreeEnsemble>(model.predictor));
  return fit_table(model, config, judge, "refit-clusters");
}

}  // namespace emlc::passes
