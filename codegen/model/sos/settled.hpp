#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::model {

/// One signal through a cascade of integers that has seen the first sample for ever before: of each section both x are
/// the first sample and both y what it settles at, (b0 + b1 + b2) x / (2^fraction_bits + a1 + a2) to nearest, halves
/// up; 0 where that would divide by 0. `samples` are of sample_bits; a value beyond them is a std::logic_error.
std::vector<std::int64_t> filter_settled_integers(const SosCascade& cascade, std::span<const std::int64_t> samples);

}  // namespace emlc::model
