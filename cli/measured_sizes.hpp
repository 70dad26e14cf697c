#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/job.hpp"
#include "cli/target_sizes.hpp"
#include "cli/targets.hpp"

namespace emlc::cli {

/// Compiles and links a program that calls the header once, and the same program without the call, with the target's
/// compiler: the sizes are the difference. At -O2 for --optimize speed, else at -Os.
/// Nothing when the compiler is not in PATH. A header that does not compile or link there has no numbers, and the first
/// line of what the compiler says as the problem. Throws Error when not even an empty program does;
/// std::system_error when another of its tools cannot be run.
/// @param job        its output is a header
/// @param includes   directories with <emlc/...>, for a header made with --use-runtime
std::optional<TargetSizes> measure_on(const Target& target, const Job& job, const Converted& converted,
                                      const std::vector<std::string>& includes);

/// True for an output that measure_on() can measure.
bool is_header(const Output& output);

/// `gcc` or `g++`, for a header.
std::string_view compiler_name(const Output& output);

}  // namespace emlc::cli
