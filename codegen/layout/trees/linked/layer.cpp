#include "codegen/layout/trees/linked/layer.hpp"

#include <emlc/linked_trees_body.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "codegen/layout/bytes.hpp"
#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/linked/decision.hpp"
#include "codegen/layout/trees/linked/records.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/layout/trees/sum_rules.hpp"

namespace emlc::layout {
namespace {

constexpr std::int64_t highest_sum = std::numeric_limits<std::int32_t>::max() - 1;

LeafUse use_of(const model::Model& model) {
  if (model.output.rule == model::DecisionRule::none) return LeafUse::numbers;
  return model.output.rule == model::DecisionRule::argmax ? LeafUse::decisions : LeafUse::bounds;
}

/// What the sums of the trees are multiplied or divided by, and what is added to that, [n_outputs].
struct Finish {
  bool divides = false;
  std::vector<double> factors, bases;
};

Finish finish_of(const model::TreeEnsemble& ensemble, const LeafTable& leaves) {
  const auto n = static_cast<std::size_t>(ensemble.n_outputs);
  Finish finish{.divides = false, .factors = std::vector<double>(n, 1.0), .bases = added_scores(ensemble, leaves)};
  finish.bases.resize(n, 0.0);
  if (leaves.places) {  // the sum starts with the base score
    return {.divides = false, .factors = {std::exp2(-*leaves.places)}, .bases = {0.0}};
  }
  if (!leaves.outputs.empty()) {
    for (std::size_t i = 0; i < n; ++i) finish.factors[i] = std::exp2(-leaves.outputs[i].places);
    return finish;
  }
  // A lone division is what the trainer did, so it stays one.
  const double divisor = ensemble.divisor * leaves.unit;
  finish.divides = ensemble.scale == 1.0;
  finish.factors.assign(n, finish.divides ? divisor : ensemble.scale / divisor);
  return finish;
}

/// Leaves are read back by the factors, which the layer has in float32.
bool factors_fit(const Finish& finish) {
  return std::all_of(finish.factors.begin(), finish.factors.end(), [](double factor) {
    const double stored = model::round_to(model::NumberType::float32, factor);
    return stored != 0.0 && std::isfinite(stored);
  });
}

std::int64_t magnitude_of(const LeafTable& leaves, LeafCode row, std::size_t column) {
  return std::abs(leaves.integers[std::size_t{row} * leaves.width + column]);
}

/// As the runtime checks it: whatever leaves the trees give, each sum is an int32.
bool sums_fit(const LinkedTrees& trees, const LeafTable& leaves, const model::TreeEnsemble& ensemble) {
  const std::size_t n_sums = leaves.is_pair ? 1 : static_cast<std::size_t>(ensemble.n_outputs);
  if (leaves.is_pair && std::cmp_greater(pair_total(ensemble, leaves), highest_sum)) return false;
  std::vector<std::int64_t> sums(n_sums, std::abs(leaves.start));
  for (std::size_t tree = 0; tree < ensemble.trees.size(); ++tree) {
    const std::size_t first =
        leaves.width < n_sums ? static_cast<std::size_t>(ensemble.trees[tree].first_output) : std::size_t{0};
    for (std::size_t column = 0; column < leaves.width; ++column) {
      std::int64_t largest = column < trees.n_votes ? trees.whole : 0;
      for (std::uint32_t row = trees.first_rows[tree]; row < trees.first_rows[tree + 1]; ++row) {
        largest = std::max(largest, magnitude_of(leaves, trees.rows[row], column));
      }
      sums[first + column] += largest;
      if (sums[first + column] > highest_sum) return false;
    }
  }
  return true;
}

/// Bytes of a value of the rows that are used: 0 without rows.
int value_bytes_of(const LinkedTrees& trees, const LeafTable& leaves) {
  if (trees.rows.empty()) return 0;
  std::int64_t low = 0, high = 0;
  for (const LeafCode row : trees.rows) {
    for (std::size_t column = 0; column < leaves.width; ++column) {
      const std::int64_t value = leaves.integers[std::size_t{row} * leaves.width + column];
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low >= 0 && high <= 0xff) return 1;
  return low >= -0x8000 && high <= 0x7fff ? 2 : 4;
}

/// Writes the parts one after the other and notes their sizes.
class LinkedWriter {
 public:
  LinkedWriter(const model::Model& model, const model::TreeEnsemble& ensemble, const TreePlan& plan,
               const LeafTable& leaves, const LinkedTrees& trees)
      : model_(model), ensemble_(ensemble), plan_(plan), leaves_(leaves), trees_(trees) {}

  TreeLayer write();

 private:
  void put(std::int64_t value, int bytes) { put_bytes(layer_.body, static_cast<std::uint64_t>(value), bytes); }
  void put_header(const Finish& finish);
  void put_sums();
  void put_columns();
  void put_rows();
  void end_part(const char* name);

  const model::Model& model_;
  const model::TreeEnsemble& ensemble_;
  const TreePlan& plan_;
  const LeafTable& leaves_;
  const LinkedTrees& trees_;
  TreeLayer layer_;
  std::size_t accounted_ = 0;
};

void LinkedWriter::end_part(const char* name) {
  if (layer_.body.size() == accounted_) return;
  layer_.parts.push_back({name, layer_.body.size() - accounted_});
  accounted_ = layer_.body.size();
}

/// How the leaves are added, and what decides on the sums.
void LinkedWriter::put_sums() {
  const LinkedDecision decision = linked_decision(model_, ensemble_, leaves_);
  put(trees_.first_leaf, 2);
  put(trees_.n_votes, 2);
  put(trees_.whole, 4);
  put(leaves_.start, 4);
  put(decision.bound, 4);
  put(decision.most, 4);
  put(leaves_.is_pair ? static_cast<std::int64_t>(pair_total(ensemble_, leaves_)) : 0, 4);
  put(trees_.base, 4);
}

void LinkedWriter::put_header(const Finish& finish) {
  const model::PostTransform& transform = ensemble_.post_transform;
  const int flags = (leaves_.is_pair ? EMLC_LINKED_PAIR : 0) | (finish.divides ? EMLC_LINKED_DIVIDES : 0);
  for (const int byte : {EMLC_LINKED_VERSION, static_cast<int>(plan_.feature_type), trees_.record_bytes,
                         value_bytes_of(trees_, leaves_), missing_of(plan_) == Missing::left ? 1 : 0,
                         linked_decision(model_, ensemble_, leaves_).kind, static_cast<int>(transform.kind), flags}) {
    put(byte, 1);
  }
  put(ensemble_.n_features, 4);
  put(ensemble_.n_outputs, 2);
  put(leaves_.width, 2);
  put(static_cast<std::int64_t>(ensemble_.trees.size()), 4);
  put(static_cast<std::int64_t>(trees_.rows.size()), 4);
  put(static_cast<std::int64_t>(trees_.splits.size()), 4);
  put_sums();
  put_float(layer_.body, narrow(transform.scale, "post_transform.scale"));
  put_float(layer_.body, narrow(transform.denominator, "post_transform.denominator"));
  put_float(layer_.body, narrow(transform.offset, "post_transform.offset"));
  put_float(layer_.body, narrow(ensemble_.divisor, "model.aggregate"));
  put_float(layer_.body, narrow(ensemble_.scale, "model.output_scale"));
  if (layer_.body.size() != EMLC_LINKED_AT_DATA) throw std::logic_error("the header of linked trees has another size");
}

/// Of an even number of trees, so that the rows behind are aligned.
void LinkedWriter::put_columns() {
  if (leaves_.is_pair || std::cmp_equal(leaves_.width, ensemble_.n_outputs)) return;
  for (const model::Tree& tree : ensemble_.trees) put(tree.first_output, 2);
  if (ensemble_.trees.size() % 2 != 0) put(0, 2);
}

void LinkedWriter::put_rows() {
  const int bytes = value_bytes_of(trees_, leaves_);
  for (const LeafCode row : trees_.rows) {
    for (std::size_t column = 0; column < leaves_.width; ++column) {
      put(leaves_.integers[std::size_t{row} * leaves_.width + column], bytes);
    }
  }
}

TreeLayer LinkedWriter::write() {
  const Finish finish = finish_of(ensemble_, leaves_);
  put_header(finish);
  end_part("tree header");
  for (const double factor : finish.factors) put_float(layer_.body, narrow(factor, "model.aggregate"));
  for (const double base : finish.bases) put_float(layer_.body, narrow(base, "model.base_score"));
  end_part("units and base scores");
  for (std::size_t tree = 0; tree < trees_.roots.size(); ++tree) {
    put(trees_.roots[tree], 4);
    put(trees_.first_rows[tree], 4);
  }
  end_part("roots");
  layer_.body.insert(layer_.body.end(), trees_.splits.begin(), trees_.splits.end());
  end_part("splits");
  put_columns();
  end_part("roots");
  put_rows();
  end_part("leaf rows");
  layer_.body.resize((layer_.body.size() + 7) / 8 * 8, 0);
  end_part("padding");
  layer_.ram = 4 * static_cast<std::size_t>(ensemble_.n_outputs + ensemble_.n_features);
  return std::move(layer_);
}

LinkedLayer lay_out(const model::Model& model, const model::TreeEnsemble& ensemble) {
  const LeafTable leaves = make_leaves(ensemble, use_of(model));
  if (!has_integer_sums(leaves)) return {.problem = "its leaf values are float32"};
  const TreePlan plan =
      plan_trees(ensemble, model.input.type, leaves.codes, leaves.n_codes, ChildOrder::smaller, TreeOrder::as_trained);
  if (missing_of(plan) == Missing::per_split) {
    return {.problem = "missing values go left in some splits and right in others"};
  }
  const std::optional<LinkedTrees> trees = link_trees(plan, leaves);
  if (!trees) return {.problem = "a tree has more splits and leaves than links of 16 bits name"};
  if (!factors_fit(finish_of(ensemble, leaves)))
    return {.problem = "its sums are scaled to nothing, or beyond float32"};
  if (!sums_fit(*trees, leaves, ensemble)) return {.problem = "the sums of its leaves take more than 31 bits"};
  return {.layer = LinkedWriter(model, ensemble, plan, leaves, *trees).write()};
}

}  // namespace

LinkedLayer lay_out_linked_layer(const model::Model& model) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  if (!model.steps.empty()) return {.problem = "a step stands in front of the trees"};
  if (!model.scalers.empty()) return {.problem = "a scaler stands in front of the trees"};
  if (model.input.type == model::NumberType::float64) return {.problem = "its features are double"};
  check_tree_layer(model);
  return lay_out(model, ensemble);
}

}  // namespace emlc::layout
