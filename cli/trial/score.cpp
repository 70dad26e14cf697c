#include "cli/trial/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/console/terminal.hpp"
#include "cli/trial/row_texts.hpp"
#include "cli/trial/split.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

/// Class names are texts; `1.0` is the class 1 too.
bool is_class(const std::string& label, const std::string& name) {
  if (label == name) return true;
  return formats::is_number(label) && formats::is_number(name) &&
         formats::parse_number(label, {}) == formats::parse_number(name, {});
}

std::int32_t class_of(const std::string& label, const std::vector<std::string>& names, const Where& where) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& name) { return is_class(label, name); });
  if (found != names.end()) return static_cast<std::int32_t>(found - names.begin());
  throw Error(where, fmt::format("the model has no class '{}'", printable(label)));
}

Confusion confusion(const model::Model& model, const Labels& labels, std::span<const Answer> answers,
                    std::size_t target) {
  Confusion matrix{.classes = model::class_names(model, target), .counts = {}};
  const std::size_t n = matrix.classes.size();
  matrix.counts.assign(n, std::vector<std::size_t>(n, 0));
  for (std::size_t row = 0; row < answers.size(); ++row) {
    const auto expected = static_cast<std::size_t>(labels.classes[row][target]);
    ++matrix.counts[expected][static_cast<std::size_t>(answers[row].classes[target])];
  }
  return matrix;
}

RegressionErrors errors(const Labels& labels, std::span<const Answer> answers) {
  RegressionErrors result;
  double squares = 0.0, absolutes = 0.0, sum = 0.0, n = 0.0;
  for (std::size_t row = 0; row < answers.size(); ++row) {
    for (std::size_t column = 0; column < labels.values[row].size(); ++column) {
      const double y = labels.values[row][column], difference = std::abs(answers[row].outputs[column] - y);
      squares += difference * difference;
      absolutes += difference;
      sum += y;
      n += 1.0;
      result.largest = std::max(result.largest, difference);
    }
  }
  double variance = 0.0;
  for (const auto& row : labels.values) {
    for (const double y : row) variance += (y - sum / n) * (y - sum / n);
  }
  result.root_mean_square = std::sqrt(squares / n);
  result.mean_absolute = absolutes / n;
  if (variance > 0.0) result.r2 = 1.0 - squares / variance;
  return result;
}

struct Counted {
  std::size_t right = 0, all = 0;
};

Counted counted(const Confusion& target) {
  Counted sum;
  for (std::size_t row = 0; row < target.counts.size(); ++row) {
    sum.right += target.counts[row][row];
    for (const std::size_t n : target.counts[row]) sum.all += n;
  }
  return sum;
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100.0 * share); }

std::string confusion_table(const Confusion& matrix) {
  constexpr std::size_t most_letters = 12;
  std::vector<std::vector<std::string>> rows = {{"true, decided"}};
  for (const std::string& name : matrix.classes) rows[0].push_back(printable(name, most_letters));
  for (std::size_t row = 0; row < matrix.counts.size(); ++row) {
    rows.push_back({printable(matrix.classes[row], most_letters)});
    for (const std::size_t n : matrix.counts[row]) rows.back().push_back(fmt::to_string(n));
  }
  std::vector<Align> columns(rows[0].size(), Align::right);
  columns[0] = Align::left;
  return table(rows, columns);
}

std::string error_table(std::span<const NamedScore> scores) {
  std::vector<std::vector<std::string>> rows = {{"", "R2", "RMSE", "MAE", "largest error"}};
  for (const auto& [name, score] : scores) {
    const RegressionErrors& found = *score.errors;
    rows.push_back({name, found.r2 ? fmt::format("{:.4f}", *found.r2) : "-",
                    fmt::format("{:.4g}", found.root_mean_square), fmt::format("{:.4g}", found.mean_absolute),
                    fmt::format("{:.4g}", found.largest)});
  }
  return table(rows, {Align::left, Align::right, Align::right, Align::right, Align::right});
}

}  // namespace

Labels read_labels(const std::string& path, const model::Model& model, std::size_t n_inputs, std::string_view inputs) {
  if (takes_signals(model)) throw Error({.file = {}, .line = 0, .field = "--labels"}, "a filter has no labels");
  const model::Output& output = model.output;
  const bool decides = output.rule != model::DecisionRule::none;
  const std::size_t width = decides ? output.targets.size() : static_cast<std::size_t>(output.n_outputs);
  std::vector<std::vector<std::string>> names;
  for (std::size_t target = 0; decides && target < width; ++target) names.push_back(model::class_names(model, target));
  Labels labels;
  for (const RowTexts& row :
       read_row_texts(path, {.n_rows = n_inputs, .width = width, .noun = "labels", .inputs = inputs})) {
    const Where where{.file = path, .line = row.line};
    if (decides) {
      labels.classes.emplace_back();
      for (std::size_t i = 0; i < width; ++i) labels.classes.back().push_back(class_of(row.cells[i], names[i], where));
    } else {
      labels.values.emplace_back();
      for (const std::string& cell : row.cells) labels.values.back().push_back(formats::parse_number(cell, where));
    }
  }
  return labels;
}

Labels labels_at(const Labels& labels, std::span<const std::size_t> rows) {
  if (!labels.classes.empty()) return {.classes = rows_at(labels.classes, rows), .values = {}};
  return {.classes = {}, .values = rows_at(labels.values, rows)};
}

Score score_of(const model::Model& model, const Labels& labels, std::span<const Answer> answers) {
  Score score{.n_inputs = answers.size()};
  if (model.output.rule == model::DecisionRule::none) {
    score.errors = errors(labels, answers);
    return score;
  }
  for (std::size_t target = 0; target < model.output.targets.size(); ++target) {
    score.targets.push_back(confusion(model, labels, answers, target));
  }
  return score;
}

double accuracy(const Confusion& target) {
  const Counted sum = counted(target);
  return static_cast<double>(sum.right) / static_cast<double>(std::max<std::size_t>(1, sum.all));
}

std::optional<double> accuracy(const Score& score) {
  if (score.errors) return std::nullopt;
  Counted sum;
  for (const Confusion& target : score.targets) {
    const Counted one = counted(target);
    sum.right += one.right;
    sum.all += one.all;
  }
  return static_cast<double>(sum.right) / static_cast<double>(std::max<std::size_t>(1, sum.all));
}

std::string target_name(const model::Model& model, std::size_t target) {
  const std::string& name = model.output.targets[target].name;
  return name.empty() ? fmt::format("target {}", target) : name;
}

std::string score_text(const model::Model& model, std::span<const NamedScore> scores) {
  const Score& last = scores.back().score;
  if (last.errors) return error_table(scores);
  constexpr std::size_t most_classes = 20;
  std::vector<std::vector<std::string>> rows;
  std::string matrices;
  for (std::size_t target = 0; target < last.targets.size(); ++target) {
    const std::string of_target = last.targets.size() == 1 ? "" : ", " + target_name(model, target);
    for (const auto& [name, score] : scores)
      rows.push_back({name + of_target, percent(accuracy(score.targets[target]))});
    if (last.targets[target].classes.size() <= most_classes) matrices += confusion_table(last.targets[target]);
  }
  return table(rows, {Align::left, Align::right}) + matrices;
}

}  // namespace emlc::cli
