#include "cli/sizes/target_sizes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/c/common/emit.hpp"

namespace emlc::cli {
namespace {

std::optional<std::size_t> code_bytes(const Target& target, const layout::Artifact& header) {
  for (const layout::CodeEstimate& code : header.code_estimates) {
    if (code.target == target.estimate) return code.bytes;
  }
  return std::nullopt;
}

std::size_t code_part_bytes(const layout::Artifact& header) {
  std::size_t bytes = 0;
  for (const layout::Part& part : header.parts) bytes += part.name == c::code_part ? part.bytes : 0;
  return bytes;
}

constexpr std::string_view without_flash =
    "there is no estimate of flash: of steps, combinations, signals and of what if/else code calls of libraries only "
    "--measure knows it";

}  // namespace

std::string_view name(SizeSource source) {
  static constexpr std::array<std::string_view, 3> names = {"none", "estimate", "measured"};
  return names[static_cast<std::size_t>(source)];
}

std::string_view label(const TargetSizes& sizes) {
  return sizes.is_incomplete ? "estimate without library functions" : name(sizes.source);
}

const TargetSizes* find_target(std::span<const TargetSizes> sizes, std::string_view target) {
  const auto found =
      std::find_if(sizes.begin(), sizes.end(), [&](const TargetSizes& row) { return row.target == target; });
  return found == sizes.end() ? nullptr : &*found;
}

TargetSizes estimate(const Target& target, const layout::Artifact& header) {
  TargetSizes sizes{.target = std::string(target.name)};
  const std::size_t part = code_part_bytes(header);
  if (const auto code = code_bytes(target, header)) {
    sizes.source = SizeSource::estimate;
    sizes.ram = header.ram;
    if (header.calls_library) {  // what is left out may be anything: no number is better than that one
      sizes.problem = std::string(without_flash);
    } else {
      sizes.flash = layout::flash(header) - part + *code;
    }
  } else {
    sizes.problem = target.estimate.empty() ? fmt::format("there is no estimate for {}", target.name)
                                            : fmt::format("there is no estimate of these trees for {}", target.name);
  }
  return sizes;
}

}  // namespace emlc::cli
