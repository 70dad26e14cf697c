#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace emlc::cli {

/// Bytes of stack on the deepest path of calls that starts in a function, its own frame included. Functions of
/// libraries count nothing. Nothing when that cannot be told: a cycle, a call through a pointer, a frame whose size is
/// known at run time only, a text that does not have the function.
/// @param call_graph  what gcc writes with -fcallgraph-info=su
/// @param function    a part of its name, which no other function has
std::optional<std::size_t> deepest_path(std::string_view call_graph, std::string_view function);

/// All frames together but that of `main`: at least what the deepest path takes where nothing calls itself. Nothing for
/// a frame whose size is known at run time only and for a text without frames.
/// @param stack_usage  what gcc writes with -fstack-usage
std::optional<std::size_t> sum_of_frames(std::string_view stack_usage);

}  // namespace emlc::cli
