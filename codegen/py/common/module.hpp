#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/layout/artifact.hpp"

namespace emlc::py {

/// A name that viper knows and CPython has to be told: the shim at the top of a module defines those that are used.
enum class Viper { ptr8, ptr16, ptr32, uint };

/// What one kind of model adds to a module, as Python that MicroPython compiles and CPython runs.
struct Core {
  std::string definitions{};  ///< tables and functions
  /// A statement that comes before the other two, for an input x that has been looked at; may be empty.
  std::string prepare{};
  /// Statements that put all columns, before the post-transform, into `out`.
  std::string outputs{};
  /// An expression of the class of the only target; empty: outputs tell.
  std::string decision{};
  bool reads_in_python = false;       ///< `prepare` looks at x itself: viper gets no pointer to it
  bool casts_arguments = true;        ///< CPython has to make pointers of arguments; bytes from 0 to 255 are none other
  std::set<Viper> viper{};            ///< names of viper that definitions use
  std::vector<layout::Part> parts{};  ///< tables, bytes
  std::size_t ram = 0;                ///< of arrays that the module makes when it is imported, bytes
  std::vector<std::string> notes{};   ///< lines of the banner
};

/// A line that makes an array of n zeros of 1, 2 or 4 bytes each, with a sign or without.
std::string array_line(std::string_view name, std::size_t n, int bytes, bool has_sign);

/// A line with a table that is read as whole values of 2 or 4 bytes: it has to be aligned, so it is copied to RAM.
std::string table_line(std::string_view name, std::span<const std::int64_t> values, int bytes);

/// The type of a pointer to values of 1, 2 or 4 bytes, noted as used.
std::string_view pointer(Core& core, int bytes);

}  // namespace emlc::py
