#include <fmt/format.h>

#include <stdexcept>

#include "codegen/c/signal/keys/keys.hpp"
#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/parts.hpp"

/// Keys: parts of a window that trees compare.
namespace emlc::c {
namespace {

using signal::Key;
using signal::Part;

Exact part_value(const Look& look, const Key& key) {
  const Names& names = look.names();
  const IntegerParts parts = integer_parts(look.signal(), look.n());
  const auto sample = [&](const std::string& variable) { return sample_of(look.signal(), variable); };
  switch (key.part) {
    case Part::sum:
      return parts.sum;
    case Part::energy:
      return parts.energy;
    case Part::absolutes:
      return parts.absolutes;
    case Part::spread:
      return spread(names, look.n(), parts.energy, parts.sum);
    case Part::jumps:
      return parts.jumps;
    case Part::lowest:
      return sample("lowest");
    case Part::highest:
      return sample("highest");
    case Part::order:
      return sample(ranked(look, static_cast<std::size_t>(key.place)));
    case Part::feature:
      break;
  }
  throw std::logic_error("a feature is no part of a window");
}

/// Two words, of which rank_128_ takes both and what fits in 64 bits the lower one.
void print_wide_rank(Look& look, const Key& key, const Exact& value) {
  const bool takes_both = rank_width(key) == 128;
  look.out.line("{{");
  look.out.line("  const {}wide key = {};", look.names().symbol, value.text);
  {
    const auto block = look.out.indent();
    print_rank(look, key, takes_both ? "(int64_t)key.high, key.low" : "key.low");
  }
  look.out.line("}}");
}

}  // namespace

void print_rank(Look& look, const Key& key, const std::string& value) {
  look.out.line("{}", rank_statement(look.names(), key, "walk", value));
}

void print_ranks(Look& look, RankedParts parts) {
  const auto asked = [&](Part part) {
    if (part == Part::feature) return false;
    if (part == Part::order) return parts == RankedParts::order;
    const bool is_extreme = part == Part::lowest || part == Part::highest;
    return parts == (is_extreme ? RankedParts::extremes : RankedParts::sums);
  };
  for (const Key* key : look.subject.keys) {
    if (!asked(key->part)) continue;
    const Exact value = part_value(look, *key);
    if (width_of(value.bound) == 128) {
      print_wide_rank(look, *key, value);
    } else {
      print_rank(look, *key, value.text);
    }
  }
}

}  // namespace emlc::c
