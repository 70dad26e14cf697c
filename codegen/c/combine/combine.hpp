#pragma once

#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// A model of a combination, as the frame makes it: with the functions outputs_ and, where it has a rule, classify_.
struct PartCode {
  Core core;
  Names names;
};

/// What the names of the members, and of the final model, have behind those of the combination: `m0_`, `final_`.
std::string part_name(const model::Combination& combination, std::size_t part);

/// The core of a combination: every part as it is alone, and what makes one answer of theirs. It has more functions
/// than are called, see Core::has_unused.
/// @param parts  of the members in their order, then of the final model
Core emit_combination(const model::Model& model, const model::Combination& combination, const Names& names,
                      std::vector<PartCode> parts);

}  // namespace emlc::c
