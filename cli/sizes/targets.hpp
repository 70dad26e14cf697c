#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace emlc::cli {

/// A device and the compiler settings for it.
struct Target {
  std::string_view name;      ///< as written in --target
  std::string_view title;     ///< one line of `emlc list targets`
  std::string_view prefix;    ///< of the compiler and its tools: `avr-`
  std::string_view flags;     ///< that choose the core, for the compiler and the linker; separated by blanks
  std::string_view link;      ///< what else the linker needs
  std::string_view estimate;  ///< of layout::Artifact::code_estimates; empty: there is none
  std::string_view packages;  ///< of Debian, that have the compiler and its C library; empty: Debian has none
};
std::span<const Target> all_targets();

/// Throws Error, with the nearest name or all of them, when there is no such target.
const Target& target_called(std::string_view name);

/// Adds targets to those that are there, each once; `a,b` is two. Throws Error for a name that is none.
void append_targets(std::vector<const Target*>& targets, std::string_view names);

}  // namespace emlc::cli
