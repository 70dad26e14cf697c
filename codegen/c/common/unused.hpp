#pragma once

#include <string>
#include <string_view>

#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// The definitions without the functions and tables that neither other ones nor `users` mention: what compilers would
/// warn of in a source.
/// @param definitions  as Core has them: a function from a line that begins with Names::function to a line `}`, a table
///                     from one that begins with a macro `..._TABLE` to one that ends with `};`, with a comment before
std::string without_unused(std::string_view definitions, std::string_view users, const Names& names);

}  // namespace emlc::c
