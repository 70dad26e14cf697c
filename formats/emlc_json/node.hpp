#pragma once

#include <string>
#include <string_view>

#include "formats/emlc_json/build.hpp"
#include "formats/emlc_json/region_splits.hpp"

namespace emlc::formats::emlc_json {

/// One tree of a document, with what its ensemble says about all trees.
struct TreeContext {
  const Source& source;
  const std::string path;
  const TreeEnsemble& ensemble;
  const Tree& tree;
  std::int32_t n_features, n_outputs;

  [[nodiscard]] std::int32_t n_nodes() const { return static_cast<std::int32_t>(tree.feature.size()); }
  [[nodiscard]] bool is_leaf(std::int32_t node) const {
    return tree.left[static_cast<std::size_t>(node)] == -1 && tree.right[static_cast<std::size_t>(node)] == -1;
  }
  /// Names the tree's list, and its entry for a node.
  [[noreturn]] void fail(std::string_view key, std::string_view problem) const;
  [[noreturn]] void fail(std::string_view key, std::int32_t node, std::string_view problem) const;
};

/// Appends the splits that stand for an inner node; their children are to_left and to_right where they leave the node.
void append_node(const TreeContext& context, std::int32_t node, model::Tree& tree);

}  // namespace emlc::formats::emlc_json
