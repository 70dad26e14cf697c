#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
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

/// Where the outputs of a member are: from `first` on among those of part `part`.
struct Place {
  std::size_t part = 0;
  std::int32_t first = 0;
};

/// Which models the members are computed by: one for each, or one for some that are neighbours.
struct Parts {
  std::vector<std::size_t> first_members{};  ///< [n_parts] the member that each of these models begins with
  std::vector<Place> places{};               ///< [n_members]
};
/// The number of members that part `part` computes.
std::size_t n_members(const Parts& parts, std::size_t part);

/// What the names of a part have behind those of the combination: `m0_`, after its first member, or `final_`.
std::string part_name(const Parts& parts, std::size_t part);

/// The core of a combination: every part as it is alone, and what makes one answer of theirs. It has more functions
/// than are called, see Core::has_unused.
/// @param codes  of the parts in their order, then of the final model
Core emit_combination(const model::Model& model, const model::Combination& combination, const Names& names,
                      const Parts& parts, std::vector<PartCode> codes);

}  // namespace emlc::c
