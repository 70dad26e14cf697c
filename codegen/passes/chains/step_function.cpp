#include "codegen/passes/chains/step_function.hpp"

#include <cmath>

#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

constexpr std::size_t most_levels = 4096;

bool is_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

std::optional<StepFunction> step_function(const ColumnChain& chain, const ColumnInput& input) {
  StepFunction function{.levels = {}, .missing = chain(model::no_value)};
  const auto at = [&](std::int64_t ordinal) { return chain(value_at(input.type, ordinal)); };
  const auto append = [&](std::int64_t begin, double value) {
    if (function.levels.empty()) {
      function.levels.push_back({-model::infinity, value});
    } else if (!is_same(function.levels.back().value, value)) {
      function.levels.push_back({value_at(input.type, begin), value});
    }
  };
  for (const Piece& piece : pieces_of(chain, input.type, input.low, input.high)) {
    append(piece.first, at(piece.first));
    // Along a piece the function is monotone: where its end has the value, all between has.
    for (std::int64_t begin = piece.first; !is_same(at(begin), at(piece.last));) {
      const double here = at(begin);
      begin = first_ordinal(begin, piece.last, [&](std::int64_t ordinal) { return !is_same(at(ordinal), here); });
      append(begin, at(begin));
      if (function.levels.size() > most_levels) return std::nullopt;
    }
  }
  if (std::isinf(function.levels.back().begin) && function.levels.size() > 1) return std::nullopt;
  return function;
}

}  // namespace emlc::passes
