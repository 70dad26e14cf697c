#include "codegen/c/combine/pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/post_transform.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/model/combine/members.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// All members are one part, with an output each that is their value: a loop asks them.
bool has_one_part(const Combining& c) {
  const std::vector<model::Member>& members = c.combination.members;
  return members.size() > 1 && n_members(c.parts, 0) == members.size() &&
         std::all_of(members.begin(), members.end(),
                     [](const model::Member& member) { return member.calibration.empty(); });
}

/// The outputs of the part with the most of them.
std::int32_t largest_part(const Combining& c) {
  std::int32_t size = 0;
  for (std::size_t index = 0; index < c.combination.members.size(); ++index) {
    size = std::max(size, c.parts.places[index].first + c.combination.members[index].model.output.n_outputs);
  }
  return size;
}

/// Whether a member, whose outputs are in `part` from `first` on, decides for the second class.
std::string decides_for_second(const model::Output& output, std::int32_t first) {
  if (output.rule == model::DecisionRule::argmax) return fmt::format("part[{}] > part[{}]", first + 1, first);
  return passes_threshold(output, fmt::format("part[{}]", first));
}

void print_each_pair(Combining& c) {
  const std::int32_t n = row_width(c.combination);
  std::size_t pair = 0;
  for (std::int32_t first = 0; first < n; ++first) {
    for (std::int32_t second = first + 1; second < n; ++second, ++pair) {
      const Place& place = c.parts.places[pair];
      if (place.first == 0) c.out.line("{}", outputs_call(c, place.part, "x", "part"));
      c.out.line("{}pair_(votes + ({} ? {} : {}), sums + {}, against + {}, {});", c.names.symbol,
                 decides_for_second(c.combination.members[pair].model.output, place.first), second, first, second,
                 first, first_value(c, pair));
    }
  }
}

void print_loop_over_pairs(Combining& c) {
  const std::int32_t n = row_width(c.combination);
  c.out.line("{}", outputs_call(c, 0, "x", "part"));
  c.out.line("for (size_t first = 0; first < {}; ++first) {{", n);
  c.out.line("  for (size_t second = first + 1; second < {}; ++second, ++pair) {{", n);
  c.out.line("    {}pair_(votes + ({} ? second : first), sums + second, against + first, part[pair]);", c.names.symbol,
             passes_threshold(c.combination.members.front().model.output, "part[pair]"));
  c.out.line("  }}");
  c.out.line("}}");
}

/// What a vote adds to a score, and the type of scores in C.
struct Vote {
  std::int64_t worth = 0;
  std::string type;
};

/// Nothing where scores leave 32 bits.
std::optional<Vote> vote_of(const IntegerSums& sums, std::int32_t n_classes) {
  constexpr std::int64_t most_said = std::int64_t{1} << 32;
  if (sums.largest > most_said) return std::nullopt;
  const std::int64_t all = sums.largest * (n_classes - 1);  // that the members of a class say, at most
  const std::int64_t worth = 2 * all + 1;
  const std::int64_t highest = worth * (n_classes - 1) + all;
  if (highest <= std::numeric_limits<std::int16_t>::max()) return Vote{worth, "int16_t"};
  if (highest <= std::numeric_limits<std::int32_t>::max()) return Vote{worth, "int32_t"};
  return std::nullopt;
}

/// The integers that all members are outputs of, for decisions.
const IntegerSums* sums_of_all(const Combining& c) {
  return has_one_part(c) && c.sums.front() ? &*c.sums.front() : nullptr;
}

void print_scores(Combining& c, const IntegerSums& sums, const Vote& vote) {
  const std::int32_t n = row_width(c.combination);
  c.out.text(fill(templates::combine_pair_scores_c,
                  std::array<TemplateValue, 10>{{{"function", c.names.function},
                                                 {"symbol", c.names.symbol},
                                                 {"input", c.names.input},
                                                 {"sum", sums.type},
                                                 {"score", vote.type},
                                                 {"call", sums.call},
                                                 {"bound", integer_literal(sums.bound)},
                                                 {"vote", integer_literal(vote.worth)},
                                                 {"n_pairs", fmt::to_string(c.combination.members.size())},
                                                 {"n_classes", fmt::to_string(n)}}}));
}

}  // namespace

void print_pairs_function(Combining& c) {
  const std::int32_t n = row_width(c.combination), size = largest_part(c);
  c.core.ram += sizeof(float) * static_cast<std::size_t>(size);
  c.out.text(fill(templates::combine_pair_c,
                  std::array<TemplateValue, 2>{{{"function", c.names.function}, {"symbol", c.names.symbol}}}));
  c.out.line("{} void {}pairs_(const {} *x, unsigned *votes, float *sums, float *against) {{", c.names.function,
             c.names.symbol, c.names.input);
  {
    const auto inside = c.out.indent();
    c.out.line("float part[{}];", size);
    if (has_one_part(c)) c.out.line("size_t pair = 0;");
    c.out.line("for (size_t i = 0; i < {}; ++i) {{", n);
    c.out.line("  votes[i] = 0;");
    c.out.line("  sums[i] = against[i] = 0.0f;");
    c.out.line("}}");
    has_one_part(c) ? print_loop_over_pairs(c) : print_each_pair(c);
  }
  c.out.line("}}");
  c.out.line("");
}

void print_pair_values(Combining& c, std::string_view x, std::string_view into) {
  const std::int32_t n = row_width(c.combination);
  c.core.ram += (2 * sizeof(float) + sizeof(std::uint32_t)) * static_cast<std::size_t>(n);
  c.out.line("unsigned votes[{}];", n);
  c.out.line("float sums[{}], against[{}];", n, n);
  c.out.line("{}pairs_({}, votes, sums, against);", c.names.symbol, x);
  c.out.line("for (size_t i = 0; i < {}; ++i) {{", n);
  c.out.line("  const float sum = sums[i] - against[i], size = sum < 0.0f ? -sum : sum;");
  c.out.line("  {}[i] = (float)votes[i] + sum / (3.0f * (size + 1.0f));", into);
  c.out.line("}}");
}

void print_pair_decision(Combining& c) {
  const std::int32_t n = row_width(c.combination);
  if (const IntegerSums* sums = sums_of_all(c)) {
    if (const std::optional<Vote> vote = vote_of(*sums, n)) return print_scores(c, *sums, *vote);
  }
  c.out.text(fill(templates::combine_pair_decide_c, std::array<TemplateValue, 4>{{{"function", c.names.function},
                                                                                  {"symbol", c.names.symbol},
                                                                                  {"input", c.names.input},
                                                                                  {"n_classes", fmt::to_string(n)}}}));
}

}  // namespace emlc::c
