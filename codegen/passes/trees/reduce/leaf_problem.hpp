#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/passes/trees/reduce/reached.hpp"

/// The best leaf values for labels: the answers of an ensemble as a function of its leaf table.
namespace emlc::passes {

/// What is to be small, with m the margins of a sample, which are linear in the leaf values, and y what is expected.
enum class LeafLoss {
  squared,   ///< sum of (m - y)^2 / 2 over the outputs
  logistic,  ///< log(1 + exp(m)) - y m, summed over the outputs
  softmax,   ///< log(sum of exp(m)) - y m
};

/// m = base + gain * sum of the rows that a sample reaches.
struct LeafProblem {
  LeafLoss loss = LeafLoss::squared;
  std::size_t n_rows = 0;  ///< of the leaf table
  std::size_t width = 1;
  Reached reached{};                        ///< rows of the leaf table by sample and tree
  std::vector<std::size_t> first_output{};  ///< [n_trees]
  std::vector<double> base{};               ///< [n_outputs]
  double gain = 1.0;
  std::vector<std::vector<double>> expected{};  ///< [n_samples][n_outputs]
};

using Samples = std::span<const std::size_t>;

/// The loss of these samples.
/// @param values  the leaf table, [n_rows][width]
double loss_of(const LeafProblem& problem, std::span<const double> values, Samples samples);

/// The table with the smallest loss of the samples + ridge / 2 * |table - start|^2, by Newton's method with conjugate
/// gradients: the same on every machine but for rounding.
/// @param ridge  above 0, times the mean curvature of the loss at the start
std::vector<double> best_values(const LeafProblem& problem, const std::vector<double>& start, double ridge,
                                Samples samples);

/// What `ridge` is measured in: the mean of the diagonal of the loss's second derivatives at `start`, each tree by
/// itself.
double mean_curvature(const LeafProblem& problem, std::span<const double> start, Samples samples);

}  // namespace emlc::passes
