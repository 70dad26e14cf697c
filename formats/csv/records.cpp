#include "formats/csv/records.hpp"

#include <emlc/csv_limits.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/model/names.hpp"
#include "formats/csv/csv.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

using model::DecisionRule;
using model::NumberType;
using model::PostTransformKind;
using model::Task;

constexpr std::array input_types = {NumberType::float32, NumberType::int8, NumberType::uint8, NumberType::int16,
                                    NumberType::int32};
constexpr std::array tasks = {Task::classification, Task::regression, Task::anomaly, Task::transform};
constexpr std::array rules = {DecisionRule::argmax, DecisionRule::greater, DecisionRule::greater_equal,
                              DecisionRule::none};
constexpr std::array post_transforms = {
    PostTransformKind::identity,    PostTransformKind::sigmoid,   PostTransformKind::softmax,
    PostTransformKind::exp,         PostTransformKind::hinge,     PostTransformKind::signed_square,
    PostTransformKind::log1p_exp,   PostTransformKind::normalize, PostTransformKind::isolation,
    PostTransformKind::log_softmax,
};

std::string_view type_name(NumberType type) { return model::info(type).name; }

/// A name as the last fields of a line: commas stay, what would end the line is escaped.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      result += c;
    }
  }
  return result;
}

/// The name from field `first` to the end of the line.
std::string unescaped(const Record& record, std::size_t first) {
  const std::string_view text = text_from(record, first);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next != '\\' && next != 'n' && next != 'r') {
      throw Error(record.at(record.kind), R"(a backslash is written \\, a line end \n or \r)");
    }
    result += next == 'n' ? '\n' : (next == 'r' ? '\r' : '\\');
  }
  return result;
}

void read_name(model::Model& model, const Record& record) {
  record.expect_fields(1, 1);
  model.name = record.fields[0];
  if (const std::string problem = model::name_problem(model.name); !problem.empty()) {
    throw Error(record.at("name"), problem);
  }
}

void read_input(model::Model& model, const Record& record) {
  record.expect_fields(2, 2);
  model.input.type = parse_enum<NumberType>(record.fields[0], input_types, type_name, "type", record.at("type"));
  model.input.n_features =
      static_cast<std::int32_t>(parse_whole(record.fields[1], 1, EMLC_CSV_MOST_FEATURES, record.at("n_features")));
}

void read_output(model::Model& model, const Record& record) {
  record.expect_fields(2, 2);
  model.output.task = parse_enum<Task>(record.fields[0], tasks, model::name, "task", record.at("task"));
  model.output.n_outputs =
      static_cast<std::int32_t>(parse_whole(record.fields[1], 1, EMLC_CSV_MOST_OUTPUTS, record.at("n_outputs")));
}

void read_target(model::Model& model, const Record& record) {
  record.expect_some_fields();
  model::Target target;
  target.size = static_cast<std::int32_t>(parse_whole(record.fields[0], 1, EMLC_CSV_MOST_OUTPUTS, record.at("size")));
  if (record.fields.size() > 1) target.name = unescaped(record, 1);
  model.output.targets.push_back(std::move(target));
}

void read_class(model::Model& model, const Record& record) {
  record.expect_some_fields();
  if (model.output.targets.empty()) throw Error(record.at(""), "expected a record 'target' before 'class'");
  model.output.targets.back().class_names.push_back(unescaped(record, 0));
}

void read_decision(model::Model& model, const Record& record) {
  record.expect_fields(1, 2);
  model.output.rule =
      parse_enum<DecisionRule>(record.fields[0], rules, model::name, "decision rule", record.at("rule"));
  if (record.fields.size() == 2) model.output.threshold = parse_float(record.fields[1], record.at("threshold"));
}

/// The float32 that decides about float32 outputs as `threshold` does.
double device_threshold(const model::Output& output) {
  const double up = model::smallest_at_least(NumberType::float32, output.threshold);
  const bool is_exact = up == output.threshold;
  return output.rule == DecisionRule::greater && !is_exact ? model::next_below(NumberType::float32, up) : up;
}

}  // namespace

void Record::expect_fields(std::size_t least, std::size_t most) const {
  if (fields.size() >= least && fields.size() <= most) return;
  throw Error(at(""), least == most
                          ? fmt::format("a record '{}' has {} fields, this one has {}", kind, least, fields.size())
                          : fmt::format("a record '{}' has {} to {} fields, this one has {}", kind, least, most,
                                        fields.size()));
}

void Record::expect_some_fields() const {
  if (!fields.empty()) return;
  throw Error(at(""), fmt::format("a record '{}' has 1 field or more, this one has none", kind));
}

std::string_view text_from(const Record& record, std::size_t first) {
  std::string_view text = record.text;
  for (std::size_t i = 0; i <= first; ++i) text.remove_prefix(text.find(',') + 1);
  return text;
}

void note_kind(std::vector<std::string_view>& seen, Occurs occurs, const Record& record) {
  if (occurs == Occurs::often) return;
  if (std::ranges::find(seen, record.kind) != seen.end()) {
    throw Error(record.at(""), fmt::format("a second record '{}'", record.kind));
  }
  seen.push_back(record.kind);
}

bool is_form(std::string_view content, std::string_view form) {
  const std::vector<Line> first = split_lines(content.substr(0, 64));
  if (first.empty()) return false;
  const std::vector<std::string_view> fields = split_fields(first.front().text, ',');
  return fields.size() > 1 && trim(fields[0]) == "emlc" && trim(fields[1]) == form;
}

std::vector<Record> split_records(std::string_view content, std::string_view form, std::string_view file) {
  std::vector<Record> records;
  bool ended = false;
  for (const Line& line : split_lines(content)) {
    if (trim(line.text).empty()) continue;
    std::vector<std::string_view> fields = split_fields(line.text, ',');
    for (std::string_view& field : fields) field = trim(field);
    Record record{.file = file, .line = line.number, .kind = fields.front(), .text = line.text};
    if (ended) throw Error(record.at(""), "expected nothing after the record 'end'");
    record.fields.assign(fields.begin() + 1, fields.end());
    ended = record.kind == "end";
    if (ended) record.expect_fields(0, 0);
    if (!ended) records.push_back(std::move(record));
  }
  if (!ended) throw Error({.file = std::string(file)}, "there is no record 'end', the file was cut off");
  if (records.empty() || records.front().kind != "emlc" || records.front().fields.size() != 2 ||
      records.front().fields[0] != form) {
    throw Error({.file = std::string(file), .line = 1}, fmt::format("expected 'emlc,{},1'", form));
  }
  if (records.front().fields[1] != "1") {
    throw Error(records.front().at("version"),
                fmt::format("version '{}' is not supported, expected 1", printable(records.front().fields[1])));
  }
  records.erase(records.begin());
  return records;
}

model::Model blank_model() {
  model::Model model;
  model.output.n_outputs = 0;
  return model;
}

void check_head(const model::Model& model, std::string_view file) {
  const Where where{.file = std::string(file)};
  if (model.input.n_features == 0) throw Error(where, "there is no record 'input'");
  if (model.output.n_outputs == 0) throw Error(where, "there is no record 'output'");
  std::int64_t columns = 0;
  for (const model::Target& target : model.output.targets) columns += target.size;
  if (columns == model.output.n_outputs) return;
  throw Error(where, fmt::format("the targets have {} outputs, 'output' says {}", columns, model.output.n_outputs));
}

std::span<const RecordKind<model::Model>> head_kinds() {
  static constexpr std::array kinds = {
      RecordKind<model::Model>{"name", read_name},
      RecordKind<model::Model>{"input", read_input},
      RecordKind<model::Model>{"output", read_output},
      RecordKind<model::Model>{"target", read_target, Occurs::often},
      RecordKind<model::Model>{"class", read_class, Occurs::often},
      RecordKind<model::Model>{"decision", read_decision},
  };
  return kinds;
}

std::string head_text(const model::Model& model, std::string_view form, NumberType type) {
  std::string text = fmt::format("emlc,{},1\n", form);
  if (!model.name.empty()) text += fmt::format("name,{}\n", model.name);
  text += fmt::format("input,{},{}\n", type_name(type), model.input.n_features);
  text += fmt::format("output,{},{}\n", model::name(model.output.task), model.output.n_outputs);
  for (const model::Target& target : model.output.targets) {
    text += fmt::format("target,{}{}{}\n", target.size, target.name.empty() ? "" : ",", escaped(target.name));
    for (const std::string& class_name : target.class_names) text += fmt::format("class,{}\n", escaped(class_name));
  }
  const bool compares = model.output.rule == DecisionRule::greater || model.output.rule == DecisionRule::greater_equal;
  text += fmt::format("decision,{}", model::name(model.output.rule));
  if (compares) text += fmt::format(",{}", float_text(device_threshold(model.output), "output.decision.threshold"));
  return text + '\n';
}

model::PostTransform parse_post_transform(const Record& record) {
  record.expect_fields(1, 4);
  model::PostTransform transform{.type = NumberType::float32};
  transform.kind = parse_enum<PostTransformKind>(record.fields[0], post_transforms, model::name, "post-transform",
                                                 record.at("post"));
  const std::vector<double> values = parse_floats(std::span(record.fields).subspan(1), record);
  if (!values.empty()) transform.scale = values[0];
  if (values.size() > 1) transform.denominator = values[1];
  if (values.size() > 2) transform.offset = values[2];
  if (transform.denominator == 0.0) throw Error(record.at("denominator"), "must not be 0");
  return transform;
}

std::string post_transform_text(const model::PostTransform& transform) {
  const bool has_scale = transform.scale != 1.0;
  const bool is_isolation = transform.kind == PostTransformKind::isolation;
  if (transform.kind == PostTransformKind::identity && !has_scale) return {};
  std::string text = fmt::format("post,{}", model::name(transform.kind));
  const std::array values = {transform.scale, transform.denominator, transform.offset};
  const std::size_t n = is_isolation ? 3 : (has_scale ? 1 : 0);
  return text + float_fields(std::span(values).first(n), ',', "post_transform") + '\n';
}

std::vector<double> parse_floats(std::span<const std::string_view> cells, const Record& record) {
  std::vector<double> values;
  values.reserve(cells.size());
  for (const std::string_view cell : cells) values.push_back(parse_float(cell, record.at(record.kind)));
  return values;
}

std::string float_fields(std::span<const double> values, char separator, std::string_view what) {
  std::string text;
  for (const double value : values) {
    text += separator;
    text += float_text(value, what);
  }
  return text;
}

}  // namespace emlc::formats
