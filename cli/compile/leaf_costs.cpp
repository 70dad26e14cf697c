#include "cli/compile/leaf_costs.hpp"

#include <fmt/format.h>

#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// The options of the job that change leaves, as on the command line; empty when none does.
std::string leaf_options(const passes::PassConfig& config) {
  std::string options;
  if (config.leaf_clusters) options = fmt::format("--leaf-clusters {}", *config.leaf_clusters);
  if (config.leaf_bits) options += fmt::format("{}--leaf-bits {}", options.empty() ? "" : " ", *config.leaf_bits);
  return options;
}

}  // namespace

std::optional<std::string> warning_of_costly_leaves(const Job& job, const Converted& converted) {
  const std::string changed = leaf_options(job.compile.passes);
  if (changed.empty()) return std::nullopt;
  CompileOptions exact = with_data(job.compile, converted.lowered);
  exact.passes.leaf_clusters.reset();
  exact.passes.leaf_bits.reset();
  std::size_t without = 0;
  try {
    without = layout::flash(emit(converted.source, lower(converted.source, exact), *job.output, exact, job.given));
  } catch (const Error&) {  // leaves that fit no output are a reason to change them
    return std::nullopt;
  }
  const std::size_t with = layout::flash(converted.artifact);
  if (with <= without) return std::nullopt;
  return fmt::format("with {} the model takes {} bytes of flash, with its exact leaves {}", changed, with, without);
}

}  // namespace emlc::cli
