#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codegen/passes/sos/candidate.hpp"

namespace emlc::passes {

/// What is to be known about a filter in integers, one line each: response, noise, what saturates, coefficients.
std::vector<std::string> notes_of(const model::SosCascade& original, const Candidate& candidate, double largest_input);

/// What saturates on these signals, and the headroom that has room for it; nothing where nothing does.
std::vector<std::string> notes_of_signals(const model::SosCascade& original, const model::SosCascade& rounded,
                                          std::span<const std::vector<double>> signals);

}  // namespace emlc::passes
