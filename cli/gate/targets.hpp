#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/gate/result.hpp"

namespace emlc::cli {

/// A metric with what the budget allows and what the growth since its recorded value does.
MetricChange limited(const Metric& metric, Change change, const Budget& budget, const std::optional<Growth>& growth);

/// `without memset, expf and 2 more`, whose stack nobody knows; empty for none.
std::string library_remark(const std::vector<std::string>& functions);

/// Where numbers of two sources would be compared, or there is nothing recorded, nothing is: the rows have no `before`.
/// @param before  what was recorded of this target, or nullptr
std::vector<MetricChange> target_rows(const TargetSizes& now, const TargetSizes* before, const Budget& budget,
                                      const std::optional<Growth>& growth);

/// What a reader has to know: a number is missing, or cannot be compared with what was recorded. Whole sentences.
std::vector<std::string> target_notes(const TargetSizes& now, const TargetSizes* before);

/// What differs in how the targets' numbers were found: `compiler was avr-gcc 5.4.0 -Os, is avr-gcc 7.3.0 -Os`.
std::vector<std::string> target_causes(std::span<const TargetSizes> now, std::span<const TargetSizes> before);

}  // namespace emlc::cli
