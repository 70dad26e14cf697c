#include "cli/job.hpp"

#include <fmt/format.h>

namespace emlc::cli {
namespace {

bool is_within(const Terminal& terminal, const std::string& what, std::size_t bytes, std::optional<std::size_t> limit,
               std::string_view flag) {
  if (!limit || bytes <= *limit) return true;
  error(terminal, fmt::format("{} is {} bytes, {} more than {} {} allows; nothing was written", what, bytes,
                              bytes - *limit, flag, *limit));
  return false;
}

}  // namespace

Converted convert(const Job& job) {
  Converted converted{.source = read_source(job.model), .lowered = {}, .artifact = {}};
  converted.lowered = lower(converted.source, job.compile);
  converted.artifact = emit(converted.source, converted.lowered, *job.output, job.compile, job.given);
  return converted;
}

std::vector<std::string> warnings(const Converted& converted) {
  std::vector<std::string> all = converted.source.warnings;
  for (const passes::PassReport& report : converted.lowered.reports) {
    all.insert(all.end(), report.result.warnings.begin(), report.result.warnings.end());
  }
  all.insert(all.end(), converted.artifact.warnings.begin(), converted.artifact.warnings.end());
  return all;
}

void summarise(const Terminal& terminal, const Job& job, const Converted& converted) {
  for (const std::string& text : warnings(converted)) warning(terminal, text);
  heading(terminal, fmt::format("{} -> {} ({})", converted.source.file, job.output_path, job.output->name));
  const std::string passes = pass_table(converted.lowered.reports, terminal.verbosity);
  if (!passes.empty()) note(terminal, "passes\n" + passes);
  if (has_own_arithmetic(*job.output, converted.lowered.model)) {
    note(terminal, "TinyMaix's arithmetic, against the model as trained\n  " +
                       artifact_distance(converted.source, converted.lowered, *job.output, converted.artifact,
                                         job.compile) +
                       "\n");
  }
  note(terminal, "bytes\n" + size_table(converted.artifact));
  const std::string comparisons = comparison_text(converted.lowered.model);
  if (!comparisons.empty()) note(terminal, "comparisons: " + comparisons);
}

bool fits(const Terminal& terminal, const std::string& subject, const Budget& budget,
          const layout::Artifact& artifact) {
  const bool flash = is_within(terminal, subject + "flash", layout::flash(artifact), budget.flash, "--max-flash");
  const bool ram = is_within(terminal, subject + "RAM", artifact.ram, budget.ram, "--max-ram");
  return flash && ram;
}

}  // namespace emlc::cli
