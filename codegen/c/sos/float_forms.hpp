#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/sos/float_sections.hpp"

/// What the loops of filters in float32 do with a sample.
namespace emlc::c {

/// The names of the coefficients of the direct form.
inline constexpr std::array<std::string_view, 5> direct_names = {"b0", "b1", "b2", "a1", "a2"};

/// Samples that one turn of the inner loop computes. For speed, what is done once a turn for compensated sums counts.
int samples_per_turn(Optimize optimize, model::SosStructure structure);

/// The text of a structure: its coefficients, its state, what a sample does, and how the two parts of a sum are put
/// together where a sum has two. Those of a few samples may wait for each other: the low parts stay small.
struct SectionForm {
  model::SosStructure structure = model::SosStructure::direct;
  std::string_view function{};  ///< without prefix and last underscore
  std::array<std::string_view, 5> coefficients{};
  std::vector<std::string_view> state{};
  std::string_view more_variables{};  ///< besides state, in and out
  std::vector<std::string_view> sample{}, put_together{};
};
SectionForm form_of(model::SosStructure structure, int n_samples);

}  // namespace emlc::c
