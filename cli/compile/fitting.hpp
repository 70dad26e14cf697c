#pragma once

#include <string>
#include <vector>

#include "cli/compile/job.hpp"

namespace emlc::cli {

/// Options that bring a model which is over its budget within it, each by itself, with the bytes that it takes then:
/// `--leaf-bits 8 (1290 bytes of flash, 40 of RAM; approximate)`. Exact ones come first. Converts the model once for
/// each option that is tried.
std::vector<std::string> options_that_fit(const Job& job, const Converted& converted);

}  // namespace emlc::cli
