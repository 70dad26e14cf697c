#include "codegen/c/trees/stages.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace emlc::c {
namespace {

/// Of trees that are asked between them there are so many that a look costs little.
constexpr std::uint32_t most_stages = 24, most_bounds = 8;
/// With fewer trees per output a look at the sums costs more than it saves.
constexpr std::uint32_t fewest_trees = 8;

/// What trees can add together.
struct Range {
  std::int64_t low = 0, high = 0;
};

Range range_of(const TreeRange& tree) { return {tree.low, tree.high}; }

Range sum_of(const Range& a, const Range& b) { return {a.low + b.low, a.high + b.high}; }

/// How much one output can gain on another, at least 0.
std::int64_t largest_gain(const std::vector<Range>& ranges) {
  const auto is_lower = [](const Range& a, const Range& b) { return a.low < b.low; };
  const auto is_higher = [](const Range& a, const Range& b) { return a.high < b.high; };
  const auto lowest = std::min_element(ranges.begin(), ranges.end(), is_lower);
  const auto highest = std::max_element(ranges.begin(), ranges.end(), is_higher);
  std::int64_t gain = 0;
  for (auto range = ranges.begin(); range != ranges.end(); ++range) {
    if (range != lowest) gain = std::max(gain, range->high - lowest->low);
    if (range != highest) gain = std::max(gain, highest->high - range->low);
  }
  return gain;
}

/// [n_trees + 1] how much one output can gain on another by the trees from each place on.
std::vector<std::int64_t> gains_of(const std::vector<TreeRange>& trees, std::size_t n_outputs) {
  std::vector<Range> rest(n_outputs);
  std::vector<std::int64_t> gains(trees.size() + 1, 0);
  for (std::size_t place = trees.size(); place-- > 0;) {
    Range& range = rest[trees[place].output];
    range = sum_of(range, range_of(trees[place]));
    gains[place] = largest_gain(rest);
  }
  return gains;
}

/// [n_trees + 1] what the trees from each place on can add to a single output.
std::vector<Range> rest_of(const std::vector<TreeRange>& trees) {
  std::vector<Range> rest(trees.size() + 1);
  for (std::size_t place = trees.size(); place-- > 0;) rest[place] = sum_of(rest[place + 1], range_of(trees[place]));
  return rest;
}

/// Evenly spaced places from the first possible one to the end, none before all trees, whole rounds of the outputs
/// where trees come in rounds.
Stages spaced(std::uint32_t first_possible, std::uint32_t n_trees, std::uint32_t n_outputs) {
  const std::uint32_t possible = std::max(first_possible, 1U);
  const std::uint32_t most = n_outputs == 1 ? most_bounds : most_stages;
  const std::uint32_t round = n_trees % n_outputs == 0 ? n_outputs : 1;
  const std::uint32_t rounds = (n_trees - possible) / round;
  const std::uint32_t step = (rounds + most - 1) / most;
  if (step == 0) return {};
  const std::uint32_t n_steps = rounds / step;
  return {.first = n_trees - n_steps * step * round, .step = step * round, .stages = std::vector<Stage>(n_steps + 1)};
}

bool has_few_trees(const layout::TreePlan& plan, std::uint32_t n_outputs) {
  return plan.tree_order.size() < std::size_t{fewest_trees} * n_outputs;
}

}  // namespace

std::vector<TreeRange> tree_ranges(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves,
                                   const layout::TreePlan& plan) {
  std::vector<TreeRange> ranges;
  for (const std::uint32_t index : plan.tree_order) {
    const model::Tree& tree = ensemble.trees[index];
    std::optional<TreeRange> range;
    for (const model::TreeNode& node : tree.nodes) {
      const model::Leaf* leaf = model::as_leaf(node);
      if (leaf == nullptr) continue;
      const std::int64_t value = leaves.integers[leaves.codes[static_cast<std::size_t>(leaf->row)]];
      if (!range) range = {value, value, static_cast<std::size_t>(tree.first_output)};
      range->low = std::min(range->low, value);
      range->high = std::max(range->high, value);
    }
    ranges.push_back(range.value());
  }
  return ranges;
}

Stages lead_stages(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves, const layout::TreePlan& plan,
                   LeadOf lead_of) {
  const auto n_outputs = static_cast<std::uint32_t>(ensemble.n_outputs);
  if (has_few_trees(plan, n_outputs)) return {};
  std::vector<TreeRange> ranges = tree_ranges(ensemble, leaves, plan);
  if (lead_of == LeadOf::remainders) {
    for (TreeRange& range : ranges) range = {0, range.high - range.low, range.output};
  }
  const std::vector<std::int64_t> gains = gains_of(ranges, n_outputs);
  const auto n_trees = static_cast<std::uint32_t>(plan.tree_order.size());
  // What the trees before a place make of a lead has to be more than what those behind it can take back.
  std::uint32_t possible = 0;
  while (possible < n_trees && 2 * gains[possible] > gains.front()) ++possible;
  Stages stages = spaced(possible, n_trees, n_outputs);
  for (std::uint32_t i = 0; i < stages.stages.size(); ++i) {
    stages.stages[i].lead = gains[stages.first + i * stages.step];
  }
  return stages;
}

Stages bound_stages(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves, const layout::TreePlan& plan,
                    std::int64_t bound) {
  if (has_few_trees(plan, 1)) return {};
  const std::vector<Range> rest = rest_of(tree_ranges(ensemble, leaves, plan));
  const auto n_trees = static_cast<std::uint32_t>(plan.tree_order.size());
  // The sums that the trees before a place can have.
  const auto before = [&](std::uint32_t place) {
    return Range{leaves.start + rest.front().low - rest[place].low,
                 leaves.start + rest.front().high - rest[place].high};
  };
  std::uint32_t possible = 0;
  while (possible < n_trees && before(possible).high + rest[possible].low < bound &&
         before(possible).low + rest[possible].high >= bound) {
    ++possible;
  }
  Stages stages = spaced(possible, n_trees, 1);
  for (std::uint32_t i = 0; i < stages.stages.size(); ++i) {
    const std::uint32_t place = stages.first + i * stages.step;
    // Never on the wrong side of the bound itself, so that the sum at hand already gives the answer, and no further
    // than just beyond the sums that there can be, which the type of sums holds.
    stages.stages[i].high = std::min(std::max(bound - rest[place].low, bound), before(place).high + 1);
    stages.stages[i].low = std::max(std::min(bound - rest[place].high, bound), before(place).low);
  }
  return stages;
}

}  // namespace emlc::c
