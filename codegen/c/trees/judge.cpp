#include <cstdint>
#include <string_view>
#include <vector>

#include "codegen/c/common/largest_two.hpp"
#include "codegen/c/trees/code.hpp"
#include "codegen/layout/pieces.hpp"
#include "codegen/model/post_transform.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::c {
namespace {

using signal::DecisionFilter;

/// The class along the only sum changes at most once, or that of a pair, whose other sum is what is left of the total.
bool has_one_sum(const TreeCode& code) {
  return code.leaves.is_pair ? keeps_order(code) : find_sum_rule(code).has_value();
}

/// The margin is a difference of two sums, times a number.
bool compares_sums(const TreeCode& code) {
  const model::PostTransform& transform = code.ensemble.post_transform;
  return keeps_order(code) && !code.leaves.is_pair && transform.kind == model::PostTransformKind::identity;
}

/// As the interpreter has it of this sum, with its own arithmetic.
std::int32_t vote_of_sum(const TreeCode& code, const DecisionFilter& filter, std::int64_t sum) {
  std::vector<double> outputs = {layout::output_of_sum(code.ensemble, code.leaves, sum)};
  if (code.leaves.is_pair) {
    const auto total = static_cast<std::int64_t>(layout::pair_total(code.ensemble, code.leaves));
    outputs.insert(outputs.begin(), layout::output_of_sum(code.ensemble, code.leaves, total - sum));
  }
  model::apply_post_transform(code.ensemble.post_transform, outputs);
  return signal::vote_of(filter, code.model.output, outputs);
}

void print_vote_rule(Printer& out, const TreeCode& code, const DecisionFilter& filter) {
  // The margin grows towards both ends of the sums, so that the vote of each of them is there in one piece.
  const auto [lowest, highest] = layout::range_of_sum(code.ensemble, code.leaves);
  const layout::Pieces votes =
      layout::find_pieces(lowest, highest, [&](std::int64_t sum) { return vote_of_sum(code, filter, sum); });
  if (votes.low == votes.high) {
    out.line("(void)x;");
    return out.line("return {};", votes.low);
  }
  out.line("const {} sum = {};", code.sum_type, sum_call(code, Sums::all));
  out.line("if (sum >= {}) return {};", sum_literal(code, votes.first), votes.high);
  if (votes.first - votes.last == 1) return out.line("return {};", votes.low);
  // Sums without a sign are never below their lowest one, which compilers say.
  const std::string_view relation = votes.last == lowest ? "==" : "<=";
  out.line("return sum {} {} ? {} : -1;", relation, sum_literal(code, votes.last), votes.low);
}

/// The least difference of two sums that is margin enough; one more than `most` where there is none.
std::int64_t least_difference(const TreeCode& code, const DecisionFilter& filter, std::int64_t most) {
  const model::TreeEnsemble& ensemble = code.ensemble;
  const double factor = ensemble.scale * ensemble.post_transform.scale / (code.leaves.unit * ensemble.divisor);
  const auto least = static_cast<float>(*filter.reject_below);
  const auto is_enough = [&](std::int64_t difference) {
    return static_cast<float>(static_cast<double>(difference) * factor) >= least;
  };
  std::int64_t below = 0, enough = most + 1;
  while (enough - below > 1) {
    const std::int64_t middle = below + (enough - below) / 2;
    (is_enough(middle) ? enough : below) = middle;
  }
  return enough;
}

void print_differences(Printer& out, const TreeCode& code, const DecisionFilter& filter) {
  const auto [lowest, highest] = layout::range_of_sum(code.ensemble, code.leaves);
  const std::int64_t least = least_difference(code, filter, highest - lowest);
  if (least > highest - lowest) {
    out.line("(void)x;");
    return out.line("return -1; /* no margin is as large as that */");
  }
  out.line("{} sum[{}];", code.sum_type, code.ensemble.n_outputs);
  out.line("int best = 0, second = 1;");
  out.line("{};", sum_call(code, Sums::all));
  print_largest_two(out, "sum", code.ensemble.n_outputs);
  // Modulo 2^32 the difference is right for both signs.
  out.line("return (uint32_t)sum[best] - (uint32_t)sum[second] >= {}u ? best : -1;", least);
}

}  // namespace

bool judges_on_sums(const TreeCode& code) {
  return has_integer_sums(code) && code.leaves.outputs.empty() && (has_one_sum(code) || compares_sums(code));
}

void print_judge(Printer& out, const TreeCode& code, const DecisionFilter& filter) {
  const Names& names = code.names;
  out.line("/* The class, or -1 where the margin is smaller than {:g}. */", static_cast<float>(*filter.reject_below));
  out.line("{} int {}judge_(const {} *x) {{", names.function, names.symbol, names.input);
  {
    const auto body = out.indent();
    if (has_one_sum(code)) {
      print_vote_rule(out, code, filter);
    } else {
      print_differences(out, code, filter);
    }
  }
  out.line("}}");
}

}  // namespace emlc::c
