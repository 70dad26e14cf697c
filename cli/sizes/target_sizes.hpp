#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sizes/targets.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::cli {

/// Where a number comes from.
enum class SizeSource { none, estimate, measured };
std::string_view name(SizeSource source);  ///< `measured`

/// What a header takes on one target, in bytes; nothing where it is not known.
struct TargetSizes {
  std::string target;  ///< its name
  SizeSource source = SizeSource::none;
  std::optional<std::size_t> flash{};  ///< instructions, constants, initial values
  std::optional<std::size_t> ram{};    ///< measured: data, bss and stack; estimate: frames of a Cortex-M0+
  std::optional<std::size_t> text{}, data{}, bss{}, stack{};  ///< measured only
  std::string compiler{};                                     ///< that measured: `avr-gcc 5.4.0 -Os`
  std::vector<std::string> library_functions{};               ///< that it calls; their stack is not in `stack`
  bool is_incomplete = false;  ///< an estimate without the library functions that the code calls: flash is more
  bool is_fallback = false;    ///< an estimate because the compiler that was to measure is missing
  std::string problem{};       ///< why something is not known, a sentence's end
};

/// In a label: `measured`, `estimate without library functions`.
std::string_view label(const TargetSizes& sizes);

/// Those of a target; nullptr when there are none.
const TargetSizes* find_target(std::span<const TargetSizes> sizes, std::string_view target);

/// By the built-in estimate of the target, if there is one for this kind of header.
TargetSizes estimate(const Target& target, const layout::Artifact& header);

}  // namespace emlc::cli
