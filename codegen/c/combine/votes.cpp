#include "codegen/c/combine/votes.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/post_transform.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/model/combine/members.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// A count of votes as a literal.
std::string count_literal(const Votes& votes, std::size_t index) {
  if (votes.type == "unsigned") return fmt::format("{}u", votes.counts[index]);
  return rounded_literal(votes.counts[index], fmt::format("members[{}].weight", index));
}

void print_no_votes(Combining& c, const Votes& votes) {
  c.out.line("{} votes[{}] = {{0}};", votes.type, row_width(c.combination));
}

/// Whether the outputs of a member of one_vs_one, in `part`, are those of the second class.
std::string decides_for_second(const model::Output& output) {
  if (output.rule == model::DecisionRule::argmax) return "part[1] > part[0]";
  return passes_threshold(output, "part[0]");
}

}  // namespace

Votes plan_votes(const model::Combination& combination) {
  constexpr int most_halvings = 16;
  constexpr double most = 65535.0;  // unsigned has 16 bits on AVR
  std::vector<double> weights;
  for (const model::Member& member : combination.members) weights.push_back(member.weight);
  for (int halvings = 0; halvings <= most_halvings; ++halvings) {
    const double unit = std::ldexp(1.0, halvings);
    Votes votes{.type = "unsigned", .counts = {}, .total = 0.0};
    bool are_whole = true;
    for (const double weight : weights) {
      votes.counts.push_back(weight * unit);
      votes.total += weight * unit;
      are_whole = are_whole && std::floor(weight * unit) == weight * unit;
    }
    if (are_whole && votes.total <= most) return votes;
  }
  return {.type = "float", .counts = std::move(weights), .total = combination.divisor};
}

void print_votes_function(Combining& c, const Votes& votes) {
  c.out.line("{} void {}votes_(const {} *x, {} *votes) {{", c.names.function, c.names.symbol, c.names.input,
             votes.type);
  for (std::size_t index = 0; index < votes.counts.size(); ++index) {
    if (votes.counts[index] == 0.0) continue;
    c.out.line("  votes[{}{}classify_(x)] += {};", c.names.symbol, part_name(c.combination, index),
               count_literal(votes, index));
  }
  c.out.line("}}");
  c.out.line("");
}

void print_shares(Combining& c, const Votes& votes, std::string_view x, std::string_view into) {
  print_no_votes(c, votes);
  c.core.ram += sizeof(float) * static_cast<std::size_t>(row_width(c.combination));
  c.out.line("{}votes_({}, votes);", c.names.symbol, x);
  const std::string cast = votes.type == "float" ? "" : "(float)";
  c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] = {}votes[i] * {};", row_width(c.combination), into, cast,
             rounded_literal(1.0 / votes.total, "the share of a vote"));
}

void print_most_votes(Combining& c, const Votes& votes, std::string_view x) {
  print_no_votes(c, votes);
  c.out.line("int best = 0;");
  c.out.line("{}votes_({}, votes);", c.names.symbol, x);
  c.out.line("for (int i = 1; i < {}; ++i) {{", row_width(c.combination));
  c.out.line("  if (votes[i] > votes[best]) best = i;");
  c.out.line("}}");
  c.out.line("return best;");
}

void print_pair_function(Combining& c) {
  c.out.text(fill(templates::combine_pair_c,
                  std::array<TemplateValue, 2>{{{"function", c.names.function}, {"symbol", c.names.symbol}}}));
}

void print_pairs(Combining& c, std::string_view x, std::string_view into) {
  const std::int32_t n = row_width(c.combination);
  c.core.ram += sizeof(float) * static_cast<std::size_t>(n);
  c.out.line("float sums[{}] = {{0}};", n);
  c.out.line("for (size_t i = 0; i < {}; ++i) {}[i] = 0.0f;", n, into);
  std::size_t pair = 0;
  for (std::int32_t first = 0; first < n; ++first) {
    for (std::int32_t second = first + 1; second < n; ++second, ++pair) {
      c.out.line("{}{}outputs_({}, part);", c.names.symbol, part_name(c.combination, pair), x);
      c.out.line("{}pair_({}, sums, {}, {}, {}, {});", c.names.symbol, into, first, second, first_value(c, pair),
                 decides_for_second(c.combination.members[pair].model.output));
    }
  }
  c.out.line(
      "for (size_t i = 0; i < {}; ++i) {}[i] += sums[i] / (3.0f * ((sums[i] < 0.0f ? -sums[i] : sums[i]) + 1.0f));", n,
      into);
}

}  // namespace emlc::c
