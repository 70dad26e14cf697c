#include "cli/compile/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "cli/compile/options.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// What most often makes a model smaller, exact options first. Those that a model or an output does not take fall out.
constexpr std::array<std::string_view, 8> candidates = {"--optimize size", "--layout table",  "--layout inline",
                                                        "--leaf-bits 8",   "--weights int8",  "--leaf-clusters 16",
                                                        "--voting hard",   "--arithmetic q15"};

/// The model as the job has it, but for one option; nothing when that is refused.
std::optional<Converted> converted_with(std::string_view option, const Job& job, const Converted& converted) {
  CompileOptions options = job.compile;
  options.passes.data = converted.lowered.data;
  options.data_path.clear();
  CommandLine line;
  add_compile_options(line, options);
  take_compile_options(line, option);
  try {
    Converted changed{.source = converted.source, .lowered = lower(converted.source, options), .artifact = {}};
    changed.artifact = emit(changed.source, changed.lowered, *job.output, options, job.given);
    return changed;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool is_within(const layout::Artifact& artifact, const Budget& budget) {
  return (!budget.flash || layout::flash(artifact) <= *budget.flash) && (!budget.ram || artifact.ram <= *budget.ram);
}

bool is_approximate(const Converted& converted) {
  const auto& reports = converted.lowered.reports;
  return std::any_of(reports.begin(), reports.end(),
                     [](const passes::PassReport& report) { return report.distance.has_value(); });
}

}  // namespace

std::vector<std::string> options_that_fit(const Job& job, const Converted& converted) {
  std::vector<std::string> fitting;
  for (const std::string_view option : candidates) {
    const std::optional<Converted> changed = converted_with(option, job, converted);
    if (!changed || !is_within(changed->artifact, job.budget)) continue;
    fitting.push_back(fmt::format("{} ({} bytes of flash, {} of RAM{})", option, layout::flash(changed->artifact),
                                  changed->artifact.ram, is_approximate(*changed) ? "; approximate" : ""));
  }
  return fitting;
}

}  // namespace emlc::cli
