#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>

#include "cli/commands/command.hpp"
#include "cli/console/help.hpp"
#include "cli/console/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

enum ExitCode { done = 0, check_failed = 1, bad_input = 2, io_failed = 3, our_bug = 70, interrupted = 130 };

/// --json, or --format json
bool asks_for_json(const CLI::App& app) {
  const CLI::Option* json = app.get_option_no_throw("--json");
  if (json != nullptr && json->count() != 0) return true;
  const CLI::Option* format = app.get_option_no_throw("--format");
  return format != nullptr && format->count() != 0 && format->results().back() == "json";
}

/// Says it on stderr, and on stdout as JSON when the subcommand was asked for JSON: whoever parses that gets an answer.
int fail(const Program& program, ExitCode code, const std::string& problem) {
  error(program.terminal, problem);
  const CLI::App& app = selected_app(program.app);
  if (asks_for_json(app)) {
    const nlohmann::ordered_json answer = {{"schema", fmt::format("emlc.{}/1", app.get_name())}, {"error", problem}};
    const std::string text = answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    // A stdout that cannot be written changes nothing any more.
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
  }
  return code;
}

int fail_usage(const Program& program, const CLI::ParseError& problem) {
  const int code = fail(program, bad_input, usage_problem(program.app, problem));
  note(program.terminal, fmt::format("try '{} --help'", full_name(selected_app(program.app))));
  return code;
}

int run(Program& program, int argc, const char* const* argv) {
  try {
    declare(program);
    program.app.parse(argc, argv);
    return run_selected(program);
  } catch (const CLI::Success& asked) {  // --help, --version
    return program.app.exit(asked);
  } catch (const CLI::ParseError& usage) {
    return fail_usage(program, usage);
  } catch (const Error& input) {  // the input is at fault: its file, line and field
    return fail(program, bad_input, input.what());
  } catch (const std::system_error& io) {  // a file cannot be read or written
    return fail(program, io_failed, io.what());
  } catch (const Interrupted&) {
    return interrupted;
  } catch (const std::exception& bug) {  // emlc is at fault
    return fail(program, our_bug, fmt::format("internal error, please report: {}", bug.what()));
  }
}

}  // namespace
}  // namespace emlc::cli

// What run() does not catch is memory running out while it reports an error.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  emlc::cli::exit_130_when_interrupted();
  emlc::cli::Program program;
  return emlc::cli::run(program, argc, argv);
}
