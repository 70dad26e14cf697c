#include "formats/csv/trees_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "codegen/model/number_type.hpp"
#include "formats/csv/csv.hpp"
#include "formats/csv/records.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

using model::NumberType;

using model::infinity;
constexpr std::int64_t most_lines = 0x7fffffff;
constexpr std::array places = {model::BaseScoreAt::start, model::BaseScoreAt::end};

std::string_view place_name(model::BaseScoreAt place) { return place == model::BaseScoreAt::start ? "start" : "end"; }

/// What has been read so far.
struct State {
  model::Model model = blank_model();
  model::TreeEnsemble ensemble;
  NodeTable table;
  std::optional<std::int64_t> n_trees, n_leaves, n_splits;
  std::vector<std::string_view> seen;
};

void read_trees(State& state, const Record& record) {
  record.expect_fields(1, 1);
  state.n_trees = parse_whole(record.fields[0], 1, most_lines, record.at("trees"));
}

void read_leaves(State& state, const Record& record) {
  record.expect_fields(2, 2);
  state.n_leaves = parse_whole(record.fields[0], 1, most_leaves, record.at("leaves"));
  state.ensemble.leaf_width =
      static_cast<std::int32_t>(parse_whole(record.fields[1], 1, EMLC_CSV_MOST_OUTPUTS, record.at("width")));
}

void read_splits(State& state, const Record& record) {
  record.expect_fields(1, 1);
  state.n_splits = parse_whole(record.fields[0], 0, most_lines, record.at("splits"));
}

void read_base(State& state, const Record& record) {
  record.expect_fields(2, EMLC_CSV_MOST_OUTPUTS + 1);
  if (!state.ensemble.leaf_values.empty()) throw Error(record.at(""), "expected a record 'base' before 'l'");
  state.ensemble.base_score_at =
      parse_enum<model::BaseScoreAt>(record.fields[0], places, place_name, "place", record.at("base"));
  state.ensemble.base_score = parse_floats(std::span(record.fields).subspan(1), record);
}

void read_divide(State& state, const Record& record) {
  record.expect_fields(1, 1);
  state.ensemble.divisor = parse_float(record.fields[0], record.at("divide"));
  if (state.ensemble.divisor == 0.0) throw Error(record.at("divide"), "must not be 0");
}

void read_multiply(State& state, const Record& record) {
  record.expect_fields(1, 1);
  state.ensemble.scale = parse_float(record.fields[0], record.at("multiply"));
}

void read_post(State& state, const Record& record) { state.ensemble.post_transform = parse_post_transform(record); }

void read_leaf(State& state, const Record& record) {
  record.expect_some_fields();
  const std::vector<double> row = parse_floats(split_anywhere(text_from(record, 0)), record);
  if (!state.n_leaves) throw Error(record.at(""), "expected a record 'leaves' before 'l'");
  if (row.size() != static_cast<std::size_t>(state.ensemble.leaf_width)) {
    throw Error(record.at("l"),
                fmt::format("the row has {} values, 'leaves' says {}", row.size(), state.ensemble.leaf_width));
  }
  state.ensemble.leaf_values.insert(state.ensemble.leaf_values.end(), row.begin(), row.end());
}

void read_root(State& state, const Record& record) {
  record.expect_fields(1, 2);
  if (!state.n_leaves || state.model.output.n_outputs < state.ensemble.leaf_width) {
    throw Error(record.at(""), "expected records 'output' and 'leaves' before 'r', with rows no wider than the output");
  }
  const std::int64_t highest_output = state.model.output.n_outputs - state.ensemble.leaf_width;
  TableRoot root{.line = record.line};
  root.node = parse_whole(record.fields[0], -static_cast<std::int64_t>(most_leaves), most_lines, record.at("root"));
  const std::string_view first = record.fields.size() == 2 ? record.fields[1] : "0";
  root.first_output = static_cast<std::int32_t>(parse_whole(first, 0, highest_output, record.at("first_output")));
  state.table.roots.push_back(root);
}

double parse_threshold(std::string_view cell, NumberType type, const Where& where) {
  const model::NumberTypeInfo& info = model::info(type);
  if (info.is_integer) {
    return static_cast<double>(
        parse_whole(cell, static_cast<std::int64_t>(info.lowest), static_cast<std::int64_t>(info.highest), where));
  }
  if (cell == "inf") return infinity;
  if (cell == "-inf") return -infinity;
  return parse_float(cell, where);
}

TableRef parse_child(std::string_view cell, std::size_t id, const Where& where) {
  const std::int64_t value = parse_whole(cell, -static_cast<std::int64_t>(most_leaves), highest_jump, where);
  if (value == 0) throw Error(where, "a jump of 0 would never end, expected 1 to 32767 or a leaf -1 to -32768");
  return value < 0 ? value : static_cast<TableRef>(id) + value;
}

void read_node(State& state, const Record& record) {
  record.expect_fields(4, 5);
  const auto& fields = record.fields;
  const std::int64_t n_features = state.model.input.n_features;
  if (n_features == 0) throw Error(record.at(""), "expected a record 'input' before 'n'");
  const std::size_t id = state.table.nodes.size();
  TableNode node{.line = record.line};
  node.feature = static_cast<std::int32_t>(parse_whole(fields[0], 0, n_features - 1, record.at("feature")));
  node.threshold = parse_threshold(fields[1], state.model.input.type, record.at("threshold"));
  node.left = parse_child(fields[2], id, record.at("left"));
  node.right = parse_child(fields[3], id, record.at("right"));
  node.default_left = fields.size() == 5 && parse_whole(fields[4], 0, 1, record.at("default_left")) == 1;
  state.table.nodes.push_back(node);
}

constexpr std::array kinds = {
    RecordKind<State>{"trees", read_trees},
    RecordKind<State>{"leaves", read_leaves},
    RecordKind<State>{"splits", read_splits},
    RecordKind<State>{"base", read_base},
    RecordKind<State>{"divide", read_divide},
    RecordKind<State>{"multiply", read_multiply},
    RecordKind<State>{"post", read_post},
    RecordKind<State>{"l", read_leaf, Occurs::often},
    RecordKind<State>{"r", read_root, Occurs::often},
    RecordKind<State>{"n", read_node, Occurs::often},
};

void check_count(const std::optional<std::int64_t>& declared, std::size_t found, std::string_view record,
                 std::string_view line, std::string_view file) {
  const Where where{.file = std::string(file)};
  if (!declared) throw Error(where, fmt::format("there is no record '{}'", record));
  if (static_cast<std::size_t>(*declared) == found) return;
  throw Error(where, fmt::format("'{}' says {}, there are {} lines '{}'", record, *declared, found, line));
}

/// The model, once every record has been read.
model::Model finish(State& state, std::string_view file) {
  model::TreeEnsemble& ensemble = state.ensemble;
  check_head(state.model, file);
  check_count(state.n_trees, state.table.roots.size(), "trees", "r", file);
  check_count(state.n_leaves, ensemble.n_rows(), "leaves", "l", file);
  check_count(state.n_splits, state.table.nodes.size(), "splits", "n", file);
  ensemble.n_features = state.model.input.n_features;
  ensemble.feature_type = state.model.input.type;
  ensemble.sum_type = NumberType::float32;
  ensemble.n_outputs = state.model.output.n_outputs;
  const auto n_outputs = static_cast<std::size_t>(ensemble.n_outputs);
  if (ensemble.base_score.empty()) ensemble.base_score.assign(n_outputs, 0.0);
  if (ensemble.base_score.size() != n_outputs) {
    throw Error({.file = std::string(file)},
                fmt::format("'base' has {} scores, 'output' says {}", ensemble.base_score.size(), n_outputs));
  }
  ensemble.trees = build_trees(state.table, ensemble.n_rows(), file);
  state.model.predictor = std::move(ensemble);
  return std::move(state.model);
}

std::string threshold_text(double threshold, NumberType type) {
  if (model::info(type).is_integer) return fmt::to_string(static_cast<std::int64_t>(threshold));
  if (std::isinf(threshold)) return threshold > 0.0 ? "inf" : "-inf";
  return float_text(threshold, "threshold");
}

std::string ensemble_text(const model::TreeEnsemble& ensemble, const NodeTable& table) {
  std::string text = fmt::format("trees,{}\nleaves,{},{}\nsplits,{}\n", table.roots.size(), table.leaves.size(),
                                 ensemble.leaf_width, table.nodes.size());
  const auto is_zero = [](double value) { return value == 0.0; };
  if (!std::all_of(ensemble.base_score.begin(), ensemble.base_score.end(), is_zero)) {
    text += fmt::format("base,{}{}\n", place_name(ensemble.base_score_at),
                        float_fields(ensemble.base_score, ',', "model.base_score"));
  }
  if (ensemble.divisor != 1.0) text += fmt::format("divide,{}\n", float_text(ensemble.divisor, "model.aggregate"));
  if (ensemble.scale != 1.0) text += fmt::format("multiply,{}\n", float_text(ensemble.scale, "model.output_scale"));
  return text + post_transform_text(ensemble.post_transform);
}

std::string table_text(const model::TreeEnsemble& ensemble, const NodeTable& table, NumberType type) {
  std::string text;
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  for (const model::RowId row : table.leaves) {
    const std::span values = std::span(ensemble.leaf_values).subspan(static_cast<std::size_t>(row) * width, width);
    text += "l," + float_fields(values, ' ', "model.leaf_values").substr(1) + '\n';
  }
  for (const TableRoot& root : table.roots) {
    text += fmt::format("r,{}", root.node);
    text += root.first_output == 0 ? "\n" : fmt::format(",{}\n", root.first_output);
  }
  for (std::size_t id = 0; id < table.nodes.size(); ++id) {
    const TableNode& node = table.nodes[id];
    const auto child = [&](TableRef ref) { return ref < 0 ? ref : ref - static_cast<TableRef>(id); };
    text += fmt::format("n,{},{},{},{}{}\n", node.feature, threshold_text(node.threshold, type), child(node.left),
                        child(node.right), node.default_left ? ",1" : "");
  }
  return text;
}

}  // namespace

bool is_trees_csv(std::string_view content) { return is_form(content, "trees"); }

model::Model read_trees_csv(std::string_view content, std::string_view file) {
  State state;
  for (const Record& record : split_records(content, "trees", file)) {
    read_record(state, std::span<const RecordKind<State>>(kinds), record);
  }
  return finish(state, file);
}

std::string extended_text(const model::Model& model, const model::TreeEnsemble& ensemble, const NodeTable& table,
                          NumberType type) {
  return head_text(model, "trees", type) + ensemble_text(ensemble, table) + table_text(ensemble, table, type) + "end\n";
}

}  // namespace emlc::formats
