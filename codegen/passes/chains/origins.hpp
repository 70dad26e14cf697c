#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/passes/chains/column_chain.hpp"
#include "codegen/passes/chains/step_function.hpp"

namespace emlc::passes {

/// A column of the run of a step that makes each column of itself.
struct Place {
  std::size_t step = 0, column = 0;
};

/// How a column in front of a step comes about.
struct Origin {
  ColumnChain chain;          ///< from a column that is exact on the device: of the row that is given, or 0 and 1
  ColumnInput input;          ///< the values of that column
  std::vector<Place> places;  ///< of the links that compute, in order: without them the column is the exact one
  bool is_exact = true;       ///< what they compute is so on the device, too
};

/// The origins of the columns of the run of `steps[index]`; nothing for one that is mixed of several, or that another
/// column is made of behind one of its places.
/// @param type  of the row that is given
/// @param n     columns of the run
std::vector<std::optional<Origin>> origins_of(std::span<const model::Step> steps, std::size_t index, std::size_t n,
                                              const model::Input& input, model::NumberType type);

}  // namespace emlc::passes
