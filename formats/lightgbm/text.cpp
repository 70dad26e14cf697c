#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats/lightgbm/lightgbm.hpp"
#include "formats/lightgbm/text_tree.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace lightgbm {
namespace {

constexpr std::string_view tree_key = "Tree";
constexpr std::int32_t most_trees = 1 << 24;

/// What follows the trees: the first is from 3.0 on.
bool ends_trees(const KeyLine& line) {
  constexpr std::array<std::string_view, 4> ends = {"end of trees",
                                                    "feature_importances:", "feature importances:", "parameters:"};
  return std::find(ends.begin(), ends.end(), line.key) != ends.end();
}

std::int32_t integer(const Lines& all, std::int32_t lowest, std::int32_t highest) {
  return static_cast<std::int32_t>(parse_integer(all.line().value, lowest, highest, all.where(all.line())));
}

struct HeaderKey {
  std::string_view key;
  void (*take)(Header& header, const Lines& all);
};
constexpr std::array header_keys = {
    HeaderKey{"version", [](Header& header, const Lines& all) { header.version = all.line().value; }},
    HeaderKey{"num_class", [](Header& header, const Lines& all) { header.n_classes = integer(all, 1, most_outputs); }},
    HeaderKey{"num_tree_per_iteration",
              [](Header& header, const Lines& all) { header.trees_per_round = integer(all, 1, most_outputs); }},
    HeaderKey{"max_feature_idx",
              [](Header& header, const Lines& all) { header.n_features = integer(all, 0, most_features - 1) + 1; }},
    HeaderKey{"objective", [](Header& header, const Lines& all) { header.objective = all.line().value; }},
    HeaderKey{"average_output", [](Header& header, const Lines&) { header.is_average = true; }},
    HeaderKey{"feature_names",
              [](Header& header, const Lines& all) {
                for (const std::string_view name : split_cells(all.line().value, ' ')) {
                  header.feature_names.emplace_back(name);
                }
              }},
};

/// A file being read: what is before the trees, with the lines that say it, and the trees.
struct Draft {
  Header header{};
  std::array<KeyLine, header_keys.size()> header_lines{};
  std::vector<model::Tree> trees{};
  LeafTable leaves{1};
};

void take_header_line(Draft& draft, const Lines& all) {
  for (std::size_t index = 0; index < header_keys.size(); ++index) {
    if (header_keys[index].key != all.line().key) continue;
    if (draft.header_lines[index].number != 0) throw Error(all.where(all.line()), "the key is there twice");
    draft.header_lines[index] = all.line();
    header_keys[index].take(draft.header, all);
    return;
  }
}

void add_tree(Draft& draft, const TreeLines& tree, const Lines& all) {
  if (draft.header.n_features == 0) throw Error(all.where(tree.head), "'max_feature_idx' is missing before the trees");
  if (draft.trees.size() >= most_trees)
    throw Error(all.where(tree.head), fmt::format("more than {} trees", most_trees));
  const auto output =
      static_cast<std::int32_t>(draft.trees.size() % static_cast<std::size_t>(draft.header.trees_per_round));
  draft.trees.push_back(read_tree(tree, all, draft.header.n_features, output, draft.leaves));
}

/// False at the line that ends the trees.
bool read_trees(Draft& draft, Lines& all) {
  TreeLines tree;
  while (all.next()) {
    const bool is_end = ends_trees(all.line());
    if (all.line().key != tree_key && !is_end) {
      if (tree.head.number == 0) {
        take_header_line(draft, all);
      } else {
        tree.take(all.line(), all);
      }
      continue;
    }
    if (tree.head.number != 0) add_tree(draft, tree, all);
    if (is_end) return false;
    tree = {.head = all.line()};
  }
  return true;
}

Reading read(std::string_view content, std::string_view file) {
  Lines all(content, file);
  Draft draft;
  if (read_trees(draft, all)) {
    throw Error(all.where({.key = {}, .value = {}, .number = all.line().number}),
                "the file was cut off: the line 'end of trees' is missing");
  }
  const RefuseKey refuse = [&](std::string_view key, std::string_view problem) {
    for (const KeyLine& line : draft.header_lines) {
      if (line.number != 0 && line.key == key) throw Error(all.where(line), problem);
    }
    // A line that is missing is missing before the end of the trees.
    throw Error({std::string(file), all.line().number, std::string(key)}, problem);
  };
  return {.model = make_model(draft.header, std::move(draft.trees), draft.leaves.take_values(), refuse)};
}

}  // namespace
}  // namespace lightgbm

bool is_lightgbm_text(std::string_view content) {
  lightgbm::Lines lines(content, {});
  return lines.next() && lines.line().key == "tree" && lines.line().value.empty() &&
         (content.find("\nversion=") != std::string_view::npos ||
          content.find("\nnum_class=") != std::string_view::npos);
}

Reading read_lightgbm_text(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  return lightgbm::read(content, file);
}

}  // namespace emlc::formats
