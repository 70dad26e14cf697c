#include "codegen/c/combine/votes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/model/combine/members.hpp"

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
    c.out.line("  votes[{}{}classify_(x)] += {};", c.names.symbol, part_name(c.parts, index),
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

}  // namespace emlc::c
