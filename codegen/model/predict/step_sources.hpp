#pragma once

#include <span>
#include <vector>

#include "codegen/model/steps/column_functions.hpp"

namespace emlc::model {

/// What steps that jump look at in place of a column in front of them, see passes::fold_jumps: a device that holds it
/// exactly takes the same side of a jump as the document.
enum class Source {
  exact,     ///< the column itself
  line,      ///< the one in front of scalers that rise and of imputed values
  function,  ///< the one in front of other functions of one column
  computed,  ///< nothing else
};

/// Whether the step jumps where the document does.
/// @param run  of the columns of its run
bool looks_through(const Step& step, std::span<const Source> run);

/// @param sources  of the row in front of the step
std::vector<Source> sources_behind(const Step& step, std::span<const Source> sources);

}  // namespace emlc::model
