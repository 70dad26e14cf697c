#include "cli/fit/fit.hpp"

#include <fmt/format.h>

#include "cli/console/files.hpp"
#include "cli/console/signals.hpp"
#include "cli/fit/prepare.hpp"
#include "cli/fit/result.hpp"
#include "cli/fit/tell.hpp"
#include "cli/fit/writers.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli::fit {
namespace {

/// By the extension; throws Error.
const report::Format& page_format(const std::string& path) {
  for (const report::Format& format : report::all_formats()) {
    if (format.extension == extension(path)) return format;
  }
  throw Error({.file = {}, .line = 0, .field = "--pareto"},
              fmt::format("expected a name that ends in .html, .md or .json, found '{}'", printable(path)));
}

/// Holds interrupts back while the search runs, so that what was found is kept; the next one ends the program.
Search search_until_stopped(const Problem& problem, const FitOptions& options, Progress& progress) {
  const SignalsHeld held;
  Search found = search(problem, options.goal, options.limits, progress);
  if (found.ending == Ending::interrupted) {
    const sigset_t set = interrupting_signals();
    const timespec now{};
    while (sigtimedwait(&set, nullptr, &now) > 0) {
    }
  }
  return found;
}

}  // namespace

int run(const FitOptions& options, const CommandLine& line, const Terminal& terminal) {
  if (!options.pareto.empty()) static_cast<void>(page_format(options.pareto));  // refused before the work
  Progress progress(terminal);
  const Problem problem = prepare(options, line, progress);
  const Search found = search_until_stopped(problem, options, progress);
  const Result result = conclude(problem, options.goal, found, line, options.limits.jobs, progress);
  progress.pause();
  tell(terminal, problem, options.goal, result);
  std::vector<OutputFile> files;
  if (!options.pareto.empty()) {
    files.push_back({options.pareto, page_format(options.pareto).write(page_of(problem, options.goal, result))});
  }
  if (result.chosen && !options.output_path.empty()) {
    const Job job = job_of(problem, result.points[*result.chosen]);
    Converted converted = convert(job, progress);
    for (OutputFile& file : artifact_files(job, converted.artifact)) files.push_back(std::move(file));
  }
  write_files(files);
  if (options.json) write_stdout(json_of(problem, options.goal, result));
  return result.chosen ? 0 : 1;
}

}  // namespace emlc::cli::fit
