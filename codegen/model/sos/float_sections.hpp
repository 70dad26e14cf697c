#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "codegen/model/sos/sos_cascade.hpp"

/// Filters as devices compute them in float32: coefficients rounded, every product and sum rounded too.
namespace emlc::model {

struct SosStructureInfo {
  SosStructure structure = SosStructure::direct;
  std::string_view name{};      ///< as written in --structure
  std::string_view summary{};   ///< half a line, for people
  std::size_t state_words = 2;  ///< floats that a section remembers
};
constexpr std::size_t most_state_words = 4;
std::span<const SosStructureInfo> all_sos_structures();  ///< from the cheapest to the most precise
const SosStructureInfo& info(SosStructure structure);

/// Does its state have sums whose rounding errors are kept? A compiler that may reorder sums (-ffast-math) breaks it.
bool is_compensated(SosStructure structure);

/// The structure of a section; direct in a cascade that names none.
SosStructure structure_of(const SosCascade& cascade, std::size_t section);
/// Is every section direct?
bool is_direct(const SosCascade& cascade);
/// Floats of state that each section has room for: as many as the one with the most needs.
std::size_t state_words(const SosCascade& cascade);

/// The five numbers that the structure computes with, before they are rounded to float32:
///   direct   b0 b1 b2 a1 a2, divided by a0
///   others   f0 f1 f2 e1 e2 of H = (f0 d^2 + f1 d + f2) / (d^2 + e1 d + e2), d = z - 1:
///            f0 = b0, f1 = 2 b0 + b1, f2 = b0 + b1 + b2, e1 = 2 + a1, e2 = 1 + a1 + a2
/// With poles near z = 1, e2 is the small difference that rounding a1 and a2 would blur; here it is rounded by itself.
std::array<double, 5> coefficients(const SosSection& section, SosStructure structure);
/// The other way; a0 is 1.
SosSection section_of(const std::array<double, 5>& coefficients, SosStructure structure);

/// The state that stands for z1, z2 of the direct form, before it is rounded to float32: s1 = z1, s2 = z1 + z2, then
/// what float32 lacks of s2 and of s1. Words that the structure has not are 0.
std::array<double, 4> initial_words(const std::array<double, 2>& z, SosStructure structure);

/// The other way, of two words or of four.
std::array<double, 2> direct_state(std::span<const double> words, SosStructure structure);

/// The cascade whose coefficients are those of the device; without integers, state and structures.
SosCascade as_rounded(const SosCascade& cascade);

/// How many signals go through a filter at once: a compiler makes few operations of them.
constexpr std::size_t n_lanes = 8;
template <class Number>
using Lanes = std::array<Number, n_lanes>;

/// z1, z2 of the direct form after a constant input x has been there for ever.
std::array<double, 2> settled_state(const SosSection& section, double x);

/// n_lanes signals through one section, in place: what headers compute without contraction.
/// @param z  the state before, z1 z2 of the direct form
void filter_float32(const SosSection& section, SosStructure structure, const Lanes<std::array<double, 2>>& z,
                    std::span<Lanes<float>> signals);

/// One signal through the cascade, from its initial state.
std::vector<float> filter_float32(const SosCascade& cascade, std::span<const float> signal);

}  // namespace emlc::model
