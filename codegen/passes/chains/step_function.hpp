#pragma once

#include <optional>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/passes/chains/column_chain.hpp"

/// What jumps, as a function of the values of a type: constant from one of them to before the next.
namespace emlc::passes {

struct Level {
  double begin = 0.0;  ///< the first value that has it; of the first level -infinity
  double value = 0.0;
};

struct StepFunction {
  std::vector<Level> levels;  ///< at least one, in ascending order, neighbours differ; NaN equals NaN
  double missing = 0.0;       ///< what comes of NaN
};

/// The values of a column, before a chain of functions.
struct ColumnInput {
  model::NumberType type = model::NumberType::float32;
  double low = -model::infinity, high = model::infinity;  ///< its declared range
};

/// Nothing where the function has more levels than are of use, or one that begins at infinity.
/// @param chain  ends in a step that takes few values
std::optional<StepFunction> step_function(const ColumnChain& chain, const ColumnInput& input);

}  // namespace emlc::passes
