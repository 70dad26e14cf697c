#include <emlc/csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/csv/emlearn_lines.hpp"
#include "formats/csv/node_table.hpp"
#include "formats/csv/trees_csv.hpp"

namespace emlc::formats {
namespace {

using model::NumberType;

/// The type of the features on the device.
NumberType device_type(const model::TreeEnsemble& ensemble) {
  return ensemble.feature_type == NumberType::float64 ? NumberType::float32 : ensemble.feature_type;
}

/// Does x < threshold, for x of `type`, stay the same on int16? A value beyond int16 saturates.
bool fits_int16(const TableNode& node, NumberType type) {
  const auto lowest = static_cast<double>(int16_lowest), highest = static_cast<double>(int16_highest);
  const bool is_never_left = node.threshold == model::info(type).lowest;
  return node.left == node.right || is_never_left || (node.threshold > lowest && node.threshold <= highest) ||
         (node.threshold == lowest && type == NumberType::int16);
}

bool is_vote_of_all_classes(const model::Model& model, const model::TreeEnsemble& ensemble) {
  return model.output.task == model::Task::classification && model.output.rule == model::DecisionRule::argmax &&
         model.output.targets.size() == 1 && ensemble.leaf_width == ensemble.n_outputs;
}

/// The answer is the sum of the leaves, divided by the number of trees, and nothing else.
bool is_mean(const model::TreeEnsemble& ensemble) {
  const model::PostTransform& post = ensemble.post_transform;
  const auto is_zero = [](double value) { return value == 0.0; };
  return ensemble.divisor == static_cast<double>(ensemble.trees.size()) && ensemble.scale == 1.0 &&
         std::all_of(ensemble.base_score.begin(), ensemble.base_score.end(), is_zero) &&
         post.kind == model::PostTransformKind::identity && post.scale == 1.0;
}

/// Why emlearn's form cannot hold the model; empty when it can.
std::string emlearn_problem(const model::Model& model, const model::TreeEnsemble& ensemble, const NodeTable& table) {
  const NumberType type = device_type(ensemble);
  if (!is_vote_of_all_classes(model, ensemble)) return "the model is no classifier with one vote of all classes";
  if (!model::info(type).is_integer) return "features are float32, not integers of 16 bits";
  if (!model::is_one_hot(ensemble)) return "leaves hold more than a class, --voting hard makes one of them";
  if (!is_mean(ensemble)) return "the answer is not the share of the votes";
  if (ensemble.n_outputs > most_classes) {
    return fmt::format("there are {} classes, at most {} fit", ensemble.n_outputs, most_classes);
  }
  for (const TableNode& node : table.nodes) {  // how many features there are is nothing that the module looks at
    if (node.feature > highest_feature) {
      return fmt::format("a split asks for feature {}, the last one that fits is {}", node.feature, highest_feature);
    }
    if (!fits_int16(node, type)) return fmt::format("the threshold {} does not fit int16", node.threshold);
  }
  if (table.roots.back().node > EMLC_CSV_EMLEARN_ROOT) {
    return fmt::format("the last tree begins at node {}, at most {} fits", table.roots.back().node,
                       +EMLC_CSV_EMLEARN_ROOT);
  }
  return reference_problem(table);
}

std::int64_t class_of_row(const model::TreeEnsemble& ensemble, model::RowId row) {
  const auto first = ensemble.leaf_values.begin() + std::ptrdiff_t{row} * ensemble.leaf_width;
  return std::find(first, first + ensemble.leaf_width, 1.0) - first;
}

/// Lines end as emlearn writes them: CR LF between lines, nothing after the last one.
std::string emlearn_text(const model::TreeEnsemble& ensemble, const NodeTable& table) {
  std::string text = fmt::format("f,{}\r\nc,{}\r\nlb,0", ensemble.n_features, ensemble.n_outputs);
  for (const model::RowId row : table.leaves) text += fmt::format("\r\nl,{}", class_of_row(ensemble, row));
  for (const TableRoot& root : table.roots) text += fmt::format("\r\nr,{}", root.node);
  for (std::size_t id = 0; id < table.nodes.size(); ++id) {
    const TableNode& node = table.nodes[id];
    const auto child = [&](TableRef ref) { return ref < 0 ? ref : ref - static_cast<TableRef>(id); };
    const double threshold = std::max(node.threshold, static_cast<double>(int16_lowest));
    text += fmt::format("\r\nn,{},{},{},{}", node.feature, static_cast<std::int64_t>(threshold), child(node.left),
                        child(node.right));
  }
  return text;
}

/// Bytes of the text by kind of line, and the arrays of the runtime's loader.
void add_sizes(layout::Artifact& artifact, const NodeTable& table, std::size_t leaf_width, NumberType type) {
  const std::size_t roots_at = artifact.bytes.find("\nr,") + 1;
  const std::size_t nodes_at = std::min(artifact.bytes.find("\nn,"), artifact.bytes.size() - 1) + 1;
  const std::size_t leaves_at = artifact.bytes.find("\nl,") + 1;
  artifact.parts = {{"head (text)", leaves_at},
                    {"leaves (text)", roots_at - leaves_at},
                    {"roots (text)", nodes_at - roots_at},
                    {"splits (text)", artifact.bytes.size() - nodes_at}};
  const std::size_t threshold_bytes = model::info(type).bytes <= 2 ? 2 : 4;
  artifact.ram = table.nodes.size() * (sizeof(emlc_csv_node) + threshold_bytes) +
                 table.leaves.size() * leaf_width * sizeof(float) + table.roots.size() * sizeof(emlc_csv_root);
}

}  // namespace

layout::Artifact write_trees_csv(const model::Model& model, const model::TreeEnsemble& ensemble) {
  if (!model.scalers.empty()) {
    throw Error({.file = "", .field = "model"},
                "a trees CSV holds no scaler, the pass fold-scaler has to take it away");
  }
  const NumberType type = device_type(ensemble);
  layout::Artifact artifact;
  NodeTable table = flatten(ensemble, type, LoneLeaf::is_split);
  const std::string problem = emlearn_problem(model, ensemble, table);
  if (problem.empty()) {
    artifact.bytes = emlearn_text(ensemble, table);
    add_sizes(artifact, table, 1, type);
    artifact.notes.push_back(fmt::format("emlearn_trees.new({}, {}, {}) has room for it: trees, nodes, leaves",
                                         table.roots.size(), table.nodes.size(), table.leaves.size()));
    return artifact;
  }
  table = flatten(ensemble, type, LoneLeaf::is_root);
  if (const std::string too_large = reference_problem(table); !too_large.empty()) {
    throw Error({.file = "", .field = "model"}, fmt::format("a trees CSV cannot hold the model: {}", too_large));
  }
  artifact.bytes = extended_text(model, ensemble, table, type);
  add_sizes(artifact, table, static_cast<std::size_t>(ensemble.leaf_width), type);
  if (const auto warning = layout::overflow_warning(ensemble)) artifact.warnings.push_back(*warning);
  artifact.warnings.push_back(fmt::format(
      "the present MicroPython module emlearn_trees cannot load this CSV, which has emlc's extended form: {}",
      problem));
  return artifact;
}

}  // namespace emlc::formats
