#pragma once

#include <string>
#include <string_view>

#include "formats/emlc_json/build.hpp"
#include "formats/trees/listed_tree.hpp"

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

/// Throws Error for an inner node that asks for no feature of the model, or has a value.
void check_node(const TreeContext& context, std::int32_t node);
/// Fills the node of the list, and adds its categories.
void list_node(const TreeContext& context, std::int32_t node, ListedTree& into);

}  // namespace emlc::formats::emlc_json
