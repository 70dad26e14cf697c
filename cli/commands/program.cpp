#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

#include "cli/commands/command.hpp"
#include "cli/compile/options.hpp"
#include "cli/console/files.hpp"
#include "cli/console/json_file.hpp"
#include "cli/console/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

enum ExitCode { done = 0, check_failed = 1, bad_input = 2, io_failed = 3, our_bug = 70, interrupted = 130 };

/// The command line of emlc.
struct Program {
  CommandLine line{.name = "emlc", .summary = "a model compiler for microcontrollers"};
  Terminal terminal;
  std::vector<Action> actions;  ///< of all_commands()
};

void declare(Program& program) {
  CommandLine& line = program.line;
  line.examples =
      "emlc convert digits.json -o digits.h      a C header that compiles alone\n"
      "emlc inspect digits.json                  what is in the model\n"
      "emlc verify digits.json digits.h          is the header faithful?";
  line.version = "emlc " EMLC_VERSION;
  add_help(line, "show this help");
  add_version(line, "show the version");
  for (const Command& command : all_commands()) {
    CommandLine& sub =
        add_subcommand(line, std::string(command.name), std::string(command.summary), std::string(command.examples));
    program.actions.push_back(command.declare(sub));
    add_message_options(sub, program.terminal);
  }
}

int run_selected(const Program& program) {
  if (program.line.selected == nullptr) throw UsageError("a subcommand is required");
  for (std::size_t index = 0; index < program.actions.size(); ++index) {
    if (all_commands()[index].name == program.line.selected->name) return program.actions[index](program.terminal);
  }
  throw std::logic_error("a subcommand without an action");
}

/// --json, or --format json
bool asks_for_json(const CommandLine& line) {
  const Option* json = find_option(line, "--json");
  if (json != nullptr && is_given(*json)) return true;
  const Option* format = find_option(line, "--format");
  return format != nullptr && is_given(*format) && format->given.back() == "json";
}

/// A stdout that cannot be written changes nothing about an error any more.
void answer(const std::string& text) {
  try {
    write_stdout(text);
  } catch (const std::system_error&) {
    return;
  }
}

/// Says it on stderr, and on stdout as JSON when the subcommand was asked for JSON: whoever parses that gets an answer.
int fail(const Program& program, ExitCode code, const std::string& problem) {
  error(program.terminal, problem);
  const CommandLine& line = selected_line(program.line);
  if (asks_for_json(line)) answer(json_text({{"schema", fmt::format("emlc.{}/1", line.name)}, {"error", problem}}));
  return code;
}

int fail_usage(const Program& program, const UsageError& problem) {
  const int code = fail(program, bad_input, problem.what());
  note(program.terminal, fmt::format("try '{} --help'", full_name(selected_line(program.line))));
  return code;
}

/// `emlc help convert` is `emlc convert --help`.
std::vector<std::string> without_help_word(std::span<const std::string> arguments) {
  const bool asks = !arguments.empty() && arguments.front() == "help";
  std::vector<std::string> rest(arguments.begin() + (asks ? 1 : 0), arguments.end());
  if (asks) rest.emplace_back("--help");
  return rest;
}

int parse_and_run(Program& program, std::span<const std::string> arguments) {
  declare(program);
  if (const std::optional<std::string> text = parse(program.line, without_help_word(arguments))) {
    write_stdout(*text);
    return done;
  }
  return run_selected(program);
}

/// Parses and runs; memory that runs out is left to the caller.
int run_and_report(std::span<const std::string> arguments) {
  Program program;
  try {
    return parse_and_run(program, arguments);
  } catch (const UsageError& usage) {
    return fail_usage(program, usage);
  } catch (const Error& input) {  // the input is at fault: its file, line and field
    return fail(program, bad_input, input.what());
  } catch (const std::system_error& io) {  // a file cannot be read or written
    return fail(program, io_failed, io.what());
  } catch (const Interrupted&) {
    return interrupted;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& bug) {  // emlc is at fault
    return fail(program, our_bug, fmt::format("internal error, please report: {}", bug.what()));
  }
}

constexpr std::string_view out_of_memory = "emlc: error: the system has no more memory for this\n";

/// For what cannot be caught: memory that runs out where nothing may be thrown, or for an exception.
[[noreturn]] void leave() {
  try {
    if (std::current_exception()) throw;
    say(out_of_memory);
  } catch (const std::bad_alloc&) {
    say(out_of_memory);
  } catch (...) {
    say("emlc: error: internal error, please report: an exception where none may be\n");
  }
  _exit(our_bug);
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  std::set_terminate(leave);
  occupy_standard_streams();
  exit_130_when_interrupted();
  try {
    return run_and_report(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  } catch (const std::bad_alloc&) {
    say(out_of_memory);
  } catch (const Interrupted&) {
    return interrupted;
  }
  return our_bug;
}

}  // namespace emlc::cli
