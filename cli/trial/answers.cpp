#include "cli/trial/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/foreign.hpp"
#include "formats/text/matrix.hpp"
#include "formats/tmdl/c_array.hpp"
#include "formats/tmdl/tmdl.hpp"

namespace emlc::cli {
namespace {

Inputs transposed(const Inputs& rows) {
  Inputs columns(rows.empty() ? 0 : rows.front().size());
  for (const std::vector<double>& row : rows) {
    for (std::size_t column = 0; column < columns.size(); ++column) columns[column].push_back(row[column]);
  }
  return columns;
}

bool is_value_of(const model::NumberTypeInfo& type, double value) {
  return !type.is_integer || (value >= type.lowest && value <= type.highest && value == std::floor(value));
}

/// @param where  the row
void check_row(const std::vector<double>& x, const Where& where, const model::Input& input) {
  const auto n_features = static_cast<std::size_t>(input.n_features);
  if (x.size() != n_features) {
    throw Error(where, fmt::format("{} values, the model has {} features", x.size(), n_features));
  }
  const model::NumberTypeInfo& type = model::info(model::given_type(input));
  const auto bad = std::find_if(x.begin(), x.end(), [&](double value) { return !is_value_of(type, value); });
  if (bad == x.end()) return;
  throw Error(where,
              fmt::format("feature {} is {}, the features of the model are {}", bad - x.begin(), *bad, type.name));
}

/// A cell that any reader of CSV takes for one cell.
std::string in_quotes(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

std::string line(const std::vector<std::string>& cells) { return fmt::format("{}\n", fmt::join(cells, ",")); }

/// `output_0`, `output_1`, ...
void append_header(std::vector<std::string>& cells, std::string_view name, std::size_t n) {
  for (std::size_t index = 0; index < n; ++index) cells.push_back(fmt::format("{}_{}", name, index));
}

void append_values(std::vector<std::string>& cells, const Answer& answer) {
  for (const double value : answer.outputs) cells.push_back(fmt::to_string(value));
}

std::string filter_csv(std::span<const Answer> answers) {
  std::vector<std::string> cells;
  append_header(cells, "output", answers.size());
  std::string text = line(cells);
  const std::size_t n_samples = answers.empty() ? 0 : answers.front().outputs.size();
  for (std::size_t sample = 0; sample < n_samples; ++sample) {
    cells.clear();
    for (const Answer& answer : answers) cells.push_back(fmt::to_string(answer.outputs[sample]));
    text += line(cells);
  }
  return text;
}

std::string label_csv(const model::Model& model, std::span<const Answer> answers, Columns columns,
                      std::span<const std::int32_t> decisions) {
  std::vector<std::vector<std::string>> names;  // of the classes of each target
  for (std::size_t target = 0; target < model.output.targets.size(); ++target) {
    names.push_back(model::class_names(model, target));
  }
  std::vector<std::string> cells;
  if (names.size() == 1) {
    cells.emplace_back("label");
  } else {
    append_header(cells, "label", names.size());
  }
  if (!decisions.empty()) cells.emplace_back("decision");
  if (columns == Columns::both) append_header(cells, "output", static_cast<std::size_t>(model.output.n_outputs));
  std::string text = line(cells);
  const auto name = [&](std::size_t target, std::int32_t index) {
    return in_quotes(names[target].at(static_cast<std::size_t>(index)));
  };
  for (std::size_t row = 0; row < answers.size(); ++row) {
    cells.clear();
    for (std::size_t target = 0; target < names.size(); ++target) {
      cells.push_back(name(target, answers[row].classes[target]));
    }
    if (!decisions.empty()) cells.push_back(decisions[row] < 0 ? "" : name(0, decisions[row]));
    if (columns == Columns::both) append_values(cells, answers[row]);
    text += line(cells);
  }
  return text;
}

std::string value_csv(const model::Model& model, std::span<const Answer> answers) {
  std::vector<std::string> cells;
  append_header(cells, "output", static_cast<std::size_t>(model.output.n_outputs));
  std::string text = line(cells);
  for (const Answer& answer : answers) {
    cells.clear();
    append_values(cells, answer);
    text += line(cells);
  }
  return text;
}

/// Names a file that is no table, but something else that is known.
void refuse_models(std::string_view content, const std::string& file) {
  constexpr std::string_view expected = "expected a table of numbers, as CSV or .npy";
  const formats::ForeignFile* foreign = formats::foreign_file(content);
  const bool is_table = content.starts_with("\x93NUMPY");
  if (foreign != nullptr && !is_table) throw Error({.file = file}, fmt::format("is {}; {}", foreign->name, expected));
  if (formats::is_emlc_json(content) || formats::is_tmdl(content) || formats::is_tmdl_c(content)) {
    throw Error({.file = file}, fmt::format("is a model; {}", expected));
  }
}

}  // namespace

bool holds(const model::Model& model, const std::vector<double>& x) {
  const model::NumberTypeInfo& type = model::info(model::given_type(model.input));
  return std::all_of(x.begin(), x.end(), [&](double value) { return is_value_of(type, value); });
}

void check_inputs(const Inputs& inputs, const model::Model& model, const std::string& file,
                  std::span<const std::size_t> lines) {
  if (takes_signals(model)) return;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::size_t line = lines.empty() ? 0 : lines[row];
    check_row(inputs[row], {.file = file, .line = line, .field = fmt::format("row {}", row)}, model.input);
  }
}

Inputs read_inputs(const std::string& path, const model::Model& model) {
  const std::string file = path == standard_stream ? "stdin" : path;
  const std::string content = read_file(path);
  refuse_models(content, file);
  formats::Matrix table = formats::read_matrix(content, file);
  if (takes_signals(model)) return transposed(table.rows);
  check_inputs(table.rows, model, file, table.lines);
  return std::move(table.rows);
}

std::vector<Answer> reference_answers(const model::Model& model, std::span<const std::vector<double>> inputs) {
  std::vector<Answer> answers;
  answers.reserve(inputs.size());
  for (const std::vector<double>& x : inputs) {
    Answer answer{.outputs = model::predict(model, x), .classes = {}};
    answer.classes = model::decide(model.output, answer.outputs);
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<Answer> raw_answers(const model::Model& model, std::span<const std::vector<double>> inputs) {
  std::vector<Answer> answers;
  answers.reserve(inputs.size());
  for (const std::vector<double>& x : inputs)
    answers.push_back({.outputs = model::predict_raw(model, x), .classes = {}});
  return answers;
}

std::string answers_csv(const model::Model& model, std::span<const Answer> answers, Columns columns,
                        std::span<const std::int32_t> decisions) {
  const bool decides = model.output.rule != model::DecisionRule::none;
  if (columns == Columns::labels && !decides) {
    throw Error({.file = {}, .line = 0, .field = "--outputs"},
                fmt::format("labels are for models that decide, this one is for {}", model::name(model.output.task)));
  }
  if (takes_signals(model)) return filter_csv(answers);
  const bool wants_labels = columns == Columns::labels || columns == Columns::both;
  return decides && wants_labels ? label_csv(model, answers, columns, decisions) : value_csv(model, answers);
}

}  // namespace emlc::cli
