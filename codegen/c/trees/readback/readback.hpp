#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// The trees that a header holds, read from its text alone: tables as their numbers, inline code as its comparisons,
/// branches and leaves. What is the same for all splits (the walker, widths, the unit of leaves) is taken from what
/// emit_header writes for `model`, whose predictor is `ensemble`, with `config`; whether the header has that is for
/// first_difference() to say.
struct HeaderTrees {
  std::optional<model::TreeEnsemble> trees{};  ///< in the order and unit of the model's; nothing: see problem
  std::vector<double> rounding{};              ///< [n_outputs] how far a leaf value may be from the model's
  std::string problem{};                       ///< what is not as the emitter writes it
};
HeaderTrees read_header_trees(std::string_view header, const model::Model& model, const model::TreeEnsemble& ensemble,
                              const EmitConfig& config);

/// Where two texts are not the same C or C++: their first tokens that differ, comments and blanks apart.
struct Difference {
  std::size_t line = 0;  ///< of the first text
  std::string found, expected;
};
std::optional<Difference> first_difference(std::string_view text, std::string_view expected);

}  // namespace emlc::c
