#include "codegen/layout/trees/levels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace emlc::layout {
namespace {

constexpr std::size_t most_levels = 12;

/// What all splits of a level ask.
using Question = std::pair<std::int32_t, double>;

/// One tree as levels; `leaves` as in LevelTable.
struct Levels {
  std::vector<Question> questions;
  std::vector<LeafCode> leaves;
};

Question question_of(const model::Split& split, model::NumberType type) {
  return {split.feature, model::smallest_at_least(type, split.threshold)};
}

/// The questions of a tree, parents first. Nothing when there are too many.
std::optional<std::vector<Question>> questions_of(const model::Tree& tree, model::NumberType type) {
  std::vector<Question> questions;
  for (const model::TreeNode& node : tree.nodes) {
    const model::Split* split = model::as_split(node);
    if (split == nullptr) continue;
    const Question question = question_of(*split, type);
    if (std::find(questions.begin(), questions.end(), question) != questions.end()) continue;
    if (questions.size() == most_levels) return std::nullopt;
    questions.push_back(question);
  }
  return questions;
}

/// The leaf where these answers lead.
LeafCode leaf_of(const model::Tree& tree, const std::vector<Question>& questions, std::size_t answers,
                 model::NumberType type, std::span<const LeafCode> leaf_codes) {
  model::NodeId id = 0;
  while (const model::Split* split = model::as_split(tree.nodes[static_cast<std::size_t>(id)])) {
    const auto level = std::find(questions.begin(), questions.end(), question_of(*split, type)) - questions.begin();
    const std::size_t bit = questions.size() - 1 - static_cast<std::size_t>(level);
    id = (answers >> bit & 1U) != 0 ? split->right : split->left;
  }
  const model::Leaf* leaf = model::as_leaf(tree.nodes[static_cast<std::size_t>(id)]);
  return leaf_codes[static_cast<std::size_t>(leaf->row)];
}

std::size_t count_leaves(const model::Tree& tree) {
  return static_cast<std::size_t>(std::count_if(tree.nodes.begin(), tree.nodes.end(), [](const model::TreeNode& node) {
    return model::as_leaf(node) != nullptr;
  }));
}

/// The questions of all trees, in the order of the plan. Nothing where one has too many, and where answers that no
/// input gives would make more than half of the leaves.
std::optional<std::vector<Levels>> all_questions(const model::TreeEnsemble& ensemble, const TreePlan& plan) {
  std::vector<Levels> trees;
  std::size_t n_leaves = 0, n_answers = 0;
  for (const std::uint32_t index : plan.tree_order) {
    std::optional<std::vector<Question>> questions = questions_of(ensemble.trees[index], plan.feature_type);
    if (!questions) return std::nullopt;
    n_leaves += count_leaves(ensemble.trees[index]);
    n_answers += std::size_t{1} << questions->size();
    trees.push_back({.questions = *std::move(questions), .leaves = {}});
  }
  return n_answers > 2 * n_leaves ? std::nullopt : std::optional(std::move(trees));
}

void add_leaves(Levels& levels, const model::Tree& tree, model::NumberType type, std::span<const LeafCode> leaf_codes) {
  for (std::size_t answers = 0; answers < std::size_t{1} << levels.questions.size(); ++answers) {
    levels.leaves.push_back(leaf_of(tree, levels.questions, answers, type, leaf_codes));
  }
}

std::vector<std::int64_t> ordinals_of(const std::vector<Levels>& trees, const TreePlan& plan, Missing missing) {
  std::vector<std::int64_t> ordinals;
  for (const Levels& tree : trees) {
    for (const Question& question : tree.questions) ordinals.push_back(ordinal(plan, missing, question.second));
  }
  std::sort(ordinals.begin(), ordinals.end());
  ordinals.erase(std::unique(ordinals.begin(), ordinals.end()), ordinals.end());
  return ordinals;
}

std::optional<LevelTable> encode(const std::vector<Levels>& trees, const TreePlan& plan, Missing missing,
                                 ThresholdNames names) {
  LevelTable table{.missing = missing, .thresholds = name_thresholds(ordinals_of(trees, plan, missing), names, 1)};
  std::int32_t last_feature = 0;
  for (const Levels& tree : trees) {
    table.depths.push_back(static_cast<std::uint32_t>(tree.questions.size()));
    table.leaves.insert(table.leaves.end(), tree.leaves.begin(), tree.leaves.end());
    for (const Question& question : tree.questions) last_feature = std::max(last_feature, question.first);
  }
  table.threshold.bits = table.thresholds.bits;
  table.feature.bits = static_cast<int>(std::bit_width(static_cast<std::uint32_t>(last_feature)));
  Field rest;
  const std::array<Field*, 3> fields = {&table.threshold, &table.feature, &table.none};
  std::optional<Columns> records = place_fields(fields, rest);
  if (!records) return std::nullopt;
  table.records = *std::move(records);
  for (const Levels& tree : trees) {
    for (const Question& question : tree.questions) {
      add_record(table.records);
      put_field(table.records, table.threshold, name_of(table.thresholds, ordinal(plan, missing, question.second)));
      put_field(table.records, table.feature, static_cast<std::uint64_t>(question.first));
    }
  }
  return table;
}

}  // namespace

std::size_t table_bytes(const LevelTable& table, const ScanCosts& costs) {
  return table.records.table_bytes() + table.thresholds.ordinals.size() * costs.ordinal_bytes + table.depths.size() +
         (table.leaves.size() * costs.leaf_bits + 7) / 8;
}

std::optional<LevelTable> encode_levels(const model::TreeEnsemble& ensemble, const TreePlan& plan,
                                        std::span<const LeafCode> leaf_codes) {
  const Missing missing = missing_of(plan);
  if (missing == Missing::per_split) return std::nullopt;
  std::optional<std::vector<Levels>> trees = all_questions(ensemble, plan);
  if (!trees) return std::nullopt;
  std::size_t n_levels = 0;
  for (std::size_t i = 0; i < trees->size(); ++i) {
    n_levels += (*trees)[i].questions.size();
    add_leaves((*trees)[i], ensemble.trees[plan.tree_order[i]], plan.feature_type, leaf_codes);
  }
  if (n_levels == 0) return std::nullopt;
  const std::optional<LevelTable> offsets = encode(*trees, plan, missing, ThresholdNames::offset);
  std::optional<LevelTable> indices = encode(*trees, plan, missing, ThresholdNames::index);
  const ScanCosts costs{.ordinal_bytes = static_cast<std::size_t>(model::info(plan.feature_type).bytes)};
  const bool is_offset = offsets && (!indices || table_bytes(*offsets, costs) <= table_bytes(*indices, costs));
  std::optional<LevelTable> table = is_offset ? offsets : indices;
  // Where all ask the same question there is no record to tell them apart.
  if (table && table->feature.bits + table->threshold.bits == 0) return std::nullopt;
  return table;
}

}  // namespace emlc::layout
