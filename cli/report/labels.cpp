#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/console/files.hpp"
#include "cli/console/terminal.hpp"
#include "cli/report/report.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "formats/text/matrix.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli::report {
namespace {

/// A line of the file of labels: one cell per target, or per output of a regression.
struct LabelRow {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

std::string unquoted(std::string_view cell) {
  cell = formats::trim(cell);
  if (cell.size() >= 2 && cell.starts_with('"') && cell.ends_with('"')) cell = cell.substr(1, cell.size() - 2);
  return std::string(cell);
}

std::vector<LabelRow> read_rows(const std::string& content, const std::string& file) {
  std::vector<LabelRow> rows;
  if (content.starts_with("\x93NUMPY")) {
    for (const auto& row : formats::read_npy(content, file).rows) {
      rows.emplace_back();
      for (const double value : row) rows.back().cells.push_back(fmt::to_string(value));
    }
    return rows;
  }
  for (const formats::Line& line : formats::split_lines(content)) {
    if (formats::trim(line.text).empty() || line.text.starts_with('#')) continue;
    rows.push_back({.line = line.number, .cells = {}});
    for (const std::string_view cell : formats::split_fields(line.text, ',')) {
      rows.back().cells.push_back(unquoted(cell));
    }
  }
  return rows;
}

/// Class names are texts; `1.0` is the class 1 too.
bool is_class(const std::string& label, const std::string& name) {
  if (label == name) return true;
  return formats::is_number(label) && formats::is_number(name) &&
         formats::parse_number(label, {}) == formats::parse_number(name, {});
}

std::optional<std::size_t> class_of(const std::string& label, const std::vector<std::string>& names) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& name) { return is_class(label, name); });
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Confusion confusion(const model::Model& model, std::span<const LabelRow> labels, std::span<const Answer> answers,
                    std::size_t target, const std::string& file) {
  Confusion matrix{.classes = model::class_names(model, target), .counts = {}};
  const std::size_t n = matrix.classes.size();
  matrix.counts.assign(n, std::vector<std::size_t>(n, 0));
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::string& label = labels[row].cells[target];
    const auto expected = class_of(label, matrix.classes);
    if (!expected) {
      throw Error({.file = file, .line = labels[row].line},
                  fmt::format("the model has no class '{}'", printable(label)));
    }
    ++matrix.counts[*expected][static_cast<std::size_t>(answers[row].classes[target])];
  }
  return matrix;
}

std::string share_correct(const Confusion& matrix) {
  std::size_t correct = 0, all = 0;
  for (std::size_t row = 0; row < matrix.counts.size(); ++row) {
    correct += matrix.counts[row][row];
    for (const std::size_t n : matrix.counts[row]) all += n;
  }
  return fmt::format("{:.2f} %", 100.0 * static_cast<double>(correct) / static_cast<double>(all));
}

/// Root of the mean square error, mean absolute error and R2 over all outputs.
std::vector<std::string> errors(std::span<const LabelRow> labels, std::span<const Answer> answers,
                                const std::string& file) {
  double squares = 0.0, absolutes = 0.0, sum = 0.0, sum_of_squares = 0.0, n = 0.0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    for (std::size_t column = 0; column < labels[row].cells.size(); ++column) {
      const double y = formats::parse_number(labels[row].cells[column], {.file = file, .line = labels[row].line});
      const double difference = answers[row].outputs[column] - y;
      squares += difference * difference;
      absolutes += std::abs(difference);
      sum += y;
      sum_of_squares += y * y;
      n += 1.0;
    }
  }
  const double variance = sum_of_squares - sum * sum / n;
  return {number(std::sqrt(squares / n)), number(absolutes / n),
          variance > 0.0 ? number(1.0 - squares / variance) : "-"};
}

/// One row per row of the data, without a header line.
std::vector<LabelRow> read_labels(const Converted& converted, const std::string& path) {
  const model::Output& output = converted.source.model.output;
  const std::size_t width =
      output.rule == model::DecisionRule::none ? static_cast<std::size_t>(output.n_outputs) : output.targets.size();
  std::vector<LabelRow> rows = read_rows(read_file(path), path);
  const std::size_t n_expected = converted.lowered.data.size();
  if (rows.size() == n_expected + 1) rows.erase(rows.begin());  // a header line
  if (rows.size() != n_expected || rows.empty()) {
    throw Error({.file = path}, fmt::format("{} labels, --data has {} rows", rows.size(), n_expected));
  }
  for (const LabelRow& row : rows) {
    if (row.cells.size() == width) continue;
    throw Error({.file = path, .line = row.line}, fmt::format("expected {} labels, found {}", width, row.cells.size()));
  }
  return rows;
}

}  // namespace

Section compare_with_labels(const Converted& converted, const std::string& labels_path) {
  const model::Model& trained = converted.source.model;
  if (takes_signals(trained)) throw Error({.file = {}, .line = 0, .field = "--labels"}, "a filter has no labels");
  const std::vector<LabelRow> labels = read_labels(converted, labels_path);
  const std::vector<Answer> before = reference_answers(trained, converted.lowered.data);
  const std::vector<Answer> after = reference_answers(converted.lowered.model, converted.lowered.data);
  Section section{.title = "Against the labels", .text = count(labels.size(), "row") + " of --data.", .blocks = {}};
  if (trained.output.rule == model::DecisionRule::none) {
    Table table{.header = {"", "root mean square error", "mean absolute error", "R2"},
                .rows = {{"trained"}, {"on the device"}}};
    const auto append = [&](std::vector<std::string>& row, std::span<const Answer> answers) {
      for (std::string& text : errors(labels, answers, labels_path)) row.push_back(std::move(text));
    };
    append(table.rows[0], before);
    append(table.rows[1], after);
    section.blocks.emplace_back(table);
    return section;
  }
  Table table{.header = {"target", "correct, trained", "correct, on the device"}, .rows = {}};
  std::vector<Block> matrices;
  for (std::size_t target = 0; target < trained.output.targets.size(); ++target) {
    const Confusion own = confusion(trained, labels, before, target, labels_path);
    const Confusion device = confusion(trained, labels, after, target, labels_path);
    const std::string& name = trained.output.targets[target].name;
    table.rows.push_back({name.empty() ? std::to_string(target) : name, share_correct(own), share_correct(device)});
    matrices.emplace_back(device);
  }
  section.blocks.emplace_back(table);
  section.blocks.insert(section.blocks.end(), matrices.begin(), matrices.end());
  return section;
}

}  // namespace emlc::cli::report
