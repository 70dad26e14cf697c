#include "codegen/passes/chains/column_chain.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

using model::NodeId;
using model::NumberType;

/// Cuts a piece, on which `value` is monotone, where it comes to another of the breaks, which ascend.
template <typename Value>
void append_cut(std::vector<Piece>& pieces, Piece piece, const std::vector<double>& breaks, const Value& value) {
  const double at_first = value(piece.first), at_last = value(piece.last);
  if (std::isnan(at_first) || at_first == at_last) {
    pieces.push_back(piece);
    return;
  }
  const bool rises = at_first < at_last;
  // The number of the break that a value is behind grows along a piece that rises and shrinks along one that falls.
  const auto place = [&](double y) { return std::upper_bound(breaks.begin(), breaks.end(), y) - breaks.begin(); };
  while (place(value(piece.first)) != place(value(piece.last))) {
    const auto here = place(value(piece.first));
    const std::int64_t next = first_ordinal(piece.first, piece.last, [&](std::int64_t ordinal) {
      return rises ? place(value(ordinal)) > here : place(value(ordinal)) < here;
    });
    pieces.push_back({piece.first, next - 1});
    piece.first = next;
  }
  pieces.push_back(piece);
}

}  // namespace

double ColumnChain::operator()(double x) const {
  for (const Link& link : links) x = model::apply_to_column(*link.step, link.output, x);
  return x;
}

std::optional<std::vector<ColumnChain>> chains_of(std::span<const model::Step> steps, std::size_t width) {
  std::vector<ColumnChain> chains;
  for (std::size_t column = 0; column < width; ++column) chains.push_back({.column = column});
  for (const model::Step& step : steps) {
    std::vector<ColumnChain> behind;
    for (const model::StepOutput& output : model::outputs_of(step, chains.size())) {
      if (output.kind == model::StepOutput::Kind::mixed) return std::nullopt;
      behind.push_back(chains[output.column]);
      if (output.kind == model::StepOutput::Kind::function) behind.back().links.push_back({&step, output});
    }
    chains = std::move(behind);
  }
  return chains;
}

std::vector<Piece> pieces_of(const ColumnChain& chain, NumberType type, double low, double high) {
  const OrdinalRange all = ordinals(type);
  std::vector<Piece> pieces = {{all.first, all.last}};
  ColumnChain before{.column = chain.column};
  for (const Link& link : chain.links) {
    std::vector<double> breaks = model::breaks_of(*link.step, link.output);
    std::sort(breaks.begin(), breaks.end());
    if (!breaks.empty()) {
      std::vector<Piece> cut;
      for (const Piece& piece : pieces) {
        append_cut(cut, piece, breaks, [&](std::int64_t ordinal) { return before(value_at(type, ordinal)); });
      }
      pieces = std::move(cut);
    }
    before.links.push_back(link);
  }
  // What happens beyond the range would be compared for nothing.
  const auto is_beyond = [&](const Piece& piece) {
    return value_at(type, piece.last) < low || value_at(type, piece.first) > high;
  };
  if (!std::all_of(pieces.begin(), pieces.end(), is_beyond)) std::erase_if(pieces, is_beyond);
  return pieces;
}

FoldedTest fold_test(const ColumnChain& chain, std::span<const Piece> pieces, NumberType type, NumberType compared,
                     double threshold, NodeId missing) {
  const auto side_of = [&](double x) {
    const double y = model::round_to(compared, chain(x));
    if (std::isnan(y)) return missing;
    return y < threshold ? model::to_left : model::to_right;
  };
  const auto side_at = [&](std::int64_t ordinal) { return side_of(value_at(type, ordinal)); };
  FoldedTest test{.missing = side_of(model::no_value)};
  const auto append = [&](std::int64_t begin, NodeId side) {
    if (!test.regions.empty() && test.regions.back().side == side) return;
    test.regions.push_back({test.regions.empty() ? -model::infinity : value_at(type, begin), side});
  };
  for (const Piece& piece : pieces) {
    const NodeId at_first = side_at(piece.first), at_last = side_at(piece.last);
    append(piece.first, at_first);
    if (at_first == at_last) continue;
    append(first_ordinal(piece.first, piece.last, [&](std::int64_t ordinal) { return side_at(ordinal) == at_last; }),
           at_last);
  }
  return test;
}

}  // namespace emlc::passes
