#include "cli/compile/fitting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
  CompileOptions options = with_data(job.compile, converted.lowered);
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

bool is_within(std::optional<std::size_t> bytes, std::optional<std::size_t> limit) {
  return !limit || (bytes && *bytes <= *limit);
}

/// On each of its targets, where what is not known is over, or without any by what the output says of itself.
bool is_within(const Converted& converted, const Budget& budget) {
  const auto fits_target = [&](const TargetSizes& sizes) {
    const auto flash = sizes.is_incomplete ? std::nullopt : sizes.flash;
    return is_within(flash, budget.flash) && is_within(sizes.ram, budget.ram);
  };
  if (!converted.targets.empty()) {
    return std::all_of(converted.targets.begin(), converted.targets.end(), fits_target);
  }
  return is_within(layout::flash(converted.artifact), budget.flash) && is_within(converted.artifact.ram, budget.ram);
}

/// `1290 bytes of flash, 40 of RAM`, of each target with its name.
std::string bytes_text(const Converted& converted) {
  constexpr std::string_view text = "{} bytes of flash, {} of RAM";
  if (converted.targets.empty()) {
    return fmt::format(text, layout::flash(converted.artifact), converted.artifact.ram);
  }
  std::vector<std::string> all;
  for (const TargetSizes& sizes : converted.targets) {
    const auto known = [](std::optional<std::size_t> bytes) { return bytes ? fmt::to_string(*bytes) : "-"; };
    all.push_back(fmt::format("{} on {}", fmt::format(text, known(sizes.flash), known(sizes.ram)), sizes.target));
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

bool is_approximate(const Converted& converted) {
  const auto& reports = converted.lowered.reports;
  return std::any_of(reports.begin(), reports.end(),
                     [](const passes::PassReport& report) { return report.distance.has_value(); });
}

}  // namespace

std::vector<std::string> options_that_fit(const Job& job, const Converted& converted, const Measuring& measuring,
                                          Progress& progress) {
  std::vector<std::string> fitting;
  if (is_within(converted, job.budget)) return fitting;
  for (const std::string_view option : candidates) {
    std::optional<Converted> changed = converted_with(option, job, converted);
    if (!changed) continue;
    changed->targets = sizes_on_targets(measuring, job, *changed, progress);
    if (!is_within(*changed, job.budget)) continue;
    fitting.push_back(
        fmt::format("{} ({}{})", option, bytes_text(*changed), is_approximate(*changed) ? "; approximate" : ""));
  }
  return fitting;
}

void say_what_fits(const Terminal& terminal, const std::string& subject, const Job& job, const Converted& converted,
                   const Measuring& measuring, Progress& progress) {
  if (terminal.verbosity == Verbosity::quiet) return;
  for (const std::string& option : options_that_fit(job, converted, measuring, progress)) {
    note(terminal, fmt::format("{}would fit: {}", subject, option));
  }
}

}  // namespace emlc::cli
