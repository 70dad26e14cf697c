#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

/// The sizes of one model as an object of JSON; keys are added, never changed.
nlohmann::ordered_json sizes_json(const Sizes& sizes);

/// An object with a member for each target that has a number.
nlohmann::ordered_json targets_json(const std::vector<TargetSizes>& targets);

/// Reads a file that baseline_text() wrote (schema emlc.sizes/1). Throws Error with file, line and field.
std::vector<Sizes> read_baseline(const std::string& path);

/// A baseline to keep in version control: a line per number, no date, no path.
std::string baseline_text(std::span<const Sizes> models);

/// The entry of the same name and output; nullptr when there is none.
const Sizes* find_entry(std::span<const Sizes> models, const Sizes& like);

}  // namespace emlc::cli
