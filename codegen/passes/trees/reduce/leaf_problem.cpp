#include "codegen/passes/trees/reduce/leaf_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace emlc::passes {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

void add_scaled(Vector& to, double factor, const Vector& what) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

/// gain * sum of the rows that the sample reaches in a table, on top of `sums`.
void add_rows(const LeafProblem& problem, std::span<const double> table, std::size_t sample, Vector& sums) {
  const std::span<const model::RowId> rows = problem.reached[sample];
  for (std::size_t tree = 0; tree < rows.size(); ++tree) {
    const double* row = &table[static_cast<std::size_t>(rows[tree]) * problem.width];
    double* sum = &sums[problem.first_output[tree]];
    for (std::size_t i = 0; i < problem.width; ++i) sum[i] += problem.gain * row[i];
  }
}

/// What the derivatives of the margins of a sample mean for the table.
void spread_to_rows(const LeafProblem& problem, const Vector& of_margins, std::size_t sample, Vector& table) {
  const std::span<const model::RowId> rows = problem.reached[sample];
  for (std::size_t tree = 0; tree < rows.size(); ++tree) {
    double* row = &table[static_cast<std::size_t>(rows[tree]) * problem.width];
    const double* margin = &of_margins[problem.first_output[tree]];
    for (std::size_t i = 0; i < problem.width; ++i) row[i] += problem.gain * margin[i];
  }
}

double log1p_exp(double m) { return std::max(m, 0.0) + std::log1p(std::exp(-std::abs(m))); }

double log_sum_exp(const Vector& m) {
  const double largest = *std::max_element(m.begin(), m.end());
  double sum = 0.0;
  for (const double value : m) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

double sample_loss(LeafLoss loss, const Vector& m, const Vector& y) {
  double sum = loss == LeafLoss::softmax ? log_sum_exp(m) : 0.0;
  for (std::size_t i = 0; i < m.size(); ++i) {
    if (loss == LeafLoss::squared) sum += (m[i] - y[i]) * (m[i] - y[i]) / 2.0;
    if (loss == LeafLoss::logistic) sum += log1p_exp(m[i]) - y[i] * m[i];
    if (loss == LeafLoss::softmax) sum -= y[i] * m[i];
  }
  return sum;
}

/// Margins become what is expected of them: themselves, or probabilities.
void link(LeafLoss loss, Vector& m) {
  const double scale = loss == LeafLoss::softmax ? log_sum_exp(m) : 0.0;
  for (double& value : m) {
    if (loss == LeafLoss::logistic) value = 1.0 / (1.0 + std::exp(-value));
    if (loss == LeafLoss::softmax) value = std::exp(value - scale);
  }
}

/// The second derivatives of a sample's loss at these probabilities, times u, in place.
void curve(LeafLoss loss, const double* p, Vector& u) {
  if (loss == LeafLoss::squared) return;
  const double mean = loss == LeafLoss::softmax ? std::inner_product(u.begin(), u.end(), p, 0.0) : 0.0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    u[i] = loss == LeafLoss::softmax ? p[i] * (u[i] - mean) : p[i] * (1.0 - p[i]) * u[i];
  }
}

/// The loss around one table, over some samples, with the ridge.
class Surroundings {
 public:
  Surroundings(const LeafProblem& problem, const Vector& table, Samples samples, double ridge)
      : problem_(problem), samples_(samples), ridge_(ridge), n_outputs_(problem.base.size()) {
    answers_.reserve(samples.size() * n_outputs_);
    for (const std::size_t sample : samples) {
      Vector m = problem.base;
      add_rows(problem, table, sample, m);
      link(problem.loss, m);
      answers_.insert(answers_.end(), m.begin(), m.end());
    }
  }

  /// Without that of the ridge.
  [[nodiscard]] Vector gradient() const {
    Vector table(problem_.n_rows * problem_.width, 0.0), difference(n_outputs_);
    for (std::size_t index = 0; index < samples_.size(); ++index) {
      const Vector& y = problem_.expected[samples_[index]];
      for (std::size_t i = 0; i < n_outputs_; ++i) difference[i] = answer(index)[i] - y[i];
      spread_to_rows(problem_, difference, samples_[index], table);
    }
    return table;
  }

  [[nodiscard]] Vector times_curvature(const Vector& direction) const {
    Vector result(direction.size(), 0.0), u(n_outputs_);
    for (std::size_t index = 0; index < samples_.size(); ++index) {
      std::fill(u.begin(), u.end(), 0.0);
      add_rows(problem_, direction, samples_[index], u);
      curve(problem_.loss, answer(index), u);
      spread_to_rows(problem_, u, samples_[index], result);
    }
    add_scaled(result, ridge_, direction);
    return result;
  }

  /// Where the quadratic approximation has its minimum, by conjugate gradients.
  [[nodiscard]] Vector newton_step(const Vector& gradient) const {
    constexpr std::size_t most_rounds = 2000;
    constexpr double precision = 1e-10;
    Vector step(gradient.size(), 0.0), rest(gradient.size(), 0.0);
    add_scaled(rest, -1.0, gradient);
    Vector direction = rest;
    double square = dot(rest, rest);
    const double enough = square * precision * precision;
    for (std::size_t round = 0; round < most_rounds && square > enough; ++round) {
      const Vector curved = times_curvature(direction);
      const double length = square / dot(direction, curved);
      add_scaled(step, length, direction);
      add_scaled(rest, -length, curved);
      const double next = dot(rest, rest);
      for (std::size_t i = 0; i < direction.size(); ++i) direction[i] = rest[i] + next / square * direction[i];
      square = next;
    }
    return step;
  }

 private:
  [[nodiscard]] const double* answer(std::size_t index) const { return &answers_[index * n_outputs_]; }

  const LeafProblem& problem_;
  Samples samples_;
  double ridge_;
  std::size_t n_outputs_;
  Vector answers_{};  ///< [n_samples][n_outputs] margins, or probabilities
};

double squared_distance(const Vector& a, const Vector& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

double loss_of(const LeafProblem& problem, std::span<const double> values, Samples samples) {
  double sum = 0.0;
  for (const std::size_t sample : samples) {
    Vector m = problem.base;
    add_rows(problem, values, sample, m);
    sum += sample_loss(problem.loss, m, problem.expected[sample]);
  }
  return sum;
}

double mean_curvature(const LeafProblem& problem, std::span<const double> start, Samples samples) {
  double sum = 0.0;
  for (const std::size_t sample : samples) {
    Vector p = problem.base;
    add_rows(problem, start, sample, p);
    link(problem.loss, p);
    for (const std::size_t first : problem.first_output) {
      for (std::size_t i = first; i < first + problem.width; ++i) {
        sum += problem.loss == LeafLoss::squared ? 1.0 : p[i] * (1.0 - p[i]);
      }
    }
  }
  return sum * problem.gain * problem.gain / static_cast<double>(problem.n_rows * problem.width);
}

Vector best_values(const LeafProblem& problem, const Vector& start, double ridge, Samples samples) {
  constexpr std::size_t most_steps = 50;
  constexpr double precision = 1e-9, shortest_step = 1e-4;
  const double strength = ridge * mean_curvature(problem, start, samples);
  Vector table = start;
  const auto objective = [&](const Vector& at) {
    return loss_of(problem, at, samples) + strength / 2.0 * squared_distance(at, start);
  };
  double now = objective(table), first_square = 0.0;
  for (std::size_t round = 0; round < most_steps; ++round) {
    const Surroundings around(problem, table, samples, strength);
    Vector gradient = around.gradient();
    for (std::size_t i = 0; i < table.size(); ++i) gradient[i] += strength * (table[i] - start[i]);
    const double square = dot(gradient, gradient);
    if (round == 0) first_square = square;
    if (square <= first_square * precision * precision) break;
    const Vector step = around.newton_step(gradient);
    double length = 1.0, next = now;
    Vector at;
    for (; length >= shortest_step; length /= 2.0) {
      at = table;
      add_scaled(at, length, step);
      next = objective(at);
      if (next < now) break;
    }
    if (!(next < now)) break;
    table = at;
    now = next;
  }
  return table;
}

}  // namespace emlc::passes
