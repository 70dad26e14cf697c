#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/model/model.hpp"

namespace emlc::layout {

// What is decided on sums of integer leaves, without the outputs that come of them.

bool has_integer_sums(const LeafTable& leaves);

/// The most trees that add to one output.
std::size_t most_trees(const model::TreeEnsemble& ensemble);
/// The smallest and the largest sum of an output that integer leaves can make.
std::pair<std::int64_t, std::int64_t> range_of_sum(const model::TreeEnsemble& ensemble, const LeafTable& leaves);
/// The rule says yes or no to each output.
bool has_comparison(const model::Output& output);

/// [n_outputs] the base scores, in the unit of the place where they are added: those of integer sums behind the
/// division, unless the sums start with them.
std::vector<double> added_scores(const model::TreeEnsemble& ensemble, const LeafTable& leaves);

/// The class is the first largest of several sums.
bool keeps_order(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves);

/// The answers of a yes or no along the sums: one below `first`, maybe another from there on.
struct SumRule {
  bool holds_at_lowest = false, holds_at_highest = false;
  std::int64_t first = 0;
};

/// The raw output that a sum of integer leaves is, in double; of base scores it has that of the first output.
double output_of_sum(const model::TreeEnsemble& ensemble, const LeafTable& leaves, std::int64_t sum);

/// Yes or no to one output, whose sum is an integer and whose answer changes at most once on the way.
bool compares_sum(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves);
/// Of such a model: by bisection over all sums, with the arithmetic of the interpreter in double.
SumRule sum_rule(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves);

/// Of a pair: what the sums of both outputs come to, below 2^32.
std::uint64_t pair_total(const model::TreeEnsemble& ensemble, const LeafTable& leaves);

}  // namespace emlc::layout
