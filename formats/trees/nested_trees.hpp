#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/text/json_events.hpp"

/// Trees whose nodes are JSON objects inside of one another.
namespace emlc::formats {

/// Deeper than any tree that a trainer makes; the walk needs no stack for it.
constexpr std::size_t deepest_nesting = 1U << 16U;

/// Where the children of a node are among the nodes of its tree; -1 where there is none.
using Children = std::array<std::int32_t, 2>;

/// What nodes look like. `Node` has a member `Children children`.
template <class Node>
struct NestedForm {
  struct Field {
    std::string_view key;
    /// Takes a value, or an element of a list of values.
    void (*take)(Node& node, const json::Value& value, const json::Cursor& at);
  };
  std::vector<Field> fields;                            ///< other keys of a node are skipped
  std::function<bool(const json::Cursor& at)> is_root;  ///< whether the object at `at` is a whole tree
  std::function<int(const json::Cursor& at)> child;     ///< 0 or 1 for an object that is a child, else -1
  std::function<void(std::vector<Node>& nodes, const json::Cursor& at)> take_tree;   ///< node 0 is the root
  std::function<void(const json::Value& value, const json::Cursor& at)> take_other;  ///< a value outside of trees
};

/// Gathers the nodes of each tree, parents before children, and hands them on when the tree ends.
template <class Node>
class NestedTrees : public json::Events {
 public:
  explicit NestedTrees(NestedForm<Node> form) : form_(std::move(form)) {}

  void value(const json::Value& value, const json::Cursor& at) override {
    if (open_.empty()) return form_.take_other(value, at);
    const Open& open = open_.back();
    if (open.node < 0) return;
    const std::string_view key = open.list.empty() ? std::string_view(at.steps().back().key) : open.list;
    for (const auto& field : form_.fields) {
      if (field.key == key) return field.take(nodes_[static_cast<std::size_t>(open.node)], value, at);
    }
  }

  void begin(json::Type type, const json::Cursor& at) override {
    const bool is_object = type == json::Type::object;
    if (open_.empty()) {
      if (!is_object || !form_.is_root(at)) return;
      return add_node();
    }
    const Open parent = open_.back();
    const int side = is_object ? form_.child(at) : -1;
    if (side >= 0 && parent.node >= 0) {
      std::int32_t& child = nodes_[static_cast<std::size_t>(parent.node)].children[static_cast<std::size_t>(side)];
      if (child >= 0) at.fail("the node is there twice");
      child = static_cast<std::int32_t>(nodes_.size());
      return add_node();
    }
    // The list of a node belongs to it; what is in other objects is nobody's.
    const bool is_list_of_node = !is_object && parent.node >= 0 && parent.list.empty();
    open_.push_back({is_list_of_node ? parent.node : -1, is_list_of_node ? key_of(at) : std::string_view()});
  }

  void key(const json::Cursor& /*at*/) override {}

  void end(const json::Cursor& at) override {
    if (open_.empty()) return;
    open_.pop_back();
    if (!open_.empty()) return;
    form_.take_tree(nodes_, at);
    nodes_.clear();
  }

 private:
  /// An object or list of a tree that has begun and not ended.
  struct Open {
    std::int32_t node = -1;
    std::string_view list{};  ///< the key of a list in a node
  };

  void add_node() {
    open_.push_back({static_cast<std::int32_t>(nodes_.size()), {}});
    nodes_.emplace_back();
  }

  /// The key as the form has it: it stays while that of the cursor moves on. Lists that no field takes keep no name,
  /// and are skipped.
  [[nodiscard]] std::string_view key_of(const json::Cursor& at) const {
    for (const auto& field : form_.fields) {
      if (field.key == at.steps().back().key) return field.key;
    }
    return "(skipped)";
  }

  NestedForm<Node> form_;
  std::vector<Open> open_;
  std::vector<Node> nodes_;
};

}  // namespace emlc::formats
