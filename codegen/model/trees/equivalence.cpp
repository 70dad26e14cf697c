#include "codegen/model/trees/equivalence.hpp"
#include "codegen/model/number_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

namespace emlc::model {
namespace {

/// The values that a feature can still have: low to high, both included, and NaN.
struct Range {
  double low = 0.0, high = 0.0;
  bool nan = false;
  [[nodiscard]] bool is_empty() const { return !(low <= high) && !nan; }
};

/// The value in the range that is nearest to 0, NaN when there is no other.
double value_in(const Range& range) {
  return range.low <= range.high ? std::clamp(0.0, range.low, range.high) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<Range> all_values(const Input& input) {
  const NumberTypeInfo& type = info(input.type);
  const Range whole = type.is_integer ? Range{type.lowest, type.highest, false} : Range{-infinity, infinity, true};
  std::vector<Range> ranges(static_cast<std::size_t>(input.n_features), whole);
  for (std::size_t f = 0; f < ranges.size(); ++f) {
    if (!input.minimum.empty()) ranges[f].low = std::max(whole.low, smallest_at_least(input.type, input.minimum[f]));
    if (!input.maximum.empty()) ranges[f].high = std::min(whole.high, input.maximum[f]);
  }
  return ranges;
}

/// The tree of each ensemble, and the nodes where an input is in both.
struct Visit {
  NodeId a = 0, b = 0;
};
struct SetRange {
  std::size_t feature = 0;
  Range range;
};
using Task = std::variant<Visit, SetRange>;

class Walk {
 public:
  Walk(const TreeEnsemble& a, const TreeEnsemble& b, const Input& input, std::span<const double> tolerances)
      : a_(a), b_(b), type_(input.type), ranges_(all_values(input)), tolerances_(tolerances) {}

  /// Compares tree `index` of both. False when the verdict is there.
  bool compare(std::size_t index, std::size_t limit, Equivalence& result) {
    tree_ = index;
    tasks_ = {Visit{}};
    while (!tasks_.empty()) {
      if (++n_steps_ > limit) {
        result.verdict = Verdict::undecided;
        result.reason = fmt::format("tree {} has too many paths", index);
        return false;
      }
      const Task task = tasks_.back();
      tasks_.pop_back();
      if (const auto* set = std::get_if<SetRange>(&task)) {
        ranges_[set->feature] = set->range;
      } else if (!visit(std::get<Visit>(task), result)) {
        return false;
      }
    }
    return true;
  }

 private:
  bool visit(const Visit& at, Equivalence& result) {
    const TreeNode& node_a = a_.trees[tree_].nodes[static_cast<std::size_t>(at.a)];
    const TreeNode& node_b = b_.trees[tree_].nodes[static_cast<std::size_t>(at.b)];
    if (const Split* split = as_split(node_a)) {
      branch(*split, a_.feature_type, {split->left, at.b}, {split->right, at.b});
    } else if (const Split* other = as_split(node_b)) {
      branch(*other, b_.feature_type, {at.a, other->left}, {at.a, other->right});
    } else {
      return compare_leaves(as_leaf(node_a)->row, as_leaf(node_b)->row, result);
    }
    return true;
  }

  /// Each side that an input can take is walked with what its way says about the feature.
  void branch(const Split& split, NumberType compared, Visit left, Visit right) {
    const auto feature = static_cast<std::size_t>(split.feature);
    const Range before = ranges_[feature];
    const double at = smallest_rounded_at_least(type_, compared, split.threshold);
    const bool nan_goes_left = split.default_child == split.left;
    // No number is below -infinity, and next_below has none to give.
    const Range below = at == -infinity ? Range{infinity, -infinity, false}
                                        : Range{before.low, std::min(before.high, next_below(type_, at)), false};
    push({feature, {below.low, below.high, before.nan && nan_goes_left}}, left, before);
    push({feature, {std::max(before.low, at), before.high, before.nan && !nan_goes_left}}, right, before);
  }

  void push(const SetRange& narrowed, const Visit& visit, const Range& before) {
    if (narrowed.range.is_empty()) return;
    tasks_.emplace_back(SetRange{narrowed.feature, before});
    tasks_.emplace_back(visit);
    tasks_.emplace_back(narrowed);
  }

  bool compare_leaves(RowId row_a, RowId row_b, Equivalence& result) {
    ++result.n_paths;
    const auto width = static_cast<std::size_t>(a_.leaf_width);
    for (std::size_t column = 0; column < width; ++column) {
      const double value_a = a_.leaf_values[static_cast<std::size_t>(row_a) * width + column];
      const double value_b = b_.leaf_values[static_cast<std::size_t>(row_b) * width + column];
      const double difference = std::abs(value_a - value_b);
      result.largest_difference = std::max(result.largest_difference, difference);
      const std::size_t output = static_cast<std::size_t>(a_.trees[tree_].first_output) + column;
      if (difference <= tolerances_[output]) continue;
      result.verdict = Verdict::different;
      for (const Range& range : ranges_) result.counter_example.push_back(value_in(range));
      result.reason = fmt::format("tree {}, output {}: {} in one, {} in the other", tree_, output, value_a, value_b);
      return false;
    }
    return true;
  }

  const TreeEnsemble& a_;
  const TreeEnsemble& b_;
  NumberType type_;
  std::vector<Range> ranges_;
  std::span<const double> tolerances_;
  std::size_t tree_ = 0;
  std::size_t n_steps_ = 0;
  std::vector<Task> tasks_;
};

/// Why the two cannot be compared tree by tree; empty when they can.
std::string obstacle(const TreeEnsemble& a, const TreeEnsemble& b, const Input& input) {
  if (a.trees.size() != b.trees.size()) return fmt::format("{} trees and {} trees", a.trees.size(), b.trees.size());
  if (a.n_features != b.n_features || a.n_features != input.n_features) {
    return fmt::format("{} features and {} features", a.n_features, b.n_features);
  }
  if (a.leaf_width != b.leaf_width) return fmt::format("leaf rows of {} and of {} values", a.leaf_width, b.leaf_width);
  for (std::size_t index = 0; index < a.trees.size(); ++index) {
    if (a.trees[index].first_output != b.trees[index].first_output) {
      return fmt::format("tree {} adds to output {} and to output {}", index, a.trees[index].first_output,
                         b.trees[index].first_output);
    }
  }
  return {};
}

}  // namespace

Equivalence compare_trees(const TreeEnsemble& a, const TreeEnsemble& b, const Input& input,
                          std::span<const double> tolerances, std::size_t limit) {
  Equivalence result;
  result.reason = obstacle(a, b, input);
  if (!result.reason.empty()) {
    result.verdict = Verdict::undecided;
    return result;
  }
  Walk walk(a, b, input, tolerances);
  for (std::size_t index = 0; index < a.trees.size(); ++index) {
    if (!walk.compare(index, limit, result)) return result;
  }
  return result;
}

}  // namespace emlc::model
