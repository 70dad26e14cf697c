#include "cli/fit/quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"

// note [interval]
// Both models answer the same rows, so the interval is that of the mean of the differences row by row. Of decisions
// two more rows are put in, one of which is lost and one won, each for a half (Agresti and Min): without them few rows
// with no difference would seem to prove that there is none.
//
// note [doubt]
// On a few rows a stump may have as many right as a forest by luck, and other ones wrong. So the upper end of the
// interval is held against what may be lost and half of what the trained model has wrong: the labels then tell that the
// smaller model is wrong at most about one and a half times as often. A loss of just what is allowed, with no row won,
// always passes: few rows tell no more of any model. Without labels every changed row is a loss already.

namespace emlc::cli::fit {
namespace {

constexpr double z95 = 1.959963984540054;
constexpr std::size_t block_samples = 256;  // of a filter: longer than most responses, so that blocks differ

bool decides(const model::Model& model) { return model.output.rule != model::DecisionRule::none; }

/// Squared differences of the rows, or of blocks within them, and the variance that they are held against.
struct Squares {
  std::vector<double> of_block;
  double about_mean = 0.0;
};

Squares squares_of(const model::Model& trained, const Labels& labels, std::span<const Answer> answers) {
  Squares squares;
  double sum = 0.0, n = 0.0;
  for (const auto& row : labels.values) {
    sum = std::accumulate(row.begin(), row.end(), sum);
    n += static_cast<double>(row.size());
  }
  for (std::size_t row = 0; row < answers.size(); ++row) {
    const std::vector<double>& y = labels.values[row];
    const std::size_t width = takes_signals(trained) ? block_samples : y.size();
    for (std::size_t first = 0; first < y.size(); first += width) {
      double error = 0.0;
      for (std::size_t i = first; i < std::min(first + width, y.size()); ++i) {
        error += (answers[row].outputs[i] - y[i]) * (answers[row].outputs[i] - y[i]);
        squares.about_mean += (y[i] - sum / n) * (y[i] - sum / n);
      }
      squares.of_block.push_back(error);
    }
  }
  return squares;
}

/// The interval of a loss whose other fields are known, see note [interval].
void put_interval(Loss& loss) {
  const bool is_counted = counts_decisions(loss.measure);
  const double n = static_cast<double>(loss.n);
  const double m = is_counted ? n + 2.0 : n, all = is_counted ? loss.squares + 1.0 : loss.squares;
  const double mean = loss.loss * n / m, variance = std::max(0.0, all / m - mean * mean);
  const double reach = z95 * std::sqrt(variance / std::max(1.0, is_counted ? m : m - 1.0));
  loss.lowest = mean - reach;
  loss.highest = mean + reach;
}

}  // namespace

Measure measure_of(const model::Model& model, bool has_labels) {
  if (decides(model)) return has_labels ? Measure::accuracy : Measure::agreement;
  return has_labels ? Measure::r2 : Measure::fidelity;
}

std::string_view name(Measure measure) {
  static constexpr std::array<std::string_view, 4> names = {"accuracy", "agreement", "R2", "fidelity"};
  return names[static_cast<std::size_t>(measure)];
}

bool counts_decisions(Measure measure) { return measure == Measure::accuracy || measure == Measure::agreement; }

std::vector<double> qualities(const model::Model& trained, const Labels& labels, std::span<const Answer> answers) {
  std::vector<double> result;
  if (!decides(trained)) {
    const Squares squares = squares_of(trained, labels, answers);
    const double n = static_cast<double>(squares.of_block.size());
    for (const double error : squares.of_block) {
      const double share = error * n / squares.about_mean;
      result.push_back(std::isfinite(share) ? 1.0 - share : -std::numeric_limits<double>::max() / n / 4.0);
    }
    return result;
  }
  for (std::size_t row = 0; row < answers.size(); ++row) {
    const auto& expected = labels.classes[row];
    double right = 0.0;
    for (std::size_t target = 0; target < expected.size(); ++target) {
      right += expected[target] == answers[row].classes[target] ? 1.0 : 0.0;
    }
    result.push_back(right / static_cast<double>(expected.size()));
  }
  return result;
}

Part make_part(const model::Model& trained, Inputs inputs, const std::optional<Labels>& labels) {
  Part part{.inputs = std::move(inputs), .labels = labels.value_or(Labels{})};
  part.answers = reference_answers(trained, part.inputs);
  const std::vector<Answer>& answers = part.answers;
  if (!labels) {
    for (const Answer& answer : answers) {
      part.labels.classes.push_back(answer.classes);
      part.labels.values.push_back(answer.outputs);
    }
  }
  if (!decides(trained) && !(squares_of(trained, part.labels, answers).about_mean > 0.0)) {
    throw Error({.field = labels ? "--labels" : "--data"},
                "what the model should say is the same for all rows of a part: there is no loss to be told");
  }
  part.trained = qualities(trained, part.labels, answers);
  return part;
}

double mean_difference(std::span<const Answer> a, std::span<const Answer> b) {
  double sum = 0.0, n = 0.0;
  for (std::size_t row = 0; row < a.size(); ++row) {
    for (std::size_t i = 0; i < a[row].outputs.size(); ++i, n += 1.0) {
      const double difference = std::abs(a[row].outputs[i] - b[row].outputs[i]);
      sum += std::isfinite(difference) ? difference : 0.0;  // both infinite, or both missing
    }
  }
  return n == 0.0 ? 0.0 : sum / n;
}

Loss loss_of(Measure measure, std::span<const double> trained, std::span<const double> device) {
  const double n = static_cast<double>(trained.size());
  Loss loss{.measure = measure, .n = trained.size()};
  double sum = 0.0;
  for (std::size_t row = 0; row < trained.size(); ++row) {
    const double difference = trained[row] - device[row];
    loss.trained += trained[row];
    loss.device += device[row];
    sum += difference;
    loss.squares += difference * difference;
  }
  loss.trained /= n;  // whole numbers of rows stay exact until here
  loss.device /= n;
  loss.loss = sum / n;
  put_interval(loss);
  return loss;
}

Loss together(const Loss& a, const Loss& b) {
  Loss both{.measure = a.measure, .n = a.n + b.n, .squares = a.squares + b.squares};
  if (both.n == 0) return both;
  const double share = static_cast<double>(b.n) / static_cast<double>(both.n);
  both.trained = a.trained + (b.trained - a.trained) * share;
  both.device = a.device + (b.device - a.device) * share;
  both.loss = a.loss + (b.loss - a.loss) * share;
  put_interval(both);
  return both;
}

double most_doubt(const Loss& loss, double max_loss) {
  if (loss.measure == Measure::agreement || loss.measure == Measure::fidelity) {
    return std::numeric_limits<double>::infinity();
  }
  const double half_of_wrong = max_loss + (1.0 - loss.trained) / 2.0;
  if (loss.measure != Measure::accuracy || loss.n == 0) return half_of_wrong;
  const double n_lost = std::ceil(max_loss * static_cast<double>(loss.n) - 1e-9);
  Loss lost{.n = loss.n, .loss = n_lost / static_cast<double>(loss.n), .squares = n_lost};
  put_interval(lost);
  return std::max(half_of_wrong, lost.highest);
}

std::optional<std::size_t> rows_to_tell(const Loss& loss, double limit) {
  if (!(loss.loss < limit)) return std::nullopt;
  const double reach = (loss.highest - loss.lowest) / 2.0, room = limit - loss.loss;
  const double needed = std::ceil(static_cast<double>(loss.n) * reach * reach / (room * room));
  const double most = 100.0 * static_cast<double>(loss.n);  // beyond that nobody has them
  return needed < most ? std::optional(static_cast<std::size_t>(needed)) : std::nullopt;
}

}  // namespace emlc::cli::fit
