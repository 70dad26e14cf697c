#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emlc::model {

/// Characters of the longest name that symbols may start with.
constexpr std::size_t longest_name = 100;

/// Why symbols of generated code cannot start with `name`, as the problem of an Error; empty when they can. They can
/// with a C identifier that is no keyword of C or C++, that compilers and emlc's runtime keep no names of, and that has
/// at most longest_name characters.
std::string name_problem(std::string_view name);

/// The same for the namespace of a C++ header, which shares its scope with all of the C library.
std::string namespace_problem(std::string_view name);

}  // namespace emlc::model
