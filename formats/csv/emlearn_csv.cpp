#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/csv/emlearn_lines.hpp"
#include "formats/csv/node_table.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace {

bool is_plain_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// note [thresholds]
// emlearn prints scikit-learn's float threshold t, always with a point or an exponent: the trained tree goes left when
// x <= t. A plain integer T is what emlc writes: exact for the test of the device, x < T.

/// The threshold of `x < threshold`.
double parse_threshold(std::string_view text, const Where& where) {
  if (is_plain_integer(text)) return static_cast<double>(parse_whole(text, int16_lowest, int16_highest, where));
  return std::nextafter(parse_number(text, where), std::numeric_limits<double>::infinity());
}

/// Training on int16 features gives thresholds half way between two of them: x <= k or x <= k + 0.5.
bool is_of_int16_data(std::string_view text) {
  if (is_plain_integer(text)) return true;
  const double t = parse_number(text, {});
  return 2.0 * t == std::floor(2.0 * t) && t >= static_cast<double>(int16_lowest) &&
         t <= static_cast<double>(int16_highest);
}

TableNode parse_split(const EmlearnLines& lines, const NodeLine& line, TableRef left, TableRef right) {
  const std::int64_t feature = parse_whole(line.feature, 0, highest_feature, lines.at(line.number, "feature"));
  const auto n_features = lines.n_features.value_or(highest_feature + 1);
  if (feature >= n_features) {
    throw Error(lines.at(line.number, "feature"),
                fmt::format("feature {} is out of range, f says {} features", feature, n_features));
  }
  return {.line = line.number,
          .feature = static_cast<std::int32_t>(feature),
          .threshold = parse_threshold(line.threshold, lines.at(line.number, "threshold")),
          .left = left,
          .right = right};
}

/// Since 0.20.4: a child is a jump forward, or a leaf.
TableRef parse_relative_child(std::string_view cell, std::size_t id, const Where& where) {
  const std::int64_t value = parse_whole(cell, int16_lowest, int16_highest, where);
  if (value == 0) throw Error(where, "a jump of 0 would never end, expected 1 to 32767 or a leaf -1 to -32768");
  return value < 0 ? value : static_cast<TableRef>(id) + value;
}

NodeTable relative_table(const EmlearnLines& lines) {
  NodeTable table;
  for (const RootLine& root : lines.roots) table.roots.push_back({root.number, root.node, 0});
  for (std::size_t id = 0; id < lines.nodes.size(); ++id) {
    const NodeLine& line = lines.nodes[id];
    const TableRef left = parse_relative_child(line.left, id, lines.at(line.number, "left"));
    const TableRef right = parse_relative_child(line.right, id, lines.at(line.number, "right"));
    table.nodes.push_back(parse_split(lines, line, left, right));
  }
  return table;
}

/// Before 0.20.4 children are absolute, and in the oldest files a leaf is a node without a feature (-1) whose threshold
/// is the class. Such leaves go to the leaf table; `refs` says what became of each node line.
std::vector<TableRef> take_leaf_nodes(EmlearnLines& lines) {
  std::vector<TableRef> refs;
  TableRef next_split = 0;
  for (const NodeLine& line : lines.nodes) {
    const Where where = lines.at(line.number, "feature");
    if (parse_whole(line.feature, -2, highest_feature, where) >= 0) {
      refs.push_back(next_split++);
    } else {
      lines.leaves.push_back({line.number, std::string(line.threshold)});
      refs.push_back(-static_cast<TableRef>(lines.leaves.size()));
    }
  }
  return refs;
}

TableRef parse_absolute_child(std::string_view cell, std::size_t id, const std::vector<TableRef>& refs,
                              const Where& where) {
  const std::int64_t value = parse_whole(cell, int16_lowest, int16_highest, where);
  if (value < 0) return value;
  const auto child = static_cast<std::size_t>(value);
  if (child >= refs.size()) throw Error(where, fmt::format("leads to node {}, there are {}", child, refs.size()));
  if (refs[child] >= 0 && child <= id) {
    throw Error(where, fmt::format("leads to node {}, which is not behind node {}", child, id));
  }
  return refs[child];
}

NodeTable absolute_table(EmlearnLines& lines) {
  const std::vector<TableRef> refs = take_leaf_nodes(lines);
  NodeTable table;
  for (const RootLine& root : lines.roots) {
    const auto id = static_cast<std::size_t>(root.node);
    if (id >= refs.size()) {
      throw Error(lines.at(root.number, "root"), fmt::format("leads to node {}, there are {}", id, refs.size()));
    }
    table.roots.push_back({root.number, refs[id], 0});
  }
  for (std::size_t id = 0; id < lines.nodes.size(); ++id) {
    if (refs[id] < 0) continue;
    const NodeLine& line = lines.nodes[id];
    const TableRef left = parse_absolute_child(line.left, id, refs, lines.at(line.number, "left"));
    const TableRef right = parse_absolute_child(line.right, id, refs, lines.at(line.number, "right"));
    table.nodes.push_back(parse_split(lines, line, left, right));
  }
  return table;
}

enum class LeafForm { class_index, proportions, value };

std::string_view name(LeafForm form) {
  switch (form) {
    case LeafForm::class_index:
      return "class indices";
    case LeafForm::proportions:
      return "rows of class proportions";
    case LeafForm::value:
      return "values";
  }
  throw std::logic_error("leaf form without a name");
}

LeafForm leaf_form(const EmlearnLines& lines) {
  const auto all = [&](auto holds) {
    return std::all_of(lines.leaves.begin(), lines.leaves.end(),
                       [&](const LeafLine& leaf) { return holds(leaf.text); });
  };
  LeafForm form = LeafForm::class_index;
  if (!all([](std::string_view text) { return !text.starts_with('['); })) {
    form = LeafForm::proportions;
  } else if (lines.n_classes ? *lines.n_classes == 0 : !all(is_plain_integer)) {
    form = LeafForm::value;
  }
  if (!lines.leaf_bits) return form;
  const std::int64_t bits = *lines.leaf_bits;
  const LeafForm declared = bits == 0 ? LeafForm::class_index : (bits == 32 ? LeafForm::value : LeafForm::proportions);
  if (declared == form) return form;
  throw Error({.file = std::string(lines.file)},
              fmt::format("lb {} is for leaves that are {}, these are {}", bits, name(declared), name(form)));
}

/// The number of classes; an old file does not say it, there the highest one that occurs is the last.
std::int32_t count_classes(const EmlearnLines& lines, LeafForm form) {
  if (form == LeafForm::value) return 1;
  if (lines.n_classes) return static_cast<std::int32_t>(*lines.n_classes);
  std::int64_t highest = 0;
  for (const LeafLine& leaf : lines.leaves) {
    highest = std::max(highest, parse_whole(leaf.text, 0, most_classes - 1, lines.at(leaf.number, "class")));
  }
  return static_cast<std::int32_t>(highest + 1);
}

void append_class(const EmlearnLines& lines, const LeafLine& leaf, std::int32_t n_classes, std::vector<double>& row) {
  const std::int64_t index = parse_whole(leaf.text, 0, n_classes - 1, lines.at(leaf.number, "class"));
  row.assign(static_cast<std::size_t>(n_classes), 0.0);
  row[static_cast<std::size_t>(index)] = 1.0;
}

void append_proportions(const EmlearnLines& lines, const LeafLine& leaf, std::int32_t n_classes,
                        std::vector<double>& row) {
  std::string_view text = leaf.text;
  const Where where = lines.at(leaf.number, "l");
  if (!text.starts_with('[') || !text.ends_with(']')) {
    throw Error(where, fmt::format("expected a row [...] of class proportions, found '{}'", printable(text)));
  }
  text = text.substr(1, text.size() - 2);
  for (const std::string_view cell : split_cells(text, ' ')) {
    row.push_back(static_cast<double>(parse_whole(cell, 0, 255, where)));
  }
  if (row.size() == static_cast<std::size_t>(n_classes)) return;
  throw Error(where, fmt::format("the row has {} proportions, c says {} classes", row.size(), n_classes));
}

std::vector<double> leaf_values(const EmlearnLines& lines, LeafForm form, std::int32_t width) {
  std::vector<double> values;
  for (const LeafLine& leaf : lines.leaves) {
    std::vector<double> row;
    if (form == LeafForm::class_index) append_class(lines, leaf, width, row);
    if (form == LeafForm::proportions) append_proportions(lines, leaf, width, row);
    if (form == LeafForm::value) row.push_back(parse_number(leaf.text, lines.at(leaf.number, "l")));
    values.insert(values.end(), row.begin(), row.end());
  }
  return values;
}

model::Output output_of(LeafForm form, std::int32_t n_outputs) {
  const bool is_classifier = form != LeafForm::value;
  return {.task = is_classifier ? model::Task::classification : model::Task::regression,
          .n_outputs = n_outputs,
          .targets = {{.size = n_outputs}},
          .rule = is_classifier ? model::DecisionRule::argmax : model::DecisionRule::none};
}

std::int32_t count_features(const EmlearnLines& lines, const NodeTable& table) {
  if (lines.n_features) return static_cast<std::int32_t>(*lines.n_features);
  std::int32_t highest = 0;
  for (const TableNode& node : table.nodes) highest = std::max(highest, node.feature);
  return highest + 1;
}

/// int16 when every threshold can come from int16 training data, else float32.
model::NumberType feature_type(const EmlearnLines& lines, const NodeTable& table) {
  // Leaf nodes of old files have no place in the table, so lines are found by their number.
  auto line = lines.nodes.begin();
  for (const TableNode& node : table.nodes) {
    while (line->number != node.line) ++line;
    if (!is_of_int16_data(line->threshold)) return model::NumberType::float32;
  }
  return model::NumberType::int16;
}

}  // namespace

bool is_emlearn_csv(std::string_view content) {
  if (is_trees_csv(content)) return true;
  const std::vector<Line> lines = split_lines(content.substr(0, 4096));
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return is_emlearn_line(line.text); });
}

model::Model read_emlearn_csv(std::string_view content, std::string_view file) {
  if (is_trees_csv(content)) return read_trees_csv(content, file);
  EmlearnLines lines = scan_emlearn(content, file);
  NodeTable table = lines.is_old() ? absolute_table(lines) : relative_table(lines);
  const LeafForm form = leaf_form(lines);
  const std::int32_t n_outputs = count_classes(lines, form);
  model::TreeEnsemble ensemble;
  ensemble.n_features = count_features(lines, table);
  ensemble.feature_type = feature_type(lines, table);
  for (TableNode& node : table.nodes) {
    node.threshold = model::smallest_at_least(ensemble.feature_type, node.threshold);
  }
  ensemble.n_outputs = ensemble.leaf_width = n_outputs;
  ensemble.leaf_values = leaf_values(lines, form, n_outputs);
  ensemble.trees = build_trees(table, lines.leaves.size(), file);
  ensemble.base_score.assign(static_cast<std::size_t>(n_outputs), 0.0);
  // Bytes stay whole numbers until the sum is divided, so that equal votes are equal.
  const double whole = form == LeafForm::proportions ? 255.0 : 1.0;
  ensemble.divisor = whole * static_cast<double>(ensemble.trees.size());
  model::Model model;
  model.input = {.n_features = ensemble.n_features, .type = ensemble.feature_type};
  model.output = output_of(form, n_outputs);
  model.predictor = std::move(ensemble);
  return model;
}

}  // namespace emlc::formats
