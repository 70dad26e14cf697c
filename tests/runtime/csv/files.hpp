#pragma once

#include <doctest/doctest.h>
#include <emlc/csv.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Files that the loaders of CSV read, and arrays that they fill.
namespace csv_files {

/// Arrays of exactly the given sizes, so that a sanitizer sees a step outside.
struct Trees {
  std::vector<emlc_csv_node> nodes;
  std::vector<std::int16_t> thresholds16;
  std::vector<std::int32_t> thresholds32;
  std::vector<emlc_csv_root> roots;
  std::vector<float> values;
  std::vector<std::uint16_t> targets;
  emlc_csv_trees_memory memory{};
  emlc_csv_trees model{};

  Trees(std::size_t n_nodes, std::size_t n_trees, std::size_t n_values, int threshold_bits)
      : nodes(n_nodes), thresholds16(n_nodes), thresholds32(n_nodes), roots(n_trees), values(n_values), targets(2) {
    memory.nodes = nodes.data();
    if (threshold_bits == 16) memory.thresholds16 = thresholds16.data();
    if (threshold_bits == 32) memory.thresholds32 = thresholds32.data();
    memory.max_nodes = n_nodes;
    memory.roots = roots.data();
    memory.max_trees = n_trees;
    memory.values = values.data();
    memory.max_values = n_values;
    memory.target_sizes = targets.data();
    memory.max_targets = 2;
  }
  emlc_status load(std::string_view text) { return emlc_csv_trees_load(&model, &memory, text.data(), text.size()); }
  [[nodiscard]] std::vector<float> predict(const std::vector<float>& x) const {
    std::vector<float> out(model.head.n_outputs);
    REQUIRE(x.size() == model.head.n_features);
    REQUIRE(emlc_csv_trees_predict(&model, x.data(), out.data()) == EMLC_OK);
    return out;
  }
};

using Row = std::vector<float>;

// Two trees of emlearn's format description, thresholds exact.
inline const std::string forest =
    "f,4\r\nc,3\r\nlb,0\r\nl,1\r\nl,0\r\nl,2\r\nr,0\r\nr,3\r\n"
    "n,0,56,1,2\r\nn,1,28,-1,-2\r\nn,0,62,-1,-3\r\nn,2,29,-2,1\r\nn,3,18,-1,-3";

// Two outputs, the second from a lone leaf; a missing value of feature 1 goes left, of feature 0 right.
inline const std::string boosted =
    "emlc,trees,1\ninput,float32,2\noutput,classification,2\ntarget,1,rain, or snow\nclass,no\nclass,yes\ntarget,1\n"
    "decision,greater,0.5\ntrees,2\nleaves,4,1\nsplits,2\nbase,end,0.5,-0.5\ndivide,2\nmultiply,4\n"
    "l,1\nl,2\nl,3\nl,0.25\nr,0\nr,-4,1\nn,1,0.1,1,-1,1\nn,0,inf,-2,-3\nend\n";

inline const std::string network =
    "emlc,mlp,1\nname,weather\ninput,float32,2\noutput,classification,3\ntarget,3,sky\nclass,clear\nclass,rain\n"
    "class,\ndecision,argmax\nnetwork,1,2\nscaler,subtract_divide,-1,1\noffset,1,-2.5\nscale,0.5,4\n"
    "layer,relu,2,2\nw,1,-2\nw,0.25,1\nb,0.5,0\nlayer,identity,2,3\nw,1,2\nw,-1,0\nw,0,3\nb,0,0.125,1\nend\n";

struct Network {
  std::vector<emlc_csv_step> steps;
  std::vector<float> values;
  emlc_csv_network_memory memory{};
  emlc_csv_network model{};

  Network(std::size_t n_steps, std::size_t n_values) : steps(n_steps), values(n_values) {
    memory.steps = steps.data();
    memory.max_steps = n_steps;
    memory.values = values.data();
    memory.max_values = n_values;
  }
  emlc_status load(std::string_view text) { return emlc_csv_network_load(&model, &memory, text.data(), text.size()); }
};

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace csv_files
