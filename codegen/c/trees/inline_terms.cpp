#include "codegen/c/trees/inline_terms.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/inline/regions.hpp"
#include "codegen/c/trees/vote_counters.hpp"
#include "codegen/c/trees/votes.hpp"

namespace emlc::c {
namespace {

using layout::LeafCode;
using layout::LeafKind;
using layout::Record;
using layout::RecordId;
using model::NumberType;

constexpr double split_bytes = 14;  ///< about, for the length of a body

enum class Comparison { integer, fpu, soft };

Comparison comparison_of(const TreeCode& code, const Processor& processor) {
  if (code.plan.feature_type != NumberType::float32) return Comparison::integer;
  if (processor.float_unit == FloatUnit::hardware && code.floats.fpu != Fpu::no) return Comparison::fpu;
  return has_float_keys(code) ? Comparison::integer : Comparison::soft;
}

int feature_bytes(const TreeCode& code) { return model::info(code.plan.feature_type).bytes; }

/// As the integer that is compared.
std::int64_t compared_integer(const TreeCode& code, const Record& record) {
  if (code.plan.feature_type != NumberType::float32) return static_cast<std::int64_t>(record.threshold);
  return std::bit_cast<std::int32_t>(static_cast<float>(record.threshold));
}

/// Upper bytes that are not 0 take an instruction each, where registers have one.
int upper_bytes(std::int64_t constant, int n_bytes) {
  int bytes = 0;
  for (int i = 1; i < n_bytes; ++i) bytes += ((constant >> (8 * i)) & 0xff) == 0 ? 0 : 2;
  return bytes;
}

/// Goes through a plan and counts.
class Counter {
 public:
  Counter(const TreeCode& code, const Processor& processor)
      : code_(code),
        processor_(processor),
        form_(inline_form(code)),
        comparison_(comparison_of(code, processor)),
        loads_(processor.register_bytes == 1 ? feature_bytes(code) : 1) {
    if (form_ == InlineForm::sum) far_blocks_ = choose_far_blocks(code, 1);
    if (form_ == InlineForm::votes) far_blocks_ = vote_far_blocks(code);
  }

  InlineTerms count();

 private:
  void count_region(std::uint32_t region);
  void count_split(const Record& record, bool is_known);
  void count_leaf(LeafCode leaf, std::uint32_t region, std::set<LeafCode>& seen);
  void count_vote(LeafCode leaf, std::uint32_t tree);
  void count_frame();
  void count_body();
  [[nodiscard]] int leaf_constant(LeafCode leaf, std::uint32_t region) const;
  [[nodiscard]] bool is_far(std::int32_t feature) const;

  const TreeCode& code_;
  const Processor& processor_;
  InlineForm form_;
  Comparison comparison_;
  int loads_;  ///< of a feature
  std::set<std::int32_t> far_blocks_;
  std::set<std::int32_t> features_;
  double n_splits_ = 0;
  InlineTerms terms_;
};

bool Counter::is_far(std::int32_t feature) const {
  const bool is_in_block = far_blocks_.contains(feature / block_size);
  if (processor_.register_bytes > 1) return (is_in_block ? feature % block_size : feature) > processor_.reach;
  return !is_in_block && (feature + 1) * feature_bytes(code_) - 1 > processor_.reach;
}

void Counter::count_split(const Record& record, bool is_known) {
  n_splits_ += 1;
  features_.insert(record.feature);
  (record.first_is_leaf && record.second_is_leaf ? terms_.tree : record.second_is_leaf ? terms_.one : terms_.open) += 1;
  if (is_known) terms_.known += loads_;
  if (is_far(record.feature)) terms_.constants += 2;
  if (comparison_ == Comparison::fpu) terms_.fpu += 1;
  if (comparison_ == Comparison::soft) terms_.soft += 1;
  if (comparison_ != Comparison::integer) return;
  const int bytes = feature_bytes(code_);
  if (bytes == 2) terms_.half += 1;
  if (bytes == 4) terms_.word += 1;
  const std::int64_t constant = compared_integer(code_, record);
  terms_.constants += processor_.register_bytes == 1 ? upper_bytes(constant, bytes) : processor_.compared(constant);
}

int Counter::leaf_constant(LeafCode leaf, std::uint32_t region) const {
  if (code_.leaves.kind == LeafKind::float_rows) return 8;
  const std::int64_t value = leaf_integer(code_, region, leaf);
  if (processor_.register_bytes > 1) return processor_.added(value);
  return code_.sum_type.find("32") == std::string::npos ? 4 : 8;
}

void Counter::count_vote(LeafCode leaf, std::uint32_t tree) {
  const VoteCounters counters = vote_counters_of(code_);
  terms_.vote += 1;
  const auto first_bit = static_cast<std::uint32_t>(counters.field_bits()) * leaf;
  if (processor_.register_bytes > 1) terms_.constants += processor_.added(std::int64_t{1} << (first_bit % 32));
  const std::string wins = winning_condition(code_.names, counters, leaf, tree + 1);
  if (wins.empty()) return;
  terms_.win += 1;
  if (wins.find("RIVAL") == std::string::npos) return;
  terms_.contested += 1;
  terms_.rivals += static_cast<double>((first_bit + 31) / 32);
}

void Counter::count_leaf(LeafCode leaf, std::uint32_t region, std::set<LeafCode>& seen) {
  if (leaf >= code_.plan.n_leaf_codes) return;
  if (has_scalar_leaves(code_) && has_integer_sums(code_) && leaf_integer(code_, region, leaf) == 0) {
    terms_.zero += 1;
    return;
  }
  if (!seen.insert(leaf).second) {
    if (form_ != InlineForm::votes) terms_.again += 1;
    return;
  }
  if (form_ == InlineForm::votes) return count_vote(leaf, region);
  if (!has_scalar_leaves(code_)) {
    if (leaf > 255) terms_.wide_row += 1;
    return;
  }
  terms_.constants += leaf_constant(leaf, region);
}

void Counter::count_region(std::uint32_t region) {
  struct Brace {
    RecordId second;
    std::size_t depth;
  };
  const layout::TreePlan& plan = code_.plan;
  const std::size_t end = region + 1 < plan.regions.size() ? plan.regions[region + 1] : plan.records.size();
  std::vector<Brace> braces;
  std::vector<std::int32_t> way;  // features of the splits above
  std::set<LeafCode> seen;
  for (RecordId id = plan.regions[region]; id < end; ++id) {
    if (!braces.empty() && braces.back().second == id) {
      way.resize(braces.back().depth);
      braces.pop_back();
    }
    const Record& record = plan.records[id];
    count_split(record, std::find(way.begin(), way.end(), record.feature) != way.end());
    way.push_back(record.feature);
    if (record.first_is_leaf) count_leaf(record.first_leaf, region, seen);
    if (record.second_is_leaf) count_leaf(record.second_leaf, region, seen);
    if (!record.second_is_leaf) braces.push_back({record.second, way.size()});
  }
}

/// What compilers do with all trees of a body at once.
void Counter::count_body() {
  constexpr double most_apart = 4;  // trees from which on it shows
  const double length = terms_.constants + n_splits_ * split_bytes;
  terms_.distant = n_splits_ * std::max(0.0, 1.0 - processor_.short_jump / std::max(length, 1.0));
  const double n_features = std::max(1.0, static_cast<double>(features_.size()));
  const double n_held = processor_.feature_bytes / loads_;
  terms_.kept = (n_splits_ * loads_ - terms_.known) * std::min(1.0, n_held / n_features);
  if (comparison_ != Comparison::integer) return;
  const auto n_trees = static_cast<double>(code_.ensemble.trees.size());
  const double way = std::log2(n_splits_ / n_trees + 1.0);
  terms_.learnt = n_splits_ * std::max(0.0, 1.0 - most_apart / n_trees) * std::min(1.0, way / n_features);
  terms_.crowd = n_splits_ / n_features;
}

/// What there is once.
void Counter::count_frame() {
  terms_.frame = 1;
  terms_.clean = comparison_ == Comparison::integer && has_float_keys(code_) ? 1 : 0;
  terms_.tree -= terms_.open;
  if (has_leaf_rows(code_)) {
    terms_.row_loop = 1;
    terms_.row_tree = terms_.tree;
  }
  if (form_ != InlineForm::votes) return;
  const VoteCounters counters = vote_counters_of(code_);
  (counters.field_bits() == 4 ? terms_.few_classes : terms_.classes) = counters.n_classes;
}

InlineTerms Counter::count() {
  for (std::uint32_t region = 0; region < code_.plan.regions.size(); ++region) {
    if (!is_lone_leaf(code_.plan.records[code_.plan.regions[region]])) count_region(region);
  }
  count_frame();
  count_body();
  return terms_;
}

}  // namespace

std::span<const InlineTerm> all_inline_terms() {
  using T = InlineTerms;
  static constexpr std::array rows = {
      InlineTerm{"constants", &T::constants},
      InlineTerm{"frame", &T::frame},
      InlineTerm{"tree", &T::tree},
      InlineTerm{"open", &T::open},
      InlineTerm{"one", &T::one},
      InlineTerm{"half", &T::half},
      InlineTerm{"word", &T::word},
      InlineTerm{"fpu", &T::fpu},
      InlineTerm{"soft", &T::soft},
      InlineTerm{"known", &T::known},
      InlineTerm{"again", &T::again},
      InlineTerm{"zero", &T::zero},
      InlineTerm{"wide_row", &T::wide_row},
      InlineTerm{"row_tree", &T::row_tree},
      InlineTerm{"row_loop", &T::row_loop},
      InlineTerm{"clean", &T::clean},
      InlineTerm{"vote", &T::vote},
      InlineTerm{"win", &T::win},
      InlineTerm{"contested", &T::contested},
      InlineTerm{"rivals", &T::rivals},
      InlineTerm{"classes", &T::classes},
      InlineTerm{"few_classes", &T::few_classes},
      InlineTerm{"distant", &T::distant},
      InlineTerm{"learnt", &T::learnt},
      InlineTerm{"crowd", &T::crowd},
      InlineTerm{"kept", &T::kept},
  };
  return rows;
}

InlineForm inline_form(const TreeCode& code) {
  if (can_print_votes(code)) return InlineForm::votes;
  return has_scalar_leaves(code) && code.n_sums == 1 && fits_one_body(code) ? InlineForm::sum : InlineForm::functions;
}

InlineTerms count_inline_terms(const TreeCode& code, const Processor& processor) {
  return Counter(code, processor).count();
}

}  // namespace emlc::c
