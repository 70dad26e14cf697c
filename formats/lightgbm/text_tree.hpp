#pragma once

#include <array>

#include "formats/lightgbm/parts.hpp"
#include "formats/lightgbm/text_lines.hpp"
#include "formats/trees/leaf_table.hpp"

namespace emlc::formats::lightgbm {

/// The lines of one tree that say something about its answers.
enum class TreeKey {
  num_leaves,
  num_cat,
  split_feature,
  threshold,
  decision_type,
  left_child,
  right_child,
  leaf_value,
  cat_boundaries,
  cat_threshold,
  is_linear,
  count
};

/// A tree as its lines, which point into the content.
struct TreeLines {
  KeyLine head{};  ///< `Tree=3`
  std::array<KeyLine, static_cast<std::size_t>(TreeKey::count)> lines{};

  /// Keeps the line if it is one of those; throws Error when its key is there twice.
  void take(const KeyLine& line, const Lines& all);
};

/// Reads the numbers of the lines and adds the leaves. Throws Error with line, key and entry.
model::Tree read_tree(const TreeLines& tree, const Lines& all, std::int32_t n_features, std::int32_t output,
                      LeafTable& leaves);

}  // namespace emlc::formats::lightgbm
