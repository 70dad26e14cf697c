#pragma once

#include <span>
#include <string>

namespace emlc::cli {

/// `target: a b`, or with several targets `c d: a b`, as make and ninja read it: blanks, # and $ in names are escaped.
/// stdin is left out. Throws Error for a name that a rule cannot hold (a line end).
std::string depfile_rule(std::span<const std::string> targets, std::span<const std::string> prerequisites);

}  // namespace emlc::cli
