#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "formats/onnx/file/graph.hpp"
#include "formats/onnx/onnx.hpp"
#include "formats/onnx/open_width.hpp"
#include "formats/onnx/predictor.hpp"
#include "formats/onnx/rows.hpp"
#include "formats/onnx/softplus.hpp"
#include "formats/onnx/walk.hpp"

namespace emlc::formats {
namespace onnx {
namespace {

/// Types of inputs, and those of the model.
struct InputType {
  ElementType from;
  model::NumberType to;
};
constexpr std::array input_types = {
    InputType{ElementType::float32, model::NumberType::float32},
    InputType{ElementType::float64, model::NumberType::float64},
    InputType{ElementType::int8, model::NumberType::int8},
    InputType{ElementType::uint8, model::NumberType::uint8},
    InputType{ElementType::int16, model::NumberType::int16},
    InputType{ElementType::int32, model::NumberType::int32},
    InputType{ElementType::int64, model::NumberType::int32},
    InputType{ElementType::boolean, model::NumberType::uint8},
};

std::string field_of(std::string_view what, const Port& port) {
  return fmt::format("{} '{}'", what, printable(port.name));
}

model::NumberType type_of(const Graph& graph, const Port& port) {
  if (!port.type) refuse(graph.file, field_of("input", port), "is no tensor");
  for (const InputType& row : input_types) {
    if (row.from == *port.type) return row.to;
  }
  refuse(graph.file, field_of("input", port),
         fmt::format("has elements of {}, expected numbers of float, double or at most 32 bits", name(*port.type)));
}

/// Columns of an input. Where it leaves them open, a node behind it says how many there are.
std::int32_t width_of(const Graph& graph, const Port& port, std::vector<std::string>& remarks) {
  const std::string field = field_of("input", port);
  if (!port.has_shape || port.shape.empty() || port.shape.size() > 2) {
    refuse(graph.file, field,
           fmt::format("has {} dimensions, expected a row of features for each sample", port.shape.size()));
  }
  std::int64_t width = port.shape.size() == 1 ? 1 : port.shape[1];
  if (width < 1) {
    const std::optional<OpenWidth> found = find_width(graph, port.name);
    if (!found) refuse(graph.file, field, "has no fixed number of features, and no node that says it");
    width = found->n_columns;
    if (found->is_least) {
      remarks.push_back(fmt::format("{}: {} leaves its number of features open: {} are what its trees look at",
                                    graph.file, field, width));
    }
  }
  if (width > most_features) {
    refuse(graph.file, field, fmt::format("has {} features, more than {}", width, most_features));
  }
  return static_cast<std::int32_t>(width);
}

/// Features by name where every input is a column, and what each input is to the nodes.
model::Input read_inputs(const Graph& graph, std::map<std::string, Value>& values, std::vector<std::string>& remarks) {
  if (graph.inputs.empty()) refuse(graph.file, "graph", "has no input");
  model::Input input{.type = type_of(graph, graph.inputs.front())};
  for (const Port& port : graph.inputs) {
    const std::int32_t width = width_of(graph, port, remarks);
    if (type_of(graph, port) != input.type)
      refuse(graph.file, field_of("input", port), "has another type than the inputs before it, expected one for all");
    if (width > most_features - input.n_features)
      refuse(graph.file, "graph", fmt::format("has more than {} features", most_features));
    Rows rows{.width = width, .type = *port.type};
    for (std::int32_t column = 0; column < width; ++column) rows.features.columns.push_back(input.n_features + column);
    rows.lineage = {static_cast<std::int32_t>(values.size())};
    input.n_features += width;
    if (!values.emplace(port.name, std::move(rows)).second)
      refuse(graph.file, field_of("input", port), "is there twice");
    input.feature_names.push_back(port.name);
  }
  if (graph.inputs.size() == 1 || std::cmp_not_equal(graph.inputs.size(), input.n_features))
    input.feature_names.clear();
  if (*graph.inputs.front().type == ElementType::int64)
    remarks.push_back(graph.file + ": the inputs are int64, which the model takes as int32");
  return input;
}

/// The outputs of the graph that count: one of numbers, and one of classes.
struct Answers {
  std::optional<Rows> scores{};
  std::optional<Choice> choice{};
};

Answers answers_of(const Graph& graph, const Walked& walked) {
  Answers answers;
  if (walked.outputs.empty()) refuse(graph.file, "graph", "has no output");
  for (std::size_t index = 0; index < walked.outputs.size(); ++index) {
    const std::string field = field_of("output", graph.outputs[index]);
    if (std::holds_alternative<Tensor>(walked.outputs[index])) refuse(graph.file, field, "is a constant");
    if (const auto* rows = std::get_if<Rows>(&walked.outputs[index])) {
      if (rows->codes)
        refuse(graph.file, field, "has the codes of a QuantizeLinear, expected a DequantizeLinear behind it");
      if (answers.scores) refuse(graph.file, field, "is a second output of numbers, expected one, and one of classes");
      answers.scores = *rows;
    }
    if (const auto* choice = std::get_if<Choice>(&walked.outputs[index])) {
      if (answers.choice) refuse(graph.file, field, "is a second output of classes, expected one, and one of numbers");
      if (!choice->problem.empty()) refuse(graph.file, field, choice->problem);
      answers.choice = *choice;
    }
  }
  return answers;
}

/// Is the order of the columns that the choice looks at that of the scores?
bool fits(const Choice& choice, const Rows& scores) {
  const std::int32_t looked_at = choice.scores.lineage.back();
  if (choice.rule != model::DecisionRule::argmax) return looked_at == scores.lineage.back();
  return std::find(scores.lineage.begin(), scores.lineage.end(), looked_at) != scores.lineage.end() &&
         choice.scores.width == scores.width;
}

std::vector<std::string> names_of(const Choice& choice) {
  if (!choice.texts.empty()) return choice.texts;
  std::vector<std::string> names;
  for (const double value : choice.values) names.push_back(fmt::format("{}", value));
  return names;
}

/// Columns, task, decision and names of the outputs.
model::Output output_of(const Graph& graph, const Answers& answers, const Rows& scores) {
  const std::int32_t n = scores.form == Form::plain ? scores.width : 1;
  if (n > most_outputs) refuse(graph.file, "graph", fmt::format("has {} outputs, more than {}", n, most_outputs));
  model::Output output{.task = model::Task::regression, .n_outputs = n, .targets = {{.size = n}}};
  if (answers.choice) {
    const Choice& choice = *answers.choice;
    if (!fits(choice, scores)) refuse(graph.file, "graph", "its class is that of other numbers than its scores");
    output.task = is_isolation(scores) ? model::Task::anomaly : model::Task::classification;
    output.rule = choice.rule;
    output.threshold = choice.threshold;
    output.targets.front().class_names = names_of(choice);
  } else if (ends_in_softmax(scores)) {
    output.task = model::Task::classification;
    output.rule = model::DecisionRule::argmax;
  }
  return output;
}

model::Model build(const Graph& graph, const Walked& walked, model::Input input) {
  const Answers answers = answers_of(graph, walked);
  // Classes alone come of the numbers that they look at.
  Rows scores = answers.scores ? *answers.scores : answers.choice->scores;
  if (scores.form == Form::complement) refuse(graph.file, "graph", "gives 1 - p, expected p");
  model::Model model{.input = std::move(input)};
  model.output = output_of(graph, answers, scores);
  // The single number that both are made of.
  if (scores.form != Form::plain) scores.width = 1;
  scores.form = Form::plain;
  put_predictor(graph, std::move(scores), model);
  return model;
}

}  // namespace
}  // namespace onnx

Reading read_onnx(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  onnx::Graph graph = onnx::decode(content, file);
  onnx::plain_softplus(graph);
  Reading reading;
  std::map<std::string, onnx::Value> inputs;
  model::Input input = onnx::read_inputs(graph, inputs, reading.remarks);
  onnx::Walked walked = onnx::walk(graph, inputs);
  reading.model = onnx::build(graph, walked, std::move(input));
  reading.nodes = std::move(walked.nodes);
  return reading;
}

}  // namespace emlc::formats
