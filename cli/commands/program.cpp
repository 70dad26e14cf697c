#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <system_error>

#include "cli/commands/command.hpp"
#include "cli/compile/options.hpp"
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

/// A stdout that cannot be written changes nothing any more.
void say_last(const std::string& text) { static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout)); }

/// --json, or --format json
bool asks_for_json(const CommandLine& line) {
  const Option* json = find_option(line, "--json");
  if (json != nullptr && is_given(*json)) return true;
  const Option* format = find_option(line, "--format");
  return format != nullptr && is_given(*format) && format->given.back() == "json";
}

/// Says it on stderr, and on stdout as JSON when the subcommand was asked for JSON: whoever parses that gets an answer.
int fail(const Program& program, ExitCode code, const std::string& problem) {
  error(program.terminal, problem);
  const CommandLine& line = selected_line(program.line);
  if (asks_for_json(line)) say_last(json_text({{"schema", fmt::format("emlc.{}/1", line.name)}, {"error", problem}}));
  return code;
}

int fail_usage(const Program& program, const UsageError& problem) {
  const int code = fail(program, bad_input, problem.what());
  note(program.terminal, fmt::format("try '{} --help'", full_name(selected_line(program.line))));
  return code;
}

int parse_and_run(Program& program, std::span<const std::string> arguments) {
  declare(program);
  if (const std::optional<std::string> text = parse(program.line, arguments)) {
    say_last(*text);
    return done;
  }
  return run_selected(program);
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  exit_130_when_interrupted();
  Program program;
  try {
    return parse_and_run(program, std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  } catch (const UsageError& usage) {
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

}  // namespace emlc::cli
